// Anaphylaxis to amoxicillin nine years ago, and now a sore throat with a positive strep test.
// Quirks left in: the same allergy is there a second time as text "PCN - hives?", entered by a student; a sulfa entry that was refuted.
import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { drugs, labs } from './catalog.ts';
import { ChartBuilder } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const ferreira: SandboxPatient = {
  story: {
    patientId: 'ferreira',
    title: 'Penicillin anaphylaxis, strep throat',
    oneLine: 'Urgent care, 34. Throat swab positive. Adrenaline was needed after amoxicillin nine years ago.',
    suggestedOrder: {
      code: '308191',
      display: 'amoxicillin 500 MG Oral Capsule',
      sig: '1 capsule twice daily for 10 days',
    },
    question: 'Which antibiotic can she have, and is a cephalosporin safe?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'ferreira',
      mrn: 'SYN-008841',
      family: 'FERREIRA-FICTION',
      given: 'Inez',
      gender: 'female',
      ageInYears: 34,
    })
      .visit({ class: 'AMB', since: '20min', where: 'Urgent care', reason: 'Sore throat, fever' })
      .problem('43878008', 'J02.0', 'Streptococcal sore throat', '1d')
      .problem('195967001', 'J45.909', 'Asthma', '20y')
      .takes(
        { code: '630208', display: 'albuterol 0.83 MG/ML Inhalation Solution' },
        '3 mL every 4 hours as needed',
        '5y',
      )
      .takes(drugs.ethinylestradiol, '1 tablet once daily', '2y')
      .allergy(
        { rxnorm: '723', snomed: '294505008', text: 'Amoxicillin' },
        { snomed: '39579001', text: 'Anaphylaxis', severity: 'severe' },
        { since: '9y', criticality: 'high' },
      )
      .vitals('15min', { hr: 96, temp: 38.4, spo2: 98, bp: [112, 68], weight: 63, height: 168 })
      .lab(labs.creatinine, [0.7, '1y'])
      .finding(
        '11268-0',
        'Streptococcus pyogenes, throat',
        { system: 'http://snomed.info/sct', code: '10828004', display: 'Positive' },
        '10min',
        'laboratory',
      );
    const clinical = (code: string) => ({
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code }],
    });
    const verified = (code: string) => ({
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code }],
    });
    chart.add<AllergyIntolerance>({
      resourceType: 'AllergyIntolerance',
      id: chart.id('allergy-pcn-text'),
      clinicalStatus: clinical('active'),
      verificationStatus: verified('unconfirmed'),
      code: { text: 'PCN - hives?' },
      patient: chart.subject,
      recordedDate: chart.day('4y'),
    });
    chart.add<AllergyIntolerance>({
      resourceType: 'AllergyIntolerance',
      id: chart.id('allergy-sulfa-refuted'),
      verificationStatus: verified('refuted'),
      code: { text: 'Sulfa' },
      patient: chart.subject,
      recordedDate: chart.day('6y'),
    });
    return chart.resources;
  },
};
