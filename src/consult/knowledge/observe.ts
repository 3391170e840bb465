// What the chart and the texts say about each finding: present, absent, or nothing at all. One path for coded data,
// typed vital signs and prose, so that the same threshold decides wherever a number was read.

import type { ConsultEvidence } from '../../cds-hooks/contract.ts';
import type { Chart, Medication, Note, Observation, Problem } from '../../chart/types.ts';
import { isKnown } from '../../unknown.ts';
import type { EvidenceFact, Packet } from '../packet.ts';
import type { Knowledge } from './load.ts';
import type { TextReading } from './match.ts';
import type { FindingRule, ObservationRule, Person } from './schema.ts';
import { plainUnit } from './units.ts';

export interface State {
  finding: string;
  isPresent: boolean;
  evidence: ConsultEvidence;
  /** Where it came from; a question is about now, a chart may be about then. */
  from: 'question' | 'note' | 'chart';
  /** Nothing but an entry of the problem list that may have stood there for years. */
  isStanding?: true;
}

export interface Who {
  ageInYears?: number;
  sex?: 'female' | 'male';
}

export interface Observed {
  states: ReadonlyMap<string, State>;
  /** Symptoms that were asked about with doubt ("?syncope"): they open a presentation and count for nothing. */
  doubted: ReadonlySet<string>;
  /** Conditions that the question names. */
  named: ReadonlySet<string>;
  who: Who;
  /** The question tells something of the patient: what it leaves out was perhaps not there. */
  isTold: boolean;
  isAsked: boolean;
}

export interface Input {
  chart: Chart;
  packet: Packet;
  question?: string;
  /** Notes that may be read; none by default. */
  notes?: readonly Pick<Note, 'reference' | 'text' | 'when'>[];
}

const DAY = 86_400_000;
const known = <T>(list: T[] | { unknown: string }): T[] => (isKnown(list) ? (list as T[]) : []);

export function observe(input: Input, knowledge: Knowledge): Observed {
  const { chart, packet } = input;
  const states = new Map<string, State>();
  const doubted = new Set<string>();
  const named = new Set<string>();
  const put = (state: State): void => {
    const before = states.get(state.finding);
    // Present beats absent: a denial elsewhere does not undo what was seen. Today beats what has long stood there.
    if (!before || (state.isPresent && (!before.isPresent || (before.isStanding && !state.isStanding))))
      states.set(state.finding, state);
  };
  const factFor = (reference: string | undefined, codes: readonly string[] = []): EvidenceFact | undefined => {
    const facts = reference === undefined ? undefined : packet.byReference.get(reference);
    return (
      facts?.find((fact) => fact.codings.some((coding) => coding.code !== undefined && codes.includes(coding.code))) ??
      facts?.[0]
    );
  };
  const evidenceOf = (fact: EvidenceFact | undefined, text: string, reference?: string): ConsultEvidence => ({
    handle: fact?.handle ?? '',
    text: fact?.text ?? text,
    ...((fact?.reference ?? reference) ? { reference: fact?.reference ?? reference } : {}),
  });

  const takeReading = (
    reading: TextReading,
    from: State['from'],
    evidence: (quote: string) => ConsultEvidence,
  ): void => {
    for (const hit of reading.found) {
      if (hit.kind === 'condition') {
        if (from === 'question' && (hit.assertion === 'present' || hit.assertion === 'uncertain')) named.add(hit.id);
        continue;
      }
      const rule = knowledge.findings.get(hit.id)!;
      const isRisk = rule.kind === 'risk' || rule.kind === 'drug';
      const base = { finding: hit.id, from, evidence: evidence(hit.quote) };
      if (hit.assertion === 'present' || (hit.assertion === 'history' && isRisk)) put({ ...base, isPresent: true });
      else if (hit.assertion === 'negated') put({ ...base, isPresent: false });
      else if (hit.assertion === 'uncertain' && from === 'question') doubted.add(hit.id);
    }
    for (const measure of reading.measures) {
      for (const rule of knowledge.findings.values()) {
        for (const observation of rule.observations) {
          if (!observation.loinc.includes(measure.loinc)) continue;
          const isPresent = passes(observation, { value: measure.value, unit: measure.unit });
          if (isPresent !== undefined)
            put({
              finding: rule.id,
              isPresent,
              from,
              evidence: evidence(`${measure.name} ${measure.value} ${measure.unit}`),
            });
        }
      }
    }
  };

  // The question
  const questionFacts = packet.facts.filter((fact) => fact.kind === 'question');
  const question = input.question ?? packet.question ?? '';
  const asked = knowledge.matchText(question);
  takeReading(asked, 'question', (quote) => {
    const fact =
      questionFacts.find((f) => (f.body ?? f.text).toLowerCase().includes(quote.toLowerCase())) ?? questionFacts[0];
    return {
      handle: fact?.handle ?? '',
      text: `“${quote}”`,
      ...(fact?.reference ? { reference: fact.reference } : {}),
    };
  });

  const who: Who = {
    ...(isKnown(chart.patient.ageInYears)
      ? { ageInYears: chart.patient.ageInYears }
      : asked.ageInYears !== undefined
        ? { ageInYears: asked.ageInYears }
        : {}),
    ...(isKnown(chart.patient.sex) ? { sex: chart.patient.sex } : asked.sex ? { sex: asked.sex } : {}),
  };

  for (const note of input.notes ?? []) {
    const fact = factFor(note.reference);
    takeReading(knowledge.matchText(note.text), 'note', (quote) => ({
      handle: fact?.handle ?? '',
      text: `“${quote}”, from a note`,
      reference: note.reference,
    }));
  }

  // Why the patient is here
  const encounters = known(chart.encounters).filter((encounter) => encounter.isCurrent);
  for (const encounter of encounters) {
    const fact = factFor(encounter.reference);
    for (const reason of encounter.reasons) {
      takeReading(knowledge.matchText(reason), 'chart', (quote) => ({
        handle: fact?.handle ?? '',
        text: `Reason for visit: ${quote}`,
        reference: encounter.reference,
      }));
    }
  }
  const since = Math.min(
    ...encounters.flatMap((encounter) => (encounter.start ? [encounter.start.getTime()] : [])),
    Number.POSITIVE_INFINITY,
  );

  // Coded data
  const problems = known(chart.problems).map((problem) => ({ problem, reading: knowledge.matchText(problem.text) }));
  const medications = known(chart.medications).filter((m) => m.standing === 'active' || m.standing === 'on-hold');
  for (const rule of knowledge.findings.values()) {
    for (const { problem, reading } of problems) {
      if (!speaksForToday(problem, rule, chart.now) || !meansFinding(problem, rule, reading)) continue;
      put({
        finding: rule.id,
        isPresent: true,
        from: 'chart',
        evidence: evidenceOf(factFor(problem.reference), problem.text, problem.reference),
        ...(mayBeOld(problem, rule, chart.now) ? { isStanding: true } : {}),
      });
    }
    for (const observation of rule.observations) {
      const seen = judge(chart, observation, Math.min(since, chart.now.getTime() - observation.withinDays * DAY));
      if (seen)
        put({
          finding: rule.id,
          isPresent: seen.isPresent,
          from: 'chart',
          evidence: evidenceOf(
            factFor(seen.by.reference, observation.loinc),
            textOf(seen.by, observation),
            seen.by.reference,
          ),
        });
    }
    if (rule.drugs) {
      const { tokens, startedWithinDays } = rule.drugs;
      const drug = medications.find(
        (m) =>
          takes(m, tokens) &&
          (startedWithinDays === undefined ||
            (m.start !== undefined && chart.now.getTime() - m.start.getTime() <= startedWithinDays * DAY)),
      );
      if (drug)
        put({
          finding: rule.id,
          isPresent: true,
          from: 'chart',
          evidence: evidenceOf(factFor(drug.reference), drug.text, drug.reference),
        });
      // A known list without the drug speaks against it; no list at all says nothing.
      else if (isKnown(chart.medications) && startedWithinDays === undefined)
        put({
          finding: rule.id,
          isPresent: false,
          from: 'chart',
          evidence: { handle: '', text: `${rule.title}: not on the medication list` },
        });
    }
    if (rule.patient && isPerson(rule.patient, who) !== undefined) {
      const fact = packet.facts.find((f) => f.kind === 'patient') ?? factFor(chart.patient.reference);
      put({
        finding: rule.id,
        isPresent: isPerson(rule.patient, who)!,
        from: 'chart',
        evidence: evidenceOf(fact, rule.title, chart.patient.reference),
      });
    }
  }

  addImplied(states, knowledge);
  return {
    states,
    doubted,
    named,
    who,
    isTold: asked.found.some(({ kind, assertion }) => kind === 'finding' && assertion === 'present'),
    isAsked: question.trim() !== '',
  };
}

/** Undefined when age or sex is needed and not known. */
export function isPerson(person: Person, who: Who): boolean | undefined {
  const parts: (boolean | undefined)[] = [];
  if (person.sex !== undefined) parts.push(who.sex === undefined ? undefined : who.sex === person.sex);
  if (person.minAge !== undefined)
    parts.push(who.ageInYears === undefined ? undefined : who.ageInYears >= person.minAge);
  if (person.maxAge !== undefined)
    parts.push(who.ageInYears === undefined ? undefined : who.ageInYears <= person.maxAge);
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function addImplied(states: Map<string, State>, knowledge: Knowledge): void {
  const queue = [...states.values()].filter((state) => state.isPresent);
  for (const state of queue) {
    for (const id of knowledge.findings.get(state.finding)?.implies ?? []) {
      if (states.get(id)?.isPresent) continue;
      const implied = { ...state, finding: id };
      states.set(id, implied);
      queue.push(implied);
    }
  }
}

/** A symptom on the problem list speaks for today only while it is active and was not entered long ago. */
function speaksForToday(problem: Problem, rule: FindingRule, now: Date): boolean {
  if (!problem.isConfirmed) return false;
  if (rule.kind === 'risk') return true;
  return (
    problem.standing === 'active' &&
    (problem.onset === undefined || now.getTime() - problem.onset.getTime() <= 60 * DAY)
  );
}

const mayBeOld = ({ onset }: Problem, { onProblemList }: FindingRule, now: Date): boolean =>
  onProblemList === 'opens-nothing' ||
  (onProblemList === 'opens-when-new' && !(onset && now.getTime() - onset.getTime() <= 14 * DAY));

function meansFinding(problem: Problem, rule: FindingRule, reading: TextReading): boolean {
  const isCoded = problem.codings.some(
    ({ code }) =>
      code !== undefined &&
      (rule.problems?.snomed.includes(code) ||
        rule.problems?.icd10.some(
          (prefix) => code.replace('.', '').startsWith(prefix.replace('.', '')) && /^[A-Z]/.test(code),
        )),
  );
  if (isCoded) return true;
  return reading.found.some(
    (hit) =>
      hit.id === rule.id &&
      hit.kind === 'finding' &&
      (hit.assertion === 'present' || (hit.assertion === 'history' && rule.kind === 'risk')),
  );
}

function takes(medication: Medication, tokens: readonly string[]): boolean {
  const groups = isKnown(medication.drug) ? medication.drug.groups : undefined;
  const text = ` ${medication.text.toLowerCase().replace(/[^a-z0-9]+/g, ' ')} `;
  return tokens.some(
    (token) => groups?.has(token) || (!token.includes(':') && text.includes(` ${token.replaceAll('-', ' ')} `)),
  );
}

/** The newest result that counts for today and can be read, with what it says. */
function judge(chart: Chart, rule: ObservationRule, from: number): { isPresent: boolean; by: Observation } | undefined {
  const all = chart.observations(rule.loinc);
  const usable = known(all).filter(
    (o) =>
      o.when !== undefined &&
      o.when.getTime() >= from &&
      o.when.getTime() <= chart.now.getTime() + DAY &&
      !/^(?:entered-in-error|cancelled)$/.test(o.status),
  );
  const newest = usable[0];
  if (!newest) return undefined;
  if (rule.change) return judgeChange(known(all), newest, rule.change);
  for (const by of usable) {
    const isPresent = passes(
      rule,
      by.quantity
        ? { value: by.quantity.value, unit: by.quantity.code ?? by.quantity.unit, comparator: by.quantity.comparator }
        : undefined,
      by,
    );
    if (isPresent !== undefined) return { isPresent, by };
  }
  return undefined;
}

function judgeChange(
  all: Observation[],
  newest: Observation,
  change: NonNullable<ObservationRule['change']>,
): { isPresent: boolean; by: Observation } | undefined {
  const unit = plainUnit(newest.quantity?.code ?? newest.quantity?.unit);
  if (!newest.quantity || (change.unit !== undefined && plainUnit(change.unit) !== unit)) return undefined;
  const older = all.filter(
    (o) =>
      o !== newest &&
      o.quantity &&
      o.when &&
      newest.when &&
      o.when < newest.when &&
      newest.when.getTime() - o.when.getTime() <= change.withinDays * DAY &&
      plainUnit(o.quantity.code ?? o.quantity.unit) === unit,
  );
  if (older.length === 0) return undefined;
  const values = older.map((o) => o.quantity!.value);
  const isPresent =
    change.fallBy !== undefined
      ? Math.max(...values) - newest.quantity.value >= change.fallBy
      : newest.quantity.value >= Math.min(...values) * (change.riseFactor ?? Number.POSITIVE_INFINITY);
  return { isPresent, by: newest };
}

function passes(
  rule: ObservationRule,
  quantity: { value: number; unit?: string; comparator?: string } | undefined,
  by?: Observation,
): boolean | undefined {
  if (quantity) {
    const unit = plainUnit(quantity.unit);
    const limit = rule.limits.find((l) => plainUnit(l.unit) === unit);
    if (limit) {
      const { value, comparator } = quantity;
      if (limit.absentFrom !== undefined && !comparator) {
        const isBetween =
          limit.above !== undefined
            ? value <= limit.above && value > limit.absentFrom
            : value >= limit.below! && value < limit.absentFrom;
        if (isBetween) return undefined;
      }
      if (limit.above !== undefined) {
        if (comparator?.startsWith('<')) return value <= limit.above ? false : undefined;
        return comparator?.startsWith('>') ? (value >= limit.above ? true : undefined) : value > limit.above;
      }
      if (comparator?.startsWith('>')) return value >= limit.below! ? false : undefined;
      return comparator?.startsWith('<') ? (value <= limit.below! ? true : undefined) : value < limit.below!;
    }
  }
  if (!rule.flag || !by) return undefined;
  const flag = by.interpretation;
  const words = [by.valueText, ...(by.valueCodings ?? []).map((coding) => coding.display)]
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
  if (rule.flag === 'positive') {
    if (flag === 'positive' || flag === 'abnormal') return true;
    if (flag === 'negative' || /not detected|negative|non-?reactive|absent|none/.test(words)) return false;
    return /positive|detected|reactive|present|large|moderate|trace|\+/.test(words) ? true : undefined;
  }
  if (flag === 'normal') return false;
  if (rule.flag === 'high') {
    if (flag === 'high' || flag === 'critical-high') return true;
    if (flag !== undefined) return flag === 'low' || flag === 'critical-low' ? false : undefined;
    return quantity && by.range?.high !== undefined ? quantity.value > by.range.high : undefined;
  }
  if (rule.flag === 'low') {
    if (flag === 'low' || flag === 'critical-low') return true;
    if (flag !== undefined) return flag === 'high' || flag === 'critical-high' ? false : undefined;
    return quantity && by.range?.low !== undefined ? quantity.value < by.range.low : undefined;
  }
  return flag !== undefined ? true : undefined;
}

function textOf(observation: Observation, rule: ObservationRule): string {
  const { quantity } = observation;
  const value = quantity
    ? `${quantity.comparator ?? ''}${quantity.value} ${quantity.unit ?? quantity.code ?? ''}`
    : (observation.valueText ?? '');
  return `${rule.name} ${value}`.trim();
}
