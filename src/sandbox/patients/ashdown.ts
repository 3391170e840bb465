// A fall on the head with an anticoagulant, and every vital sign in order: the number is low, the danger is not.
// Quirks left in: apixaban is on the list by its brand in the note; no coagulation result.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const ashdown: SandboxPatient = {
  story: {
    patientId: 'ashdown',
    title: 'Bumped her head, on apixaban',
    oneLine: 'ED waiting room, 82. Tripped on a rug, a bruise over the eye, feels well. Wants something for the pain.',
    suggestedOrder: { code: '198014', display: 'Naproxen 500 MG Oral Tablet', sig: '1 tablet twice daily for 5 days' },
    question: 'Does she need a CT, and by when?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'ashdown',
      mrn: 'SYN-016231',
      family: 'ASHDOWN-TEST',
      given: 'Winifred',
      gender: 'female',
      ageInYears: 82,
    })
      .visit({ class: 'EMER', since: '50min', where: 'ED, waiting room', reason: 'Fall at home, head injury' })
      .problem('49436004', 'I48.0', 'Atrial fibrillation', '5y')
      .problem('38341003', 'I10', 'Hypertension', '15y')
      .takes(drugs.apixaban5, '1 tablet twice daily', '5y')
      .takes(drugs.amlodipine5, '1 tablet once daily', '8y')
      .noKnownAllergies()
      .vitals('35min', { hr: 78, rr: 16, temp: 36.7, spo2: 97, bp: [148, 82], weight: 61, height: 160 })
      .onOxygen(0, '35min')
      .alert('35min')
      .lab(labs.creatinine, [0.9, '2mo'])
      .lab(labs.hemoglobin, [12.8, '2mo'])
      .note(
        'Triage',
        '35min',
        'Tripped on a rug two hours ago, no loss of consciousness, GCS 15. Last Eliquis this morning. Lives alone.',
      ).resources;
  },
};
