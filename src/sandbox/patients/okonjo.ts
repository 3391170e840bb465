// Vancomycin for a bone infection, day 5, and a creatinine that has doubled while nobody looked.
// Quirks left in: one creatinine in umol/L from the outside laboratory; one leukocyte count has no category.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const okonjo: SandboxPatient = {
  story: {
    patientId: 'okonjo',
    title: 'Rising creatinine on vancomycin',
    oneLine: 'Ward 5, 63. Creatinine 0.9 to 2.1 in five days, trough 27. Wider cover is about to be added.',
    suggestedOrder: {
      code: '1659149',
      display: 'piperacillin 4000 MG / tazobactam 500 MG Injection',
      sig: '4.5 g IV every 6 hours',
    },
    question: 'Why is the kidney failing, and what should be stopped?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'okonjo',
      mrn: 'SYN-003388',
      family: 'OKONJO-SAMPLE',
      given: 'Emeka',
      gender: 'male',
      ageInYears: 63,
    })
      .visit({ class: 'IMP', since: '5d', where: 'Ward 5, bed 12', reason: 'Osteomyelitis of the foot, MRSA' })
      .problem('60168000', 'M86.9', 'Osteomyelitis', '6d')
      .problem('44054006', 'E11.9', 'Type 2 diabetes mellitus', '11y')
      .problem('38341003', 'I10', 'Hypertension', '8y')
      .takes(drugs.vancomycin1500, '1500 mg IV every 12 hours', '5d', { inpatient: true, reason: 'MRSA osteomyelitis' })
      .takes(drugs.lisinopril20, '1 tablet once daily', '8y')
      .takes(drugs.naproxen500, '1 tablet twice daily as needed', '3d', { inpatient: true })
      .takes(drugs.metformin1000, '1 tablet twice daily', '9y')
      .noKnownAllergies()
      .vitals('2h', { hr: 88, rr: 16, temp: 37.6, spo2: 97, bp: [128, 74] })
      .vitals('5d', { weight: 84, height: 176 })
      .lab(labs.creatinine, [0.9, '5d'], [1.0, '4d'], [1.6, '2d'], [2.1, '4h'])
      .lab(labs.egfr, [96, '5d'], [84, '4d'], [48, '2d'], [35, '4h'])
      .lab(labs.potassium, [4.2, '5d'], [4.9, '2d'], [5.2, '4h'])
      .lab(labs.urea, [16, '5d'], [41, '4h'])
      .lab(labs.crp, [186, '5d'], [92, '2d'], [71, '4h'])
      .lab(labs.wbc, [15.2, '5d'], [9.8, '4h'])
      .lab(labs.hba1c, [8.1, '2mo'])
      .note(
        'Ward note',
        '6h',
        'Day 5 of vancomycin. Foot looks better. Urine output noted as "less". Podiatry asks whether to widen cover to Pseudomonas.',
      );
    chart.result({ ...labs.creatinine, code: '14682-9', unit: 'umol/L', low: 53, high: 106 }, 80, '3mo');
    chart.lab(labs.vancomycinTrough, [27, '6h']);
    chart.result(labs.wbc, 10.4, '2d', { category: undefined });
    return chart.resources;
  },
};
