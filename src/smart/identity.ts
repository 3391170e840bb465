// Who the panel is about: the strip that is always on screen, read from the EHR's FHIR server with the session's token.
import type { Platform } from '../platform.ts';
import type { RegisteredEhr } from './ehr.ts';
import { isOfPatient, type Resource, readResource, searchResources } from './fhir.ts';
import type { SessionContent } from './session.ts';

export interface Measured {
  name: string;
  value: number;
  unit: string;
  when?: string;
  reference: string;
  flag?: 'high' | 'low';
}

export interface Identity {
  patientId: string;
  name: string;
  sex: string;
  birthDate?: string;
  age?: string;
  mrn?: string;
  isDeceased: boolean;
  weight?: Measured;
  /** Latest kidney function, INR and potassium, for wide screens. */
  facts: Measured[];
  /** Absent when they could not be read; empty when nothing is recorded. */
  allergies?: { text: string; reaction?: string; isHighRisk: boolean }[];
  /** The chart says so outright, which is more than an empty list. */
  hasNoKnownAllergies: boolean;
  couldNotRead: string[];
}

const weightCode = '29463-7';
const factCodes: Record<string, string> = {
  '98979-8': 'eGFR',
  '33914-3': 'eGFR',
  '62238-1': 'eGFR',
  '6301-6': 'INR',
  '2823-3': 'K',
  '6298-4': 'K',
};

export async function readIdentity(platform: Platform, ehr: RegisteredEhr, session: SessionContent): Promise<Identity> {
  const search = (type: string, query: Record<string, string>) =>
    searchResources(platform, ehr, session, type, new URLSearchParams(query)).then(
      ({ resources }) => resources,
      (error) => {
        if ((error as { status?: number }).status === 401) throw error;
        return undefined;
      },
    );
  const [patient, allergies, weights, labs] = await Promise.all([
    readResource(platform, ehr, session, 'Patient', session.patient),
    search('AllergyIntolerance', {}),
    search('Observation', { code: weightCode, _sort: '-date', _count: '5' }),
    search('Observation', { code: Object.keys(factCodes).join(','), _sort: '-date', _count: '30' }),
  ]);
  if (!isOfPatient(patient, session)) throw Object.assign(new Error('another patient'), { status: 403 });
  const birthDate = typeof patient.birthDate === 'string' ? patient.birthDate : undefined;
  const facts: Measured[] = [];
  for (const observation of newestFirst(labs ?? [])) {
    const fact = measured(observation, nameOf(observation));
    if (fact && !facts.some(({ name }) => name === fact.name)) facts.push(fact);
  }
  return {
    patientId: session.patient,
    name: displayName(patient),
    sex: typeof patient.gender === 'string' ? patient.gender : 'unknown',
    birthDate,
    age: birthDate && ageText(birthDate, platform.now()),
    mrn: recordNumber(patient),
    isDeceased: patient.deceasedBoolean === true || typeof patient.deceasedDateTime === 'string',
    weight: newestFirst(weights ?? [])
      .map((one) => measured(one, 'Weight'))
      .find(Boolean),
    facts: facts.sort((a, b) => a.name.localeCompare(b.name)),
    allergies: allergies?.filter((one) => isCurrent(one) && !saysNone(one)).map(allergy),
    hasNoKnownAllergies: allergies?.some((one) => isCurrent(one) && saysNone(one)) ?? false,
    couldNotRead: [
      ...(allergies ? [] : ['allergies']),
      ...(weights ? [] : ['weight']),
      ...(labs ? [] : ['latest results']),
    ],
  };
}

type Named = { use?: string; family?: string; given?: string[]; text?: string };

function displayName(patient: Resource): string {
  const names = Array.isArray(patient.name) ? (patient.name as Named[]) : [];
  const name = names.find(({ use }) => use === 'official') ?? names.find(({ use }) => use === 'usual') ?? names[0];
  if (!name) return 'Name not recorded';
  const family = name.family?.replace(/\d+$/, '').toUpperCase();
  const given = name.given?.map((one) => one.replace(/\d+$/, '')).join(' ');
  return [family, given].filter(Boolean).join(', ') || name.text || 'Name not recorded';
}

function recordNumber(patient: Resource): string | undefined {
  const identifiers = Array.isArray(patient.identifier)
    ? (patient.identifier as { type?: { coding?: { code?: string }[] }; value?: string }[])
    : [];
  return identifiers.find(({ type }) => type?.coding?.some(({ code }) => code === 'MR'))?.value;
}

/** Years; below two years months, below two months days, as wards say it. Partial dates give years only. */
export function ageText(birthDate: string, now: Date): string | undefined {
  const [year, month = 0, day = 0] = birthDate.split('-').map(Number);
  if (!year) return undefined;
  if (!month) return `about ${now.getUTCFullYear() - year}`;
  const months =
    (now.getUTCFullYear() - year) * 12 + now.getUTCMonth() + 1 - month - (day && now.getUTCDate() < day ? 1 : 0);
  if (months < 0) return undefined;
  if (months >= 24) return String(Math.floor(months / 12));
  if (months >= 2 || !day) return `${months} mo`;
  return `${Math.max(0, Math.floor((now.getTime() - Date.UTC(year, month - 1, day)) / 86_400_000))} d`;
}

const codings = (concept: unknown) =>
  ((concept as { coding?: unknown[] } | undefined)?.coding ?? []) as { code?: string; display?: string }[];

const nameOf = (observation: Resource) =>
  codings(observation.code)
    .map(({ code }) => factCodes[code ?? ''])
    .find(Boolean) ?? '';

const timeOf = (observation: Resource) =>
  String(observation.effectiveDateTime ?? (observation.effectivePeriod as { start?: string })?.start ?? '');

const newestFirst = (observations: Resource[]) =>
  observations
    .filter(({ status }) => !['entered-in-error', 'cancelled', 'preliminary', 'registered'].includes(String(status)))
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)));

function measured(observation: Resource, name: string): Measured | undefined {
  const quantity = observation.valueQuantity as
    | { value?: number; unit?: string; code?: string; comparator?: string }
    | undefined;
  if (typeof quantity?.value !== 'number' || quantity.comparator || !name) return undefined;
  const range = (
    observation.referenceRange as { low?: { value?: number }; high?: { value?: number } }[] | undefined
  )?.[0];
  const flag =
    range?.high?.value !== undefined && quantity.value > range.high.value
      ? 'high'
      : range?.low?.value !== undefined && quantity.value < range.low.value
        ? 'low'
        : undefined;
  return {
    name,
    value: Number(quantity.value.toPrecision(4)),
    unit: quantity.unit ?? quantity.code ?? '',
    when: timeOf(observation) || undefined,
    reference: `Observation/${observation.id}`,
    flag,
  };
}

function isCurrent(allergy: Resource): boolean {
  const codes = [...codings(allergy.clinicalStatus), ...codings(allergy.verificationStatus)].map(({ code }) => code);
  return !codes.some((code) => ['inactive', 'resolved', 'entered-in-error', 'refuted'].includes(code ?? ''));
}

// SNOMED CT: no known allergy, no known drug allergy, and the older codes for the same.
const noneCodes = new Set(['716186003', '409137002', '428607008', '160244002', '429625007', '428197003']);
const saysNone = ({ code }: Resource) => codings(code).some((coding) => noneCodes.has(coding.code ?? ''));

function allergy(resource: Resource) {
  const text = (concept: unknown) =>
    (concept as { text?: string } | undefined)?.text ?? codings(concept).find(({ display }) => display)?.display;
  const reactions = Array.isArray(resource.reaction)
    ? (resource.reaction as { manifestation?: unknown[]; substance?: unknown }[])
    : [];
  return {
    text: text(resource.code) ?? text(reactions[0]?.substance) ?? 'Substance not recorded',
    reaction:
      reactions
        .flatMap(({ manifestation }) => manifestation ?? [])
        .map(text)
        .filter(Boolean)
        .join(', ') || undefined,
    isHighRisk: resource.criticality === 'high',
  };
}
