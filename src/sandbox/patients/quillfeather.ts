// Diabetes out of hand in spite of insulin: glucose high in the morning, kidney slowly falling.
// Quirks left in: HbA1c once as mmol/mol (IFCC); insulin dose only in the free text of the second order.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, RXNORM } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const quillfeather: SandboxPatient = {
  story: {
    patientId: 'quillfeather',
    title: 'Poorly controlled diabetes on insulin',
    oneLine: 'Clinic, 67. HbA1c 10.2 and rising, eGFR 44, two night-time lows. Glyburide is being considered.',
    suggestedOrder: { code: '310537', display: 'glyburide 5 MG Oral Tablet', sig: '1 tablet twice daily' },
    question: 'What would lower HbA1c without more hypoglycaemia, and protect the kidney?',
  },
  build(now) {
    return new ChartBuilder(now, {
      id: 'quillfeather',
      mrn: 'SYN-004471',
      family: 'QUILLFEATHER',
      given: 'Mockup',
      gender: 'male',
      ageInYears: 67,
    })
      .visit({ class: 'AMB', since: '30min', where: 'Diabetes clinic', reason: 'Glucose above 300 at home' })
      .problem('44054006', 'E11.65', 'Type 2 diabetes mellitus with hyperglycemia', '16y')
      .problem('127013003', 'E11.22', 'Diabetic kidney disease', '3y')
      .problem('53741008', 'I25.10', 'Coronary artery disease', '5y')
      .problem('302866003', 'E16.2', 'Hypoglycemia', '4mo')
      .problem('414916001', 'E66.9', 'Obesity', '20y')
      .takes(drugs.insulinGlargine, '42 unit nightly', '4y')
      .order(
        {
          coding: [{ system: RXNORM, code: '1652639', display: '3 ML insulin lispro 100 UNT/ML Pen Injector' }],
          text: 'insulin lispro',
        },
        { text: '8 to 14 units with meals, by scale' },
        '2y',
      )
      .takes(drugs.metformin1000, '1 tablet twice daily', '15y')
      .takes(drugs.atorvastatin80, '1 tablet nightly', '5y')
      .takes(drugs.aspirin81, '1 chewable tablet once daily', '5y')
      .takes(drugs.lisinopril20, '1 tablet once daily', '9y')
      .allergy(
        { snomed: '387406002', text: 'Sulfonamide' },
        { snomed: '126485001', text: 'Hives', severity: 'moderate' },
        { since: '12y' },
      )
      .vitals('20min', { hr: 82, temp: 36.7, bp: [148, 86], weight: 108, height: 174 })
      .lab(labs.hba1c, [8.4, '15mo'], [9.1, '9mo'], [9.8, '5mo'], [10.2, '6d'])
      .result({ code: '59261-8', display: 'Hemoglobin A1c (IFCC)', unit: 'mmol/mol', low: 20, high: 42 }, 88, '6d')
      .lab(labs.glucose, [288, '6d'], [312, '30min'])
      .lab(labs.creatinine, [1.3, '15mo'], [1.5, '5mo'], [1.7, '6d'])
      .lab(labs.egfr, [60, '15mo'], [50, '5mo'], [44, '6d'])
      .lab(labs.albuminCreatinine, [180, '15mo'], [340, '6d'])
      .lab(labs.potassium, [4.6, '6d'])
      .lab(labs.ldl, [88, '5mo'])
      .note(
        'Clinic note',
        '25min',
        'Checks glucose irregularly. Two lows at 3 am last month, one with confusion. Injects into the same spot. Cost of newer drugs is a worry.',
      ).resources;
  },
};
