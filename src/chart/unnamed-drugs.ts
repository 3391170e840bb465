// Drugs whose codes the table lacks, named by a terminology server where one is configured. The chart never waits for it longer
// than TERMINOLOGY_DEADLINE_MS; what comes later is there for the next request.
import type { Resource } from '@medplum/fhirtypes';
import { concept, isObject, type Json, list } from '../fhir/reading.ts';
import type { Platform } from '../platform.ts';
import { createRxnav, isAskable } from '../terminology/rxnav.ts';
import type { Terminology } from '../terminology/terminology.ts';
import type { Concept } from '../terminology/types.ts';
import { isUnknown } from '../unknown.ts';
import type { ChartSource } from './types.ts';

/** At most so many codes of one chart are asked about: a list nobody can name is not a reason to flood a server. */
const mostCodes = 10;
/** A late answer is still worth having, for the next request. */
const lateMs = 5000;

const partsWithDrugs = ['medications', 'pastMedications', 'statements'] as const;

/** Undefined when no server is configured. */
export function drugNaming(
  platform: Platform,
  terminology: () => Terminology,
): ((source: ChartSource) => Promise<ChartSource>) | undefined {
  const { TERMINOLOGY_URL: baseUrl, TERMINOLOGY_DEADLINE_MS: deadlineMs } = platform.settings;
  if (!baseUrl) return undefined;
  const server = createRxnav({
    fetch: platform.fetch,
    now: platform.now,
    baseUrl,
    timeoutMs: lateMs,
    onTrouble: (why) => platform.log({ level: 'warn', event: 'terminology_unavailable', why }),
  });

  return async (source) => {
    const unnamed = [...new Set(conceptsOf(source))]
      .flatMap((json) => {
        const read = concept(json);
        return read && isAskable(read) && isUnknown(terminology().drug(read)) ? [{ json, read }] : [];
      })
      .slice(0, mostCodes);
    if (unnamed.length === 0) return source;
    const named = new Map<Json, Concept>();
    const asked = Promise.all(
      unnamed.map(async ({ json, read }) => {
        const explained = await server.explain(read);
        if (explained) named.set(json, explained);
      }),
    );
    platform.waitUntil(asked);
    await within(asked, deadlineMs);
    return named.size === 0 ? source : withNames(source, new Map(named));
  };
}

async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** Every CodeableConcept that names a drug: on orders, in what they contain, on the Medications they point to. */
function* conceptsOf({ drafts, parts, referenced }: ChartSource): Generator<Json> {
  const held = partsWithDrugs.flatMap((part) => {
    const resources = parts[part];
    return resources && !isUnknown(resources) ? resources : [];
  });
  for (const resource of [...drafts, ...referenced.values(), ...held]) {
    const json = resource as unknown as Json;
    const medication = isObject(json.medication) ? json.medication.concept : undefined;
    const own = resource.resourceType === 'Medication' ? json.code : undefined;
    for (const found of [
      json.medicationCodeableConcept,
      medication,
      own,
      ...list(json.contained).map(({ code }) => code),
    ])
      if (isObject(found)) yield found;
  }
}

/** The source with the named concepts in place of the others; resources without one stay the same objects. */
function withNames(source: ChartSource, named: ReadonlyMap<Json, Concept>): ChartSource {
  const replaced = (value: unknown): unknown => (isObject(value) && named.has(value) ? named.get(value) : value);
  const renamed = (resource: Resource): Resource => {
    const json = resource as unknown as Json;
    const copy: Json = { ...json };
    if (json.medicationCodeableConcept) copy.medicationCodeableConcept = replaced(json.medicationCodeableConcept);
    if (resource.resourceType === 'Medication') copy.code = replaced(json.code);
    if (isObject(json.medication)) copy.medication = { ...json.medication, concept: replaced(json.medication.concept) };
    if (Array.isArray(json.contained))
      copy.contained = json.contained.map((entry) =>
        isObject(entry) ? { ...entry, code: replaced(entry.code) } : entry,
      );
    return copy as unknown as Resource;
  };
  const concerns = (resource: Resource): boolean =>
    [...conceptsOf({ ...source, drafts: [resource], parts: {}, referenced: new Map() })].some((json) =>
      named.has(json),
    );
  const all = (resources: Resource[]): Resource[] =>
    resources.map((resource) => (concerns(resource) ? renamed(resource) : resource));
  const parts = { ...source.parts };
  for (const part of partsWithDrugs) {
    const held = parts[part];
    if (held && !isUnknown(held)) parts[part] = all(held);
  }
  return {
    ...source,
    parts,
    drafts: all(source.drafts),
    referenced: new Map(
      [...source.referenced].map(([key, resource]) => [key, concerns(resource) ? renamed(resource) : resource]),
    ),
  };
}
