// Which trials a chart fits, criterion by criterion: decided by the guards, told with the evidence of both answers.
import type { TrialCriterion, TrialMatch, TrialVerdict } from '../cds-hooks/contract.ts';
import type { Chart } from '../chart/types.ts';
import { facts } from '../facts/index.ts';
import { checkGuards } from '../guards/check.ts';
import type { Explained } from '../guards/three-valued.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { type Criterion, criteriaHook, ruleIdOf, type Trial, type Trials } from './trial.ts';

const order: TrialVerdict[] = ['eligible', 'cannot tell', 'not eligible'];

/** Eligible ones first, then those that hang on something unknown. */
export async function assessTrials(
  chart: Chart,
  { list, criteria }: Trials,
  terminology: Terminology,
): Promise<TrialMatch[]> {
  const guarded = await checkGuards(chart, criteria, criteriaHook, terminology);
  const met = new Set(guarded.findings.map(({ rule }) => rule.id));
  const undecided = new Map(guarded.undecided.map(({ rule, gaps }) => [rule.id, gaps]));
  const broken = new Set(guarded.broken.map(({ ruleId }) => ruleId));

  const answer = (trial: Trial, criterion: Criterion): TrialCriterion => {
    const id = ruleIdOf(trial, criterion);
    const { id: name, kind, text } = criterion;
    if (broken.has(id))
      return {
        id: name,
        kind,
        text,
        state: 'unknown',
        blocks: false,
        evidence: [],
        gaps: ['this could not be evaluated'],
      };
    const state = met.has(id) ? 'met' : undecided.has(id) ? 'unknown' : 'not met';
    const tree = guarded.trace(criteria.rule(id)!).when;
    const told = {
      id: name,
      kind,
      text,
      state,
      blocks: state === (kind === 'inclusion' ? 'not met' : 'met'),
      evidence: evidenceOf(tree, terminology),
    } satisfies TrialCriterion;
    if (state !== 'unknown') return told;
    return { ...told, gaps: undecided.get(id)!, settledBy: settledBy(criterion, tree, terminology) };
  };

  return list
    .map((trial): TrialMatch => {
      const answered = trial.criteria.map((criterion) => answer(trial, criterion));
      return {
        id: trial.id,
        version: trial.version,
        title: trial.title,
        ...(trial.registration && { registration: trial.registration }),
        recruitment: trial.recruitment,
        isExample: trial.isExample === true,
        citation: trial.evidence[0]!.citation,
        verdict: verdictOf(answered),
        criteria: answered,
        askInPerson: trial.askInPerson ?? [],
      };
    })
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** One criterion against it is enough, whatever else is unknown. */
export const verdictOf = (criteria: readonly Pick<TrialCriterion, 'blocks' | 'state'>[]): TrialVerdict =>
  criteria.some(({ blocks }) => blocks)
    ? 'not eligible'
    : criteria.some(({ state }) => state === 'unknown')
      ? 'cannot tell'
      : 'eligible';

const leavesOf = (tree: Explained): Explained[] => (tree.kind === 'fact' ? [tree] : tree.parts!.flatMap(leavesOf));

/** The leaves on which a tree's answer rests: of an unknown one those that are not known. */
function* decisive(tree: Explained): Generator<Explained> {
  if (tree.kind === 'fact') yield tree;
  else if (tree.kind === 'not') yield* decisive(tree.parts![0]!);
  else for (const part of tree.parts!) if (part.truth === tree.truth) yield* decisive(part);
}

function evidenceOf(tree: Explained, terminology: Terminology): TrialCriterion['evidence'] {
  const told = new Map<string, TrialCriterion['evidence'][number]>();
  const isUnknown = tree.truth === 'unknown';
  for (const leaf of isUnknown ? leavesOf(tree) : decisive(tree)) {
    const items: TrialCriterion['evidence'] = leaf.because?.length
      ? leaf.because
      : leaf.gap === undefined && !isUnknown
        ? [{ text: `${asked(leaf, terminology)} ${shownAnswer(leaf.value)}` }]
        : [];
    for (const item of items) told.set(`${item.reference ?? ''} ${item.text} ${item.when ?? ''}`, item);
  }
  return [...told.values()].slice(0, 6);
}

const shownAnswer = (value: Explained['value']): string =>
  value === true ? 'Yes' : value === false ? 'No' : String(value);

/** The question with its blanks filled in: "Is Heart failure on the problem list, active?" */
function asked({ fact, params = {} }: Explained, terminology: Terminology): string {
  const blanks: Record<string, unknown> = { ...(facts.get(fact!)!.params.safeParse(params).data ?? params) };
  return facts
    .get(fact!)!
    .question.replace(/ \((?:[^()]*\{(\w+)\}[^()]*)\)/g, (whole, blank: string) =>
      params[blank] === undefined ? '' : whole,
    )
    .replace(/\{(\w+)\}/g, (_, blank: string) => shownBlank(blanks[blank], terminology));
}

const shownBlank = (value: unknown, terminology: Terminology): string =>
  [value]
    .flat()
    .map((one) => (typeof one === 'string' ? (terminology.valueSet(one)?.title ?? one) : String(one ?? '…')))
    .join(' or ');

function settledBy(
  criterion: Criterion,
  tree: Explained,
  terminology: Terminology,
): NonNullable<TrialCriterion['settledBy']> {
  const found = new Map<string, NonNullable<TrialCriterion['settledBy']>[number]>();
  if (criterion.settledBy) found.set(criterion.settledBy, { text: criterion.settledBy });
  for (const { gap, fact, params = {} } of decisive(tree)) {
    if (gap === undefined) continue;
    const test = typeof params.observation === 'string' ? params.observation : kidneyTests[fact!];
    const set = test === undefined ? undefined : terminology.valueSet(test);
    const code = set?.members.find(({ code: held }) => held)?.code;
    if (set && code) found.set(set.title, { text: set.title, loinc: code });
    else if (!criterion.settledBy) found.set(gap, { text: gap });
  }
  return [...found.values()];
}

/** These are computed from a test that their blanks do not name. */
const kidneyTests: Record<string, string> = {
  egfr: 'creatinine',
  kidneyFunction: 'creatinine',
  creatinineClearance: 'creatinine',
};
