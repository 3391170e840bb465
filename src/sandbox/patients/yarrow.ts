// Just arrived: nobody has measured anything yet, and that is not the same as well.
// Quirks left in: the newest vital signs are from last year.
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const yarrow: SandboxPatient = {
  story: {
    patientId: 'yarrow',
    title: 'Not looked at yet',
    oneLine: 'ED door, 51. Palpitations, arrived four minutes ago. No vital sign on the chart.',
    suggestedOrder: {
      code: '866436',
      display: '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet',
      sig: '1 tablet once daily',
    },
    question: 'What has to be known before anything is given?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'yarrow',
      mrn: 'SYN-016619',
      family: 'YARROW-TEST',
      given: 'Ines',
      gender: 'female',
      ageInYears: 51,
    })
      .visit({ class: 'EMER', since: '4min', where: 'ED, door', reason: 'Palpitations' })
      .problem('195967001', 'J45.20', 'Asthma', '20y')
      .noKnownAllergies()
      .vitals('14mo', { hr: 74, rr: 14, temp: 36.5, spo2: 98, bp: [126, 78], weight: 70, height: 168 }).resources;
  },
};
