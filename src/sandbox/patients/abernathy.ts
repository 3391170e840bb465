// Kidney disease, metformin still at full dose, and a wish for something against the knee.
// Quirks left in: eGFR is only there as text ">30" eight months ago, the newer creatinine has to be computed from; ibuprofen from the drugstore is a statement.
import type { MedicationStatement } from '@medplum/fhirtypes';
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, RXNORM } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const abernathy: SandboxPatient = {
  story: {
    patientId: 'abernathy',
    title: 'Kidney disease, metformin and a painkiller',
    oneLine: 'Clinic, 72. Creatinine 2.3 on metformin 2 g, lisinopril and furosemide. Asks for naproxen.',
    suggestedOrder: { code: '198014', display: 'Naproxen 500 MG Oral Tablet', sig: '1 tablet twice daily' },
    question: 'What on this list harms the kidney or is no longer safe?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'abernathy',
      mrn: 'SYN-009305',
      family: 'ABERNATHY-PRETEND',
      given: 'Lorna',
      gender: 'female',
      ageInYears: 72,
    })
      .visit({ class: 'AMB', since: '15min', where: 'Primary care', reason: 'Knee pain' })
      .problem('431857002', 'N18.4', 'Chronic kidney disease stage 4', '5mo')
      .problem('44054006', 'E11.22', 'Type 2 diabetes mellitus', '18y')
      .problem('84114007', 'I50.9', 'Heart failure', '4y')
      .problem('239873007', 'M17.9', 'Osteoarthritis of knee', '10y')
      .takes(drugs.metformin1000, '1 tablet twice daily', '15y')
      .takes(drugs.lisinopril20, '1 tablet once daily', '10y')
      .takes(drugs.furosemide40, '1 tablet once daily', '4y')
      .takes(drugs.gabapentin300, '2 capsules three times daily', '1y')
      .allergy(
        { rxnorm: '2670', text: 'Codeine' },
        { snomed: '422587007', text: 'Nausea', severity: 'mild' },
        { type: 'intolerance', since: '15y' },
      )
      .vitals('10min', { hr: 78, temp: 36.6, spo2: 95, bp: [142, 76], weight: 74, height: 158 })
      .lab(labs.creatinine, [1.5, '14mo'], [1.8, '8mo'], [2.3, '9d'])
      .lab(labs.potassium, [4.9, '8mo'], [5.3, '9d'])
      .lab(labs.bicarbonate, [19, '9d'])
      .lab(labs.hba1c, [7.4, '3mo'])
      .lab(labs.hemoglobin, [10.4, '9d'])
      .lab(labs.albuminCreatinine, [620, '3mo'])
      .result(labs.egfr, 31, '8mo', { valueQuantity: undefined, valueString: '>30', interpretation: undefined });
    chart.add<MedicationStatement>({
      resourceType: 'MedicationStatement',
      id: chart.id('says-ibuprofen'),
      status: 'active',
      medicationCodeableConcept: {
        coding: [{ system: RXNORM, code: '5640', display: 'ibuprofen' }],
        text: 'ibuprofen from the drugstore, most days',
      },
      subject: chart.subject,
      effectivePeriod: { start: chart.day('2mo') },
    });
    return chart.resources;
  },
};
