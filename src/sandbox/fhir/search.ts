// One search from its query string to a searchset Bundle: filter, sort, page, include.
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Access } from './access.ts';
import { compile, type Test } from './match.ts';
import { FhirError } from './outcome.ts';
import { type Parameter, resultParameters, searchParameters } from './parameters.ts';
import type { Store } from './store.ts';
import { at, datesOf, referenceOf, stringsOf, tokensOf } from './values.ts';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 500;

interface Plan {
  tests: Test[];
  /** Patients the query names; the index answers for one of them, the tests still check. */
  patients: string[] | undefined;
  sort: { parameter: Parameter; descending: boolean }[];
  count: number;
  offset: number;
  isCountOnly: boolean;
  withTotal: boolean;
  includes: Parameter[];
  elements: string[] | undefined;
}

/** Answers `GET [type]?query`; throws FhirError for what it does not understand, because silence would look like "none". */
export function search(store: Store, type: string, query: URLSearchParams, access: Access, baseUrl: string): Bundle {
  const { query: whole, offset } = openPage(query);
  const plan = read(type, whole, offset);
  const confined = access.patientFor(type);
  const named = confined === undefined ? plan.patients : [confined];
  if (confined !== undefined && plan.patients?.some((patient) => patient !== confined)) {
    throw new FhirError(403, 'forbidden', 'This token is for another patient.');
  }
  const candidates = named === undefined ? store.list(type) : named.flatMap((patient) => store.list(type, patient));
  const matches = candidates.filter((resource) => plan.tests.every((test) => test(resource)));
  if (plan.sort.length > 0) matches.sort(bySort(plan.sort));
  const page = plan.isCountOnly ? [] : matches.slice(plan.offset, plan.offset + plan.count);
  const url = (resource: Resource) => `${baseUrl}/${resource.resourceType}/${resource.id}`;
  const entry =
    (mode: 'match' | 'include') =>
    (resource: Resource): BundleEntry => ({
      fullUrl: url(resource),
      resource: mode === 'match' ? only(resource, plan.elements) : resource,
      search: { mode },
    });
  const links = [{ relation: 'self', url: `${baseUrl}/${type}${whole.size > 0 ? `?${whole}` : ''}` }];
  const next = plan.offset + plan.count;
  if (!plan.isCountOnly && next < matches.length)
    links.push({ relation: 'next', url: `${baseUrl}/${type}?_page=${closePage(whole, next)}` });
  const entries = [...page.map(entry('match')), ...included(store, page, plan.includes, access).map(entry('include'))];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(plan.withTotal ? { total: matches.length } : {}),
    link: links,
    ...(entries.length > 0 ? { entry: entries } : {}),
  } as Bundle;
}

function parameterOf(type: string, name: string): (typeof searchParameters)[string][string] | undefined {
  const known = searchParameters[type]!;
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

function read(type: string, query: URLSearchParams, offset: number): Plan {
  const known = searchParameters[type]!;
  const plan: Plan = {
    tests: [],
    patients: undefined,
    sort: [],
    count: DEFAULT_PAGE,
    offset,
    isCountOnly: false,
    withTotal: true,
    includes: [],
    elements: undefined,
  };
  for (const [key, value] of query) {
    const [name = '', modifier] = key.split(':', 2);
    const parameter = parameterOf(type, name);
    if (parameter) {
      plan.tests.push(compile(name, parameter, modifier, value));
      if ((name === 'patient' || name === 'subject') && (modifier === undefined || modifier === 'Patient')) {
        const ids = value.split(',').map((one) => one.replace(/^.*Patient\//, ''));
        plan.patients = plan.patients ? plan.patients.filter((id) => ids.includes(id)) : [...new Set(ids)];
      }
      if (type === 'Patient' && name === '_id' && modifier === undefined)
        plan.patients = [...new Set(value.split(','))];
    } else if (modifier === undefined && resultParameters.includes(name)) {
      shape(plan, type, name, value);
    } else {
      throw new FhirError(
        400,
        'not-supported',
        `The search parameter "${key}" is not known for ${type}. Known: ${[...Object.keys(known), ...resultParameters.filter((one) => one !== '_page')].join(', ')}.`,
      );
    }
  }
  return plan;
}

function shape(plan: Plan, type: string, name: string, value: string): void {
  const bad = (expected: string) => new FhirError(400, 'value', `"${name}" ${expected}.`);
  switch (name) {
    case '_sort':
      for (const key of value.split(',')) {
        const parameter = parameterOf(type, key.replace(/^-/, ''));
        if (!parameter)
          throw bad(
            `cannot sort ${type} by "${key}"; it takes any search parameter of the type, "-" before it for descending`,
          );
        plan.sort.push({ parameter, descending: key.startsWith('-') });
      }
      return;
    case '_count':
      if (!/^\d{1,6}$/.test(value)) throw bad('must be a whole number from 0');
      if (Number(value) === 0) plan.isCountOnly = true;
      plan.count = Math.min(Number(value), LARGEST_PAGE);
      return;
    case '_summary':
      if (value !== 'count' && value !== 'false') throw bad('can be count or false here');
      plan.isCountOnly ||= value === 'count';
      return;
    case '_total':
      if (!['none', 'estimate', 'accurate'].includes(value)) throw bad('must be none, estimate or accurate');
      plan.withTotal = value !== 'none';
      return;
    case '_include': {
      const [source, parameterName = ''] = value.split(':');
      const parameter = parameterOf(type, parameterName);
      if (source !== type || parameter?.kind !== 'reference')
        throw bad(`must be ${type}: and one of its reference parameters, such as MedicationRequest:medication`);
      plan.includes.push(parameter);
      return;
    }
    case '_elements':
      plan.elements = value.split(',').filter(Boolean);
      return;
    case '_page':
      throw bad('comes only from a "next" link, and alone');
    case '_format':
      if (!/json/.test(value)) throw new FhirError(406, 'not-supported', 'Only JSON is served: application/fhir+json.');
  }
}

/** The place in a longer answer, sealed into one opaque value: no session is kept, any node can go on. */
function closePage(query: URLSearchParams, offset: number): string {
  return btoa(JSON.stringify([query.toString(), offset]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function openPage(query: URLSearchParams): { query: URLSearchParams; offset: number } {
  const page = query.get('_page');
  if (page === null || query.size !== 1) return { query, offset: 0 };
  try {
    const [text, offset] = JSON.parse(atob(page.replaceAll('-', '+').replaceAll('_', '/'))) as unknown[];
    if (typeof text === 'string' && Number.isSafeInteger(offset) && (offset as number) > 0)
      return { query: new URLSearchParams(text), offset: offset as number };
  } catch {
    // Falls through to the refusal below.
  }
  throw new FhirError(400, 'value', '"_page" comes only from a "next" link, unchanged.');
}

function bySort(keys: Plan['sort']) {
  const keyOf = (resource: Resource, { parameter, descending }: Plan['sort'][number]): string | number | undefined => {
    const found = parameter.paths.flatMap((path) => at(resource, path));
    if (parameter.kind === 'date') {
      const edges = found.flatMap(datesOf).map((range) => (Number.isFinite(range.low) ? range.low : range.high));
      return edges.length === 0 ? undefined : descending ? Math.max(...edges) : Math.min(...edges);
    }
    const words =
      parameter.kind === 'token'
        ? found.flatMap(tokensOf).map((token) => token.code ?? '')
        : found.flatMap(parameter.kind === 'string' ? stringsOf : referenceOf);
    return words[0];
  };
  return (a: Resource, b: Resource) => {
    for (const key of keys) {
      const [left, right] = [keyOf(a, key), keyOf(b, key)];
      if (left === right) continue;
      if (left === undefined) return 1;
      if (right === undefined) return -1;
      const order = left < right ? -1 : 1;
      return key.descending ? -order : order;
    }
    return 0;
  };
}

function included(store: Store, page: Resource[], includes: Parameter[], access: Access): Resource[] {
  const found = new Map<string, Resource>();
  for (const resource of page) {
    for (const reference of includes.flatMap((parameter) =>
      parameter.paths.flatMap((path) => at(resource, path).flatMap(referenceOf)),
    )) {
      const [type = '', id = ''] = reference.split('/').slice(-2);
      const other = store.read(type, id);
      if (other && access.mayRead(other)) found.set(`${type}/${id}`, other);
    }
  }
  return [...found.values()];
}

const ALWAYS = ['resourceType', 'id', 'meta', 'status', 'intent', 'subject', 'patient', 'code'];

function only(resource: Resource, elements: string[] | undefined): Resource {
  if (!elements) return resource;
  const kept = Object.fromEntries(
    Object.entries(resource).filter(([key]) => ALWAYS.includes(key) || elements.includes(key)),
  ) as unknown as Resource;
  const tag = [
    ...(resource.meta?.tag ?? []),
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' },
  ];
  return { ...kept, meta: { ...resource.meta, tag } } as Resource;
}
