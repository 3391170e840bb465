// draft → silent → active: who hears a rule at each step, and what stands between one step and the next.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CdsResponse, cardExtensionKey } from '../../../src/cds-hooks/contract.ts';
import type { Rule } from '../../../src/guards/rule.ts';
import { RuleSet } from '../../../src/guards/rule-set.ts';
import { openSqlite } from '../../../src/record/sqlite.ts';
import { promoteCommand, shownFigures } from '../../../src/tools/rules/promote-command.ts';
import { readKnowledge } from '../../../src/tools/rules/read-folder.ts';
import { knowledge, testApp } from '../../support/app.ts';
import { ibuprofen, orderSign, warfarin } from '../../support/requests.ts';

const root = new URL('../../../', import.meta.url).pathname;
const shipped = join(root, 'rules');
const ruleText = readFileSync(join(shipped, 'interactions/warfarin-nsaid.json'), 'utf8');
const casesText = readFileSync(join(shipped, 'interactions/warfarin-nsaid.cases.json'), 'utf8');
let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'curbside-life-'));
  mkdirSync(join(folder, 'interactions'));
  for (const name of ['value-sets', 'terminology']) symlinkSync(join(shipped, name), join(folder, name));
  path = join(folder, 'interactions/warfarin-nsaid.json');
  writeFileSync(path, ruleText);
  writeFileSync(path.replace('.json', '.cases.json'), casesText);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const withStatus = (status: Rule['status']): string => {
  const text = ruleText.replace('"status": "active"', `"status": "${status}"`);
  expect(text).toContain(`"status": "${status}"`);
  return text;
};

describe('what a clinician hears of a rule, by its status', () => {
  async function asked(status: Rule['status']) {
    const rules = [JSON.parse(withStatus(status)) as Rule];
    const alone = { ...knowledge(), ruleSet: new RuleSet(rules), hash: status };
    const { post, get, platform, settled } = testApp({ knowledge: () => alone });
    const request = orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] });
    const text = await (await post('/cds-services/medication-safety', request)).text();
    await settled();
    const summary = await (await get('/console/api/summary')).json();
    const counted = await platform.sql.all<{ name: string; times: number }>(
      "SELECT name, times FROM counted WHERE what = 'silent'",
    );
    return { text, cards: (JSON.parse(text) as CdsResponse).cards, summary, counted };
  }

  it('hears an active rule as a card', async () => {
    const { cards, counted } = await asked('active');
    expect(cards.map(({ extension }) => extension![cardExtensionKey]!.ruleId)).toEqual(['warfarin-nsaid']);
    expect(counted).toEqual([]);
  });

  it('hears nothing of a silent rule, which is counted', async () => {
    const { cards, text, counted, summary } = await asked('silent');
    expect(cards).toEqual([]);
    expect(text).not.toContain('warfarin-nsaid');
    expect(counted).toEqual([{ name: 'warfarin-nsaid critical', times: 1 }]);
    expect(summary.rules).toMatchObject([{ id: 'warfarin-nsaid', status: 'silent', fired: 1 }]);
  });

  it.each(['draft', 'retired'] as const)('hears nothing of a %s rule, which is not even asked', async (status) => {
    const { cards, text, counted, summary } = await asked(status);
    expect(cards).toEqual([]);
    expect(text).not.toContain('warfarin-nsaid');
    expect(counted).toEqual([]);
    expect(summary.rules).toEqual([]);
  });

  it('hears nothing of what stands in drafts/, whatever its status says', () => {
    mkdirSync(join(folder, 'drafts'), { recursive: true });
    writeFileSync(
      join(folder, 'drafts/warfarin-nsaid-2.json'),
      ruleText.replace('"warfarin-nsaid"', '"warfarin-nsaid-2"'),
    );
    expect(readKnowledge(folder).rules.map(({ id }) => id)).toEqual(['warfarin-nsaid']);
  });
});

describe('rules promote', () => {
  const said: string[] = [];
  async function promote(status: Rule['status'], options: object = {}, args = ['warfarin-nsaid']) {
    writeFileSync(path, withStatus(status));
    said.length = 0;
    return promoteCommand({ folder, args, options, print: (line) => void said.push(line) });
  }

  it('shows how often a silent rule would have spoken, and changes nothing before it is told to', async () => {
    const data = join(folder, 'data');
    const sql = openSqlite(data);
    for (const [day, what, name, times] of [
      ['2026-11-01', 'hook', 'medication-safety order-sign', 500],
      ['2026-11-10', 'silent', 'warfarin-nsaid critical', 4],
      ['2026-11-10', 'hook', 'medication-safety order-sign', 150],
      ['2026-11-11', 'silent', 'warfarin-nsaid warning', 2],
      ['2026-11-11', 'silent', 'warfarin-nsaids critical', 99],
      ['2026-11-11', 'hook', 'medication-safety order-sign', 250],
      ['2026-11-11', 'hook', 'chart-review patient-view', 999],
    ] as const)
      await sql.run('INSERT INTO counted (day, what, name, times) VALUES (?, ?, ?, ?)', day, what, name, times);
    sql.close();
    vi.stubEnv('DATA_DIR', data);
    expect(await promote('silent')).toBe(0);
    expect(said[0]).toBe(
      'warfarin-nsaid since 2026-11-10: would have spoken 6 times on 400 order checks, 1.50 per 100; at 40 orders a clinician-day, 0.60 a day.',
    );
    expect(readFileSync(path, 'utf8')).toBe(withStatus('silent'));
  });

  it('changes the status and nothing else of the file', async () => {
    expect(await promote('silent', { yes: true })).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(withStatus('active'));
    expect(await promote('draft', { yes: true })).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(withStatus('silent'));
  });

  it.each(['active', 'retired'] as const)('leaves an %s rule as it is', async (status) => {
    expect(await promote(status, { yes: true })).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(withStatus(status));
  });

  it('refuses a rule that fails a case, or stands where no server reads it', async () => {
    writeFileSync(
      path.replace('.json', '.cases.json'),
      casesText.replace('"tier": "high-risk-nsaid-ordered"', '"tier": "usual"'),
    );
    expect(await promote('silent', { yes: true })).toBe(1);
    expect(said[0]).toContain('does not pass its cases');
    expect(readFileSync(path, 'utf8')).toBe(withStatus('silent'));
    writeFileSync(path.replace('.json', '.cases.json'), casesText);
    expect(await promote('silent', { yes: true }, [join(folder, 'drafts/warfarin-nsaid-2.json')])).toBe(1);
    expect(said[0]).toContain('move it and its cases');
  });

  it('says when nobody knows', () => {
    expect(shownFigures({ id: 'x' }, undefined)[0]).toContain("No server's figures");
    expect(shownFigures({ id: 'x' }, { fired: 0, orders: 900, days: 0 })[0]).toContain('nobody knows yet');
  });
});

describe('rules test --watch', { timeout: 30_000 }, () => {
  it('runs the saved rule again, whether it fails or is half written', async () => {
    writeFileSync(path, ruleText);
    const watching = spawn(
      process.execPath,
      [join(root, 'src/tools/rules.ts'), 'test', 'warfarin-nsaid', '--watch', '--folder', folder],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    try {
      let heard = '';
      const hear = (said: RegExp) =>
        new Promise<void>((resolve, reject) => {
          const look = () => {
            const found = said.exec(heard);
            if (!found) return;
            heard = heard.slice(found.index + found[0].length);
            watching.stdout.off('data', look);
            resolve();
          };
          watching.stdout.on('data', look);
          watching.once('exit', () => reject(new Error(`it ended: ${heard}`)));
          look();
        });
      watching.stdout.on('data', (text) => {
        heard += text;
      });
      watching.stderr.on('data', (text) => {
        heard += text;
      });
      await hear(/1 rules: \d+ passed, 0 failed[\s\S]*Watching/);
      writeFileSync(path, ruleText.replace('"value": 65', '"value": 75'));
      await hear(/✗ warfarin-nsaid[\s\S]*1 rules: \d+ passed, [1-9]\d* failed/);
      writeFileSync(path, ruleText.slice(0, 300));
      await hear(/not JSON here[\s\S]*0 rules: 0 passed, 1 failed/);
    } finally {
      watching.kill();
    }
  });
});
