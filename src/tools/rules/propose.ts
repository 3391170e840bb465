// Proposes cases that would notice the slips which none notices yet: existing cases with one or two things changed. What such a
// case expects is what the rule does today, so somebody has to look whether that is right.
import { readChart } from '../../chart/read.ts';
import { facts } from '../../facts/index.ts';
import { type Leaf, leaves, type Rule } from '../../guards/rule.ts';
import { questionOf } from '../../guards/three-valued.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { isUnknown } from '../../unknown.ts';
import { type CaseEdit, editsFor } from './case-edits.ts';
import { caseSchema, type RuleCase, runCase, sourceOf } from './cases.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { conditionsOf, verdict, type World } from './truth-table.ts';

interface Candidate {
  given: RuleCase;
  /** The name of the case it was made of. */
  from: string;
  edits: CaseEdit[];
  notices: number[];
}

const mostPairs = 2500;
const rounds = 3;
/** A case for every last slip is more than anybody reads. */
const enough = 0.95;

export async function proposeCases(
  rule: Rule,
  cases: readonly RuleCase[],
  terminology: Terminology,
  valueSets: readonly ValueSet[],
  now: Date,
): Promise<RuleCase[]> {
  const mutants = mutantsOf(rule);
  const asked = [
    ...new Map(
      conditionsOf(rule)
        .flatMap(leaves)
        .map((leaf) => [questionOf(leaf), leaf]),
    ).values(),
  ];
  const worldOf = (given: RuleCase) => answers(asked, given, terminology, now);
  const noticed = (world: World, open: readonly number[]): number[] => {
    const asIs = verdict(rule, world);
    return open.filter((place) => verdict(mutants[place]!.rule, world) !== asIs);
  };
  const mostOpen = Math.floor(mutants.length * (1 - enough));
  let open = mutants.map((_: Mutant, place: number) => place);
  for (const given of cases) {
    const seen = new Set(noticed(worldOf(given), open));
    open = open.filter((place) => !seen.has(place));
  }
  const edits = editsFor(rule, cases, terminology, valueSets);
  const chosen: Candidate[] = [];
  let bases = cases.map((given): Candidate => ({ given, from: given.name, edits: [], notices: [] }));
  for (let round = 0; round < rounds && open.length > mostOpen; round++) {
    const found: Candidate[] = [];
    const consider = (candidate: Candidate): void => {
      const notices = noticed(worldOf(candidate.given), open);
      if (notices.length) found.push({ ...candidate, notices });
    };
    // The case that notices most comes first, and the shorter one of two.
    const choose = (): void => {
      while (open.length > mostOpen) {
        const best = found
          .map((candidate) => ({ candidate, count: candidate.notices.filter((place) => open.includes(place)).length }))
          .reduce<{ candidate?: Candidate; count: number }>(
            (a, b) =>
              b.count > a.count ||
              (b.count === a.count && b.count > 0 && b.candidate!.edits.length < (a.candidate?.edits.length ?? 9))
                ? b
                : a,
            { count: 0 },
          );
        if (!best.candidate) return;
        chosen.push(best.candidate);
        open = open.filter((place) => !best.candidate!.notices.includes(place));
      }
    };
    const singles = bases.flatMap((base) => edits.flatMap((edit) => applied(base, edit)));
    singles.forEach(consider);
    choose();
    // Two changes at once only for what one does not show: the simpler case is read sooner.
    if (open.length > mostOpen)
      for (const base of singles.slice(0, mostPairs / edits.length))
        for (const edit of edits) applied(base, edit).forEach(consider);
    choose();
    if (chosen.length === 0) break;
    bases = chosen.slice(-12);
  }
  return named(chosen, rule, cases, terminology, now);
}

function applied(base: Candidate, edit: CaseEdit): Candidate[] {
  if (base.edits.some(({ of }) => of === edit.of)) return [];
  const given = edit.apply(base.given);
  return given ? [{ ...base, given, edits: [...base.edits, edit], notices: [] }] : [];
}

function answers(asked: readonly Leaf[], given: RuleCase, terminology: Terminology, now: Date): World {
  const chart = readChart(sourceOf(given, terminology, now), terminology);
  return new Map(
    asked.map((leaf) => {
      const { value } = facts.get(leaf.fact)!.ask(leaf.params ?? {}, { chart, terminology });
      return [questionOf(leaf), isUnknown(value) ? undefined : value];
    }),
  );
}

/** With the expectation that the rule meets today; a case that would not pass is dropped. */
async function named(
  chosen: readonly Candidate[],
  rule: Rule,
  cases: readonly RuleCase[],
  terminology: Terminology,
  now: Date,
): Promise<RuleCase[]> {
  const names = new Set(cases.map(({ name }) => name));
  const proposed: RuleCase[] = [];
  for (const { given, edits, from } of chosen) {
    const { guarded } = await runCase(rule, { ...given, expect: 'quiet' }, terminology, now);
    const [finding] = guarded.findings;
    const expect: RuleCase['expect'] = finding
      ? { tier: finding.tier.id, ...(finding.gaps[0] && { gap: finding.gaps[0] }) }
      : guarded.undecided.length
        ? 'unknown'
        : 'quiet';
    const stem = `${verdictWords(rule, expect)} ${edits.map(({ words }) => words).join(' and ')}`;
    let name = stem;
    if (names.has(name) && from) name = `${stem}, otherwise as "${from}"`;
    for (let place = 2; names.has(name); place++) name = `${stem}, ${place}`;
    const whole = caseSchema.parse(JSON.parse(JSON.stringify({ ...given, name, expect })));
    if (!(await runCase(rule, whole, terminology, now)).passed) continue;
    names.add(name);
    proposed.push(whole);
  }
  return proposed;
}

/** "stops (toxic)", "warns", "stays quiet": in the words of a person's cases. */
function verdictWords({ tiers }: Rule, expect: RuleCase['expect']): string {
  if (expect === 'quiet') return 'stays quiet';
  if (expect === 'unknown') return 'is unknown';
  const { indicator } = tiers.find(({ id }) => id === expect.tier)!;
  const verb = { critical: 'stops', warning: 'warns', info: 'informs' }[indicator];
  return tiers.length > 1 ? `${verb} (${expect.tier.replaceAll('-', ' ')})` : verb;
}
