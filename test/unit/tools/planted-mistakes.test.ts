// One mistake at a time is planted in a good rule, its cases or a value set: the check must name the file, the line, what is
// wrong, and show how it would be right.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCases } from '../../../src/tools/rules/check-cases.ts';
import { checkFiles, type Problem } from '../../../src/tools/rules/check-files.ts';
import { checkValueSets } from '../../../src/tools/rules/check-value-sets.ts';
import { loadTerminology } from '../../../src/tools/rules/load.ts';
import { readValueSets } from '../../../src/tools/rules/read-folder.ts';
import { now } from '../../support/app.ts';

const shipped = new URL('../../../rules', import.meta.url).pathname;
const terminology = loadTerminology(shipped);
const valueSets = readValueSets(shipped);

const goodRule = `{
  "id": "warfarin-test",
  "version": "1.0.0",
  "status": "active",
  "title": "Warfarin with a systemic NSAID",
  "kind": "interaction",
  "steward": "Anticoagulation service",
  "lastReviewDate": "2026-11-01",
  "hazard": "bleeding",
  "interaction": { "object": "warfarin", "precipitant": "nsaids", "consequence": "Bleeding", "mechanism": "Mucosa and platelets" },
  "evidence": [
    { "citation": "Coumadin (warfarin) prescribing information, section 7", "url": "https://dailymed.nlm.nih.gov/", "shows": "NSAIDs raise the risk" }
  ],
  "hooks": ["order-select", "order-sign"],
  "when": {
    "all": [
      { "fact": "newlyCombines", "params": { "object": "warfarin", "precipitant": "nsaids" }, "operator": "equal", "value": true },
      { "fact": "latest", "params": { "observation": "potassium", "unit": "mmol/L", "withinDays": 7 }, "operator": "greaterThan", "value": 5.5 }
    ]
  },
  "tiers": [
    { "id": "old", "indicator": "critical", "when": { "fact": "ageInYears", "operator": "greaterThanInclusive", "value": 75 } },
    { "id": "older", "indicator": "warning", "when": { "fact": "ageInYears", "operator": "greaterThanInclusive", "value": 65 } },
    { "id": "usual", "indicator": "info" }
  ],
  "card": {
    "summary": "{{precipitant}} with {{object}}: serious bleeding risk",
    "detail": "The danger is bleeding. Choose acetaminophen.",
    "overrideReasons": ["benefit-outweighs-risk", "will-monitor"],
    "suggestions": [
      { "kind": "replace", "label": "Acetaminophen instead", "with": { "drug": "acetaminophen", "code": "313782", "display": "Acetaminophen 325 MG Oral Tablet", "dose": "650 mg" }, "unless": ["cirrhosis"] },
      { "kind": "order-test", "label": "INR in 5 days", "test": { "code": "6301-6", "display": "INR" }, "inDays": 5, "isMonitoring": true }
    ]
  },
  "knownGaps": ["A short course is not told apart from a long one"]
}
`;
const goodCases = `{
  "cases": [
    { "name": "fires at 80 with potassium 5.8", "patient": { "age": 80 }, "takes": ["warfarin 5 mg tablet"], "orders": ["ibuprofen 400 mg tablet"],
      "problems": ["heart-failure"],
      "results": [{ "observation": "potassium", "value": 5.8, "unit": "mmol/L", "ago": "2 days" }],
      "expect": { "tier": "old" } },
    { "name": "stays quiet for a gel", "takes": ["warfarin 5 mg tablet"], "orders": ["diclofenac 1 % topical gel"], "expect": "quiet" },
    { "name": "is unknown without a list", "orders": ["ibuprofen 400 mg tablet"], "missing": ["medications"],
      "results": [{ "observation": "potassium", "value": 5.8, "unit": "mmol/L", "ago": "2 days" }], "expect": "unknown" }
  ]
}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'curbside-mistakes-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The good rule with one thing changed, as the check sees it. */
function check({
  rule = goodRule,
  cases = goodCases,
  name = 'warfarin-test',
  beside,
}: {
  rule?: string;
  cases?: string | null;
  name?: string;
  beside?: [string, string];
}): Problem[] {
  const path = join(folder, `${name}.json`);
  rmSync(path.replace('.json', '.cases.json'), { force: true });
  if (cases !== null) writeFileSync(path.replace('.json', '.cases.json'), cases);
  const files = [{ path, text: rule }, ...(beside ? [{ path: join(folder, beside[0]), text: beside[1] }] : [])];
  const { rules, problems } = checkFiles(files, terminology, now, valueSets, ['warfarin-aspirin']);
  return [
    ...problems,
    ...rules.filter((entry) => entry.path === path).flatMap((entry) => checkCases(entry, { terminology, valueSets })),
  ];
}

type Planted = [what: string, from: string | RegExp, to: string, says: RegExp];

const inRule: Planted[] = [
  [
    'a word that "new" left to be written',
    '"Anticoagulation service"',
    '"Your service"',
    /still to be written: "Your service"/,
  ],
  ['a byte order mark', /^/, '\uFEFF', /byte order mark \(BOM\)/],
  ['UTF-16', /^/, '{\0', /not UTF-8/],
  ['nothing at all', /[\s\S]*/, '', /the file is empty/],
  ['two rules in a list', /[\s\S]*/, '[{ "id": "a" }]', /the file must be an object \{ … \}, not a list/],
  ['a word of another system', '"indicator": "critical"', '"severity": "critical"', /did you mean "indicator"/],
  [
    'a drug with a capital',
    '"object": "warfarin", "precipitant": "nsaids" }, "operator"',
    '"object": "Warfarin", "precipitant": "nsaids" }, "operator"',
    /did you mean "warfarin"/,
  ],
  [
    'a product for a drug',
    '"object": "warfarin", "precipitant": "nsaids" }, "operator"',
    '"object": "Coumadin 5 mg tablet", "precipitant": "nsaids" }, "operator"',
    /did you mean "warfarin"/,
  ],
  [
    'a rule it stands for that does not exist',
    '"hooks"',
    '"supersedes": ["warfarin-aspirine"], "hooks"',
    /no rule "warfarin-aspirine" here, did you mean "warfarin-aspirin"/,
  ],
  // As JSON
  [
    'a comma before a closing brace',
    '"isMonitoring": true }',
    '"isMonitoring": true, }',
    /a comma stands before the closing "}"/,
  ],
  ['a comma before a closing bracket', '"order-sign"]', '"order-sign",]', /a comma stands before the closing "]"/],
  ['a missing comma', '"version": "1.0.0",', '"version": "1.0.0"', /a comma is missing/],
  ['a brace that is never closed', /\}\n$/, '\n', /a "}" is missing/],
  ['a comment', '"hazard": "bleeding",', '"hazard": "bleeding", // for now', /no comments/],
  ['single quotes', '"status": "active"', '"status": \'active\'', /straight double quotes/],
  ['curly quotes', '"status": "active"', '"status": “active”', /straight double quotes/],
  ['a word without quotes', '"status": "active"', '"status": active', /"active" is neither a word in quotes/],
  ['a missing colon', '"status": "active"', '"status" "active"', /a colon is missing/],
  ['a key given twice', '"hazard": "bleeding",', '"hazard": "bleeding", "hazard": "fall",', /"hazard" is given twice/],
  // Words
  [
    'a misspelt key',
    '"lastReviewDate"',
    '"lastReviewedDate"',
    /"lastReviewedDate" is not known here, did you mean "lastReviewDate"/,
  ],
  [
    'a misspelt status',
    '"status": "active"',
    '"status": "actve"',
    /must be draft, silent, active or retired, did you mean "active"/,
  ],
  ['a misspelt kind', '"kind": "interaction"', '"kind": "interactions"', /did you mean "interaction"/],
  ['a misspelt hook', '"order-sign"]', '"order-singed"]', /did you mean "order-sign"/],
  [
    'a misspelt indicator',
    '"indicator": "critical"',
    '"indicator": "crital"',
    /info, warning or critical, did you mean "critical"/,
  ],
  ['a misspelt operator', '"operator": "greaterThan",', '"operator": "greatorThan",', /did you mean "greaterThan"/],
  ['an operator as a sign', '"operator": "greaterThan",', '"operator": ">",', /must be one of equal/],
  ['a misspelt fact', '"newlyCombines"', '"newlyCombine"', /no fact "newlyCombine", did you mean "newlyCombines"/],
  ['a misspelt blank', '"withinDays"', '"withinDay"', /"withinDay" is not known here, did you mean "withinDays"/],
  ['a blank left out', ', "withinDays": 7', '', /"params.withinDays" is missing/],
  [
    'a misspelt drug',
    '"params": { "object": "warfarin"',
    '"params": { "object": "warfrin"',
    /no drug, class or value set is called "warfrin", did you mean "warfarin"/,
  ],
  [
    'a misspelt value set',
    '"precipitant": "nsaids" }, "operator"',
    '"precipitant": "nsaid" }, "operator"',
    /called "nsaid", did you mean "nsaids"/,
  ],
  [
    'a misspelt observation',
    '"observation": "potassium"',
    '"observation": "potasium"',
    /no observations value set is called "potasium", did you mean "potassium"/,
  ],
  [
    'a problem where a test belongs',
    '"observation": "potassium"',
    '"observation": "heart-failure"',
    /is a value set of conditions, and observations are asked for/,
  ],
  ['an unknown override reason', '"will-monitor"]', '"will-moniter"]', /did you mean "will-monitor"/],
  ['an unknown suggestion', '"kind": "order-test"', '"kind": "order-tests"', /order-test/],
  // Types
  ['a number in quotes', '"value": 5.5', '"value": "5.5"', /take the quotes away/],
  [
    'yes in quotes',
    '"operator": "equal", "value": true',
    '"operator": "equal", "value": "true"',
    /take the quotes away/,
  ],
  [
    'a yes/no compared with "more than"',
    '"nsaids" }, "operator": "equal"',
    '"nsaids" }, "operator": "greaterThan"',
    /answers yes or no: use "equal"/,
  ],
  ['a list where one value belongs', '"value": 5.5', '"value": [5.5, 6]', /takes one value/],
  [
    '"in" without a list',
    '"operator": "greaterThan", "value": 5.5',
    '"operator": "in", "value": 5.5',
    /"in" takes a list/,
  ],
  ['hooks that are no list', '["order-select", "order-sign"]', '"order-sign"', /must be a list/],
  ['a wrong version', '"1.0.0"', '"1.0"', /three numbers, such as 1.0.0/],
  ['a date in words', '"2026-11-01"', '"1 November 2026"', /must be a date/],
  ['an id with capitals', '"id": "warfarin-test"', '"id": "Warfarin_Test"', /lower case words joined by dashes/],
  // Numbers and units
  ['a value in another unit', '"value": 5.5', '"value": 55', /potassium of 55 mmol\/L cannot be/],
  [
    'a unit the test is never told in',
    '"mmol/L", "withinDays"',
    '"mm[Hg]", "withinDays"',
    /potassium cannot be told in "mm\[Hg\]"/,
  ],
  ['a unit that does not exist', '"mmol/L", "withinDays"', '"mmolL", "withinDays"', /"mmolL" is not a unit we know/],
  ['an age that cannot be', '"value": 75', '"value": 750', /ageInYears of 750 cannot be/],
  ['a span below zero', '"withinDays": 7', '"withinDays": -7', /withinDays/],
  // Logic
  ['an empty all', /"all": \[[\s\S]*?\n {4}\]/, '"all": []', /an empty "all" says nothing/],
  [
    'an any with one part',
    '{ "fact": "latest"',
    '{ "any": [{ "fact": "hasProblem", "params": { "problem": "heart-failure" }, "operator": "equal", "value": true }] },\n      { "fact": "latest"',
    /"any" with one part/,
  ],
  [
    'a contradiction',
    '{ "fact": "latest"',
    '{ "fact": "latest", "params": { "observation": "potassium", "unit": "mmol/L", "withinDays": 7 }, "operator": "lessThan", "value": 3 },\n      { "fact": "latest"',
    /this "all" can never hold: latest lessThan 3 and latest greaterThan 5.5 contradict/,
  ],
  [
    'an any that always holds',
    '{ "fact": "latest"',
    '{ "any": [{ "fact": "ageInYears", "operator": "greaterThan", "value": 18 }, { "fact": "ageInYears", "operator": "lessThan", "value": 65 }] },\n      { "fact": "latest"',
    /this "any" always holds/,
  ],
  [
    'the same part twice',
    '{ "fact": "latest"',
    '{ "fact": "newlyCombines", "params": { "precipitant": "nsaids", "object": "warfarin" }, "operator": "equal", "value": true },\n      { "fact": "latest"',
    /says the same as part 1/,
  ],
  [
    'two nots',
    '"when": { "fact": "ageInYears", "operator": "greaterThanInclusive", "value": 75 }',
    '"when": { "not": { "not": { "fact": "ageInYears", "operator": "greaterThanInclusive", "value": 75 } } }',
    /two "not" cancel/,
  ],
  [
    'a tier behind a laxer one',
    '"value": 75',
    '"value": 60',
    /the tier "older" can never be reached: whenever it holds, a tier above \("old"\) holds first/,
  ],
  [
    'a tier with the same condition',
    '"value": 65',
    '"value": 75',
    /the tier "older" can never be reached: the tier "old" above has the same condition/,
  ],
  [
    'a tier against the rule itself',
    '"when": { "fact": "ageInYears", "operator": "greaterThanInclusive", "value": 65 }',
    '"when": { "fact": "latest", "params": { "observation": "potassium", "unit": "mmol/L", "withinDays": 7 }, "operator": "lessThan", "value": 4 }',
    /contradicts the rule's own "when"/,
  ],
  [
    'a tier without a condition on top',
    '"critical", "when": { "fact": "ageInYears", "operator": "greaterThanInclusive", "value": 75 }',
    '"critical"',
    /only the last tier may do without a condition/,
  ],
  ['two tiers of one id', '"id": "older"', '"id": "old"', /tier ids must differ/],
  [
    'a condition that is none',
    '{ "fact": "newlyCombines", "params": { "object": "warfarin", "precipitant": "nsaids" }, "operator": "equal", "value": true },',
    '"warfarin with an NSAID",',
    /must be {"all"/,
  ],
  ['no tiers', /"tiers": \[[\s\S]*?\n {2}\]/, '"tiers": []', /"tiers" is empty/],
  // Words on the card
  [
    'a blank that nothing fills',
    '{{precipitant}} with {{object}}: serious',
    '{{precipitent}} with {{object}}: serious',
    /nothing fills the blank {{precipitent}} in the summary, did you mean "precipitant"/,
  ],
  ['a blank with one brace', '"{{precipitant}} with', '"{precipitant} with', /two braces on each side/],
  [
    'brackets that do not match',
    'serious bleeding risk"',
    'serious bleeding risk[[, INR {{object}}"',
    /"\[\[" and "\]\]" do not match/,
  ],
  [
    'a summary that is too long once filled',
    'serious bleeding risk"',
    'serious bleeding from the stomach and the duodenum, above all after sixty-five, with many other drugs taken"',
    /the summary has 1\d\d characters once its blanks are filled/,
  ],
  ['HTML on the card', 'The danger is bleeding.', 'The danger is <b>bleeding</b>.', /holds HTML/],
  // Evidence and dates
  ['no evidence', /"evidence": \[[\s\S]*?\n {2}\]/, '"evidence": []', /must cite at least one source/],
  [
    'evidence that cannot be found',
    '"citation": "Coumadin (warfarin) prescribing information, section 7", "url": "https://dailymed.nlm.nih.gov/"',
    '"citation": "Everybody knows this"',
    /no link, year, section/,
  ],
  ['a link that is none', '"https://dailymed.nlm.nih.gov/"', '"dailymed"', /url/],
  ['a review date in the future', '"2026-11-01"', '"2027-11-01"', /lies in the future/],
  ['a review long past', '"2026-11-01"', '"2023-11-01"', /more than two years past/],
  // What it offers and is about
  [
    'a stop without a way out',
    /"suggestions": \[[\s\S]*?\n {4}\]/,
    '"suggestions": []',
    /a critical tier needs a suggestion/,
  ],
  [
    'an ONC low-priority pair above info',
    '"mechanism": "Mucosa and platelets"',
    '"mechanism": "Mucosa and platelets", "isOncLowPriority": true',
    /may not be above "info"/,
  ],
  ['an unknown RxNorm code', '"code": "313782"', '"code": "99999999"', /RxNorm code 99999999 is not one we know/],
  [
    'the RxNorm code of another drug',
    '"code": "313782"',
    '"code": "855332"',
    /is "warfarin.*", which is no acetaminophen/i,
  ],
  ['a LOINC code with a slip', '"6301-6"', '"6301-5"', /no LOINC code: its check digit is wrong/],
  ['a code that is not LOINC at all', '"6301-6"', '"INR"', /"INR" is no LOINC code/],
  ['an unknown word under unless', '["cirrhosis"]', '["cirrosis"]', /called "cirrosis", did you mean "cirrhosis"/],
  [
    'an object other than the condition asks for',
    '"interaction": { "object": "warfarin"',
    '"interaction": { "object": "digoxin"',
    /is "digoxin", but the condition asks for "warfarin"/,
  ],
  ['an interaction rule without its interaction', /\s*"interaction": \{.*\},/, '', /"interaction" is missing/],
];

const inCases: Planted[] = [
  ['a bare list', /[\s\S]*/, '[{ "name": "fires" }]', /the file must be an object \{ … \}, not a list/],
  ['an expectation that is none', '"expect": "quiet"', '"expect": "silent"', /must be "quiet", "unknown", or the tier/],
  ['a comma too many', '"expect": "quiet" },', '"expect": "quiet" },,', /not JSON here/],
  [
    'an unknown observation',
    '"observation": "potassium"',
    '"observation": "kalium"',
    /no observations value set is called "kalium"/,
  ],
  [
    'an unknown problem',
    '"problems": ["heart-failure"]',
    '"problems": ["heart-failur"]',
    /called "heart-failur", did you mean "heart-failure"/,
  ],
  ['an unknown unit', '"unit": "mmol/L"', '"unit": "mmols"', /"mmols" is not a unit we know/],
  ['a value that cannot be', '"value": 5.8', '"value": 58', /potassium of 58 mmol\/L cannot be/],
  ['an unknown tier', '"tier": "old"', '"tier": "olde"', /no tier "olde", did you mean "old"/],
  ['a span in other words', '"ago": "2 days"', '"ago": "2 dys"', /must be a span such as/],
  [
    'a hook the rule does not answer',
    '"takes": ["warfarin 5 mg tablet"], "orders": ["diclofenac',
    '"hook": "patient-view", "takes": ["warfarin 5 mg tablet"], "orders": ["diclofenac',
    /does not answer "patient-view"/,
  ],
  [
    'a misspelt key',
    '"orders": ["diclofenac',
    '"order": ["diclofenac',
    /"order" is not known here, did you mean "orders"/,
  ],
  ['a part that does not exist', '"missing": ["medications"]', '"missing": ["medication"]', /missing/],
  [
    'a drug nobody knows',
    'ibuprofen 400 mg tablet"],\n      "problems"',
    'ibuprohen 400 mg tablet"],\n      "problems"',
    /the drug "ibuprohen 400 mg tablet" is not recognised/,
  ],
  ['no near miss', '"expect": "quiet"', '"expect": "unknown"', /no near miss/],
  ['no case that fires', '"expect": { "tier": "old" }', '"expect": "quiet"', /no case in which the rule fires/],
  [
    'no case with a gap',
    /"name": "is unknown without a list"[\s\S]*?"expect": "unknown" \}/,
    '"name": "stays quiet for paracetamol", "orders": ["acetaminophen 325 mg tablet"], "expect": "quiet" }',
    /no case with a gap/,
  ],
  ['two cases of one name', 'stays quiet for a gel', 'is unknown without a list', /another case has the name/],
];

function plant(text: string, from: string | RegExp, to: string): { planted: string; line: number } {
  const planted = text.replace(from, () => to);
  expect(planted, 'nothing was planted').not.toBe(text);
  let same = 0;
  while (planted[same] === text[same]) same++;
  return { planted, line: planted.slice(0, same).split('\n').length };
}

describe('the good rule', () => {
  it('has nothing to say about', () => expect(check({})).toEqual([]));
});

describe('a planted mistake is named with file, line and cure', () => {
  it.each(inRule)('in the rule: %s', (_, from, to, says) => {
    const { planted } = plant(goodRule, from, to);
    expectNamed(check({ rule: planted }), says, 'warfarin-test.json');
  });

  it.each(inCases)('in the cases: %s', (_, from, to, says) => {
    const { planted } = plant(goodCases, from, to);
    expectNamed(check({ cases: planted }), says, 'warfarin-test.cases.json');
  });

  it('on the line where it stands', () => {
    const lines: Record<string, number | undefined> = {};
    for (const [what, from, to, says] of inRule.filter(([, from]) => typeof from === 'string')) {
      const { planted, line } = plant(goodRule, from, to);
      const found = check({ rule: planted }).find(({ message }) => says.test(message));
      // A missing comma shows at what follows; a contradiction at either of its parts.
      if (found && Math.abs(found.line - line) > 1) lines[what] = found.line - line;
    }
    expect(
      Object.keys(lines).filter(
        (what) =>
          !/another|same condition|laxer|ONC|two tiers|against the rule|without a condition on top|the good/.test(what),
      ),
    ).toEqual([]);
  });

  it('in two rules that ask the same', () => {
    const beside = goodRule.replace('"id": "warfarin-test"', '"id": "warfarin-twin"');
    expectNamed(
      check({ beside: ['warfarin-twin.json', beside] }),
      /asks the same as warfarin-test/,
      'warfarin-twin.json',
    );
  });

  it('in an id that is taken', () =>
    expectNamed(check({ beside: ['other.json', goodRule] }), /the id "warfarin-test" is taken by/, 'other.json'));
  it('in a file of another name', () =>
    expectNamed(check({ name: 'warfarin-nsaid' }), /the file is called warfarin-nsaid.json/, 'warfarin-nsaid.json'));
  it('in a rule without cases', () => expectNamed(check({ cases: null }), /has no cases/, 'warfarin-test.json'));

  it.each([
    [
      'a member without a code',
      { id: 'sodium', title: 'Sodium', kind: 'observations', members: [{ display: 'Sodium' }] },
      /"Sodium" has no code/,
    ],
    [
      'an include that does not exist',
      { id: 'sodium', title: 'Sodium', kind: 'drugs', members: [], includes: ['nsaid'] },
      /no value set is called "nsaid", did you mean "nsaids"/,
    ],
    [
      'an id that is not the file',
      { id: 'natrium', title: 'Sodium', kind: 'drugs', members: [] },
      /the file is called sodium.json/,
    ],
    [
      'a LOINC code with a slip',
      {
        id: 'sodium',
        title: 'Sodium',
        kind: 'observations',
        members: [{ system: 'http://loinc.org', code: '2951-3', display: 'Sodium' }],
      },
      /its check digit is wrong/,
    ],
    [
      'a drug that nobody knows',
      { id: 'sodium', title: 'Sodium', kind: 'drugs', members: [{ display: 'ibuprofenn' }] },
      /no drug is called "ibuprofenn", did you mean "ibuprofen"/,
    ],
    [
      'a SNOMED code with a slip',
      {
        id: 'sodium',
        title: 'Sodium',
        kind: 'conditions',
        members: [{ system: 'http://snomed.info/sct', code: '84114008', display: 'Heart failure' }],
      },
      /"84114008" is no SNOMED CT code/,
    ],
    [
      'a system by its name',
      {
        id: 'sodium',
        title: 'Sodium',
        kind: 'conditions',
        members: [{ system: 'ICD-10', code: 'I50', display: 'Heart failure' }],
      },
      /did you mean "http:\/\/hl7.org\/fhir\/sid\/icd-10-cm"/,
    ],
    [
      'limits the wrong way round',
      { id: 'sodium', title: 'Sodium', kind: 'drugs', members: [], limits: { low: 9, high: 1 } },
      /lower limit 9 is not below/,
    ],
    [
      'a set that includes itself',
      { id: 'sodium', title: 'Sodium', kind: 'drugs', members: [], includes: ['sodium'] },
      /includes itself/,
    ],
    ['a kind that is none', { id: 'sodium', title: 'Sodium', kind: 'drug', members: [] }, /kind/],
  ])('in a value set: %s', (_, set, says) => {
    mkdirSync(join(folder, 'value-sets'), { recursive: true });
    writeFileSync(join(folder, 'value-sets', 'sodium.json'), JSON.stringify(set, null, 2));
    expectNamed(checkValueSets(folder, valueSets, terminology), says, 'sodium.json');
  });
});

function expectNamed(problems: Problem[], says: RegExp, file: string): void {
  const found = problems.find(({ message }) => says.test(message));
  expect(
    found,
    problems.map(({ line, message }) => `${line}: ${message}`).join('\n') || 'nothing was said',
  ).toBeDefined();
  expect(found!.path.endsWith(file)).toBe(true);
  expect(found!.line).toBeGreaterThan(0);
  expect(found!.example, found!.message).toBeTruthy();
}
