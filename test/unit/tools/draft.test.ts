import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { draftCommand } from '../../../src/tools/rules/draft-command.ts';
import { selectFiles } from '../../../src/tools/rules/load.ts';
import { readKnowledge } from '../../../src/tools/rules/read-folder.ts';
import { type LyingModel, startLyingModel } from '../../support/lying-model.ts';

const folder = new URL('../../../rules', import.meta.url).pathname;
const recommendation =
  'Do not start canagliflozin in patients with an eGFR below 30 mL/min/1.73 m² (Invokana prescribing information, section 2, 2023).';

const rule = {
  id: 'canagliflozin-low-egfr',
  version: '3.0.0',
  status: 'active',
  title: 'Canagliflozin with an eGFR below 30',
  kind: 'kidney-dosing',
  steward: 'The model',
  lastReviewDate: '2020-01-01',
  evidence: [{ citation: 'Invokana prescribing information, section 2, 2023' }],
  hooks: ['order-select', 'order-sign'],
  when: {
    all: [
      { fact: 'orders', params: { drug: 'canagliflozin' }, operator: 'equal', value: true },
      { fact: 'egfr', params: { withinDays: 365 }, operator: 'lessThan', value: 30 },
    ],
  },
  tiers: [{ id: 'usual', indicator: 'warning' }],
  card: {
    summary: 'Canagliflozin is not to be started at eGFR {{egfr}}',
    detail: 'Below 30 canagliflozin is not to be started. Choose another drug for glucose.',
  },
};
const egfr = (value: number) => [{ observation: 'egfr', value, unit: 'mL/min/{1.73_m2}', ago: '2 days' }];
const orders = ['canagliflozin 100 mg oral tablet'];
const cases = {
  cases: [
    { name: 'fires at 29', orders, results: egfr(29), expect: { tier: 'usual' } },
    { name: 'stays quiet at 30', orders, results: egfr(30), expect: 'quiet' },
    { name: 'is unknown without an eGFR', orders, expect: 'unknown' },
  ],
};
const reply = (given: object = rule, tested: object = cases) =>
  JSON.stringify({ status: 'ok', reason: null, rule: JSON.stringify(given), cases: JSON.stringify(tested) });

let out: string;
let model: LyingModel | undefined;
const said: string[] = [];
const heard = () => said.join('\n');
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'curbside-drafts-'));
  said.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await model?.close();
  model = undefined;
  rmSync(out, { recursive: true, force: true });
});

async function draft(replies: string[], options: object = {}, args = [recommendation]): Promise<number> {
  model = await startLyingModel({ replies });
  vi.stubEnv('OPENAI_BASE_URL', model.url);
  vi.stubEnv('OPENAI_MODEL', `drafter-${out.slice(-6)}`);
  vi.stubEnv('OPENAI_API_KEY', 'not-a-key');
  return draftCommand({ folder, args, options: { out, ...options }, print: (line) => void said.push(line) });
}
const saved = () => JSON.parse(readFileSync(join(out, 'canagliflozin-low-egfr.json'), 'utf8'));

describe('rules draft', () => {
  it('refuses without a model, and says what to set', async () => {
    for (const name of ['OPENAI_MODEL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL']) vi.stubEnv(name, '');
    const status = await draftCommand({
      folder,
      args: [recommendation],
      options: { out },
      print: (line) => void said.push(line),
    });
    expect(status).toBe(2);
    expect(heard()).toContain('Set OPENAI_MODEL');
    expect(readdirSync(out)).toEqual([]);
  });

  it('saves a proposal that passes check and cases, asleep whatever the model says', async () => {
    expect(await draft([reply()]), heard()).toBe(0);
    expect(saved()).toMatchObject({ status: 'draft', version: '0.1.0', steward: 'Nobody yet' });
    expect(saved().knownGaps.join()).toContain('nobody has reviewed it');
    expect(existsSync(join(out, 'canagliflozin-low-egfr.cases.json'))).toBe(true);
    expect(heard()).toContain('3 cases that pass');
    // Checked by its path alone, and never among the rules that a server reads.
    expect(selectFiles(folder, [join(out, 'canagliflozin-low-egfr.json')])).toHaveLength(1);
    expect(readKnowledge(folder).rules.some(({ id }) => id === 'canagliflozin-low-egfr')).toBe(false);
  });

  it('tells the model what fails, and takes the repair', async () => {
    const misspelt = JSON.parse(JSON.stringify(rule).replace('"egfr","params"', '"eGfr","params"'));
    const tooHigh = { ...rule, when: { all: [rule.when.all[0], { ...rule.when.all[1], value: 45 }] } };
    expect(await draft([reply(misspelt), reply(tooHigh), reply()]), heard()).toBe(0);
    expect(model!.calls).toBe(3);
    const [, second, third] = model!.received.map((text) => JSON.parse(text).messages.at(-1).content as string);
    expect(second).toContain('there is no fact \\"eGfr\\"'.replaceAll('\\', ''));
    expect(third).toContain('case "stays quiet at 30": expected quiet, got tier usual');
    expect(saved().when.all[1].value).toBe(30);
  });

  it('stops after so many repairs, and leaves what there is asleep', async () => {
    const wrong = { ...rule, when: { ...rule.when.all[0], params: { drug: 'canaglifozin' } } };
    expect(await draft([reply(wrong)], { repairs: '1' })).toBe(1);
    expect(model!.calls).toBe(2);
    expect(heard()).toContain('1 repairs were not enough');
    expect(heard()).toContain('did you mean "canagliflozin"');
    expect(saved().status).toBe('draft');
  });

  it('keeps no source that the text does not name', async () => {
    const learned = {
      ...rule,
      evidence: [
        { citation: 'Smith J et al. N Engl J Med 2019;380:1-10', url: 'https://pubmed.ncbi.nlm.nih.gov/1/' },
        { citation: 'Invokana prescribing information, section 2', url: 'https://invented.example/' },
      ],
    };
    expect(await draft([reply(learned)]), heard()).toBe(0);
    expect(saved().evidence).toEqual([{ citation: 'Invokana prescribing information, section 2' }]);
    expect(heard()).toContain('left out a source that is not in your text: "Smith');
  });

  it('sends the schema, the questions, their words and the text, and nothing of a patient or a rule', async () => {
    await draft([reply()]);
    const { messages } = JSON.parse(model!.received[0]!) as { messages: { role: string; content: string }[] };
    expect(messages).toHaveLength(2);
    expect(JSON.parse(messages[1]!.content)).toEqual({ recommendation });
    for (const word of ['newlyCombines', 'lastReviewDate', 'gastroprotective-drugs', 'expect'])
      expect(messages[0]!.content).toContain(word);
    for (const word of ['warfarin-nsaid', 'Patient/', 'birthDate', 'DATA_DIR', process.cwd()])
      expect(messages[0]!.content).not.toContain(word);
  });

  it('writes nothing when the model abstains, or takes the id of a rule', async () => {
    const abstains = JSON.stringify({ status: 'abstain', reason: 'This is a recipe.', rule: null, cases: null });
    expect(await draft([abstains])).toBe(1);
    expect(heard()).toContain('This is a recipe.');
    await model!.close();
    expect(await draft([reply({ ...rule, id: 'metformin-kidney' })], { repairs: '0' })).toBe(1);
    expect(heard()).toContain('the id "metformin-kidney" is taken');
    expect(readdirSync(out)).toEqual([]);
  });
});
