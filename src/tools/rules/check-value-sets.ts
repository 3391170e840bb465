// Checks the value sets: members that a code can find, includes that exist, ids that are their file names.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { isUnknown } from '../../unknown.ts';
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

const systems: Record<string, string> = {
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  snomed: 'http://snomed.info/sct',
  icd: 'http://hl7.org/fhir/sid/icd-10-cm',
  loinc: 'http://loinc.org',
  atc: 'http://www.whocc.no/atc',
  cpt: 'http://www.ama-assn.org/go/cpt',
  ndfrt: 'http://hl7.org/fhir/ndfrt',
};

/** With a terminology the drugs that are known by name alone are looked up too. */
export function checkValueSets(folder: string, known: readonly ValueSet[], terminology?: Terminology): Problem[] {
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
    if (((json as ValueSet).includes ?? []).includes(id))
      say('error', ['includes'], `"${id}" includes itself`, '"includes": ["nsaids"]');
    const { limits } = json as ValueSet;
    if (limits && !(limits.low < limits.high))
      say(
        'error',
        ['limits'],
        `the lower limit ${limits.low} is not below the upper limit ${limits.high}: no value would be believed`,
        `"limits": { "low": ${limits.high}, "high": ${limits.low} }`,
      );
    for (const [place, { system, code, display }] of members.entries()) {
      if (system && !Object.values(systems).includes(system)) {
        const meant = Object.entries(systems).find(([name]) => system.toLowerCase().includes(name))?.[1];
        say(
          'error',
          ['members', place, 'system'],
          `"${system}" is no code system that a chart names${meant ? `, did you mean "${meant}"?` : ''}`,
          `"system": "${meant ?? systems.snomed}"`,
        );
      }
      if (system === systems.snomed && code && !isSnomed(code))
        say(
          'error',
          ['members', place, 'code'],
          `"${code}" is no SNOMED CT code: its check digit is wrong`,
          '"code": "84114007"',
        );
      if (kind === 'drugs' && !code && terminology && isUnknown(terminology.drug({ text: display })))
        say(
          'warning',
          ['members', place, 'display'],
          `no drug is called "${display}"${didYouMean(display, terminology.names.byToken.keys())}, so nothing on a chart would be found by it`,
          '{ "display": "ibuprofen" }, or with its RxNorm ingredient code',
        );
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

const times = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const turned = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** SNOMED CT identifiers end in a Verhoeff check digit: one wrong digit, or two changed places, are noticed. */
export function isSnomed(code: string): boolean {
  if (!/^[1-9]\d{5,17}$/.test(code)) return false;
  return (
    [...code]
      .reverse()
      .reduce((held, digit, place) => Number(times[held]![Number(turned[place % 8]![Number(digit)])]), 0) === 0
  );
}
