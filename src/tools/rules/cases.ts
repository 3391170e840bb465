// Cases beside a rule, in words an informaticist writes: a patient, orders, results. They are turned into FHIR resources and
// go through the same reading and checking as any request.
import type { Resource } from '@medplum/fhirtypes';
import { z } from 'zod';
import { unfilled } from '../../cards/template.ts';
import { readChart } from '../../chart/read.ts';
import { type ChartPart, type ChartSource, chartParts } from '../../chart/types.ts';
import { checkGuards, type Guarded } from '../../guards/check.ts';
import { hookNames, type Rule } from '../../guards/rule.ts';
import { RuleSet } from '../../guards/rule-set.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { unknown } from '../../unknown.ts';

const ago = z.string().regex(/^\d+(\.\d+)? (minute|hour|day|week|month|year)s?$/, 'must be a span such as "3 days"');

const drugCase = z.union([
  z.string(),
  z.strictObject({
    drug: z.string(),
    rxnorm: z.string().optional(),
    dose: z.string().optional(),
    route: z.string().optional(),
    since: ago.optional(),
    stopped: ago.optional(),
    status: z.string().optional(),
    days: z.number().optional(),
  }),
]);
const problemCase = z.union([
  z.string(),
  z.strictObject({
    problem: z.string().optional(),
    text: z.string().optional(),
    snomed: z.string().optional(),
    icd10: z.string().optional(),
    since: ago.optional(),
    status: z.string().optional(),
  }),
]);
const resultCase = z.strictObject({
  observation: z.string().optional(),
  loinc: z.string().optional(),
  value: z.union([z.number(), z.string()]),
  unit: z.string().optional(),
  ago: ago.default('1 day'),
});

export const caseSchema = z.strictObject({
  name: z.string().min(5),
  hook: z.enum(hookNames).optional(),
  patient: z
    .strictObject({ age: z.number().optional(), ageInDays: z.number().optional(), sex: z.string().optional() })
    .default({ age: 50, sex: 'male' }),
  orders: z.array(drugCase).default([]),
  takes: z.array(drugCase).default([]),
  tests: z
    .array(z.strictObject({ loinc: z.string().optional(), snomed: z.string().optional(), text: z.string() }))
    .default([]),
  problems: z.array(problemCase).default([]),
  allergies: z
    .array(
      z.strictObject({
        to: z.string(),
        rxnorm: z.string().optional(),
        snomed: z.string().optional(),
        reaction: z.string().optional(),
        severity: z.string().optional(),
        criticality: z.string().optional(),
        type: z.string().optional(),
        status: z.string().optional(),
        since: ago.optional(),
      }),
    )
    .default([]),
  results: z.array(resultCase).default([]),
  encounter: z.string().optional(),
  reason: z.string().optional(),
  procedures: z
    .array(
      z.strictObject({
        procedure: z.string().optional(),
        text: z.string().optional(),
        snomed: z.string().optional(),
        ago: ago.optional(),
      }),
    )
    .default([]),
  vaccines: z.array(z.strictObject({ cvx: z.string().optional(), text: z.string(), ago: ago.optional() })).default([]),
  missing: z.array(z.enum(chartParts)).default([]),
  expect: z.union(
    [
      z.literal('quiet'),
      z.literal('unknown'),
      z.strictObject({ tier: z.string(), summaryHas: z.string().optional(), gap: z.string().optional() }),
    ],
    { error: 'must be "quiet", "unknown", or the tier in which it fires: { "tier": "usual" }' },
  ),
});
export const casesSchema = z.strictObject({ $schema: z.string().optional(), cases: z.array(caseSchema).min(1) });
export type RuleCase = z.infer<typeof caseSchema>;

const unitInMs: Record<string, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_629_800_000,
  year: 31_557_600_000,
};

export function before(now: Date, span: string): Date {
  const [count, word] = span.split(' ');
  return new Date(now.getTime() - Number(count) * unitInMs[word!.replace(/s$/, '')]!);
}

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const patientId = 'case';

/** The case's chart, as an EHR would have sent it. */
export function sourceOf(given: RuleCase, terminology: Terminology, now: Date): ChartSource {
  const parts: Partial<Record<ChartPart, unknown[]>> = Object.fromEntries(chartParts.map((part) => [part, []]));
  const days =
    given.patient.ageInDays ??
    (given.patient.age === undefined ? undefined : Math.ceil(given.patient.age * 365.25) + 1);
  parts.patient = [
    {
      resourceType: 'Patient',
      id: patientId,
      gender: given.patient.sex,
      ...(days !== undefined && { birthDate: new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10) }),
    },
  ];
  const orders = given.takes.map((entry, place) => medication(entry, `m${place + 1}`, 'active', now));
  parts.medications = orders.filter(({ status }) => status === 'active' || status === 'on-hold');
  parts.pastMedications = orders.filter(({ status }) => status !== 'active' && status !== 'on-hold');
  parts.problems = given.problems.map((entry, place) => problem(entry, place, terminology, now));
  parts.allergies = given.allergies.map((entry, place) => ({
    resourceType: 'AllergyIntolerance',
    id: `a${place + 1}`,
    code: {
      coding: [
        ...(entry.rxnorm ? [{ system: RXNORM, code: entry.rxnorm }] : []),
        ...(entry.snomed ? [{ system: 'http://snomed.info/sct', code: entry.snomed }] : []),
      ],
      text: entry.to,
    },
    ...(entry.type && { type: entry.type }),
    ...(entry.criticality && { criticality: entry.criticality }),
    clinicalStatus: { coding: [{ code: entry.status === 'refuted' ? 'inactive' : (entry.status ?? 'active') }] },
    verificationStatus: { coding: [{ code: entry.status === 'refuted' ? 'refuted' : 'confirmed' }] },
    ...(entry.since && { recordedDate: before(now, entry.since).toISOString() }),
    ...(entry.reaction && {
      reaction: [{ manifestation: [{ text: entry.reaction }], ...(entry.severity && { severity: entry.severity }) }],
    }),
  }));
  const results = given.results.map((entry, place) => result(entry, place, terminology, now));
  parts.labs = results;
  if (given.encounter)
    parts.encounters = [
      {
        resourceType: 'Encounter',
        id: 'e1',
        status: 'in-progress',
        class: { code: given.encounter },
        ...(given.reason && { reasonCode: [{ text: given.reason }] }),
      },
    ];
  parts.procedures = given.procedures.map((entry, place) => {
    const { code } = problem(
      { problem: entry.procedure, text: entry.text, snomed: entry.snomed },
      place,
      terminology,
      now,
    );
    return {
      resourceType: 'Procedure',
      id: `x${place + 1}`,
      status: 'completed',
      code,
      ...(entry.ago && { performedDateTime: before(now, entry.ago).toISOString() }),
    };
  });
  parts.immunizations = given.vaccines.map(({ cvx, text, ago: when }, place) => ({
    resourceType: 'Immunization',
    id: `v${place + 1}`,
    status: 'completed',
    vaccineCode: { ...(cvx && { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx }] }), text },
    ...(when && { occurrenceDateTime: before(now, when).toISOString() }),
  }));
  const source: ChartSource = {
    now,
    patientId,
    parts: parts as ChartSource['parts'],
    drafts: [
      ...given.orders.map((entry, place) => medication(entry, `d${place + 1}`, 'draft', now)),
      ...given.tests.map(({ loinc, snomed, text }, place) => ({
        resourceType: 'ServiceRequest',
        id: `t${place + 1}`,
        status: 'draft',
        intent: 'order',
        code: {
          coding: [
            ...(loinc ? [{ system: 'http://loinc.org', code: loinc }] : []),
            ...(snomed ? [{ system: 'http://snomed.info/sct', code: snomed }] : []),
          ],
          text,
        },
      })),
    ] as unknown as Resource[],
    selections: [],
    referenced: new Map(),
  };
  for (const part of given.missing) source.parts[part] = unknown(`${part} could not be read`);
  return source;
}

function medication(given: z.infer<typeof drugCase>, id: string, status: string, now: Date) {
  const entry = typeof given === 'string' ? { drug: given } : given;
  const since = entry.since ?? (status === 'draft' ? undefined : '200 days');
  return {
    resourceType: 'MedicationRequest',
    id,
    status: entry.status ?? (entry.stopped ? 'stopped' : status),
    intent: 'order',
    medicationCodeableConcept: {
      ...(entry.rxnorm && { coding: [{ system: RXNORM, code: entry.rxnorm }] }),
      text: entry.drug,
    },
    ...(since && { authoredOn: before(now, since).toISOString() }),
    ...(entry.stopped && { dispenseRequest: { validityPeriod: { end: before(now, entry.stopped).toISOString() } } }),
    ...((entry.dose || entry.route || entry.days) && {
      dosageInstruction: [
        {
          ...(entry.dose && { text: entry.dose }),
          ...(entry.route && { route: { text: entry.route } }),
          ...(entry.days && { timing: { repeat: { boundsDuration: { value: entry.days, code: 'd' } } } }),
        },
      ],
    }),
  };
}

function problem(given: z.infer<typeof problemCase>, place: number, terminology: Terminology, now: Date) {
  const entry = typeof given === 'string' ? { problem: given } : given;
  const set = entry.problem ? terminology.valueSet(entry.problem) : undefined;
  const member = set?.members.find(({ code }) => code);
  const codings = [
    ...(member ? [{ system: member.system, code: member.code, display: member.display }] : []),
    ...(entry.snomed ? [{ system: 'http://snomed.info/sct', code: entry.snomed }] : []),
    ...(entry.icd10 ? [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: entry.icd10 }] : []),
  ];
  return {
    resourceType: 'Condition',
    id: `p${place + 1}`,
    clinicalStatus: { coding: [{ code: entry.status ?? 'active' }] },
    code: { coding: codings, text: entry.text ?? member?.display ?? entry.problem },
    ...(entry.since && { onsetDateTime: before(now, entry.since).toISOString() }),
  };
}

function result(given: z.infer<typeof resultCase>, place: number, terminology: Terminology, now: Date) {
  const set = given.observation ? terminology.valueSet(given.observation) : undefined;
  const code = given.loinc ?? set?.members.find((member) => member.code)?.code;
  return {
    resourceType: 'Observation',
    id: `o${place + 1}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }], text: set?.title ?? given.loinc },
    effectiveDateTime: before(now, given.ago).toISOString(),
    ...(typeof given.value === 'number'
      ? {
          valueQuantity: {
            value: given.value,
            ...(given.unit && { unit: given.unit, code: given.unit, system: 'http://unitsofmeasure.org' }),
          },
        }
      : { valueCodeableConcept: { text: given.value } }),
  };
}

export interface CaseOutcome {
  name: string;
  passed: boolean;
  got: string;
  expected: string;
}

/** Runs one case against its rule alone. */
export async function runCase(
  rule: Rule,
  given: RuleCase,
  terminology: Terminology,
  now: Date,
): Promise<CaseOutcome & { guarded: Guarded }> {
  const awake: Rule = rule.status === 'draft' || rule.status === 'retired' ? { ...rule, status: 'silent' } : rule;
  const guarded = await checkGuards(
    readChart(sourceOf(given, terminology, now), terminology),
    new RuleSet([awake]),
    given.hook ?? rule.hooks.at(-1)!,
    terminology,
  );
  const [finding] = guarded.findings;
  const expected = typeof given.expect === 'string' ? given.expect : `tier ${given.expect.tier}`;
  const got = guarded.broken.length
    ? `broken (${guarded.broken[0]!.fact})`
    : finding
      ? `tier ${finding.tier.id}`
      : guarded.undecided.length
        ? 'unknown'
        : 'quiet';
  let passed = got === expected;
  let note = '';
  if (passed && finding && typeof given.expect !== 'string') {
    const summary = finding.tier.summary ?? rule.card.summary;
    const missing = [
      ...unfilled(summary, finding.names),
      ...unfilled(finding.tier.detail ?? rule.card.detail, finding.names),
    ];
    if (missing.length) {
      passed = false;
      note = `, but the card's blank {{${missing[0]}}} has no word`;
    }
    const { gap } = given.expect;
    if (gap && !finding.gaps.some((said) => said.includes(gap))) {
      passed = false;
      note = `, but the gap "${gap}" is not named (${finding.gaps.join('; ') || 'none is'})`;
    }
  }
  return {
    name: given.name,
    passed,
    got: `${got}${note}${guarded.undecided.length ? ` (${guarded.undecided[0]!.gaps.join('; ')})` : ''}`,
    expected,
    guarded,
  };
}
