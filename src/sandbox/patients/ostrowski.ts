// Rheumatoid arthritis on weekly methotrexate; the refill has just been typed as daily.
// Quirks left in: the weekly order says so only in text on one of two orders; the newest blood count is four months old.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, RXNORM } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const ostrowski: SandboxPatient = {
  story: {
    patientId: 'ostrowski',
    title: 'Methotrexate, weekly or daily',
    oneLine: 'Clinic, 61. Six tablets once a week for years. The refill in front of you says once daily.',
    suggestedOrder: { code: '105585', display: 'methotrexate 2.5 MG Oral Tablet', sig: '6 tablets once daily' },
    question: 'Is this dose safe, and which tests are overdue?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'ostrowski',
      mrn: 'SYN-017824',
      family: 'OSTROWSKI-STANDIN',
      given: 'Wanda',
      gender: 'female',
      ageInYears: 61,
    })
      .visit({ class: 'AMB', since: '15min', where: 'Rheumatology', reason: 'Refill' })
      .problem('69896004', 'M06.9', 'Rheumatoid arthritis', '7y')
      .problem('235595009', 'K21.9', 'Gastroesophageal reflux disease', '4y')
      .takes(drugs.methotrexate25, '6 tablets once weekly', '3y')
      .takes(drugs.folicAcid1, '1 tablet once daily', '6y')
      .takes(drugs.omeprazole20, '1 capsule once daily', '4y')
      .order(
        {
          coding: [{ system: RXNORM, code: '979092', display: 'Hydroxychloroquine Sulfate 200 MG Oral Tablet' }],
          text: 'hydroxychloroquine 200',
        },
        { text: 'one, mornings' },
        '2y',
      )
      .allergy(
        { rxnorm: '10829', text: 'Trimethoprim' },
        { text: 'Mouth ulcers', severity: 'moderate' },
        { type: 'intolerance', since: '2y' },
      )
      .vitals('10min', { hr: 72, temp: 36.6, bp: [128, 76], weight: 59, height: 164 })
      .lab(labs.wbc, [6.1, '10mo'], [4.6, '4mo'])
      .lab(labs.neutrophils, [3.6, '10mo'], [2.3, '4mo'])
      .lab(labs.platelets, [262, '10mo'], [189, '4mo'])
      .lab(labs.hemoglobin, [12.6, '10mo'], [11.8, '4mo'])
      .lab(labs.alt, [22, '10mo'], [48, '4mo'])
      .lab(labs.albumin, [4.1, '4mo'])
      .lab(labs.creatinine, [0.9, '10mo'], [1.1, '4mo'])
      .lab(labs.egfr, [72, '10mo'], [57, '4mo']).resources;
  },
};
