// The rules as shipped: each reads, each cites, each passes its own cases, and what is generated from them is up to date.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generated } from '../../src/tools/rules/catalog.ts';
import { checkFiles } from '../../src/tools/rules/check-files.ts';
import { loadTerminology } from '../../src/tools/rules/load.ts';
import { ruleFiles } from '../../src/tools/rules/read-folder.ts';
import { testRule } from '../../src/tools/rules/test-command.ts';
import { now } from '../support/app.ts';

const folder = new URL('../../rules', import.meta.url).pathname;
const terminology = loadTerminology(folder);
const { rules, problems } = checkFiles(ruleFiles(folder), terminology, now);

describe('the rules as shipped', () => {
  it('have no errors', () => {
    expect(
      problems.filter(({ level }) => level === 'error').map(({ path, line, message }) => `${path}:${line} ${message}`),
    ).toEqual([]);
  });

  it('all have cases beside them', () => {
    expect(problems.filter(({ message }) => message.startsWith('has no cases')).map(({ path }) => path)).toEqual([]);
  });

  it.each(rules.map(({ rule, path }) => [rule.id, rule, path] as const))(
    '%s passes its cases',
    async (_, rule, path) => {
      const { outcomes, wrong } = await testRule(rule, path, terminology, now);
      expect(wrong).toEqual([]);
      expect(
        outcomes
          .filter(({ passed }) => !passed)
          .map(({ name, got, expected }) => `${name}: expected ${expected}, got ${got}`),
      ).toEqual([]);
    },
  );

  it.each(Object.entries(generated(folder)))('%s is as generated: npm run rules catalog', (name, text) => {
    expect(readFileSync(`${folder}/${name}`, 'utf8')).toBe(text);
  });
});
