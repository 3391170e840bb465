// The trials as shipped: each reads, cites, and passes its own cases.
import { describe, expect, it } from 'vitest';
import { loadTerminology } from '../../../src/tools/rules/load.ts';
import { checkTrials, readTrialCases, runTrialCase, selectTrials } from '../../../src/tools/rules/trials.ts';
import { now } from '../../support/app.ts';

const folder = new URL('../../../rules', import.meta.url).pathname;
const terminology = loadTerminology(folder);
const { trials, problems } = checkTrials(selectTrials(folder, []), { terminology, valueSets: [] }, now);

describe('the trials as shipped', () => {
  it('have no errors', () => {
    expect(problems.map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([]);
    expect(trials.length).toBeGreaterThanOrEqual(5);
  });

  it('are closed examples with a paper and its registration', () => {
    for (const { trial } of trials) {
      expect([trial.id, trial.isExample, trial.recruitment]).toEqual([trial.id, true, 'closed']);
      expect(trial.registration).toMatch(/^NCT\d{8}$/);
      expect(trial.evidence[0]!.citation).toMatch(/N Engl J Med \d{4};\d{3}:\d+-\d+$/);
    }
  });

  it.each(trials.map(({ trial, path }) => [trial.id, trial, path] as const))(
    '%s passes its cases',
    async (_, trial, path) => {
      const wrong: string[] = [];
      for (const given of readTrialCases(path)) {
        const { name, passed, expected, got } = await runTrialCase(trial, given, terminology, now);
        if (!passed) wrong.push(`${name}: expected ${expected}, got ${got}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it('says which place is wrong in a file that is', () => {
    const [{ path, text }] = selectTrials(folder, ['dapa-hf']) as [{ path: string; text: string }];
    const broken = text
      .replace('"fact": "ageInYears"', '"fact": "ageInYear"')
      .replace('"observation": "ejection-fraction"', '"observation": "ejection-fration"')
      .replace('"kind": "exclusion"', '"kind": "exclude"');
    const told = checkTrials([{ path, text: broken }], { terminology, valueSets: [] }, now).problems;
    expect(told.map(({ message }) => message).join('\n')).toContain('must be inclusion or exclusion');
    const unread = checkTrials(
      [{ path, text: broken.replace('"kind": "exclude"', '"kind": "exclusion"') }],
      { terminology, valueSets: [] },
      now,
    ).problems;
    expect(unread.map(({ message }) => message).join('\n')).toMatch(
      /there is no fact "ageInYear"[\s\S]*ejection-fration/,
    );
  });
});
