// A chart of a few facts and the packet that goes with it, for the tests of the offline differential.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Chart, Medication, Observation, Problem } from '../../../../src/chart/types.ts';
import { type Knowledge, loadKnowledge } from '../../../../src/consult/knowledge/load.ts';
import type { EvidenceFact, Packet } from '../../../../src/consult/packet.ts';
import { unknown } from '../../../../src/unknown.ts';

const rules = fileURLToPath(new URL('../../../../rules/', import.meta.url));
const folders = ['conditions', 'findings', 'presentations', 'tests', 'guidelines'];

export const knowledgeFiles = (): Record<string, unknown> =>
  Object.fromEntries(
    folders.flatMap((folder) =>
      readdirSync(`${rules}${folder}`)
        .filter((file) => file.endsWith('.json'))
        .map((file) => [`rules/${folder}/${file}`, JSON.parse(readFileSync(`${rules}${folder}/${file}`, 'utf8'))]),
    ),
  );

let loaded: Knowledge | undefined;
export const knowledge = (): Knowledge => {
  loaded ??= loadKnowledge(knowledgeFiles());
  return loaded;
};

export interface Sketch {
  ageInYears?: number;
  sex?: 'female' | 'male';
  problems?: { text: string; code?: string; standing?: 'active' | 'past'; daysAgo?: number }[];
  medications?: { text: string; groups?: string[]; daysAgo?: number }[];
  /** LOINC, value, unit, hours ago. */
  observations?: {
    loinc: string;
    text: string;
    value?: number;
    unit?: string;
    valueText?: string;
    hoursAgo?: number;
    interpretation?: Observation['interpretation'];
  }[];
  reasons?: string[];
}

export const now = new Date('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;

export function sketchChart(sketch: Sketch, question?: string): { chart: Chart; packet: Packet; question?: string } {
  const problems: Problem[] = (sketch.problems ?? []).map((p, i) => ({
    reference: `Condition/p${i + 1}`,
    text: p.text,
    groups: new Set<string>(),
    codings: p.code
      ? [
          {
            system: /^[A-Z]/.test(p.code) ? 'http://hl7.org/fhir/sid/icd-10-cm' : 'http://snomed.info/sct',
            code: p.code,
          },
        ]
      : [],
    standing: p.standing ?? 'active',
    isConfirmed: true,
    ...(p.daysAgo !== undefined ? { onset: new Date(now.getTime() - p.daysAgo * 24 * HOUR) } : {}),
  }));
  const medications: Medication[] = (sketch.medications ?? []).map((m, i) => ({
    reference: `MedicationRequest/m${i + 1}`,
    standing: 'active',
    drug: m.groups
      ? { text: m.text, ingredients: [], isSystemic: true, strengths: [], groups: new Set(m.groups) }
      : unknown('not matched'),
    text: m.text,
    isSelected: false,
    ...(m.daysAgo !== undefined ? { start: new Date(now.getTime() - m.daysAgo * 24 * HOUR) } : {}),
    isAsNeeded: false,
    dose: unknown('no dose'),
    timesPerDay: unknown('no timing'),
    durationInDays: unknown('no duration'),
    resource: {
      resourceType: 'MedicationRequest',
      intent: 'order',
      status: 'active',
      subject: { reference: 'Patient/1' },
    },
  }));
  const labs: Observation[] = (sketch.observations ?? []).map((o, i) => ({
    reference: `Observation/o${i + 1}`,
    codings: [{ system: 'http://loinc.org', code: o.loinc }],
    text: o.text,
    status: 'final',
    category: 'laboratory',
    when: new Date(now.getTime() - (o.hoursAgo ?? 1) * HOUR),
    ...(o.value !== undefined
      ? { quantity: { value: o.value, ...(o.unit ? { unit: o.unit, code: o.unit } : {}) } }
      : {}),
    ...(o.valueText ? { valueText: o.valueText } : {}),
    ...(o.interpretation ? { interpretation: o.interpretation } : {}),
  }));
  const chart = {
    source: { now, patientId: '1', parts: {}, drafts: [], selections: [], referenced: new Map() },
    now,
    patient: {
      reference: 'Patient/1',
      ageInYears: sketch.ageInYears ?? unknown('no birth date'),
      ageInDays: unknown('no birth date'),
      sex: sketch.sex ?? unknown('no sex'),
      isDeceased: false,
    },
    medications,
    drafts: [],
    allergies: [],
    problems,
    labs,
    vitals: [],
    surveys: [],
    encounters: sketch.reasons
      ? [{ reference: 'Encounter/e1', status: 'in-progress', reasons: sketch.reasons, isCurrent: true }]
      : [],
    procedures: [],
    notes: [],
    serviceOrders: [],
    gaps: [],
    part: () => [],
    observations: (codes: readonly string[]) =>
      labs
        .filter((o) => o.codings.some((c) => c.code !== undefined && codes.includes(c.code)))
        .sort((a, b) => b.when!.getTime() - a.when!.getTime()),
  } satisfies Chart;
  const facts: EvidenceFact[] = [];
  const add = (fact: Omit<EvidenceFact, 'handle' | 'modelText'>) =>
    facts.push({ ...fact, modelText: fact.text, handle: `E${facts.length + 1}` });
  add({
    kind: 'patient',
    text: `${sketch.ageInYears ?? '?'} years, ${sketch.sex ?? 'sex unknown'}`,
    name: 'Patient',
    reference: 'Patient/1',
    codings: [],
    status: 'active',
  });
  if (question) add({ kind: 'question', text: question, name: 'Question', codings: [], status: 'active' });
  for (const p of problems)
    add({
      kind: 'problem',
      text: p.text,
      name: p.text,
      reference: p.reference,
      codings: p.codings,
      status: p.standing,
    });
  for (const m of medications)
    add({ kind: 'medication', text: m.text, name: m.text, reference: m.reference, codings: [], status: m.standing });
  for (const o of labs)
    add({
      kind: 'lab',
      text: `${o.text} ${o.quantity?.value ?? o.valueText ?? ''} ${o.quantity?.unit ?? ''}`.trim(),
      name: o.text,
      reference: o.reference,
      codings: o.codings,
      status: 'final',
      ...(o.quantity ? { value: o.quantity.value } : {}),
    });
  const byReference = new Map<string, EvidenceFact[]>();
  for (const fact of facts)
    if (fact.reference) byReference.set(fact.reference, [...(byReference.get(fact.reference) ?? []), fact]);
  return {
    chart,
    packet: { now, facts, byHandle: new Map(facts.map((f) => [f.handle, f])), byReference },
    ...(question ? { question } : {}),
  };
}
