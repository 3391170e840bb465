// Confusion and dysuria in a woman on warfarin.
// Quirks left in: INR known under a local code first and LOINC second; potassium in mEq/L; an entered-in-error potassium of 7.9
// (haemolysed) that nobody may use; no blood count in 30 days; baby aspirin only as text.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, LOINC } from './chart.ts';
import type { SandboxPatient } from './story.ts';

const mEq = { ...labs.potassium, unit: 'meq/L' };

export const halloran: SandboxPatient = {
  story: {
    patientId: 'halloran',
    title: 'Confusion and dysuria, on warfarin',
    oneLine: 'ED bay 6. Febrile, hypotensive, potassium 5.3. Somebody is about to write TMP-SMX.',
    suggestedOrder: {
      code: '198335',
      display: 'sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet',
      sig: '1 tablet twice daily for 7 days',
    },
    question: 'New confusion, fever and dysuria: what must not be missed?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'halloran',
      mrn: 'SYN-004182',
      family: 'HALLORAN',
      given: 'Marguerite',
      gender: 'female',
      ageInYears: 74,
      monthsSinceBirthday: 8,
    });
    chart
      .visit({ class: 'EMER', since: '3h', where: 'ED, bay 6', reason: 'New confusion since yesterday, dysuria' })
      .problem('49436004', 'I48.91', 'Atrial fibrillation', '5y')
      .problem('44054006', 'E11.9', 'Type 2 diabetes mellitus', '10y')
      .problem('38341003', 'I10', 'Hypertension', '12y')
      .problem('433144002', 'N18.30', 'Chronic kidney disease stage 3', '2y')
      .problem('62479008', 'N39.0', 'Urinary tract infection', '1y', { resolved: '11mo' })
      .takes(drugs.warfarin4, '1 tablet once daily', '5y')
      .takes(drugs.lisinopril20, '1 tablet once daily', '7y')
      .takes(drugs.metformin1000, '1 tablet twice daily', '10y')
      .takes(drugs.atorvastatin40, '1 tablet nightly', '4y')
      .takes(drugs.glipizide5, '1 tablet once daily', '4y', { stopped: '2y' })
      .order({ text: 'baby aspirin (from daughter)' }, { text: 'one a day' }, '2y')
      .allergy(
        { rxnorm: '70618', snomed: '91936005', text: 'Penicillin' },
        { snomed: '271807003', text: 'Rash', severity: 'mild' },
        { since: '20y', criticality: 'low' },
      )
      .vitals('40min', { hr: 104, rr: 22, temp: 38.1, spo2: 95, bp: [98, 58] })
      .vitals('2d', { weight: 58, height: 160 })
      .lab(labs.creatinine, [1.0, '5mo'], [1.12, '3mo'], [1.2, '6w'], [1.34, '2w'], [1.5, '3h'])
      .lab(labs.egfr, [59, '5mo'], [51, '3mo'], [47, '6w'], [41, '2w'], [36, '3h'])
      .lab(mEq, [4.4, '5mo'], [4.7, '6w'], [5.3, '3h'])
      .lab(labs.lactate, [1.1, '8mo'], [2.4, '3h'])
      .lab(labs.sodium, [138, '6w'], [133, '3h'])
      .lab(labs.urea, [22, '6w'], [34, '3h'])
      .lab(labs.glucose, [186, '3h'])
      .lab(labs.hba1c, [7.4, '9mo'], [7.1, '3mo'])
      .lab(labs.hemoglobin, [12.1, '4mo'])
      .result(labs.potassium, 7.9, '4h', {
        status: 'entered-in-error',
        note: [{ text: 'Haemolysed sample, repeated.' }],
      });
    for (const [value, ago] of [
      [2.3, '3mo'],
      [2.1, '2mo'],
      [2.7, '3w'],
      [2.6, '2d'],
    ] as const) {
      chart.result(labs.inr, value, ago, {
        code: {
          coding: [
            { system: 'urn:oid:1.2.36.1.2001.9', code: 'COAG-INR', display: 'INR (bench)' },
            { system: LOINC, code: labs.inr.code, display: 'INR' },
          ],
          text: 'INR',
        },
        referenceRange: [{ low: { value: 2 }, high: { value: 3 }, text: 'goal 2 to 3' }],
        interpretation: undefined,
      });
    }
    chart
      .finding(
        '5799-2',
        'Leukocyte esterase, urine',
        { system: 'http://snomed.info/sct', code: '10828004', display: 'Positive' },
        '2h',
        'laboratory',
      )
      .note(
        'ED triage note',
        '3h',
        'Brought by daughter. Confused since yesterday evening, burning on urination for three days. Eats little. No fall seen. Takes warfarin for atrial fibrillation.',
      );
    return chart.resources;
  },
};
