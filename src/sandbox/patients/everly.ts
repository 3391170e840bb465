// A healthy adult for a check-up. Nothing here should ever raise a card; if it does, the rule is too loud.
// Quirks left in: none.
import { labs } from './catalog.ts';
import { ChartBuilder, SNOMED } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const everly: SandboxPatient = {
  story: {
    patientId: 'everly',
    title: 'A healthy adult',
    oneLine: 'Clinic, 29. Check-up, nothing to report. The engine should keep quiet.',
    suggestedOrder: {
      code: '308191',
      display: 'amoxicillin 500 MG Oral Capsule',
      sig: '1 capsule three times daily for 5 days',
    },
    question: 'Is there anything to do at all?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'everly',
      mrn: 'SYN-016640',
      family: 'EVERLY-EXAMPLE',
      given: 'Sam',
      gender: 'male',
      ageInYears: 29,
    })
      .visit({ class: 'AMB', since: '10min', where: 'Primary care', reason: 'Check-up' })
      .noKnownAllergies()
      .vitals('5min', { hr: 64, rr: 14, temp: 36.6, spo2: 99, bp: [116, 72], weight: 72, height: 179 })
      .lab(labs.creatinine, [0.9, '3w'])
      .lab(labs.potassium, [4.2, '3w'])
      .lab(labs.hemoglobin, [15.1, '3w'])
      .lab(labs.platelets, [240, '3w'])
      .lab(labs.hba1c, [5.1, '3w'])
      .lab(labs.ldl, [92, '3w'])
      .finding(
        '72166-2',
        'Tobacco smoking status',
        { system: SNOMED, code: '266919005', display: 'Never smoked tobacco' },
        '3w',
      ).resources;
  },
};
