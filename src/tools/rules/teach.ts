// Turns a schema's complaint into what an informaticist needs: what is wrong, what was meant, and how it would be right.
import { facts } from '../../facts/index.ts';
import { hookNames, indicators, kinds, operators, overrideReasonIds } from '../../guards/rule.ts';
import { didYouMean, nearest } from './did-you-mean.ts';

export type Path = (string | number)[];
export interface Issue {
  path: PropertyKey[];
  message: string;
  code?: string;
  errors?: Issue[][];
  keys?: string[];
  expected?: string;
  values?: unknown[];
  input?: unknown;
}

/** How each key is written when it is right. */
const examples: Record<string, string> = {
  id: '"id": "warfarin-nsaid"',
  version: '"version": "1.0.0"',
  status: '"status": "draft"',
  title: '"title": "Warfarin with a systemic NSAID"',
  kind: '"kind": "interaction"',
  steward: '"steward": "Anticoagulation service"',
  lastReviewDate: '"lastReviewDate": "2026-10-01"',
  hazard: '"hazard": "bleeding"',
  interaction:
    '"interaction": { "object": "warfarin", "precipitant": "nsaids", "consequence": "Bleeding", "mechanism": "…" }',
  evidence:
    '"evidence": [{ "citation": "Coumadin prescribing information, section 7", "url": "https://dailymed.nlm.nih.gov/…", "shows": "NSAIDs raise the risk of bleeding" }]',
  citation: '"citation": "Coumadin (warfarin) prescribing information, section 7"',
  url: '"url": "https://pubmed.ncbi.nlm.nih.gov/19240698/"',
  shows: '"shows": "NSAIDs raise the risk of bleeding"',
  hooks: '"hooks": ["order-select", "order-sign"]',
  when: '"when": { "fact": "orders", "params": { "drug": "warfarin" }, "operator": "equal", "value": true }',
  all: '"all": [{ "fact": "orders", … }, { "fact": "hasProblem", … }]',
  any: '"any": [{ "fact": "orders", … }, { "fact": "hasProblem", … }]',
  not: '"not": { "fact": "takes", "params": { "drug": "gastroprotective-drugs" }, "operator": "equal", "value": true }',
  tiers:
    '"tiers": [{ "id": "high-risk", "indicator": "critical", "when": { … } }, { "id": "usual", "indicator": "warning" }]',
  indicator: '"indicator": "warning"',
  operator: '"operator": "greaterThan"',
  value: '"value": true',
  fact: '"fact": "newlyCombines"',
  params: '"params": { "observation": "potassium", "unit": "mmol/L", "withinDays": 7 }',
  ifUnknown: '"ifUnknown": "no"',
  card: '"card": { "summary": "{{precipitant}} with {{object}}: serious bleeding risk", "detail": "The danger. The reason. The way out." }',
  summary: '"summary": "{{precipitant}} with {{object}}: serious bleeding risk"',
  detail:
    '"detail": "An NSAID with warfarin makes major bleeding two to four times as likely. Acetaminophen treats most pain without it."',
  overrideReasons: `"overrideReasons": ["${overrideReasonIds.slice(0, 3).join('", "')}"]`,
  suggestions: '"suggestions": [{ "kind": "remove", "label": "Cancel the order for {{drug}}" }]',
  label: '"label": "Cancel the order for {{drug}}"',
  test: '"test": { "code": "6301-6", "display": "INR" }',
  with: '"with": { "drug": "acetaminophen", "code": "313782", "display": "Acetaminophen 325 MG Oral Tablet", "dose": "650 mg every 6 hours as needed" }',
  knownGaps: '"knownGaps": ["A short course is not told apart from a long one"]',
  supersedes: '"supersedes": ["warfarin-nsaid"]',
  object: '"object": "warfarin"',
  precipitant: '"precipitant": "nsaids"',
  drug: '"drug": "warfarin"',
  problem: '"problem": "heart-failure"',
  observation: '"observation": "potassium"',
  unit: '"unit": "mmol/L"',
  withinDays: '"withinDays": 7',
  name: '"name": "stops ibuprofen at 72 without a proton pump inhibitor"',
  expect: '"expect": { "tier": "usual" }, or "quiet", or "unknown"',
  cases:
    '"cases": [{ "name": "fires when the two meet", "takes": ["warfarin 5 mg"], "orders": ["ibuprofen 400 mg"], "expect": { "tier": "usual" } }]',
  ago: '"ago": "3 days"',
  since: '"since": "3 weeks"',
  stopped: '"stopped": "5 days"',
  hook: '"hook": "order-sign"',
  missing: '"missing": ["medications"]',
  results: '"results": [{ "observation": "potassium", "value": 5.6, "unit": "mmol/L", "ago": "2 days" }]',
  orders: '"orders": ["ibuprofen 400 mg oral tablet"]',
  takes: '"takes": ["warfarin 5 mg oral tablet"]',
};

const words: Record<string, readonly string[]> = {
  status: ['draft', 'silent', 'active', 'retired'],
  kind: [...kinds, 'replace', 'remove', 'dose', 'order-test'],
  hooks: hookNames,
  indicator: indicators,
  operator: operators,
  overrideReasons: overrideReasonIds,
  ifUnknown: ['yes', 'no'],
};

/** What other systems call it. */
const synonyms: Record<string, string> = {
  severity: 'indicator',
  level: 'indicator',
  priority: 'indicator',
  reference: 'citation',
  source: 'citation',
  link: 'url',
  condition: 'when',
  conditions: 'when',
  if: 'when',
  and: 'all',
  or: 'any',
  owner: 'steward',
  author: 'steward',
  reviewed: 'lastReviewDate',
  type: 'kind',
  message: 'summary',
  name: 'title',
  days: 'withinDays',
  parameters: 'params',
  medications: 'takes',
  diagnoses: 'problems',
  labs: 'results',
  expected: 'expect',
};

const inConditions = ['fact', 'params', 'operator', 'value', 'ifUnknown', 'all', 'any', 'not'];
const inRules = [
  'id',
  'version',
  'status',
  'title',
  'kind',
  'steward',
  'lastReviewDate',
  'hazard',
  'interaction',
  'evidence',
  'hooks',
  'when',
  'tiers',
  'card',
  'supersedes',
  'knownGaps',
  'summary',
  'detail',
  'suggestions',
  'overrideReasons',
  'indicator',
  'citation',
  'url',
  'shows',
  'isRecommended',
  'isMonitoring',
  'inDays',
  'label',
  'unless',
  'isOncHighPriority',
  'isOncLowPriority',
];
const inCases = [
  'name',
  'hook',
  'patient',
  'orders',
  'takes',
  'tests',
  'problems',
  'allergies',
  'results',
  'encounter',
  'missing',
  'expect',
  'age',
  'ageInDays',
  'sex',
  'drug',
  'dose',
  'route',
  'since',
  'stopped',
  'observation',
  'value',
  'unit',
  'ago',
  'tier',
  'summaryHas',
  'gap',
  'reaction',
  'severity',
];
const inParams = [
  ...new Set(
    [...facts.values()].flatMap(({ params }) => Object.keys((params as unknown as { shape?: object }).shape ?? {})),
  ),
];

export const exampleFor = (at: Path): string | undefined =>
  examples[String([...at].reverse().find((key) => typeof key === 'string' && examples[key]))];

/** `given` is what stands at the issue's place in the file. */
export function teach(issue: Issue, given?: unknown): { message: string; example?: string } {
  const at = issue.path.map(String).join('.');
  const key = String([...issue.path].reverse().find((part) => typeof part === 'string') ?? '');
  if (issue.code === 'unrecognized_keys') {
    const wrong = issue.keys?.[0] ?? '';
    const known =
      issue.path.includes('params') || inParams.includes(wrong)
        ? inParams
        : issue.path[0] === 'cases'
          ? inCases
          : /^(when|all|any|not)$/.test(key)
            ? [...inConditions, ...inRules]
            : [...inRules, ...inConditions];
    const meant = synonyms[wrong.toLowerCase()];
    const near = meant && known.includes(meant) ? meant : nearest(wrong, known);
    return {
      message: `"${issue.keys?.join('", "')}" is not known here${near === undefined ? '' : `, did you mean "${near}"?`}`,
      example: examples[near ?? key],
    };
  }
  if (issue.code === 'invalid_type' && given === undefined)
    return { message: `"${at}" is missing`, example: examples[key] };
  if (issue.code === 'invalid_type' && at === '')
    return {
      message: `the file must be ${aKind(issue.expected)}, not ${shown(given)}`,
      example: 'one rule, one file, one pair of { }; its cases in another: { "cases": [ … ] }',
    };
  if (issue.code === 'invalid_type')
    return { message: `"${at}" must be ${aKind(issue.expected)}, not ${shown(given)}`, example: examples[key] };
  if (issue.code === 'too_small' && Array.isArray(given))
    return {
      message: /^(all|any)$/.test(key)
        ? `an empty "${key}" says nothing: name its parts, or leave it out`
        : `"${at}" is empty: ${issue.message.startsWith('must') ? issue.message : 'it needs at least one entry'}`,
      example: examples[key],
    };
  const isWord = words[key] && typeof given === 'string';
  const hint = isWord ? didYouMean(given, words[key]!) : '';
  return {
    message: `"${at}"${given === undefined || typeof given === 'object' ? '' : ` is ${shown(given)} and`} ${said(issue, key)}${hint}`,
    example: examples[key] ?? exampleFor(issue.path as Path),
  };
}

const aKind = (expected = 'something else'): string =>
  ({
    array: 'a list [ … ]',
    object: 'an object { … }',
    boolean: 'true or false',
    string: 'a word in quotes',
    number: 'a number without quotes',
  })[expected] ?? expected;
const shown = (given: unknown): string =>
  Array.isArray(given) ? 'a list' : typeof given === 'object' ? 'an object' : JSON.stringify(given);

function said(issue: Issue, key: string): string {
  if (/^(must|is|are) /.test(issue.message)) return issue.message;
  if (words[key]) return `must be one of ${words[key]!.join(', ')}`;
  if (issue.values?.length) return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_big') return `is too long: ${issue.message.toLowerCase()}`;
  if (issue.code === 'too_small') return `is too short: ${issue.message.toLowerCase()}`;
  return `is not right: ${issue.message.toLowerCase()}`;
}

/** A union's own message hides what is wrong inside; the branch that came furthest is the one that was meant. */
export function flatten(issues: readonly unknown[], at: PropertyKey[] = []): Issue[] {
  return (issues as Issue[]).flatMap((issue) => {
    const path = [...at, ...issue.path];
    if (issue.code === 'invalid_union' && issue.errors?.length) {
      const best = issue.errors
        .map((branch) => flatten(branch, path))
        .sort((a, b) => furthest(b) - furthest(a) || misfits(a) - misfits(b) || a.length - b.length)[0]!;
      return furthest(best) > path.length || best.every(({ code }) => code === 'unrecognized_keys')
        ? best
        : [{ ...issue, path }];
    }
    return [{ ...issue, path }];
  });
}

const furthest = (issues: Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));
const misfits = (issues: Issue[]): number =>
  issues.flatMap(({ keys, code }) => keys ?? (code === 'invalid_type' ? ['missing'] : [])).length;
