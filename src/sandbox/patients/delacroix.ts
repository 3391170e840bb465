// Fever nine days after chemotherapy: the first dose belongs to the first hour, and penicillin is out.
// Quirks left in: anaphylaxis to amoxicillin; the neutrophils came with the differential, after the leukocytes.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const delacroix: SandboxPatient = {
  story: {
    patientId: 'delacroix',
    title: 'Fever after chemotherapy',
    oneLine: 'ED bay 3, 60. 38.4, neutrophils 0.2, day nine of the cycle. Looks well. Anaphylaxis to amoxicillin.',
    suggestedOrder: {
      code: '1659149',
      display: 'piperacillin 4000 MG / tazobactam 500 MG Injection',
      sig: '4.5 g IV every 6 hours',
    },
    question: 'Which antibiotic within the hour?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'delacroix',
      mrn: 'SYN-016588',
      family: 'DELACROIX-DEMO',
      given: 'Odile',
      gender: 'female',
      ageInYears: 60,
    })
      .visit({ class: 'EMER', since: '40min', where: 'ED, bay 3', reason: 'Fever after chemotherapy' })
      .problem('254837009', 'C50.912', 'Breast cancer', '7mo')
      .order({ text: 'Cyclophosphamide 600 mg/m2 IV, day 1 of 21' }, { text: 'Day 1 of 21' }, '2mo', {
        inpatient: true,
      })
      .takes(drugs.omeprazole20, '1 capsule once daily', '7mo')
      .allergy(
        { rxnorm: '723', snomed: '294505008', text: 'Amoxicillin' },
        { snomed: '39579001', text: 'Anaphylaxis', severity: 'severe' },
        { criticality: 'high' },
      )
      .vitals('30min', { hr: 98, rr: 18, temp: 38.4, spo2: 97, bp: [124, 72], weight: 66, height: 165 })
      .onOxygen(0, '30min')
      .alert('30min')
      .lab(labs.wbc, [0.8, '15min'])
      .lab(labs.neutrophils, [0.2, '10min'])
      .lab(labs.platelets, [88, '15min'])
      .lab(labs.creatinine, [0.8, '15min'])
      .lab(labs.lactate, [1.1, '15min'])
      .note(
        'ED note',
        '20min',
        'Cycle 3, day 9. Fever at home 38.6 twice. Port in place, skin clean. No cough, no dysuria.',
      ).resources;
  },
};
