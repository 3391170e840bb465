import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleSchema } from '../../../src/guards/rule.ts';
import { asLines, inWords } from '../../../src/tools/rules/condition-words.ts';
import { loadTerminology } from '../../../src/tools/rules/load.ts';
import { indexPage, rulePage, type Site } from '../../../src/tools/rules/site/pages.ts';
import { siteCommand } from '../../../src/tools/rules/site-command.ts';

const folder = new URL('../../../rules', import.meta.url).pathname;
const terminology = loadTerminology(folder);
const rule = ruleSchema.parse(JSON.parse(readFileSync(join(folder, 'interactions/warfarin-nsaid.json'), 'utf8')));
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'curbside-site-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const said: string[] = [];
const run = (args: string[], to: string) =>
  siteCommand({ folder, args, options: { out: to }, print: (line) => void said.push(line) });

describe('rules site', () => {
  it('writes an index and a page that holds all that the rule file says', async () => {
    expect(await run(['warfarin-nsaid', 'metformin-kidney'], join(out, 'site'))).toBe(0);
    const index = readFileSync(join(out, 'site/index.html'), 'utf8');
    expect(index).toContain('<a href="rule/warfarin-nsaid.html">Warfarin with a systemic NSAID</a>');
    const page = readFileSync(join(out, 'site/rule/warfarin-nsaid.html'), 'utf8');
    for (const held of [
      rule.version,
      rule.steward,
      rule.lastReviewDate,
      rule.interaction!.consequence,
      ...rule.evidence.flatMap(({ citation, shows }) => [citation, shows!]),
      ...rule.tiers.map(({ id }) => id),
      ...rule.knownGaps!,
      'stops ibuprofen at 72 without a proton pump inhibitor',
      'bring vitamin K antagonists and NSAIDs',
    ])
      expect(page).toContain(held);
    expect(page).toContain('All pass.');
  });

  it('loads nothing from elsewhere, and no script but its own file', () => {
    for (const name of ['index.html', 'rule/warfarin-nsaid.html', 'rule/metformin-kidney.html']) {
      const page = readFileSync(join(out, 'site', name), 'utf8');
      expect([...page.matchAll(/<(?:link|script|img|iframe)[^>]*(?:src|href)="(?:https?:)?\/\/[^"]*"/g)]).toEqual([]);
      expect(page).not.toMatch(/ style="| on[a-z]+="|<style|<script>/);
      expect(page).toContain("default-src 'none'");
    }
  });

  it('writes over its own pages and over nobody else’s', async () => {
    expect(await run(['metformin-kidney'], join(out, 'site'))).toBe(0);
    expect(() => readFileSync(join(out, 'site/rule/warfarin-nsaid.html'))).toThrow();
    mkdirSync(join(out, 'other'));
    writeFileSync(join(out, 'other/thesis.txt'), 'mine');
    expect(await run(['metformin-kidney'], join(out, 'other'))).toBe(2);
    expect(said.at(-1)).toContain('holds something else');
  });

  it('lets no word of a rule become markup', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const hostile = {
      ...rule,
      title: evil,
      steward: evil,
      evidence: [{ citation: evil, url: 'javascript:alert(1)', shows: evil }],
      card: { ...rule.card, summary: evil, detail: evil },
      knownGaps: [evil],
    };
    const site: Site = {
      entries: [{ rule: hostile, cases: [], failing: [] }],
      terminology,
      today: '2026-11-24',
      hash: 'x',
    };
    for (const page of [indexPage(site), rulePage(site.entries[0]!, site)]) {
      expect(page).not.toContain('<img');
      expect(page).not.toContain('href="javascript');
      expect(page).toContain('&lt;img');
    }
  });

  it('says when a review is overdue and which case fails', () => {
    const old = { ...rule, lastReviewDate: '2023-01-01' };
    const given = {
      rule: old,
      cases: [{ name: 'a case that fails', expect: 'quiet' } as never],
      failing: ['a case that fails'],
    };
    const page = rulePage(given, { entries: [given], terminology, today: '2026-11-24', hash: 'x' });
    expect(page).toContain('(overdue)');
    expect(page).toContain('1 of 1 fail.');
  });
});

describe('a condition in words', () => {
  const words = (condition: Parameters<typeof inWords>[0]) => asLines(inWords(condition, terminology));

  it('asks the question of the fact with its blanks filled', () =>
    expect(
      words({
        all: [
          { fact: 'orders', params: { drug: ['warfarin', 'doacs'] }, operator: 'equal', value: true },
          {
            not: {
              fact: 'takes',
              params: { drug: 'gastroprotective-drugs' },
              operator: 'equal',
              value: true,
              ifUnknown: 'no',
            },
          },
          {
            fact: 'latest',
            params: { observation: 'potassium', unit: 'mmol/L', withinDays: 7 },
            operator: 'greaterThan',
            value: 5.5,
          },
        ],
      }),
    ).toMatchInlineSnapshot(`
      [
        "- All of",
        "  - Is warfarin or direct oral anticoagulants being ordered? Yes",
        "  - Is drugs that protect from NSAID ulcers taken, or being ordered? No (unknown counts as no)",
        "  - What is the newest potassium of the last 7 days, in mmol/L? Above 5.5",
      ]
    `));

  it('leaves out what was not asked, and says a limit turned round as such', () => {
    expect(words({ fact: 'hasHistoryOf', params: { problem: 'stroke' }, operator: 'equal', value: false })[0]).toBe(
      '- Has the patient, now or ever, had stroke, ischaemic or haemorrhagic? No',
    );
    expect(words({ not: { fact: 'ageInYears', operator: 'greaterThan', value: 65 } })[0]).toBe(
      '- How old is the patient, in completed years? Not: Above 65',
    );
    expect(
      words({
        fact: 'isAllergicTo',
        params: { to: 'penicillins', reaction: 'angioedema' },
        operator: 'equal',
        value: true,
      })[0],
    ).toContain('(with an angioedema reaction)');
  });
});
