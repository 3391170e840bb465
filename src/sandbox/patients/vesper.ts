// Low mood in primary care; item 9 of the PHQ-9 was answered "several days" and nobody has seen it.
// Quirks left in: the questionnaire exists twice, as a QuestionnaireResponse and as scores; tramadol was written by another clinic.
import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { drugs, labs } from './catalog.ts';
import { ChartBuilder, LOINC } from './chart.ts';
import type { SandboxPatient } from './story.ts';

export const vesper: SandboxPatient = {
  story: {
    patientId: 'vesper',
    title: 'Low mood, PHQ-9 item 9 positive',
    oneLine: 'Clinic, 64. PHQ-9 of 19 filled in this morning; thoughts of being better off dead on several days.',
    suggestedOrder: { code: '309314', display: 'citalopram 40 MG Oral Tablet', sig: '1 tablet once daily' },
    question: 'How acute is the risk, and which antidepressant is safe with tramadol?',
  },
  build(now) {
    const chart = new ChartBuilder(now, {
      id: 'vesper',
      mrn: 'SYN-005120',
      family: 'VESPER-TEST',
      given: 'Dolores',
      gender: 'female',
      ageInYears: 64,
    })
      .visit({ class: 'AMB', since: '35min', where: 'Primary care', reason: 'Cannot sleep, no joy' })
      .problem('370143000', 'F32.2', 'Major depressive disorder', '2mo')
      .problem('193462001', 'G47.00', 'Insomnia', '3mo')
      .problem('82423001', 'G89.29', 'Chronic pain', '4y')
      .takes(drugs.tramadol50, '1 tablet three times daily', '8mo')
      .takes(drugs.levothyroxine50, '1 tablet once daily', '10y')
      .takes(drugs.omeprazole20, '1 capsule once daily', '2y')
      .noKnownAllergies()
      .vitals('25min', { hr: 76, temp: 36.6, bp: [124, 72], weight: 61, height: 165 })
      .survey('44261-6', 'PHQ-9 total score', 11, '3mo')
      .survey('44261-6', 'PHQ-9 total score', 19, '1h')
      .lab(labs.tsh, [2.1, '4mo'])
      .lab(labs.sodium, [134, '4mo'])
      .lab(labs.creatinine, [0.8, '4mo'])
      .result({ code: '8636-3', display: 'QTc interval', unit: 'ms', high: 460 }, 458, '5mo');
    chart.finding(
      '44260-8',
      'PHQ-9 item 9: thoughts of being better off dead',
      { system: LOINC, code: 'LA6569-3', display: 'Several days' },
      '1h',
      'survey',
    );
    chart.add<QuestionnaireResponse>({
      resourceType: 'QuestionnaireResponse',
      id: chart.id('phq-9'),
      status: 'completed',
      questionnaire: 'http://loinc.org/q/44249-1',
      subject: chart.subject,
      authored: chart.instant('1h'),
      item: [
        ...['44250-9', '44255-8', '44259-0', '44254-1', '44251-7', '44258-2', '44252-5', '44253-3']
          .map((code, index) => answer(code, index % 3 === 2 ? 'LA6570-1' : 'LA6571-9', index % 3 === 2 ? 2 : 3))
          .slice(0, 8),
        answer('44260-8', 'LA6569-3', 1),
      ],
    });
    return chart.resources;
  },
};

const answer = (linkId: string, code: string, score: number) => ({
  linkId,
  answer: [
    {
      valueCoding: {
        system: LOINC,
        code,
        display: ['Not at all', 'Several days', 'More than half the days', 'Nearly every day'][score]!,
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: score }],
      },
    },
  ],
});
