// Crushing chest pain in the emergency department, one hour old.
// Quirks left in: the first troponin has no category and its unit written "ng/L" without a UCUM system; sildenafil two days ago is only in the past orders and the note.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, LOINC } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const castellanos: SandboxPatient = {
  story: {
    patientId: 'castellanos',
    title: 'Chest pain in the ED',
    oneLine: 'ED bay 2, 58. One hour of pressure into the left arm; troponin rising. Took sildenafil yesterday.',
    suggestedOrder: { code: '198039', display: 'nitroglycerin 0.4 MG Sublingual Tablet', sig: '1 tablet once' },
    question: 'Chest pain with rising troponin: what cannot be missed before anticoagulation?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'castellanos',
      mrn: 'SYN-002315',
      family: 'CASTELLANOS',
      given: 'Placebo',
      gender: 'male',
      ageInYears: 58,
    })
      .visit({ class: 'EMER', since: '1h', where: 'ED, bay 2', reason: 'Chest pain' })
      .problem('38341003', 'I10', 'Hypertension', '9y')
      .problem('55822004', 'E78.5', 'Hyperlipidemia', '7y')
      .problem('860914002', 'N52.9', 'Erectile dysfunction', '3y')
      .takes(drugs.lisinopril10, '1 tablet once daily', '9y')
      .takes(drugs.atorvastatin40, '1 tablet nightly', '5y')
      .takes(drugs.sildenafil50, '1 tablet once daily as needed', '20d')
      .noKnownAllergies()
      .vitals('15min', { hr: 96, rr: 18, temp: 36.8, spo2: 96, bp: [152, 88], weight: 92, height: 178 })
      .lab(labs.troponin, [38, '30min'], [61, '10min'])
      .lab(labs.creatinine, [1.0, '10mo'], [1.1, '50min'])
      .lab(labs.potassium, [4.1, '50min'])
      .lab(labs.hemoglobin, [14.8, '50min'])
      .lab(labs.platelets, [248, '50min'])
      .lab(labs.glucose, [131, '50min'])
      .lab(labs.ldl, [142, '4mo'])
      .lab(labs.totalCholesterol, [221, '4mo'])
      .lab(labs.hdl, [38, '4mo'])
      .finding(
        '72166-2',
        'Tobacco smoking status',
        { system: 'http://snomed.info/sct', code: '449868002', display: 'Smokes tobacco daily' },
        '4mo',
      )
      .note(
        'ED note',
        '45min',
        'Pressure in the middle of the chest since one hour, into left arm and jaw, with sweating and nausea. Began while carrying boxes. Took sildenafil last night. ECG: ST depression V4 to V6. No tearing pain, pulses equal.',
      );
    chart.result(labs.troponin, 24, '55min', {
      category: undefined,
      valueQuantity: { value: 24, unit: 'ng/L' },
      code: { coding: [{ system: LOINC, code: labs.troponin.code }], text: 'hs-TnI' },
    });
    return chart.resources;
  },
};
