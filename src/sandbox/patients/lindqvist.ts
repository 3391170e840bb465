// A new hip on the day after tomorrow, and apixaban that nobody has stopped.
// Quirks left in: the operation is an Appointment and not an Encounter; the apixaban dose is reported a second time by the patient.
import type { Appointment, MedicationStatement } from '@medplum/fhirtypes';
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, RXNORM, SNOMED } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const lindqvist: SandboxPatient = {
  story: {
    patientId: 'lindqvist',
    title: 'Before hip surgery, on apixaban',
    oneLine:
      'Pre-op clinic, 76. Hip replacement in two days, last apixaban this morning. Enoxaparin is on the order set.',
    suggestedOrder: {
      code: '854235',
      display: '0.4 ML enoxaparin sodium 100 MG/ML Prefilled Syringe',
      sig: '40 mg once daily',
    },
    question: 'When must apixaban stop, and does she need a bridge?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'lindqvist',
      mrn: 'SYN-006032',
      family: 'LINDQVIST',
      given: 'Dummy',
      gender: 'female',
      ageInYears: 76,
    })
      .visit({
        class: 'AMB',
        since: '40min',
        where: 'Pre-operative clinic',
        reason: 'Assessment before total hip replacement',
      })
      .problem('49436004', 'I48.20', 'Atrial fibrillation', '4y')
      .problem('239872002', 'M16.9', 'Osteoarthritis of hip', '6y')
      .problem('38341003', 'I10', 'Hypertension', '14y')
      .problem('266257000', 'G45.9', 'Transient ischemic attack', '3y', { resolved: '3y' })
      .takes(drugs.apixaban5, '1 tablet twice daily', '3y')
      .takes(drugs.metoprololSuccinate50, '1 tablet once daily', '4y')
      .takes(drugs.acetaminophen500, '2 tablets three times daily', '1y')
      .takes(drugs.naproxen500, '1 tablet twice daily', '4y', { stopped: '3y' })
      .allergy({ snomed: '1003755004', text: 'Latex' }, { text: 'Contact dermatitis', severity: 'mild' })
      .vitals('30min', { hr: 68, temp: 36.5, spo2: 97, bp: [138, 80], weight: 70, height: 162 })
      .lab(labs.hemoglobin, [12.8, '3mo'], [12.4, '5d'])
      .lab(labs.platelets, [204, '5d'])
      .lab(labs.creatinine, [0.9, '3mo'], [1.1, '5d'])
      .lab(labs.egfr, [66, '3mo'], [52, '5d'])
      .lab(labs.potassium, [4.4, '5d'])
      .note(
        'Pre-operative note',
        '30min',
        'Spinal anaesthesia planned. Took apixaban this morning. No bleeding history. Walks 50 m.',
      );
    chart.add<Appointment>({
      resourceType: 'Appointment',
      id: chart.id('hip-replacement'),
      status: 'booked',
      serviceType: [
        {
          coding: [{ system: SNOMED, code: '52734007', display: 'Total replacement of hip' }],
          text: 'Total hip replacement',
        },
      ],
      start: chart.instant('+2d'),
      end: chart.instant('+2.1d'),
      participant: [{ actor: chart.subject, status: 'accepted' }],
    });
    chart.add<MedicationStatement>({
      resourceType: 'MedicationStatement',
      id: chart.id('says-apixaban'),
      status: 'active',
      medicationCodeableConcept: {
        coding: [{ system: RXNORM, ...drugs.apixaban5 }],
        text: 'Eliquis, the pink one, mornings and evenings',
      },
      subject: chart.subject,
      effectivePeriod: { start: chart.day('3y') },
    });
    return chart.resources;
  },
};
