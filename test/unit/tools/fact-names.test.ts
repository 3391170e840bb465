import { describe, expect, it } from 'vitest';
import { readChart } from '../../../src/chart/read.ts';
import { facts } from '../../../src/facts/index.ts';
import { leaves } from '../../../src/guards/rule.ts';
import { sourceOf } from '../../../src/tools/rules/cases.ts';
import { checkFiles } from '../../../src/tools/rules/check-files.ts';
import { namesFrom } from '../../../src/tools/rules/fact-names.ts';
import { loadTerminology } from '../../../src/tools/rules/load.ts';
import { ruleFiles } from '../../../src/tools/rules/read-folder.ts';
import { readCases } from '../../../src/tools/rules/test-command.ts';
import { conditionsOf } from '../../../src/tools/rules/truth-table.ts';
import { now } from '../../support/app.ts';

const folder = new URL('../../../rules', import.meta.url).pathname;
const terminology = loadTerminology(folder);
const { rules } = checkFiles(ruleFiles(folder), terminology, now);

describe('the words a question gives to a card', () => {
  it('are those that the check expects, in every shipped case', () => {
    const unexpected = new Set<string>();
    for (const { rule, path } of rules) {
      const cases = readCases(path);
      if (!Array.isArray(cases)) continue;
      for (const given of cases) {
        const chart = readChart(sourceOf(given, terminology, now), terminology);
        for (const leaf of conditionsOf(rule).flatMap(leaves)) {
          const { names = {} } = facts
            .get(leaf.fact)!
            .ask(facts.get(leaf.fact)!.params.parse(leaf.params ?? {}), { chart, terminology });
          for (const name of Object.keys(names))
            if (!(namesFrom(leaf) ?? [name]).includes(name)) unexpected.add(`${leaf.fact}: ${name}`);
        }
      }
    }
    expect([...unexpected]).toEqual([]);
  });
});
