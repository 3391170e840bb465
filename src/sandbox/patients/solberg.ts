// Heart failure on spironolactone and lisinopril; this morning's potassium is 6.1 and the old potassium tablets are still running.
// Quirks left in: a potassium of 3.3 is in the chart from the admission that began the tablets; the newest value is preliminary.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const solberg: SandboxPatient = {
  story: {
    patientId: 'solberg',
    title: 'Potassium 6.1 on spironolactone',
    oneLine:
      'Heart failure clinic, 70. Weakness since yesterday. Lisinopril, spironolactone and potassium all still running.',
    suggestedOrder: {
      code: '198116',
      display: 'Potassium Chloride 20 MEQ Extended Release Oral Tablet',
      sig: '1 tablet once daily',
    },
    question: 'What has to be done in the next hour, and what is the cause?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'solberg',
      mrn: 'SYN-013518',
      family: 'SOLBERG-IMAGINARY',
      given: 'Nils',
      gender: 'male',
      ageInYears: 70,
    })
      .visit({ class: 'AMB', since: '30min', where: 'Heart failure clinic', reason: 'Weakness' })
      .problem('703272007', 'I50.20', 'Heart failure with reduced ejection fraction', '4y')
      .problem('433144002', 'N18.30', 'Chronic kidney disease stage 3', '3y')
      .problem('53741008', 'I25.10', 'Coronary artery disease', '9y')
      .takes(drugs.spironolactone25, '1 tablet once daily', '3mo')
      .takes(drugs.lisinopril20, '1 tablet once daily', '4y')
      .takes(drugs.potassium20, '1 tablet once daily', '5mo')
      .takes(drugs.furosemide40, '1 tablet once daily', '4y')
      .takes(drugs.carvedilol, '1 tablet twice daily', '4y')
      .takes(drugs.atorvastatin80, '1 tablet nightly', '9y')
      .allergy(
        { rxnorm: '7258', text: 'Naproxen' },
        { text: 'Kidney injury', severity: 'moderate' },
        { type: 'intolerance', since: '3y' },
      )
      .vitals('20min', { hr: 52, temp: 36.5, spo2: 96, bp: [106, 62], weight: 81, height: 175 })
      .lab(labs.potassium, [3.3, '5mo'], [4.6, '3mo'], [5.4, '5w'])
      .result(labs.potassium, 6.1, '1h', { status: 'preliminary' })
      .lab(labs.creatinine, [1.4, '5mo'], [1.5, '3mo'], [1.7, '5w'], [2.0, '1h'])
      .lab(labs.egfr, [54, '5mo'], [50, '3mo'], [43, '5w'], [35, '1h'])
      .lab(labs.bnp, [1850, '3mo'], [1320, '1h'])
      .lab(labs.magnesium, [2.0, '1h'])
      .result({ code: '10230-1', display: 'Left ventricular ejection fraction', unit: '%', low: 50 }, 31, '6mo')
      .note('Clinic note', '15min', 'Legs feel heavy since yesterday. Eats a salt substitute. ECG: peaked T waves.')
      .resources;
  },
};
