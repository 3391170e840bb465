// POST /worklist: everybody whose encounter is in progress, the most urgent first. Each chart is opened and checked as at a hook;
// nothing is kept between two requests, so that a client that asks again sees what has arrived meanwhile.
import type { Resource } from '@medplum/fhirtypes';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { type WorklistAnswer, type WorklistEntry, worklistRequest } from './cds-hooks/worklist.ts';
import { readEncounter } from './chart/history.ts';
import { readChart } from './chart/read.ts';
import type { Chart, ChartPart, Encounter } from './chart/types.ts';
import { type Json, list, object, referenceOf, text } from './fhir/reading.ts';
import { fhirServer, trustedBase } from './fhir/server.ts';
import type { Finding } from './guards/check.ts';
import { Refused, refuse } from './outcome.ts';
import { check, type Engine, open, writing } from './service.ts';
import { isUnknown } from './unknown.ts';
import { byUrgency, worklistEntry } from './worklist/priority.ts';

const mostEncounters = 100;
const chartsAtOnce = 6;

/** What urgency needs of a chart: not the history of screening and vaccines. */
const wanted: { required: ChartPart[]; helpful: ChartPart[] } = {
  required: ['patient'],
  helpful: ['medications', 'allergies', 'problems', 'labs', 'vitals', 'surveys', 'encounters', 'serviceRequests'],
};

export interface Asked {
  fhirServer: string;
  fhirAuthorization?: HookRequest['fhirAuthorization'];
  userId?: string;
  classes?: string[];
}

export function readWorklistRequest(body: unknown): Asked {
  const parsed = worklistRequest.safeParse(body);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.map(String).join('.');
    return refuse({
      reason: 'malformed',
      what: `"${path || 'body'}" is missing or of the wrong type: a worklist is read from a "fhirServer", with "fhirAuthorization".`,
    });
  }
  const { fhirServer: url, fhirAuthorization, context, classes } = parsed.data;
  return {
    fhirServer: url,
    ...(fhirAuthorization && { fhirAuthorization }),
    ...(context?.userId && { userId: context.userId }),
    ...(classes && { classes }),
  };
}

interface Present extends Encounter {
  patientId: string;
  where?: string;
}

export async function worklist(asked: Asked, engine: Engine): Promise<WorklistAnswer> {
  const base = trustedBase(asked.fhirServer, engine.trustedFhirServers);
  if (!base)
    return refuse({
      reason: 'malformed',
      what: '"fhirServer" is not one of the FHIR servers this Curbside trusts (setting TRUSTED_FHIR_SERVERS).',
    });
  const server = fhirServer(
    { baseUrl: base, token: asked.fhirAuthorization?.access_token },
    AbortSignal.timeout(engine.chartDeadlineMs),
  );
  const found = await server.search(
    `Encounter?status=arrived,triaged,in-progress&_sort=-date&_count=${mostEncounters}`,
    mostEncounters + 1,
  );
  if (isUnknown(found)) return refuse({ reason: 'required_part_unavailable', part: 'encounters', why: found.unknown });

  const present = inProgress(found.slice(0, mostEncounters), asked.classes);
  const entries: WorklistEntry[] = [];
  const notRead: WorklistAnswer['notRead'] = [];
  await eachOf(present, chartsAtOnce, async (encounter) => {
    try {
      entries.push(await entryOf(encounter, asked, engine));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      notRead.push({
        encounter: encounter.reference,
        patient: `Patient/${encounter.patientId}`,
        reason:
          error.refusal.reason === 'required_part_unavailable' ? error.refusal.why : 'the chart could not be read',
      });
    }
  });
  return {
    checkedAt: engine.platform.now().toISOString(),
    entries: entries.sort(byUrgency),
    notRead,
    isComplete: found.length <= mostEncounters,
  };
}

async function entryOf(encounter: Present, asked: Asked, engine: Engine): Promise<WorklistEntry> {
  const request: HookRequest = {
    hook: 'encounter-start',
    hookInstance: 'none',
    context: {
      patientId: encounter.patientId,
      encounterId: encounter.reference.replace(/^Encounter\//, ''),
      ...(asked.userId && { userId: asked.userId }),
    },
    fhirServer: asked.fhirServer,
    ...(asked.fhirAuthorization && { fhirAuthorization: asked.fhirAuthorization }),
    prefetch: {},
    extension: {},
    rest: {},
  };
  const chart = await openOnceMore(request, engine);
  const findings = new Map<string, Finding>();
  for (const hook of ['encounter-start', 'patient-view'])
    for (const finding of (await check(chart, {}, hook, engine)).findings) findings.set(finding.rule.id, finding);
  const { smartLink: _, ...withoutLinks } = engine;
  return worklistEntry(
    chart,
    encounter,
    [...findings.values()],
    writing(chart, { title: 'Worklist', cardLimit: 3 }, 'encounter-start', withoutLinks),
  );
}

/** A part that decides urgency and did not come is asked for once more: one lost connection must not hide a pulse. */
async function openOnceMore(request: HookRequest, engine: Engine): Promise<Chart> {
  const read = async () => readChart(await open(request, wanted, engine), engine.knowledge().terminology);
  try {
    const chart = await read();
    return isUnknown(chart.vitals) || isUnknown(chart.labs) || isUnknown(chart.problems) ? await read() : chart;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return read();
  }
}

/** One encounter for each patient: of several the emergency or the stay, then the newest. */
function inProgress(resources: readonly Resource[], classes: readonly string[] | undefined): Present[] {
  const byPatient = new Map<string, Present>();
  for (const [place, resource] of resources.entries()) {
    if (resource.resourceType !== 'Encounter') continue;
    const entry = resource as unknown as Json;
    const patientId = referenceOf(entry.subject ?? entry.patient)?.replace(/^Patient\//, '');
    const encounter = readEncounter(resource, place, undefined);
    if (!patientId || !encounter || (classes && !classes.includes(encounter.class ?? ''))) continue;
    const where = text(object(list(entry.location).at(-1)?.location)?.display);
    const earlier = byPatient.get(patientId);
    if (!earlier || weight(encounter) > weight(earlier))
      byPatient.set(patientId, { ...encounter, patientId, ...(where && { where }) });
  }
  return [...byPatient.values()];
}

const weight = ({ class: kind, start }: Encounter): number =>
  (kind === 'EMER' ? 2e15 : kind === 'AMB' ? 0 : 1e15) + (start?.getTime() ?? 0);

/** Few at a time: an EHR that is asked for a hundred charts at once answers none. */
async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}
