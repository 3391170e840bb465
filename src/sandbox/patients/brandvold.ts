// An old woman well settled on warfarin, with a simple cystitis and a prescription for TMP-SMX half written.
// Quirks left in: warfarin entered as free text by the pharmacy, beside the coded order that was stopped when the tablet strength changed.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const brandvold: SandboxPatient = {
  story: {
    patientId: 'brandvold',
    title: 'Warfarin and a new antibiotic',
    oneLine: 'Clinic, 71. Stable INR for a year, now a simple bladder infection and a wish for TMP-SMX.',
    suggestedOrder: {
      code: '198335',
      display: 'sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet',
      sig: '1 tablet twice daily for 3 days',
    },
    question: 'Which antibiotic for cystitis is safe with her warfarin?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'brandvold',
      mrn: 'SYN-001207',
      family: 'BRANDVOLD',
      given: 'Testa',
      gender: 'female',
      ageInYears: 71,
    })
      .visit({ class: 'AMB', since: '25min', where: 'Clinic 2', reason: 'Burning on urination, two days' })
      .problem('49436004', 'I48.0', 'Atrial fibrillation', '6y')
      .problem('38341003', 'I10', 'Hypertension', '15y')
      .problem('396275006', 'M19.90', 'Osteoarthritis', '9y')
      .takes(drugs.warfarin5, '1 tablet once daily', '6y', { stopped: '14mo' })
      .takes(drugs.warfarin4, '1 tablet once daily', '14mo')
      .takes(drugs.amlodipine5, '1 tablet once daily', '8y')
      .takes(drugs.acetaminophen500, '2 tablets three times daily as needed', '3y')
      .order({ text: 'warfarin 4 mg (per pharmacy list)' }, { text: 'as directed' }, '10mo')
      .noKnownAllergies()
      .vitals('20min', { hr: 74, temp: 36.9, bp: [136, 78], weight: 66, height: 163 })
      .lab(labs.inr, [2.4, '9mo'], [2.5, '6mo'], [2.3, '3mo'], [2.6, '9d'])
      .lab(labs.creatinine, [0.9, '1y'], [0.9, '9d'])
      .lab(labs.potassium, [4.3, '9d'])
      .lab(labs.hemoglobin, [12.9, '9d'])
      .lab(labs.platelets, [231, '9d'])
      .note(
        'Clinic note',
        '20min',
        'Dysuria and frequency for two days. No fever, no flank pain, no vaginal symptoms. INR stable for a year on 4 mg daily.',
      ).resources;
  },
};
