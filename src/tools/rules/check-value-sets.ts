// Checks the value sets: members that a code can find, includes that exist, ids that are their file names.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ValueSet } from '../../terminology/types.ts';
import { isLoinc } from './check-card.ts';
import { type Problem, readJson, sayAbout } from './check-files.ts';
import { didYouMean } from './did-you-mean.ts';
import { filesBelow } from './read-folder.ts';
import type { Path } from './teach.ts';

const shape = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['drugs', 'conditions', 'observations', 'panels', 'allergens']),
  members: z.array(z.object({ system: z.string().optional(), code: z.string().optional(), display: z.string() })),
});

export function checkValueSets(folder: string, known: readonly ValueSet[]): Problem[] {
  const ids = new Set(known.map(({ id }) => id));
  return filesBelow(join(folder, 'value-sets'), '.json').flatMap((path) => {
    const problems: Problem[] = [];
    const text = readFileSync(path, 'utf8');
    const json = readJson(path, text, problems);
    if (json === undefined || Array.isArray(json)) return problems;
    const say = sayAbout(path, text, problems);
    const parsed = shape.safeParse(json);
    if (!parsed.success) {
      for (const { path: at, message } of parsed.error.issues)
        say(
          'error',
          at as Path,
          `"${at.join('.')}": ${message}`,
          '{ "id": "nsaids", "title": "NSAIDs", "kind": "drugs", "source": "…", "members": [{ "display": "ibuprofen" }] }',
        );
      return problems;
    }
    const { id, kind, members } = parsed.data;
    if (basename(path, '.json') !== id)
      say(
        'error',
        ['id'],
        `the file is called ${basename(path)}, the id is "${id}": they must be the same`,
        `"id": "${basename(path, '.json')}"`,
      );
    for (const [place, included] of ((json as ValueSet).includes ?? []).entries()) {
      if (!ids.has(included) && kind !== 'allergens')
        say(
          'error',
          ['includes', place],
          `no value set is called "${included}"${didYouMean(included, ids)}`,
          '"includes": ["nsaids"]',
        );
    }
    for (const [place, measured] of ((json as ValueSet).measures ?? []).entries()) {
      if (!known.some((set) => set.id === measured && set.kind === 'observations'))
        say(
          'error',
          ['measures', place],
          `no observation set is called "${measured}"${didYouMean(measured, ids)}`,
          '"measures": ["potassium", "creatinine"]',
        );
    }
    for (const [place, { system, code, display }] of members.entries()) {
      if (!code && (kind === 'observations' || kind === 'panels' || kind === 'conditions'))
        say(
          'error',
          ['members', place],
          `"${display}" has no code: nothing on a chart would be found by it`,
          kind !== 'conditions'
            ? '{ "system": "http://loinc.org", "code": "2823-3", "display": "Potassium" }'
            : '{ "system": "http://snomed.info/sct", "code": "84114007", "display": "Heart failure" }',
        );
      if (code && !system)
        say('error', ['members', place], `"${display}" has a code but no system`, '"system": "http://loinc.org"');
      if (system === 'http://loinc.org' && code && /^\d+-\d$/.test(code) && !isLoinc(code))
        say(
          'error',
          ['members', place, 'code'],
          `"${code}" is no LOINC code: its check digit is wrong`,
          '"code": "2823-3"',
        );
    }
    return problems;
  });
}
