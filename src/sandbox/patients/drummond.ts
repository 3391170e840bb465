// Long-term oxycodone, sleep apnoea, and a request for something against panic.
// Quirks left in: clonazepam was stopped on paper but refilled last week elsewhere (statement); the sedation is only in the note.
import type { MedicationStatement } from '@medplum/fhirtypes';
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, RXNORM } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const drummond: SandboxPatient = {
  story: {
    patientId: 'drummond',
    title: 'Opioid, and now a benzodiazepine',
    oneLine: 'Pain clinic, 55. 90 morphine milligram equivalents a day, sleep apnoea, no naloxone. Wants alprazolam.',
    suggestedOrder: {
      code: '308048',
      display: 'alprazolam 0.5 MG Oral Tablet',
      sig: '1 tablet three times daily as needed',
    },
    question: 'How dangerous is this combination, and what else helps panic?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'drummond',
      mrn: 'SYN-012760',
      family: 'DRUMMOND-NOTREAL',
      given: 'Gil',
      gender: 'male',
      ageInYears: 55,
    })
      .visit({ class: 'AMB', since: '25min', where: 'Pain clinic', reason: 'Panic attacks' })
      .problem('82423001', 'G89.29', 'Chronic pain', '8y')
      .problem('78275009', 'G47.33', 'Obstructive sleep apnea', '5y')
      .problem('48694002', 'F41.9', 'Anxiety', '1y')
      .takes(drugs.oxycodone10, '1.5 tablets four times daily', '3y')
      .takes(drugs.gabapentin300, '2 capsules three times daily', '2y')
      .takes(drugs.clonazepam, '1 tablet twice daily', '2y', { stopped: '5mo' })
      .noKnownAllergies()
      .vitals('15min', { hr: 70, rr: 11, temp: 36.5, spo2: 93, bp: [126, 78], weight: 104, height: 177 })
      .lab(labs.creatinine, [1.0, '3mo'])
      .lab(labs.bicarbonate, [30, '3mo'])
      .lab(labs.alt, [34, '3mo'])
      .note(
        'Clinic note',
        '20min',
        'Wife says he is hard to wake in the mornings and stops breathing at night. CPAP not used. Two panic attacks last week.',
      );
    chart.add<MedicationStatement>({
      resourceType: 'MedicationStatement',
      id: chart.id('says-clonazepam'),
      status: 'active',
      medicationCodeableConcept: {
        coding: [{ system: RXNORM, ...drugs.clonazepam }],
        text: 'clonazepam, refilled elsewhere',
      },
      subject: chart.subject,
      effectivePeriod: { start: chart.day('6d') },
      informationSource: { display: 'Prescription monitoring programme' },
    });
    return chart.resources;
  },
};
