// A twisted ankle. Nothing more.
// Quirks left in: none; he waits longest, and may.
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const bellweather: SandboxPatient = {
  story: {
    patientId: 'bellweather',
    title: 'A twisted ankle',
    oneLine: 'ED waiting room, 24. Football this afternoon, walks on it. Can wait.',
    suggestedOrder: {
      code: '197806',
      display: 'Ibuprofen 600 MG Oral Tablet',
      sig: '1 tablet three times daily for 3 days',
    },
    question: 'Is an X-ray needed at all?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'bellweather',
      mrn: 'SYN-016377',
      family: 'BELLWEATHER-TEST',
      given: 'Kit',
      gender: 'male',
      ageInYears: 24,
    })
      .visit({ class: 'EMER', since: '2h', where: 'ED, waiting room', reason: 'Ankle sprain' })
      .noKnownAllergies()
      .vitals('110min', { hr: 68, rr: 14, temp: 36.6, spo2: 99, bp: [122, 74], weight: 76, height: 181 })
      .onOxygen(0, '110min')
      .alert('110min')
      .note(
        'Triage',
        '110min',
        'Rolled the left ankle. Bears weight, no bony tenderness at the malleoli or the fifth metatarsal.',
      ).resources;
  },
};
