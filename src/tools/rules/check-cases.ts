// Checks the cases beside a rule: words that mean something, values that can be, and the three kinds of case that a rule needs.
import { existsSync, readFileSync } from 'node:fs';
import type { Rule } from '../../guards/rule.ts';
import { convertQuantity, ucumOf } from '../../terminology/units.ts';
import { isUnknown } from '../../unknown.ts';
import { casesSchema, type RuleCase } from './cases.ts';
import { noSuch, type Vocabulary, valueAt } from './check-condition.ts';
import { type Problem, readJson, type Say, sayAbout } from './check-files.ts';
import { didYouMean } from './did-you-mean.ts';
import { flatten, type Path, teach } from './teach.ts';

export function checkCases({ rule, path: rulePath }: { rule: Rule; path: string }, vocabulary: Vocabulary): Problem[] {
  const path = rulePath.replace(/\.json$/, '.cases.json');
  if (!existsSync(path)) return [];
  const problems: Problem[] = [];
  const text = readFileSync(path, 'utf8');
  const json = readJson(path, text, problems);
  if (json === undefined) return problems;
  const say = sayAbout(path, text, problems);
  const parsed = casesSchema.safeParse(json);
  if (!parsed.success) {
    for (const issue of flatten(parsed.error.issues)) {
      const at = issue.path as Path;
      const { message, example } = teach(issue, valueAt(json, at));
      say('error', issue.code === 'unrecognized_keys' ? [...at, issue.keys![0]!] : at, message, example);
    }
    return problems;
  }
  const { cases } = parsed.data;
  for (const [place, given] of cases.entries()) checkCase(rule, given, ['cases', place], vocabulary, say);
  checkKinds(rule, cases, say);
  return problems;
}

function checkCase(rule: Rule, given: RuleCase, at: Path, vocabulary: Vocabulary, say: Say): void {
  const { terminology, valueSets } = vocabulary;
  if (given.hook && !rule.hooks.includes(given.hook))
    say(
      'error',
      [...at, 'hook'],
      `the rule does not answer "${given.hook}": it can never fire here`,
      `"hook": "${rule.hooks[0]}"`,
    );
  if (typeof given.expect !== 'string') {
    const { tier } = given.expect;
    const ids = rule.tiers.map(({ id }) => id);
    if (!ids.includes(tier))
      say(
        'error',
        [...at, 'expect', 'tier'],
        `the rule has no tier "${tier}"${didYouMean(tier, ids)} It has ${ids.join(', ')}`,
        `"tier": "${ids[0]}"`,
      );
  }
  for (const [place, problem] of given.problems.entries()) {
    const token = typeof problem === 'string' ? problem : problem.problem;
    const where = typeof problem === 'string' ? [...at, 'problems', place] : [...at, 'problems', place, 'problem'];
    if (token !== undefined && terminology.valueSet(token)?.kind !== 'conditions')
      say(
        'error',
        where,
        noSuch('conditions', token, vocabulary),
        '"problems": ["heart-failure"], or { "text": "bad heart" } for what is not coded',
      );
  }
  for (const [place, { observation, loinc, value, unit }] of given.results.entries()) {
    const where = [...at, 'results', place];
    if (observation === undefined && loinc === undefined)
      say(
        'error',
        where,
        'says neither which observation nor which LOINC code',
        '{ "observation": "potassium", "value": 5.6, "unit": "mmol/L", "ago": "2 days" }',
      );
    const set = observation === undefined ? undefined : terminology.valueSet(observation);
    if (observation !== undefined && set?.kind !== 'observations') {
      say(
        'error',
        [...where, 'observation'],
        noSuch('observations', observation, { terminology, valueSets }),
        '"observation": "potassium"',
      );
      continue;
    }
    // A case may have an odd unit on purpose: then its name says so.
    if (unit !== undefined && !ucumOf(unit) && !/unit/i.test(given.name))
      say(
        'error',
        [...where, 'unit'],
        `"${unit}" is not a unit we know. If that is the point of the case, say "unit" in its name`,
        `"unit": "${set?.unit ?? 'mg/dL'}"`,
      );
    if (
      !set?.unit ||
      !set.limits ||
      typeof value !== 'number' ||
      unit === undefined ||
      /plausib|slip|impossible|typo|absurd/i.test(given.name)
    )
      continue;
    const converted = convertQuantity(
      { value, unit, code: unit },
      set.unit,
      set.members.find((member) => member.code)?.code,
    );
    if (!isUnknown(converted) && (converted < set.limits.low || converted > set.limits.high))
      say(
        'error',
        [...where, 'value'],
        `${set.title.toLowerCase()} of ${value} ${unit} cannot be: results lie between ${set.limits.low} and ${set.limits.high} ${set.unit}`,
        `"value": …, "unit": "${set.unit}"`,
      );
  }
  for (const key of ['takes', 'orders'] as const) {
    for (const [place, entry] of given[key].entries()) {
      const { drug, rxnorm } = typeof entry === 'string' ? { drug: entry, rxnorm: undefined } : entry;
      const concept = {
        text: drug,
        ...(rxnorm && { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: rxnorm }] }),
      };
      if (
        isUnknown(terminology.drug(concept)) &&
        !/recogni[sz]|unknown|free text|not coded|misspel|cannot be read|unmatched|says nothing|nonsense/i.test(
          given.name,
        ) &&
        !rule.id.includes('unrecogni')
      ) {
        say(
          'warning',
          [...at, key, place],
          `the drug "${drug}" is not recognised, so the case says nothing about it. If that is the point, say "not recognised" in its name`,
          '"orders": ["ibuprofen 400 mg oral tablet"]',
        );
      }
    }
  }
}

function checkKinds(rule: Rule, cases: RuleCase[], say: Say): void {
  const expected = cases.map(({ expect }) => (typeof expect === 'string' ? expect : 'fires'));
  if (!expected.includes('fires'))
    say(
      'error',
      ['cases'],
      'no case in which the rule fires',
      `{ "name": "fires when …", "orders": ["…"], "expect": { "tier": "${rule.tiers[0]!.id}" } }`,
    );
  if (!expected.includes('quiet'))
    say(
      'error',
      ['cases'],
      'no near miss in which the rule stays quiet',
      '{ "name": "stays quiet for the topical form", "orders": ["diclofenac 1 % gel"], "expect": "quiet" }',
    );
  const hasGap = cases.some(
    ({ expect, missing, name }) =>
      expect === 'unknown' ||
      missing.length > 0 ||
      (typeof expect !== 'string' && expect.gap) ||
      /without|unknown|missing|no .* on the chart|old|stale|unit/i.test(name),
  );
  if (!hasGap)
    say(
      'warning',
      ['cases'],
      'no case with a gap: what does the rule do when a part of the chart is missing?',
      '{ "name": "says nothing certain without the medication list", "missing": ["medications"], "expect": "unknown" }',
    );
  const names = cases.map(({ name }) => name);
  const twice = names.findIndex((name, place) => names.indexOf(name) < place);
  if (twice >= 0)
    say(
      'error',
      ['cases', twice, 'name'],
      `another case has the name "${names[twice]}": one could not tell which failed`,
      '"name": "stops ibuprofen at 72 without a proton pump inhibitor"',
    );
}
