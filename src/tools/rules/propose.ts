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
  edits: CaseEdit[];
  notices: number[];
}

const mostPairs = 2500;
const rounds = 3;

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
  let open = mutants.map((_: Mutant, place: number) => place);
  for (const given of cases) {
    const seen = new Set(noticed(worldOf(given), open));
    open = open.filter((place) => !seen.has(place));
  }
  const edits = editsFor(rule, cases, terminology, valueSets);
  const chosen: Candidate[] = [];
  let bases = cases.map((given): Candidate => ({ given, edits: [], notices: [] }));
  for (let round = 0; round < rounds && open.length > 0; round++) {
    const found: Candidate[] = [];
    const consider = (given: RuleCase, applied: CaseEdit[]): void => {
      const notices = noticed(worldOf(given), open);
      if (notices.length) found.push({ given, edits: applied, notices });
    };
    const singles = bases.flatMap((base) => edits.flatMap((edit) => applied(base, edit)));
    for (const { given, edits: made } of singles) consider(given, made);
    const left = open.filter((place) => !found.some(({ notices }) => notices.includes(place)));
    if (left.length)
      for (const base of singles.slice(0, mostPairs / edits.length))
        for (const edit of edits) for (const { given, edits: made } of applied(base, edit)) consider(given, made);
    // The case that notices most comes first, and the shorter one of two.
    while (open.length > 0) {
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
      if (!best.candidate) break;
      chosen.push(best.candidate);
      open = open.filter((place) => !best.candidate!.notices.includes(place));
    }
    if (chosen.length === 0) break;
    bases = chosen.slice(-12);
  }
  return named(chosen, rule, cases, terminology, now);
}

function applied(base: Candidate, edit: CaseEdit): Candidate[] {
  if (base.edits.some(({ of }) => of === edit.of)) return [];
  const given = edit.apply(base.given);
  return given ? [{ given, edits: [...base.edits, edit], notices: [] }] : [];
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
  for (const { given, edits } of chosen) {
    const { guarded } = await runCase(rule, { ...given, expect: 'quiet' }, terminology, now);
    const [finding] = guarded.findings;
    const expect: RuleCase['expect'] = finding
      ? { tier: finding.tier.id, ...(finding.gaps[0] && { gap: finding.gaps[0] }) }
      : guarded.undecided.length
        ? 'unknown'
        : 'quiet';
    const verb = typeof expect === 'object' ? `is ${expect.tier}` : expect === 'quiet' ? 'stays quiet' : 'is unknown';
    const stem = `${verb} ${edits.map(({ words }) => words).join(' and ')}`;
    let name = stem;
    for (let place = 2; names.has(name); place++) name = `${stem}, ${place}`;
    const whole = caseSchema.parse(JSON.parse(JSON.stringify({ ...given, name, expect })));
    if (!(await runCase(rule, whole, terminology, now)).passed) continue;
    names.add(name);
    proposed.push(whole);
  }
  return proposed;
}
