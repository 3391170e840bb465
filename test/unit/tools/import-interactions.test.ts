import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rulesOf } from '../../../src/guards/interaction-table.ts';
import { type Rule, ruleSchema } from '../../../src/guards/rule.ts';
import { importInteractions, importInteractionsCommand } from '../../../src/tools/rules/import-interactions.ts';
import { readKnowledge } from '../../../src/tools/rules/read-folder.ts';
import { csvRows } from '../../../src/tools/terminology/csv.ts';
import { loadTerminology, RULES } from '../../../src/tools/terminology/load.ts';

const about = {
  id: 'acme',
  source: 'Acme interactions 2026-10',
  importedOn: '2026-11-24',
  terminology: loadTerminology(),
};
const imported = (csv: string, rules: Rule[] = []) => importInteractions(csv, { ...about, rules });
const table = (...lines: string[]) => ['Object,Precipitant,Severity,Text', ...lines].join('\n');
const reasons = (csv: string) => imported(csv).unused.map(({ line, reason }) => `${line}: ${reason}`);

describe('a table of interactions', () => {
  it('becomes rules, and severity their indicator and status', () => {
    const { table: rows, unused } = imported(
      table(
        'simvastatin,itraconazole,Contraindicated,Rhabdomyolysis',
        'warfarin,ibuprofen,MAJOR,Bleeding',
        'digoxin,verapamil,moderate,Digoxin rises',
        'ibuprofen,caffeine,minor,"Little, and rarely"',
      ),
    );
    expect(unused).toEqual([]);
    const rules = rulesOf(rows);
    expect(rules.map(({ id, status, tiers }) => [id, status, tiers[0]!.indicator])).toEqual([
      ['acme-simvastatin-with-itraconazole', 'active', 'critical'],
      ['acme-warfarin-with-ibuprofen', 'active', 'warning'],
      ['acme-digoxin-with-verapamil', 'active', 'info'],
      ['acme-ibuprofen-with-caffeine', 'silent', 'info'],
    ]);
    expect(rules[3]!.card.detail).toBe('Little, and rarely');
    expect(rules[1]!.evidence).toEqual([{ citation: 'Interaction table: Acme interactions 2026-10' }]);
  });

  it('makes rules of the shape that hand-written ones have', () => {
    const text = 'Serious bleeding may follow; choose acetaminophen.';
    for (const rule of rulesOf(imported(table(`warfarin,ibuprofen,major,${text}`)).table))
      expect(ruleSchema.safeParse(rule).error).toBeUndefined();
  });

  it('names columns in any case, with synonyms and any separator', () => {
    const { table: rows } = imported('Severity Level;DRUG_2;Drug-1;Clinical effect\nMajor;Advil;Coumadin;Bleeding');
    expect(rows.rows).toEqual([['warfarin', 'ibuprofen', 'major', 'Bleeding']]);
  });

  it('finds a drug by RxNorm code where the name is strange, and by class', () => {
    const csv = 'object,object rxcui,precipitant,severity,text\nWRF TAB,11289,nsaids,major,Bleeding';
    expect(imported(csv).table.rows).toEqual([['warfarin', 'nsaids', 'major', 'Bleeding']]);
  });

  it('says of each row it could not use why', () => {
    expect(
      reasons(
        table(
          'warfarin,unobtainium,major,x',
          'warfarin,Coumadin,major,x',
          'warfarin,ibuprofen,major,',
          'warfarin,aspirin,fierce,x',
          'warfarin,aspirin,,x',
          ',aspirin,major,x',
          'warfarin,sulfamethoxazole / trimethoprim,major,x',
          'warfarin,naproxen,moderate,x',
          'naproxen,warfarin,moderate,again',
        ),
      ),
    ).toEqual([
      '2: unknown drug "unobtainium"',
      '3: the same drug twice',
      '4: no text',
      '5: unknown severity "fierce"',
      '6: no severity',
      '7: a drug is missing',
      '8: "sulfamethoxazole / trimethoprim" is a combination; a row is about one ingredient',
      '10: the same pair as line 9',
    ]);
  });

  it('keeps the graver of two rows about one pair', () => {
    const csv = table('warfarin,naproxen,moderate,first', 'naproxen,warfarin,contraindicated,second');
    expect(imported(csv).table.rows).toEqual([['naproxen', 'warfarin', 'contraindicated', 'second']]);
    expect(reasons(csv)).toEqual(['2: the same pair as line 3, which is graver']);
  });

  it('borrows the hazard of a written rule about the pair, so that both make one card', () => {
    const written = JSON.parse(readFileSync(join(RULES, 'interactions/warfarin-nsaid.json'), 'utf8')) as Rule;
    expect(rulesOf(imported(table('ibuprofen,warfarin,major,Bleeding'), [written]).table)[0]!.hazard).toBe(
      written.hazard,
    );
    expect(rulesOf(imported(table('ibuprofen,digoxin,major,x'), [written]).table)[0]!.hazard).toBeUndefined();
  });

  it('is refused when its columns cannot be told apart', () => {
    expect(() => imported('a,b,c\n1,2,3')).toThrow('No column for object, precipitant, severity, text');
    expect(() => imported('')).toThrow('No column for');
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imported-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes one file that the engine loads, and the rows left over beside it', async () => {
    const csv = join(folder, 'Acme 2026.csv');
    writeFileSync(
      csv,
      table('warfarin,ibuprofen,major,"Bleeding, often\nfrom the stomach"', 'warfarin,"un""obtainium""",major,x'),
    );
    // The folder has value sets and drug names of its own; a small one borrows ours.
    const rules = join(folder, 'rules');
    for (const part of ['value-sets', 'terminology']) cpSync(join(RULES, part), join(rules, part), { recursive: true });
    const bare = readKnowledge(rules);
    const said: string[] = [];
    expect(
      await importInteractionsCommand({ folder: rules, args: [csv], options: {}, print: (line) => said.push(line) }),
    ).toBe(0);
    const knowledge = readKnowledge(rules);
    expect(knowledge.rules).toEqual([]);
    expect(knowledge.tables!.flatMap(rulesOf).map(({ id, card }) => [id, card.detail])).toEqual([
      ['acme-2026-warfarin-with-ibuprofen', 'Bleeding, often from the stomach'],
    ]);
    expect(knowledge.hash).not.toBe(bare.hash);
    expect(readFileSync(join(rules, 'imported/acme-2026.unused.csv'), 'utf8')).toBe(
      'line,object,precipitant,reason\n4,warfarin,"un""obtainium""","unknown drug ""un""obtainium"""""\n',
    );
    expect(said[0]).toMatch(/^1 rules in /);
    expect(said.at(-1)).toBe('        1  unknown drug');
  });
});

describe('rows of CSV', () => {
  it.each([
    [
      'quotes, separators and line ends inside quotes',
      'a,"b, ""c""\nd",e\r\nf,,g',
      [
        [1, 'a', 'b, "c"\nd', 'e'],
        [3, 'f', '', 'g'],
      ],
    ],
    [
      'a byte order mark and empty lines',
      '\ufeffa,b\n\n\nc,d\n',
      [
        [1, 'a', 'b'],
        [4, 'c', 'd'],
      ],
    ],
    [
      'a separator at the end',
      'a,\nb,',
      [
        [1, 'a', ''],
        [2, 'b', ''],
      ],
    ],
    ['a quote that never ends', '"a,b\nc', [[1, 'a,b\nc']]],
    ['nothing', '', []],
  ])('%s', (_, text, rows) => {
    expect([...csvRows(text)].map(({ line, fields }) => [line, ...fields])).toEqual(rows);
  });
});
