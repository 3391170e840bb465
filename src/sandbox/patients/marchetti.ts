// Getting worse on the ward since midnight: sepsis that is called "a bad chest".
// Quirks left in: temperature once in Fahrenheit; lactate reported in mg/dL by the blood gas machine and in mmol/L by the laboratory; code text "QTc" without LOINC on the older tracing.
import { drugs, labs, vitals } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const marchetti: SandboxPatient = {
  story: {
    patientId: 'marchetti',
    title: 'Sepsis on the ward',
    oneLine: 'Ward 3, 69. BP 86/48, lactate 4.4, breathing 28. No antibiotic yet. On amiodarone with a QTc of 492.',
    suggestedOrder: {
      code: '311296',
      display: 'levofloxacin 750 MG Oral Tablet',
      sig: '1 tablet once daily for 5 days',
    },
    question: 'What is the source, and what has to happen in the next hour?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'marchetti',
      mrn: 'SYN-007218',
      family: 'MARCHETTI-DEMO',
      given: 'Aldo',
      gender: 'male',
      ageInYears: 69,
    })
      .visit({ class: 'IMP', since: '2d', where: 'Ward 3, bed 4', reason: 'COPD exacerbation' })
      .problem('13645005', 'J44.1', 'Chronic obstructive pulmonary disease', '9y')
      .problem('233604007', 'J18.9', 'Pneumonia', '4h', { provisional: true })
      .problem('49436004', 'I48.0', 'Atrial fibrillation', '2y')
      .takes({ code: '833528', display: 'Amiodarone hydrochloride 200 MG Oral Tablet' }, '1 tablet once daily', '2y')
      .takes(drugs.apixaban5, '1 tablet twice daily', '2y')
      .takes(drugs.prednisone10, '4 tablets once daily for 5 days', '2d', { inpatient: true })
      .takes(drugs.albuterolNeb, '3 mL every 4 hours as needed', '2d', { inpatient: true })
      .noKnownAllergies()
      .vitals('8h', { hr: 92, rr: 20, temp: 37.7, spo2: 92, bp: [118, 66] })
      .vitals('3h', { hr: 112, rr: 24, spo2: 90, bp: [98, 54] })
      .result({ ...vitals.temperature, unit: '[degF]', low: 97, high: 100 }, 101.8, '3h', {
        category: [
          { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
        ],
      })
      .vitals('20min', { hr: 126, rr: 28, temp: 38.9, spo2: 88, bp: [86, 48] })
      .vitals('2d', { weight: 78, height: 172 })
      .lab(labs.lactate, [2.6, '3h'], [4.4, '30min'])
      .result({ code: '32693-4', display: 'Lactate (blood gas)', unit: 'mg/dL', low: 4.5, high: 18 }, 39.6, '25min')
      .lab(labs.wbc, [11.4, '2d'], [19.6, '3h'])
      .lab(labs.procalcitonin, [8.2, '3h'])
      .lab(labs.creatinine, [1.0, '2d'], [1.7, '3h'])
      .lab(labs.platelets, [188, '2d'], [121, '3h'])
      .lab(labs.bilirubin, [0.8, '2d'], [2.1, '3h'])
      .lab(labs.potassium, [4.0, '3h'])
      .lab(labs.magnesium, [1.5, '3h'])
      .result({ code: '8636-3', display: 'QTc interval', unit: 'ms', high: 450 }, 492, '1d')
      .note(
        'Night note',
        '3h',
        'Called for fever and fast breathing. New crackles right base, brown sputum. Cultures sent. "Will review in the morning."',
      ).resources;
  },
};
