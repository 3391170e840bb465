// Ten weeks pregnant, blood pressure treated with lisinopril since before.
// Quirks left in: the pregnancy stands three times, as problem, status and due date; the hCG has no category.
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, LOINC, SNOMED } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const nakamura: SandboxPatient = {
  story: {
    patientId: 'nakamura',
    title: 'Pregnant, on an ACE inhibitor',
    oneLine: 'Antenatal clinic, 31. Ten weeks. Lisinopril and a statin are still on the list; a refill is waiting.',
    suggestedOrder: { code: '314076', display: 'lisinopril 10 MG Oral Tablet', sig: '1 tablet once daily' },
    question: 'What has to stop today, and what lowers blood pressure safely?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'nakamura',
      mrn: 'SYN-010456',
      family: 'NAKAMURA-MADEUP',
      given: 'Hana',
      gender: 'female',
      ageInYears: 31,
    })
      .visit({ class: 'AMB', since: '20min', where: 'Antenatal clinic', reason: 'First antenatal visit' })
      .problem('38341003', 'I10', 'Hypertension', '4y')
      .problem('77386006', 'Z33.1', 'Pregnant', '3w')
      .problem('55822004', 'E78.5', 'Hyperlipidemia', '3y')
      .takes(drugs.lisinopril10, '1 tablet once daily', '4y')
      .takes(drugs.atorvastatin40, '1 tablet nightly', '3y')
      .takes(drugs.folicAcid1, '1 tablet once daily', '3w')
      .noKnownAllergies()
      .vitals('10min', { hr: 84, temp: 36.7, bp: [144, 92], weight: 72, height: 160 })
      .lab(labs.creatinine, [0.7, '5mo'])
      .lab(labs.potassium, [4.2, '5mo'])
      .lab(labs.hemoglobin, [11.9, '2w'])
      .finding('82810-3', 'Pregnancy status', { system: SNOMED, code: '77386006', display: 'Pregnant' }, '3w');
    chart.result(labs.hcg, 84_000, '2w', { category: undefined });
    chart.add({
      resourceType: 'Observation',
      id: chart.id('due-date'),
      status: 'final',
      code: {
        coding: [{ system: LOINC, code: '11778-8', display: 'Delivery date Estimated' }],
        text: 'Estimated due date',
      },
      subject: chart.subject,
      effectiveDateTime: chart.instant('2w'),
      valueDateTime: chart.day('+30w'),
    });
    return chart.resources;
  },
};
