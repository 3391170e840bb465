// Reads the chart into numbered facts. The order is fixed and the size bounded, so that the same chart always gives the
// same packet, and a long record leaves room for what matters: drafts, what is active, what is abnormal, what is new.
import type { Coding } from '../cds-hooks/contract.ts';
import type { Allergy, Chart, Encounter, Medication, Note, Observation, Problem, Procedure } from '../chart/types.ts';
import { shownUnit } from '../terminology/shown-unit.ts';
import { isKnown, type Unknown } from '../unknown.ts';
import type { EvidenceFact, FactKind, Packet } from './packet.ts';
import { adultReading } from './vital-limits.ts';
import { ageText, ago, dayOffset, daysBetween, nameOf, numberText, oneLine } from './wording.ts';

export interface PacketOptions {
  question?: string;
  /** `false` leaves notes out; a list stands for the chart's own. Whether a model sees them is for the policy to say. */
  notes?: boolean | Note[];
}

/** At most so many of a kind. Sums to what a small model still reads with care. */
const most: Record<FactKind, number> = {
  patient: 1,
  question: 1,
  encounter: 4,
  medication: 50,
  problem: 40,
  allergy: 20,
  vital: 24,
  lab: 60,
  survey: 10,
  procedure: 12,
  note: 8,
  calculation: 12,
};
const RECENT_MEDICATION_DAYS = 180;

type Draft = Omit<EvidenceFact, 'handle'>;

export function buildPacket(chart: Chart, options: PacketOptions = {}): Packet {
  const { now } = chart;
  const question = options.question === undefined ? undefined : oneLine(options.question).slice(0, 2000) || undefined;
  const notes = Array.isArray(options.notes) ? options.notes : options.notes === false ? [] : listOf(chart.notes);
  const isAdult = isKnown(chart.patient.ageInYears) && chart.patient.ageInYears >= 18;
  const medications = isKnown(chart.medications) ? chart.medications : chart.drafts;
  const drafts: Draft[] = [
    patientFact(chart),
    ...(question ? [questionFact(question)] : []),
    ...take(
      'encounter',
      byNewest(listOf(chart.encounters), (one) => one.start)
        .sort(currentFirst)
        .map((one) => encounterFact(one, now)),
    ),
    ...take('medication', medicationFacts(medications, now)),
    ...take(
      'problem',
      byNewest(listOf(chart.problems), (one) => one.onset)
        .sort(activeFirst)
        .map((one) => problemFact(one, now)),
    ),
    ...take(
      'allergy',
      byNewest(listOf(chart.allergies), (one) => one.when)
        .sort(activeFirst)
        .map((one) => allergyFact(one, now)),
    ),
    ...take('vital', observationFacts('vital', listOf(chart.vitals), now, isAdult)),
    ...take('lab', observationFacts('lab', listOf(chart.labs), now, isAdult)),
    ...take('survey', observationFacts('survey', listOf(chart.surveys), now, isAdult)),
    ...take(
      'procedure',
      byNewest(listOf(chart.procedures).filter(isValid), (one) => one.when).map((one) => procedureFact(one, now)),
    ),
    ...take(
      'note',
      byNewest(notes, (one) => one.when).map((one) => noteFact(one, now)),
    ),
  ];
  return packetOf(drafts, now, question);
}

/** Numbers the facts. */
export function packetOf(drafts: Draft[], now: Date, question?: string): Packet {
  const facts = drafts.map((fact, i) => ({ ...fact, handle: `E${i + 1}` }));
  const byReference = new Map<string, EvidenceFact[]>();
  for (const fact of facts) {
    if (fact.reference === undefined) continue;
    byReference.set(fact.reference, [...(byReference.get(fact.reference) ?? []), fact]);
  }
  return { now, question, facts, byHandle: new Map(facts.map((fact) => [fact.handle, fact])), byReference };
}

const listOf = <T>(list: T[] | Unknown): T[] => (isKnown(list) ? list : []);
const take = (kind: FactKind, facts: Draft[]): Draft[] => facts.slice(0, most[kind]);
const isValid = (item: { status: string }): boolean =>
  !['entered-in-error', 'cancelled', 'not-done', 'unknown'].includes(item.status);

/** Newest first; undated last; the record's own order otherwise. */
const byNewest = <T>(items: readonly T[], when: (item: T) => Date | undefined): T[] =>
  [...items].sort((a, b) => (when(b)?.getTime() ?? -Infinity) - (when(a)?.getTime() ?? -Infinity) || 0);

const currentFirst = (a: Encounter, b: Encounter): number => Number(b.isCurrent) - Number(a.isCurrent);
const rank = { active: 0, refuted: 1, past: 2 };
const activeFirst = (a: Problem | Allergy, b: Problem | Allergy): number => rank[a.standing] - rank[b.standing];

/** Said twice: with times for the clinician, with day offsets for a model. */
function said(
  now: Date,
  parts: (string | undefined)[],
  when?: Date,
  prefix = '',
): Pick<EvidenceFact, 'text' | 'modelText' | 'when' | 'daysAgo'> {
  const words = parts.filter((part) => part !== undefined && part !== '').join(', ');
  if (when === undefined || Number.isNaN(when.getTime())) return { text: words, modelText: words };
  return {
    text: `${words}, ${prefix}${ago(when, now)}`,
    modelText: `${words}, ${prefix}${dayOffset(when, now)}`,
    when,
    daysAgo: Math.max(0, daysBetween(when, now)),
  };
}

function patientFact({ patient, now }: Chart): Draft {
  const years = isKnown(patient.ageInYears) ? patient.ageInYears : undefined;
  const days = isKnown(patient.ageInDays) ? patient.ageInDays : undefined;
  const sex = isKnown(patient.sex) ? patient.sex : 'sex not known';
  const text = (isForModel: boolean) =>
    [
      `${ageText(years, days, isForModel)} ${sex}`.replace('known sex', 'known, sex'),
      patient.isDeceased ? 'deceased' : '',
    ]
      .filter(Boolean)
      .join(', ');
  return {
    kind: 'patient',
    name: 'Patient',
    reference: patient.reference,
    codings: [],
    status: patient.isDeceased ? 'deceased' : 'active',
    value: years,
    unit: years === undefined ? undefined : 'a',
    text: text(false),
    modelText: text(true),
    when: now,
    daysAgo: 0,
  };
}

const questionFact = (question: string): Draft => ({
  kind: 'question',
  name: "The clinician's question",
  codings: [],
  status: 'asked',
  text: question,
  modelText: 'The question the clinician asks',
  body: question,
  daysAgo: 0,
});

function encounterFact(one: Encounter, now: Date): Draft {
  const reasons = one.reasons.map((reason) => nameOf('reason', reason, []));
  const name = `${one.isCurrent ? 'Current visit' : 'Visit'}${reasons.length > 0 ? ` for ${reasons.map((reason) => reason.name).join('; ')}` : ''}`;
  return {
    kind: 'encounter',
    name,
    reference: one.reference,
    codings: [],
    status: one.isCurrent ? 'active' : 'past',
    flag: reasons.find((reason) => reason.flag)?.flag,
    ...said(now, [name], one.start),
  };
}

function medicationFacts(medications: Medication[], now: Date): Draft[] {
  const order = { draft: 0, active: 1, 'on-hold': 2, past: 3 };
  const isWorthTelling = (one: Medication) => {
    const last = one.end ?? one.start;
    return one.standing !== 'past' || (last !== undefined && daysBetween(last, now) <= RECENT_MEDICATION_DAYS);
  };
  return byNewest(medications.filter(isWorthTelling), (one) => one.start)
    .sort((a, b) => order[a.standing] - order[b.standing])
    .map((one) => medicationFact(one, now));
}

function medicationFact(one: Medication, now: Date): Draft {
  const drug = isKnown(one.drug) ? one.drug : undefined;
  const codings: Coding[] = drug
    ? [drug, ...drug.ingredients].flatMap(({ code }) =>
        code === undefined ? [] : [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code }],
      )
    : [];
  const ingredients = drug?.ingredients.map((ingredient) => ({ display: ingredient.name })) ?? [];
  const { name, flag } = nameOf(
    'medication',
    one.text,
    ingredients.length === 1 ? ingredients : [{ display: ingredients.map((i) => i.display).join(' / ') }],
  );
  const dose = isKnown(one.dose) ? doseText(one.dose) : undefined;
  const often = one.isAsNeeded ? 'as needed' : isKnown(one.timesPerDay) ? oftenText(one.timesPerDay) : undefined;
  const standing = { draft: 'unsigned order', active: undefined, 'on-hold': 'on hold', past: 'no longer taken' }[
    one.standing
  ];
  const isOver = one.standing === 'past' && one.end !== undefined;
  return {
    kind: 'medication',
    name,
    flag,
    reference: one.reference,
    codings,
    status: one.standing,
    groups: drug?.groups,
    ...said(
      now,
      [name, dose, often, standing],
      one.standing === 'draft' ? undefined : isOver ? one.end : one.start,
      isOver ? 'ended ' : 'started ',
    ),
  };
}

function problemFact(one: Problem, now: Date): Draft {
  const { name, flag } = nameOf('problem', one.text, one.codings);
  const status = one.standing === 'past' ? 'past' : one.isConfirmed ? 'active' : 'unconfirmed';
  const isResolved = status === 'past' && one.abatement !== undefined;
  return {
    kind: 'problem',
    name,
    flag,
    reference: one.reference,
    codings: one.codings,
    status,
    groups: one.groups,
    ...said(
      now,
      [name, status === 'past' && !isResolved ? 'in the past' : status === 'unconfirmed' ? 'not confirmed' : undefined],
      isResolved ? one.abatement : one.onset,
      isResolved ? 'resolved ' : 'since ',
    ),
  };
}

function allergyFact(one: Allergy, now: Date): Draft {
  const { name, flag } = nameOf('allergy', one.text, []);
  const reactions = one.reactions.map(
    (reaction) => `${nameOf('reaction', reaction.text, []).name}${reaction.severity ? ` (${reaction.severity})` : ''}`,
  );
  const kind = one.isIntolerance ? 'Intolerance' : 'Allergy';
  const status = { active: undefined, past: 'no longer active', refuted: 'refuted' }[one.standing];
  const criticality = one.criticality === 'high' ? 'high criticality' : undefined;
  const entry = /allerg|intoleran/i.test(name) ? name : `${kind}: ${name}`;
  const words = `${entry}${reactions.length > 0 ? `, with ${reactions.join(' and ')}` : ''}`;
  return {
    kind: 'allergy',
    name,
    flag,
    reference: one.reference,
    codings: [],
    status: one.standing,
    groups: one.groups,
    ...said(now, [words, criticality, status], one.when, 'recorded '),
  };
}

function procedureFact(one: Procedure, now: Date): Draft {
  const { name, flag } = nameOf('procedure', one.text, one.codings);
  return {
    kind: 'procedure',
    name,
    flag,
    reference: one.reference,
    codings: one.codings,
    status: one.status,
    groups: one.groups,
    ...said(now, [name], one.when),
  };
}

function noteFact(one: Note, now: Date): Draft {
  const { name, flag } = nameOf('note', one.title || 'Note', []);
  return {
    kind: 'note',
    name,
    flag,
    reference: one.reference,
    codings: [],
    status: 'final',
    body: one.text,
    ...said(now, [name], one.when),
    modelText: said(now, ['Note'], one.when).modelText,
  };
}

// ---- observations ----

const PER_KIND_OF_TEST = 3;

/** For each test the newest values, the abnormal and the recent tests first; then in order of time. */
function observationFacts(
  kind: 'lab' | 'vital' | 'survey',
  observations: Observation[],
  now: Date,
  isAdult: boolean,
): Draft[] {
  const usable = byNewest(
    withoutSuperseded(observations.filter((one) => isValid(one) && hasResult(one) && !isInFuture(one, now))),
    (one) => one.when,
  );
  const series = Map.groupBy(usable, keyOf);
  const ranked = [...series.values()].flatMap((values) =>
    values
      .slice(0, kind === 'survey' ? 1 : PER_KIND_OF_TEST)
      .map((one, place) => ({ one, place, trend: place === 0 ? trendOf(values) : undefined })),
  );
  const weight = ({ one, place }: (typeof ranked)[number]): number => {
    const days = one.when ? daysBetween(one.when, now) : 10_000;
    const recency = days <= 2 ? 0 : days <= 30 ? 2 : days <= 400 ? 4 : 8;
    return recency + 2 * place - (isAbnormal(interpretationOf(one, isAdult)) ? 3 : 0);
  };
  const kept = new Set([...ranked].sort((a, b) => weight(a) - weight(b)).slice(0, most[kind]));
  return byNewest([...kept], ({ one }) => one.when).map(({ one, trend }) =>
    observationFact(kind, one, trend, now, isAdult),
  );
}

const hasResult = (one: Observation): boolean =>
  one.quantity !== undefined || Boolean(one.valueText) || (one.valueCodings?.length ?? 0) > 0;
const isInFuture = (one: Observation, now: Date): boolean => (one.when?.getTime() ?? 0) > now.getTime() + 60_000;
const keyOf = (one: Observation): string => one.codings.find((coding) => coding.code)?.code ?? one.text.toLowerCase();

/** Of several reports of one test at one moment the corrected one stands. */
function withoutSuperseded(observations: Observation[]): Observation[] {
  const moments = Map.groupBy(observations, (one) =>
    one.when ? `${keyOf(one)}@${one.when.getTime()}` : one.reference,
  );
  return [...moments.values()].flatMap((reports) => {
    const corrected =
      reports.find((one) => one.status === 'corrected' || one.status === 'amended') ??
      reports.find((one) => one.status === 'final');
    return corrected ? [corrected] : reports.slice(0, 1);
  });
}

interface Trend {
  direction: 'rising' | 'falling' | 'steady';
  from: Observation;
}

/** Years apart is no trend. */
const LONGEST_TREND_DAYS = 400;

/** "1 tablet", "500 mg"; a count without a unit is said only when it is more than one. */
function doseText({ value, unit }: { value: number; unit: string }): string | undefined {
  const shown = shownUnit(oneLine(unit));
  if (shown === '1' || shown === '') return value === 1 ? undefined : `${numberText(value)} at a time`;
  return `${numberText(value)} ${/^[a-z]{4,}$/.test(shown) ? `${shown.replace(/s$/, '')}${value === 1 ? '' : 's'}` : shown}`;
}

const oftenText = (perDay: number): string =>
  perDay === 1
    ? 'once a day'
    : perDay === 2
      ? 'twice a day'
      : perDay > 1
        ? `${numberText(perDay)} times a day`
        : `every ${numberText(1 / perDay)} days`;

/** The newest value against the one before, if both are plain numbers in the same unit; a tenth counts as change. */
function trendOf([latest, previous]: Observation[]): Trend | undefined {
  const [a, b] = [latest?.quantity, previous?.quantity];
  if (!a || !b || a.comparator || b.comparator || unitOf(a) !== unitOf(b) || !previous?.when || !latest?.when)
    return undefined;
  if (daysBetween(previous.when, latest.when) > LONGEST_TREND_DAYS) return undefined;
  const change = (a.value - b.value) / Math.max(Math.abs(b.value), 1e-9);
  return { direction: change > 0.1 ? 'rising' : change < -0.1 ? 'falling' : 'steady', from: previous };
}

const unitOf = (quantity: NonNullable<Observation['quantity']>): string => quantity.code ?? quantity.unit ?? '';
const isAbnormal = (interpretation: string | undefined): boolean =>
  interpretation !== undefined && !['normal', 'negative'].includes(interpretation);

/** What the laboratory said; else what its own reference range says; else, for vital signs, what is usual in adults. */
function interpretationOf(one: Observation, isAdult: boolean): Observation['interpretation'] {
  if (one.interpretation) return one.interpretation;
  const { quantity, range } = one;
  if (!range && isAdult) return adultReading(one);
  if (
    !quantity ||
    !range ||
    quantity.comparator ||
    (range.unit !== undefined && range.unit !== quantity.unit && range.unit !== quantity.code)
  )
    return undefined;
  if (range.high !== undefined && quantity.value > range.high) return 'high';
  if (range.low !== undefined && quantity.value < range.low) return 'low';
  return range.high !== undefined && range.low !== undefined ? 'normal' : undefined;
}

function observationFact(
  kind: 'lab' | 'vital' | 'survey',
  one: Observation,
  trend: Trend | undefined,
  now: Date,
  isAdult: boolean,
): Draft {
  const { name, flag } = nameOf(kind, one.text, one.codings);
  const interpretation = interpretationOf(one, isAdult);
  const { value, flag: valueFlag } = valueText(one);
  const isPlain = one.quantity !== undefined && !one.quantity.comparator;
  const change =
    trend &&
    (trend.direction === 'steady' ? 'steady' : `${trend.direction} from ${numberText(trend.from.quantity!.value)}`);
  return {
    kind,
    name,
    flag: flag ?? valueFlag,
    reference: one.reference,
    codings: one.codings,
    status: one.status,
    interpretation,
    value: one.quantity?.value,
    unit: one.quantity?.unit ?? one.quantity?.code,
    comparator: isPlain ? undefined : one.quantity?.comparator,
    trend: trend?.direction,
    ...said(now, [`${name} ${value}`, interpretation?.replace('critical-', 'critically '), change], one.when),
  };
}

function valueText(one: Observation): { value: string; flag?: string } {
  if (one.quantity) {
    const { comparator = '', value, unit, code } = one.quantity;
    const { name, flag } =
      unit || code ? nameOf('unit', shownUnit(unit ?? code ?? ''), []) : { name: '', flag: undefined };
    return { value: `${oneLine(comparator)}${numberText(value)} ${name}`.trim(), flag };
  }
  const { name, flag } = nameOf('result', one.valueText, one.valueCodings ?? []);
  return { value: name, flag };
}
