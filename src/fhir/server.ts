// The request's FHIR server, read-only: bearer token, one deadline over everything, and no step outside the trusted base
// (fhir-kit-client would follow a `next` link to any host with the token on it, so links are checked before they are followed).
import type { Resource } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { type Unknown, unknown } from '../unknown.ts';
import { isObject, type Json, list, text } from './reading.ts';

export interface FhirAccess {
  baseUrl: string;
  token?: string;
  /** W3C Trace Context: the EHR can then tell which of its calls a reading belongs to. */
  traceparent?: string;
}

export interface FhirServer {
  /** `Patient/123`, or a search. A search follows its pages, up to `wanted` resources where the newest are enough. */
  read(url: string): Promise<Resource | Unknown>;
  search(url: string, wanted?: number): Promise<Resource[] | Unknown>;
  /** The rest of a Bundle that came by prefetch. */
  follow(bundle: Json, wanted?: number): Promise<Resource[] | Unknown>;
}

const maxPages = 20;
const isOneResource = /^[A-Z][A-Za-z]+\/(?!\.{1,2}$)(?:[A-Za-z0-9._~-]|%7C|%3A){1,128}$/;

export const withoutTrailingSlash = (url: string): string => url.replace(/\/+$/, '');

/** The trusted base that `url` names exactly (one trailing slash aside), or undefined. Never a prefix, never another spelling. */
export function trustedBase(url: string, trusted: readonly string[]): string | undefined {
  return trusted.find((base) => withoutTrailingSlash(base) === withoutTrailingSlash(url));
}

export function fhirServer({ baseUrl, token, traceparent }: FhirAccess, signal: AbortSignal): FhirServer {
  const base = withoutTrailingSlash(baseUrl);
  const client = new Client({
    baseUrl: base,
    // A redirect would carry us out of the trusted base: it is an error, on every runtime.
    requestOptions: { redirect: 'manual' },
    customHeaders: { accept: 'application/fhir+json', ...(traceparent && { traceparent }) },
    ...(token ? { bearerToken: token } : {}),
  });

  async function get(url: string): Promise<Json | Unknown> {
    try {
      const answer: unknown = await client.request(url, { options: { signal } });
      if (!isObject(answer) || typeof answer.resourceType !== 'string')
        return unknown('the EHR answered with something that is not FHIR');
      if (answer.resourceType === 'OperationOutcome') return unknown('the EHR answered with an error');
      return answer;
    } catch (error) {
      return unknown(whyItFailed(error, signal));
    }
  }

  async function collect(first: Json, wanted: number): Promise<Resource[] | Unknown> {
    const found: Resource[] = [];
    const followed = new Set<string>();
    let bundle: Json | undefined = first;
    while (bundle) {
      const entries = readBundle(bundle);
      if ('unknown' in entries) return entries;
      found.push(...entries.resources);
      if (found.length >= wanted) break;
      const next = nextLink(bundle);
      if (!next) break;
      const url = insideBase(next, base);
      if (!url || followed.has(url) || followed.size >= maxPages)
        return unknown('the EHR gave a list whose next page could not be followed');
      followed.add(url);
      const page = await get(url);
      if ('unknown' in page) return page as unknown as Unknown;
      bundle = page as Json;
    }
    return found;
  }

  return {
    async read(url) {
      // An id that is a step up or a query would read something else than it says.
      if (!isOneResource.test(url)) return unknown('the EHR points to something that is no resource of its own');
      const answer = await get(url);
      return answer as unknown as Resource | Unknown;
    },
    async search(url, wanted = Number.POSITIVE_INFINITY) {
      const answer = await get(url);
      return isUnknownAnswer(answer) ? answer : collect(answer, wanted);
    },
    async follow(bundle, wanted = Number.POSITIVE_INFINITY) {
      return collect(bundle, wanted);
    },
  };
}

const isUnknownAnswer = (value: Json | Unknown): value is Unknown => !('resourceType' in value);

/** The resources of a searchset; an OperationOutcome entry that reports an error makes the whole list unknown. */
export function readBundle(bundle: unknown): { resources: Resource[] } | Unknown {
  if (!isObject(bundle) || bundle.resourceType !== 'Bundle') return unknown('the EHR sent something other than a list');
  const resources: Resource[] = [];
  for (const entry of list(bundle.entry)) {
    const resource = entry.resource;
    if (!isObject(resource) || typeof resource.resourceType !== 'string') continue;
    if (resource.resourceType === 'OperationOutcome') {
      if (list(resource.issue).some(({ severity }) => severity === 'error' || severity === 'fatal'))
        return unknown('the EHR could not give the list');
      continue;
    }
    resources.push(resource as unknown as Resource);
  }
  return { resources };
}

export function nextLink(bundle: Json): string | undefined {
  return text(list(bundle.link).find(({ relation }) => relation === 'next')?.url);
}

/** A link below the trusted base, made absolute; undefined for any other. */
export function insideBase(link: string, base: string): string | undefined {
  try {
    const url = new URL(link, `${base}/`);
    const root = new URL(`${base}/`);
    if (url.origin !== root.origin || url.username || url.password) return undefined;
    const isBelow = url.pathname.startsWith(root.pathname) || url.pathname === root.pathname.replace(/\/$/, '');
    return isBelow ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function whyItFailed(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'the EHR did not answer in time';
  const status = isObject(error) && isObject(error.response) ? error.response.status : undefined;
  if (status === 401 || status === 403) return 'the EHR refused access';
  if (status === 404 || status === 410) return 'the EHR does not have it';
  if (typeof status === 'number' && status >= 300 && status < 400) return 'the EHR redirected the request elsewhere';
  if (typeof status === 'number') return `the EHR answered with status ${status}`;
  return 'the EHR could not be reached';
}
