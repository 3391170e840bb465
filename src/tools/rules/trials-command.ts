// npm run rules -- trials <chart.json>: which trials a chart fits, criterion by criterion, from a Bundle or a recorded request.
import { readFileSync } from 'node:fs';
import type { TrialCriterion, TrialMatch } from '../../cds-hooks/contract.ts';
import { isRefusal, openChart } from '../../chart/open.ts';
import { readChart } from '../../chart/read.ts';
import { chartParts } from '../../chart/types.ts';
import { requestsOf } from '../../console/cohort-requests.ts';
import { assessTrials } from '../../trials/assess.ts';
import { openTrials } from '../../trials/trial.ts';
import type { Command } from '../rules.ts';
import { entriesOf } from './cohort.ts';
import { loadTerminology } from './load.ts';
import { checkTrials, selectTrials } from './trials.ts';

type Json = Record<string, unknown>;

export async function trialsCommand({ folder, args: [file, ...only], options, print }: Command): Promise<number> {
  if (!file) {
    print('Name a chart, a FHIR Bundle or a recorded request: npm run rules -- trials chart.json');
    return 2;
  }
  let json: Json;
  try {
    json = JSON.parse(readFileSync(file, 'utf8')) as Json;
  } catch (error) {
    print(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
    return 2;
  }
  const request = requestIn(json);
  if (!request) {
    print(`${file} holds neither a Bundle with a Patient nor a request with "context" and "prefetch".`);
    return 2;
  }
  const now = options['as-of'] ? new Date(options['as-of']) : new Date();
  const opened = await openChart({ ...request, now }, { required: [], helpful: chartParts });
  if (isRefusal(opened)) {
    print('The request holds another patient than its context names.');
    return 1;
  }
  const terminology = loadTerminology(folder);
  const { trials } = checkTrials(selectTrials(folder, only), { terminology, valueSets: [] }, now);
  const matches = await assessTrials(
    readChart(opened, terminology),
    openTrials(trials.map(({ trial }) => trial)),
    terminology,
  );
  if (options.json) print(JSON.stringify(matches, null, 2));
  else for (const match of matches) for (const line of shownMatch(match)) print(line);
  return 0;
}

function requestIn(json: Json): { context: Json; prefetch: Json } | undefined {
  if (typeof json.context === 'object' && json.context !== null)
    return { context: json.context as Json, prefetch: (json.prefetch ?? {}) as Json };
  const resources = entriesOf(json);
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
  if (typeof patient?.id !== 'string') return undefined;
  const medications = resources.filter(({ resourceType }) => resourceType === 'Medication');
  const { context, prefetch } = requestsOf({ id: patient.id, resources }, medications)[0]!;
  return { context, prefetch };
}

const marks = { met: '✓', 'not met': '✗', unknown: '?' } as const;

function shownMatch(match: TrialMatch): string[] {
  const { title, registration, recruitment, isExample, verdict, criteria, askInPerson } = match;
  const standing = [registration, isExample && 'example', recruitment === 'closed' && 'closed to recruitment'];
  return [
    `${verdict.toUpperCase()}  ${title} (${standing.filter(Boolean).join(', ')})`,
    ...(['inclusion', 'exclusion'] as const).flatMap((kind) => [
      `  ${kind}`,
      ...criteria.filter((one) => one.kind === kind).flatMap(shownCriterion),
    ]),
    ...(askInPerson.length ? ['  to ask in person', ...askInPerson.map((what) => `    - ${what}`)] : []),
    '',
  ];
}

const shownCriterion = ({ state, text, blocks, evidence, settledBy = [] }: TrialCriterion): string[] => [
  `    ${marks[state]} ${text}${blocks ? '  ← rules it out' : ''}`,
  ...evidence.map(
    (item) =>
      `        ${item.text}${item.when ? `, ${item.when.slice(0, 10)}` : ''}${item.reference ? `  [${item.reference}]` : ''}`,
  ),
  ...settledBy.map((what) => `        would be settled by: ${what.text}${what.loinc ? ` (LOINC ${what.loinc})` : ''}`),
];
