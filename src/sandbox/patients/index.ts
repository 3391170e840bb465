// The people of the sandbox. All invented. Who comes first on the worklist is computed from their charts, not written here.
import type { Organization, Patient, Practitioner, Resource } from '@medplum/fhirtypes';
import { abernathy } from './abernathy.ts';
import { ashdown } from './ashdown.ts';
import { bellweather } from './bellweather.ts';
import { brandvold } from './brandvold.ts';
import { castellanos } from './castellanos.ts';
import { HTEST } from './chart.ts';
import { corvin } from './corvin.ts';
import { delacroix } from './delacroix.ts';
import { drummond } from './drummond.ts';
import { everly } from './everly.ts';
import { ferreira } from './ferreira.ts';
import { halloran } from './halloran.ts';
import { lindqvist } from './lindqvist.ts';
import { marchetti } from './marchetti.ts';
import { nakamura } from './nakamura.ts';
import { okonjo } from './okonjo.ts';
import { ostrowski } from './ostrowski.ts';
import { pemberton } from './pemberton.ts';
import { quillfeather } from './quillfeather.ts';
import { solberg } from './solberg.ts';
import type { SandboxPatient, Story } from './story.ts';
import { thistlewood } from './thistlewood.ts';
import { tremaine } from './tremaine.ts';
import { vesper } from './vesper.ts';
import { winterbourne } from './winterbourne.ts';
import { yarrow } from './yarrow.ts';

export const patients: SandboxPatient[] = [
  halloran,
  castellanos,
  marchetti,
  okonjo,
  solberg,
  winterbourne,
  brandvold,
  ferreira,
  vesper,
  lindqvist,
  abernathy,
  nakamura,
  drummond,
  quillfeather,
  thistlewood,
  ostrowski,
  pemberton,
  everly,
  delacroix,
  tremaine,
  ashdown,
  corvin,
  yarrow,
  bellweather,
];

export const stories: Story[] = patients.map(({ story }) => story);

/** The stories with the name that stands on the chart. */
export function worklist(now: Date, guests: readonly SandboxPatient[] = []): (Story & { name: string })[] {
  const everybody = [...patients, ...guests];
  const names = new Map(
    everybody.map(({ story, build }) => [story.patientId, build(now).find(isPatient)?.name?.[0]?.text ?? '']),
  );
  return everybody.map(({ story }) => ({ ...story, name: names.get(story.patientId)! }));
}

const isPatient = (resource: Resource): resource is Patient => resource.resourceType === 'Patient';

/** Every chart as of `now`, with the people and places they mention. */
export function sandboxResources(now: Date): Resource[] {
  const okafor: Practitioner = {
    resourceType: 'Practitioner',
    id: 'okafor',
    meta: HTEST,
    active: true,
    identifier: [{ system: 'urn:curbside:sandbox:staff', value: 'SYN-STAFF-1' }],
    name: [{ family: 'Okafor', given: ['A.'], prefix: ['Dr'], text: 'Dr A. Okafor' }],
  };
  const hospital: Organization = {
    resourceType: 'Organization',
    id: 'sandbox-hospital',
    meta: HTEST,
    active: true,
    name: 'Sandbox General Hospital',
  };
  return [okafor, hospital, ...patients.flatMap((patient) => patient.build(now))];
}
