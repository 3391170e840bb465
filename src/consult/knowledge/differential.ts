// The offline differential: log odds from a prior and likelihood ratios, added up finding by finding, every step shown.
// Naive Bayes on purpose: it can be read, and groups of findings that say the same thing count once.
import type { ConsultItem, Contribution } from '../../cds-hooks/contract.ts';
import { whyUnknown } from '../../unknown.ts';
import type { OfferedCondition } from '../knowledge-result.ts';
import { testActions, treatmentActions } from './actions.ts';
import type { Knowledge } from './load.ts';
import { type Input, isPerson, type Observed, observe, type State, type Who } from './observe.ts';
import type { Condition, ConditionFinding, Presentation } from './schema.ts';

export interface KnowledgeCandidate extends ConsultItem {
  source: 'knowledge';
  candidate: ConsultItem['candidate'] & { id: string };
  strength: 0 | 1 | 2 | 3;
  contributions: Contribution[];
  /** For ordering and tests; never shown as a probability. */
  logOdds: number;
}

export interface Differential {
  presentations: { id: string; title: string }[];
  /** The best supported first, whatever their band; a screen that groups by band keeps this order within each. */
  items: KnowledgeCandidate[];
  /** Why there is nothing to show. */
  note?: string;
  /** What the complaints must not miss in a person like this, once each, whether or not it is among the items. */
  mustNotMiss: OfferedCondition[];
  refuted: { id: string; reason: string }[];
  /** Parts of the chart that were out of reach. */
  couldNotCheck: string[];
}

/** Every condition of the knowledge base, by the names that a person would use. */
export const offeredConditions = (knowledge: Knowledge): OfferedCondition[] =>
  [...knowledge.conditions.values()].map(offer);

const offer = ({ id, title, coding, names }: Condition): OfferedCondition => ({
  id,
  text: title,
  coding: coding[0]!,
  names: names.filter((name) => /^[a-z0-9 ]+$/.test(name)),
});

const MOST_TO_EXCLUDE = 8;
/** More when several complaints each bring their own list, each of which keeps its first few. */
const MOST_TO_EXCLUDE_OF_SEVERAL = 10;
const FIRST_DANGERS = 4;
const MOST_SUPPORTED = 5;
const UNEXPLAINED: Omit<Contribution, 'finding'> = {
  likelihoodRatio: 0.25,
  citation: 'weight, expert estimate: a diagnosis should account for each complaint',
};
/** A must-not-miss that is as likely as another stands before it. */
const DANGER = Math.log(2);
/** A supported candidate this much less likely than the best one is noise. */
const TOO_FAR = Math.log(150);
const WORTH_A_MENTION = Math.log(1.3);
/** Of a candidate for which nothing speaks but who the patient is: a smoker's cancer, a diuretic's gout. */
const RISK_WORTH_A_MENTION = Math.log(3);
/** Common enough among people with this complaint to be named without a finding of its own. */
const COMMON = Math.log(0.06);
/** Findings that open the complaint of their condition where nothing was complained of. */
const OPENS_ITS_COMPLAINT = Math.log(12);
/** Findings that bring in a condition which none of the complaints asks for. */
const SPEAKS_FOR_ITSELF = Math.log(60);
const REFUTED_BELOW = Math.log(0.1);

interface Scored {
  condition: Condition;
  logOdds: number;
  counted: { rule: ConditionFinding; state: State; weight: number }[];
  contributions: Contribution[];
  mustExclude: boolean;
  refutation?: string;
}

export function differential(input: Input, knowledge: Knowledge): Differential {
  const observed = observe(input, knowledge);
  const open = openPresentations(observed, knowledge);
  if (open.length === 0) {
    const note = (input.question ?? input.packet.question)?.trim()
      ? 'The question names no complaint that the knowledge base covers.'
      : 'No question yet: nothing on the chart today asks for a differential.';
    return { presentations: [], items: [], note, mustNotMiss: [], refuted: [], couldNotCheck: outOfReach(input) };
  }
  const scored = [...knowledge.conditions.values()]
    .filter(
      (condition) =>
        (condition.presentations.some((id) => open.some((p) => p.id === id)) ||
          observed.named.has(condition.id) ||
          supportToday(condition, observed, knowledge) >= SPEAKS_FOR_ITSELF) &&
        isPerson(condition.applies ?? {}, observed.who) !== false,
    )
    .map((condition) => score(condition, open, observed, knowledge));
  const chosen = choose(scored, open, observed, knowledge);
  const guidelineHandles = new Map<string, string>();
  const items = chosen.map((s, place) => itemOf(s, place, chosen, open, input, observed, knowledge, guidelineHandles));
  return {
    presentations: open.map(({ id, title }) => ({ id, title })),
    items,
    mustNotMiss: scored.filter((s) => s.mustExclude || s.refutation !== undefined).map((s) => offer(s.condition)),
    refuted: scored.flatMap((s) => (s.refutation === undefined ? [] : [{ id: s.condition.id, reason: s.refutation }])),
    couldNotCheck: outOfReach(input),
  };
}

const outOfReach = ({ chart }: Input): string[] =>
  (['problems', 'medications', 'labs', 'vitals'] as const).flatMap((part) => {
    const why = whyUnknown(chart[part]);
    return why === undefined ? [] : [`${part}: ${why}`];
  });

/** Presentations whose trigger is there: stated, measured, or asked about with doubt. */
function openPresentations(observed: Observed, knowledge: Knowledge): Presentation[] {
  const openedBy = (isThere: (id: string) => boolean): Presentation[] =>
    [...knowledge.presentations.values()].filter((p) =>
      p.triggers.some((trigger) => (typeof trigger === 'string' ? isThere(trigger) : trigger.every(isThere))),
    );
  const isNew = (id: string): boolean => isOfToday(observed.states.get(id)) || observed.doubted.has(id);
  const opened = openedBy(isNew);
  if (opened.length > 0)
    return opened.filter((p) => !p.accompanies.some((id) => opened.some((other) => other.id === id)));
  // "What could this be?": whoever asks without naming a complaint means what stands on the problem list.
  const standing = observed.isAsked ? openedBy((id) => observed.states.get(id)?.isPresent === true) : [];
  if (standing.length > 0) return standing;
  // Nothing was complained of. A diagnosis that was named, or one that coded findings speak for, opens its own presentation.
  const ids = new Set<string>();
  for (const id of observed.named) ids.add(knowledge.conditions.get(id)!.presentations[0]!);
  for (const condition of knowledge.conditions.values()) {
    if (isPerson(condition.applies ?? {}, observed.who) === false) continue;
    if (supportToday(condition, observed, knowledge) >= OPENS_ITS_COMPLAINT) ids.add(condition.presentations[0]!);
  }
  return [...knowledge.presentations.values()].filter((p) => ids.has(p.id));
}

const isOfToday = (state: State | undefined): boolean => state?.isPresent === true && !state.isStanding;

const isRisk = ({ finding }: ConditionFinding, knowledge: Knowledge): boolean =>
  ['risk', 'drug', 'patient'].includes(knowledge.findings.get(finding)!.kind);

/** Log of what the findings that are there today say for a condition; nothing while only risks and drugs speak. */
function supportToday(condition: Condition, observed: Observed, knowledge: Knowledge): number {
  const counted = count(condition, observed, knowledge).filter(({ state, weight }) => state.isPresent && weight > 0);
  const isAboutToday = counted.some(({ rule, state }) => !isRisk(rule, knowledge) && isOfToday(state));
  return isAboutToday ? counted.reduce((sum, { weight }) => sum + weight, 0) : 0;
}

/** The findings that count for a condition: what is known, the strongest of each group. */
function count(condition: Condition, observed: Observed, knowledge: Knowledge): Scored['counted'] {
  const byGroup = new Map<string, Scored['counted'][number]>();
  for (const rule of condition.findings) {
    const state = observed.states.get(rule.finding);
    const ratio = state && (state.isPresent ? rule.lrPositive : rule.lrNegative);
    if (!state || ratio === undefined) continue;
    const weight = Math.log(ratio);
    // A migraine of years speaks against no illness of today.
    if (state.isStanding && weight < 0) continue;
    const group = knowledge.findings.get(rule.finding)!.group ?? rule.finding;
    const before = byGroup.get(group);
    if (!before || Math.abs(weight) > Math.abs(before.weight)) byGroup.set(group, { rule, state, weight });
  }
  return [...byGroup.values()];
}

function score(condition: Condition, open: readonly Presentation[], observed: Observed, knowledge: Knowledge): Scored {
  const counted = count(condition, observed, knowledge).filter(({ weight }) => weight !== 0);
  const contributions: Contribution[] = counted.map(({ rule, state, weight }) => ({
    finding: `${knowledge.findings.get(rule.finding)!.title}${state.isPresent ? '' : ': absent'}`,
    ...(state.evidence.handle ? { handle: state.evidence.handle } : {}),
    likelihoodRatio: Math.round(Math.exp(weight) * 100) / 100,
    citation: rule.citation,
  }));
  let logOdds = priorOf(condition, open, observed.who) + counted.reduce((sum, { weight }) => sum + weight, 0);
  for (const p of open) {
    if (explains(condition, p)) continue;
    const unexplained = p.isUnspecific ? { ...UNEXPLAINED, likelihoodRatio: 0.7 } : UNEXPLAINED;
    logOdds += Math.log(unexplained.likelihoodRatio);
    contributions.push({ finding: `Does not explain: ${p.title.toLowerCase()}`, ...unexplained });
  }
  const { expects } = condition;
  if (expects && observed.isTold && !expects.anyOf.some((id) => observed.states.get(id)?.isPresent)) {
    logOdds += Math.log(expects.lrNegative);
    contributions.push({
      finding: `Nothing said of ${expects.title}`,
      likelihoodRatio: expects.lrNegative,
      citation: expects.citation,
    });
  }
  const isListed =
    open.some((p) => p.mustNotMiss.includes(condition.id)) &&
    isPerson(condition.mustNotMissIn ?? {}, observed.who) !== false &&
    (condition.mustNotMissWith.length === 0 ||
      condition.mustNotMissWith.some((each) => [each].flat().every((id) => observed.states.get(id)?.isPresent)));
  const refutation =
    logOdds < REFUTED_BELOW
      ? condition.refutedBy.find(({ finding, isAbsent }) => observed.states.get(finding)?.isPresent === !isAbsent)?.text
      : undefined;
  return {
    condition,
    logOdds,
    counted,
    contributions: contributions.sort(
      (a, b) => Math.abs(Math.log(b.likelihoodRatio)) - Math.abs(Math.log(a.likelihoodRatio)),
    ),
    mustExclude: isListed && refutation === undefined,
    ...(isListed && refutation !== undefined ? { refutation } : {}),
  };
}

const explains = ({ presentations }: Condition, { id, partOf }: Presentation): boolean =>
  presentations.includes(id) || (partOf !== undefined && presentations.includes(partOf));

function priorOf(condition: Condition, open: readonly Presentation[], who: Who): number {
  const { base, byPresentation, modifiers } = condition.prior;
  const here = open.filter((p) => condition.presentations.includes(p.id)).map((p) => byPresentation[p.id] ?? base);
  const prior = here.length > 0 ? Math.max(...here) : base;
  return modifiers
    .filter((m) => isPerson(m, who) === true)
    .reduce((sum, m) => sum + Math.log(m.factor), Math.log(prior / (1 - prior)));
}

const rankOf = (s: Scored): number => s.logOdds + (s.mustExclude ? DANGER : 0);

function choose(
  scored: readonly Scored[],
  open: readonly Presentation[],
  observed: Observed,
  knowledge: Knowledge,
): Scored[] {
  const ranked = [...scored].sort((a, b) => rankOf(b) - rankOf(a) || a.condition.id.localeCompare(b.condition.id));
  const dangerous = ranked.filter((s) => s.mustExclude);
  const specific = open.filter((p) => !p.isUnspecific);
  const most = specific.length > 1 || open.length > 1 ? MOST_TO_EXCLUDE_OF_SEVERAL : MOST_TO_EXCLUDE;
  // The likeliest dangers whatever they belong to, then by turns the next of each complaint's own list.
  const toExclude = new Set(dangerous.slice(0, FIRST_DANGERS));
  const lists = specific.map((p) => dangerous.filter((s) => p.mustNotMiss.includes(s.condition.id)));
  for (let turn = 0; turn < most; turn++) {
    for (const list of lists) {
      const next = list[turn];
      if (next && toExclude.size < most) toExclude.add(next);
    }
  }
  for (const s of dangerous) if (toExclude.size < most) toExclude.add(s);
  const best = Math.max(...ranked.map((s) => s.logOdds));
  const supported = ranked
    .filter(
      (s) =>
        !s.mustExclude &&
        s.refutation === undefined &&
        (s.counted.some((c) => c.weight >= (isRisk(c.rule, knowledge) ? RISK_WORTH_A_MENTION : WORTH_A_MENTION)) ||
          s.logOdds > COMMON),
    )
    .filter((s) => best - s.logOdds < TOO_FAR)
    .slice(0, MOST_SUPPORTED);
  const named = ranked.filter((s) => observed.named.has(s.condition.id) && !toExclude.has(s) && !supported.includes(s));
  const refuted = ranked.filter((s) => s.refutation !== undefined && !named.includes(s)).slice(0, 2);
  const shown = new Set([...toExclude, ...supported]);
  return [...ranked.filter((s) => shown.has(s)), ...named, ...refuted];
}

function itemOf(
  s: Scored,
  _place: number,
  chosen: readonly Scored[],
  open: readonly Presentation[],
  input: Input,
  observed: Observed,
  knowledge: Knowledge,
  handles: Map<string, string>,
): KnowledgeCandidate {
  const { condition } = s;
  const unlisted = chosen.filter((other) => !other.mustExclude && other.refutation === undefined);
  const isLeading = unlisted.indexOf(s) >= 0 && unlisted.indexOf(s) < 2 && (strengthOf(s) >= 2 || s.logOdds > COMMON);
  const band = s.mustExclude ? 'must-exclude' : isLeading ? 'leading' : 'plausible';
  const byWeight = [...s.counted].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const missing = missingOf(condition, observed, knowledge);
  const flags = [
    ...(s.refutation !== undefined ? [`Refuted: ${s.refutation}`] : []),
    ...(observed.named.has(condition.id) ? ['Named in the question'] : []),
  ];
  return {
    type: 'item',
    source: 'knowledge',
    candidate: { id: condition.id, text: condition.title, coding: condition.coding[0]!, band },
    strength: strengthOf(s),
    for: unique(byWeight.filter((c) => c.weight > 0).map((c) => c.state.evidence)),
    against: unique(
      byWeight
        .filter((c) => c.weight < 0)
        .map((c) => (c.state.isPresent ? c.state.evidence : absenceOf(c.state, knowledge))),
    ),
    missing,
    sentences: [sentenceOf(s, open, knowledge)],
    actions: [
      ...testActions(
        condition,
        chosen.map((other) => other.condition),
        input.chart,
        observed.who,
        knowledge,
      ),
      ...treatmentActions(condition),
    ],
    contributions: s.contributions,
    guideline: guidelinesOf(condition, knowledge, handles),
    agreement: ['knowledge'],
    ...(flags.length > 0 ? { flags } : {}),
    logOdds: s.logOdds,
  };
}

const absenceOf = (state: State, knowledge: Knowledge): State['evidence'] =>
  state.from === 'chart'
    ? state.evidence
    : {
        ...state.evidence,
        text: `No ${knowledge.findings.get(state.finding)!.title.toLowerCase()}: ${state.evidence.text}`,
      };

/** Once each, and only what the packet can show. */
const unique = (list: State['evidence'][]): State['evidence'][] =>
  list
    .filter(({ handle }) => handle !== '')
    .filter((e, i) => list.findIndex((other) => other.handle === e.handle && other.text === e.text) === i);

/** Counts independent pieces of evidence; a strong one counts twice. */
function strengthOf(s: Scored): 0 | 1 | 2 | 3 {
  const pieces = s.counted.reduce(
    (sum, { weight }) => sum + (weight >= Math.log(5) ? 2 : weight >= WORTH_A_MENTION ? 1 : 0),
    0,
  );
  return pieces === 0 ? 0 : pieces === 1 ? 1 : pieces <= 3 ? 2 : 3;
}

/** The data that would move this candidate most: results first, then one thing to ask or look for. */
function missingOf(condition: Condition, observed: Observed, knowledge: Knowledge): ConsultItem['missing'] {
  const groupsKnown = new Set([...observed.states.keys()].map((id) => knowledge.findings.get(id)!.group ?? id));
  const open = condition.findings
    .map((rule) => ({ rule, finding: knowledge.findings.get(rule.finding)! }))
    .filter(
      ({ rule, finding }) =>
        ((rule.lrPositive ?? 1) > 1 || (rule.lrNegative ?? 1) < 1) &&
        !observed.states.has(rule.finding) &&
        !groupsKnown.has(finding.group ?? finding.id) &&
        !['risk', 'drug', 'patient'].includes(finding.kind),
    )
    .map((each) => ({
      ...each,
      pull: Math.max(Math.abs(Math.log(each.rule.lrPositive ?? 1)), Math.abs(Math.log(each.rule.lrNegative ?? 1))),
    }))
    .sort((a, b) => b.pull - a.pull);
  const results = open.filter(({ finding }) => finding.kind === 'test' || finding.observations.length > 0).slice(0, 3);
  const questions = open
    .filter((each) => !results.includes(each) && each.finding.observations.length === 0 && each.pull >= Math.log(2))
    .slice(0, results.length === 0 ? 2 : 1);
  return [...results, ...questions].map(({ rule, finding }) => {
    const observation = finding.observations[0];
    const would = [
      ...(rule.lrPositive !== undefined && rule.lrPositive !== 1
        ? [`if present, ${rule.lrPositive > 1 ? 'more' : 'less'} likely (LR ${rule.lrPositive})`]
        : []),
      ...(rule.lrNegative !== undefined && rule.lrNegative !== 1
        ? [`if absent, ${rule.lrNegative < 1 ? 'less' : 'more'} likely (LR ${rule.lrNegative})`]
        : []),
    ];
    return {
      text: finding.title,
      wouldChange: `${condition.title}: ${would.join('; ')}`,
      ...(observation
        ? { coding: { system: 'http://loinc.org', code: observation.loinc[0]!, display: observation.name } }
        : {}),
    };
  });
}

function sentenceOf(s: Scored, open: readonly Presentation[], knowledge: Knowledge): ConsultItem['sentences'][number] {
  const strongest = [...s.counted]
    .sort((a, b) => b.weight - a.weight)
    .filter((c) => c.weight > 0)
    .slice(0, 3);
  const names = strongest.map((c) => {
    const { title } = knowledge.findings.get(c.rule.finding)!;
    const plain = /^[A-Z][a-z ]/.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;
    return c.state.isPresent ? plain : `no ${plain}`;
  });
  const handles = [...new Set(strongest.map((c) => c.state.evidence.handle).filter((handle) => handle !== ''))];
  const listedFor = open.filter((p) => p.mustNotMiss.includes(s.condition.id)).map((p) => p.title.toLowerCase());
  if (s.refutation !== undefined)
    return { text: `Must not be missed in ${listedFor.join(' and ')}, but spoken against: ${s.refutation}.`, handles };
  if (s.mustExclude)
    return {
      text: `Must not be missed in ${listedFor.join(' and ')}${names.length > 0 ? `; pointing to it: ${names.join(', ')}` : '; nothing found speaks for it yet, and nothing rules it out'}.`,
      handles,
    };
  return {
    text:
      names.length > 0
        ? `Supported by ${names.join(', ')}.`
        : 'Common with this complaint, or named in the question; nothing more speaks for it yet.',
    handles,
  };
}

function guidelinesOf(
  condition: Condition,
  knowledge: Knowledge,
  handles: Map<string, string>,
): NonNullable<ConsultItem['guideline']> {
  return [...new Set(condition.treatment.map((t) => t.guideline))].map((id) => {
    const g = knowledge.guidelines.get(id)!;
    if (!handles.has(id)) handles.set(id, `G${handles.size + 1}`);
    return { handle: handles.get(id)!, text: g.text, citation: g.citation, ...(g.url ? { url: g.url } : {}) };
  });
}
