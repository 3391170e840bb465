// Checks the guards: every candidate rule fires, is clear, or is unknown. One "no" to what a rule must have clears it; the others go
// in two passes through an engine of this request's own: first which rules certainly fire; then the tiers of those, and whether the
// ones that rest on something unknown possibly would.
import type { Chart } from '../chart/types.ts';
import { type Answer, cannotSay, type FactContext } from '../facts/define.ts';
import { facts } from '../facts/index.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isUnknown } from '../unknown.ts';
import { type Condition, isLeaf, type Leaf, type Rule, type Tier } from './rule.ts';
import type { CompiledRule, HookName, RuleSet } from './rule-set.ts';
import { answerHolds, type Explained, explain, newEngine, questionOf } from './three-valued.ts';

export interface Finding {
  rule: Rule;
  tier: Tier;
  because: Answer['because'];
  /** What could not be established, in words a clinician can read. */
  gaps: string[];
  names: Record<string, string>;
  orders: string[];
}

export interface Undecided {
  rule: Rule;
  gaps: string[];
}

export interface Guarded {
  findings: Finding[];
  undecided: Undecided[];
  /** Rules that failed by a defect of their own; silenced for this request. */
  broken: { ruleId: string; fact: string }[];
  checked: number;
  /** The tree of a rule with every answer in it. */
  trace(rule: Rule): { when: Explained; tiers: { id: string; when?: Explained }[] };
}

/** `kinds` narrows the rules to those a service speaks for. */
export async function checkGuards(
  chart: Chart,
  ruleSet: RuleSet,
  hook: HookName,
  terminology: Terminology,
  kinds?: readonly Rule['kind'][],
): Promise<Guarded> {
  const found = ruleSet.candidates(chart, hook);
  const spoken = kinds ? found.filter(({ rule }) => kinds.includes(rule.kind)) : found;
  const asker = new Asker({ chart, terminology });
  const candidates = spoken.filter(({ musts }) => !musts.some((leaf) => isNo(asker.ask(leaf), leaf)));

  const certain = await run(candidates, ({ certainly }) => [certainly], asker);
  const undetermined = (candidate: CompiledRule): boolean =>
    candidate.questions.some((leaf) => isUnknown(asker.ask(leaf).value));
  const open = candidates.filter((candidate) =>
    certain.has(key(candidate, 0)) ? candidate.tiers.some(({ certainly }) => certainly) : undetermined(candidate),
  );
  const decided = await run(
    open,
    (candidate) =>
      certain.has(key(candidate, 0))
        ? [undefined, ...candidate.tiers.flatMap(({ certainly, possibly }) => [certainly, possibly])]
        : [candidate.possibly],
    asker,
  );

  const findings: Finding[] = [];
  const undecided: Undecided[] = [];
  const broken: Guarded['broken'] = [];
  for (const candidate of candidates) {
    const { rule } = candidate;
    const fires = certain.has(key(candidate, 0));
    if (!fires && !decided.has(key(candidate, 0))) continue;
    const defect = candidate.questions.find((leaf) => asker.isBroken(leaf));
    if (defect) broken.push({ ruleId: rule.id, fact: defect.fact });
    else if (!fires) undecided.push({ rule, gaps: gapsIn(rule.when, asker) });
    else {
      const chosen = chooseTier(candidate, (place) => decided.has(key(candidate, place)));
      if (chosen) findings.push(findingOf(rule, chosen, asker));
    }
  }
  return {
    findings,
    undecided,
    broken,
    checked: spoken.length,
    trace: (rule) => ({
      when: explain(rule.when, (leaf) => asker.ask(leaf)),
      tiers: rule.tiers.map(({ id, when }) => ({
        id,
        ...(when && { when: explain(when, (leaf) => asker.ask(leaf)) }),
      })),
    }),
  };
}

/** Whether a leaf can neither hold nor be in doubt. */
const isNo = (answer: Answer, { operator, value, ifUnknown }: Leaf): boolean => {
  const holds = answerHolds(answer, operator, value);
  return holds === undefined ? ifUnknown === 'no' : !holds;
};

const key = ({ rule }: CompiledRule, place: number): string => `${rule.id} ${place}`;

/** Asks each question once, whoever asks; a fact that throws is broken, and so are the rules that need it. */
class Asker {
  readonly #context: FactContext;
  readonly #answers = new Map<string, Answer>();
  readonly #broken = new Set<string>();

  constructor(context: FactContext) {
    this.#context = context;
  }

  ask(leaf: Leaf): Answer {
    const question = questionOf(leaf);
    let answer = this.#answers.get(question);
    if (!answer) {
      try {
        const fact = facts.get(leaf.fact);
        if (!fact) throw new Error(`no fact "${leaf.fact}"`);
        answer = fact.ask(leaf.params ?? {}, this.#context);
      } catch {
        this.#broken.add(question);
        answer = cannotSay('this could not be evaluated');
      }
      this.#answers.set(question, answer);
    }
    return answer;
  }

  isBroken(leaf: Leaf): boolean {
    return this.#broken.has(questionOf(leaf));
  }
}

type Compiled = CompiledRule['possibly'];

/** Runs conditions through json-rules-engine and says which of them hold. */
async function run(
  candidates: CompiledRule[],
  conditionsOf: (candidate: CompiledRule) => (Compiled | undefined)[],
  asker: Asker,
): Promise<Set<string>> {
  const held = new Set<string>();
  if (candidates.length === 0) return held;
  const engine = newEngine();
  const known = new Set<string>();
  for (const candidate of candidates) {
    for (const leaf of candidate.questions) {
      const question = questionOf(leaf);
      if (known.has(question)) continue;
      known.add(question);
      engine.addFact(question, () => asker.ask(leaf), { cache: false });
    }
    for (const [place, conditions] of conditionsOf(candidate).entries()) {
      if (conditions) engine.addRule({ conditions, event: { type: key(candidate, place) } });
    }
  }
  const { events } = await engine.run();
  for (const { type } of events) held.add(type);
  return held;
}

interface Chosen {
  tier: Tier;
  /** Tiers above the chosen one, or the chosen one itself, that hinge on something unknown. */
  doubtful: Tier[];
}

const severity = { info: 0, warning: 1, critical: 2 } as const;

/**
 * The first tier that holds wins. While a tier above it is in doubt, the more cautious of the two is shown and the gap is named.
 */
function chooseTier({ rule }: CompiledRule, holds: (place: number) => boolean): Chosen | undefined {
  const doubtful: Tier[] = [];
  for (const [place, tier] of rule.tiers.entries()) {
    const certainly = tier.when === undefined || holds(1 + place * 2);
    const possibly = tier.when === undefined || holds(2 + place * 2);
    if (certainly) {
      const cautious = doubtful.reduce((a, b) => (severity[b.indicator] > severity[a.indicator] ? b : a), tier);
      return { tier: cautious, doubtful };
    }
    if (possibly) doubtful.push(tier);
  }
  const [first] = doubtful;
  return first
    ? { tier: doubtful.reduce((a, b) => (severity[b.indicator] > severity[a.indicator] ? b : a), first), doubtful }
    : undefined;
}

function findingOf(rule: Rule, { tier, doubtful }: Chosen, asker: Asker): Finding {
  const because = new Map<string, Answer['because'][number]>();
  const names: Record<string, string> = {};
  const orders = new Set<string>();
  const gaps = new Set<string>();
  for (const condition of [rule.when, ...(tier.when ? [tier.when] : [])]) {
    for (const { leaf, isNegated } of signed(condition)) {
      const answer = asker.ask(leaf);
      for (const [name, word] of Object.entries(answer.names ?? {})) names[name] ??= word;
      if (isNegated || !answerHolds(answer, leaf.operator, leaf.value)) continue;
      for (const item of answer.because) because.set(`${item.reference ?? ''} ${item.text}`, item);
      for (const order of answer.orders ?? []) orders.add(order);
    }
  }
  for (const { when } of doubtful) if (when) for (const gap of gapsIn(when, asker)) gaps.add(gap);
  return { rule, tier, because: [...because.values()], gaps: [...gaps], names, orders: [...orders] };
}

function* signed(condition: Condition, isNegated = false): Generator<{ leaf: Leaf; isNegated: boolean }> {
  if (isLeaf(condition)) yield { leaf: condition, isNegated };
  else if ('not' in condition) yield* signed(condition.not, !isNegated);
  else for (const part of 'all' in condition ? condition.all : condition.any) yield* signed(part, isNegated);
}

/** Why the unknown leaves of a condition are unknown; a leaf whose author decided what unknown means is no gap. */
function gapsIn(condition: Condition, asker: Asker): string[] {
  const gaps = new Set<string>();
  for (const { leaf } of signed(condition)) {
    const { value } = asker.ask(leaf);
    if (isUnknown(value) && leaf.ifUnknown === undefined) gaps.add(value.unknown);
  }
  return [...gaps];
}
