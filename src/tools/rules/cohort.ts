// A cohort as a stream of patients: a folder of FHIR Bundles, of Bulk FHIR NDJSON, or the sandbox's people. Resources are dealt
// into temporary files by patient, so that memory holds one file at a time however large the cohort is.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  type WriteStream,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CohortPatient } from '../../console/cohort-requests.ts';
import { sandboxResources } from '../../sandbox/patients/index.ts';
import { filesBelow } from './read-folder.ts';

type Json = Record<string, unknown>;

export interface Partitions {
  paths: string[];
  /** Resources that belong to nobody and are pointed to: Medication. */
  shared: string;
  patients: number;
  resources: number;
  /** Lines and resources that could not be placed, by reason. */
  skipped: Record<string, number>;
}

const partitionBytes = 12_000_000;

export interface CohortFile {
  path: string;
  bytes: number;
}

export function cohortFiles(folder: string): CohortFile[] {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  const files = [...filesBelow(folder, '.ndjson'), ...filesBelow(folder, '.json')].filter(
    (path) => !/^(hospital|practitioner)Information/i.test(basename(path)),
  );
  if (files.length === 0) throw new Error(`${folder} holds neither .ndjson nor .json files.`);
  return files.map((path) => ({ path, bytes: statSync(path).size }));
}

export const fingerprintOf = (files: readonly CohortFile[]): string =>
  createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);

/** Deals a cohort's resources into files below `into`. `onBytes` is told how far it is. */
export async function partition(
  files: readonly CohortFile[] | undefined,
  into: string,
  now: Date,
  onBytes: (bytes: number) => void = () => {},
): Promise<Partitions> {
  mkdirSync(into, { recursive: true });
  const done = join(into, 'done.json');
  if (existsSync(done)) return JSON.parse(readFileSync(done, 'utf8')) as Partitions;
  const total = files?.reduce((sum, { bytes }) => sum + bytes, 0) ?? 1;
  const count = Math.max(4, Math.min(400, Math.ceil(total / partitionBytes)));
  const paths = Array.from({ length: count }, (_, place) => join(into, `part-${String(place).padStart(3, '0')}.tsv`));
  const streams = paths.map((path) => createWriteStream(path));
  const shared = join(into, 'shared.ndjson');
  const sharedStream = createWriteStream(shared);
  const patients = new Set<string>();
  const result: Partitions = { paths, shared, patients: 0, resources: 0, skipped: {} };
  const skip = (why: string): void => {
    result.skipped[why] = (result.skipped[why] ?? 0) + 1;
  };

  async function place(resource: Json, line?: string): Promise<void> {
    const type = resource.resourceType;
    if (typeof type !== 'string') {
      skip('no resourceType');
      return;
    }
    if (type === 'Medication') {
      await write(sharedStream, `${line ?? JSON.stringify(resource)}\n`);
      return;
    }
    const patient = patientOf(resource);
    if (patient === undefined) {
      skip(`${type} of no patient`);
      return;
    }
    if (type === 'Patient') patients.add(patient);
    result.resources += 1;
    await write(streams[hash(patient) % count]!, `${patient}\t${line ?? JSON.stringify(resource)}\n`);
  }

  for (const { path, bytes } of files ?? []) {
    if (path.endsWith('.ndjson')) {
      for await (const line of createInterface({
        input: createReadStream(path),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        onBytes(line.length + 1);
        if (!line.trim()) continue;
        const resource = parse(line);
        if (resource) await place(resource, line);
        else skip('a line that is not JSON');
      }
    } else {
      onBytes(bytes);
      const json = parse(readFileSync(path, 'utf8'));
      if (!json) skip('a file that is not JSON');
      else for (const resource of entriesOf(json)) await place(resource);
    }
  }
  if (!files) for (const resource of sandboxResources(now)) await place(resource as unknown as Json);

  for (const stream of [...streams, sharedStream]) {
    stream.end();
    await once(stream, 'close');
  }
  result.patients = patients.size;
  writeFileSync(done, JSON.stringify(result));
  return result;
}

async function write(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

const parse = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** The resources of a Bundle, its `urn:uuid` pointers turned into ids; a file with one resource is that resource. */
export function entriesOf(json: Json): Json[] {
  if (json.resourceType !== 'Bundle') return [json];
  const entries = (Array.isArray(json.entry) ? json.entry : []) as { fullUrl?: string; resource?: Json }[];
  const ids = new Map<string, string>();
  for (const { fullUrl, resource } of entries)
    if (fullUrl?.startsWith('urn:') && resource?.id) ids.set(fullUrl, `${resource.resourceType}/${resource.id}`);
  const resources = entries.flatMap(({ resource }) => (resource ? [resource] : []));
  if (ids.size === 0) return resources;
  return resources.map(
    (resource) =>
      JSON.parse(
        JSON.stringify(resource).replace(/"(urn:[^"]+)"/g, (whole, urn: string) =>
          ids.has(urn) ? `"${ids.get(urn)}"` : whole,
        ),
      ) as Json,
  );
}

/** The patient to whom a resource belongs. */
function patientOf(resource: Json): string | undefined {
  if (resource.resourceType === 'Patient') return typeof resource.id === 'string' ? resource.id : undefined;
  const { subject, patient, beneficiary, participant } = resource as Record<string, { reference?: string } | undefined>;
  const actors = Array.isArray(participant)
    ? (participant as { actor?: { reference?: string } }[]).map(({ actor }) => actor?.reference)
    : [];
  for (const reference of [subject?.reference, patient?.reference, beneficiary?.reference, ...actors]) {
    const found = /(?:^|\/)Patient\/([A-Za-z0-9.-]+)(?:\/_history\/.*)?$/.exec(reference ?? '');
    if (found) return found[1];
  }
  return undefined;
}

/** FNV-1a: the same patient lands in the same file on every run. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) value = Math.imul(value ^ text.charCodeAt(place), 0x01000193) >>> 0;
  return value;
}

/** The patients of one partition, in the order in which they first appear. */
export function readPartition(path: string): CohortPatient[] {
  const patients = new Map<string, Json[]>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const id = line.slice(0, tab);
    const resources = patients.get(id) ?? [];
    patients.set(id, resources);
    resources.push(JSON.parse(line.slice(tab + 1)) as Json);
  }
  return [...patients]
    .map(([id, resources]) => ({ id, resources }))
    .filter(({ resources }) => resources.some(({ resourceType }) => resourceType === 'Patient'));
}
