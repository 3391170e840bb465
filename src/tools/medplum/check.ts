// npm run medplum:check: hooks, prefetch, SMART launch and write-back against a running Medplum; says what passed.
import type { MedplumClient } from '@medplum/core';
import type { ServiceRequest } from '@medplum/fhirtypes';
import { connect, curbsideUrl } from './connect.ts';
import { type DiscoveredService, identifierSystem } from './plan.ts';

type Json = Record<string, unknown>;

export interface CheckOptions {
  medplum: MedplumClient;
  curbside: string;
  fetch: typeof fetch;
  tell: (line: string) => void;
}

/** How many steps failed. */
export async function checkMedplum({ medplum, curbside, fetch, tell }: CheckOptions): Promise<number> {
  let failed = 0;
  const step = async (name: string, run: () => Promise<string | undefined>): Promise<void> => {
    const found = await run().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (found) failed += 1;
    tell(`${found ? '✗' : '✓'} ${name}${found ? `: ${found}` : ''}`);
  };
  const fhirServer = medplum.fhirUrl().toString();
  const authorized = { authorization: `Bearer ${medplum.getAccessToken()}` };
  const patient = await medplum.searchOne('Patient', { identifier: `${identifierSystem}|halloran` });
  const services = ((await (await fetch(`${curbside}/cds-services`)).json()) as { services: DiscoveredService[] })
    .services;

  await step('the invented patients are there', async () =>
    patient ? undefined : 'no patient "halloran": run npm run medplum:setup first',
  );
  if (!patient?.id) return failed;
  const read = async (template: string): Promise<Json> =>
    (await medplum.get(
      `${fhirServer.replace(/\/+$/, '')}/${template.replaceAll('{{context.patientId}}', patient.id!)}`,
    )) as Json;

  const templates = [...new Set(services.flatMap(({ prefetch = {} }) => Object.values(prefetch)))];
  for (const template of templates) {
    await step(`prefetch ${template}`, async () =>
      ['Bundle', 'Patient'].includes(String((await read(template)).resourceType))
        ? undefined
        : 'was not answered with a list',
    );
  }

  const service = services.find(({ hook }) => hook === 'patient-view');
  const call = async (given: Json): Promise<{ status: number; cards: unknown[] }> => {
    const answer = await fetch(`${curbside}/cds-services/${service!.id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        context: { userId: 'Practitioner/check', patientId: patient.id },
        ...given,
      }),
    });
    return {
      status: answer.status,
      cards: ((await answer.json()) as { cards?: { summary: string }[] }).cards?.map(({ summary }) => summary) ?? [],
    };
  };
  await step('a hook gives the same cards by prefetch and from Medplum', async () => {
    if (!service) return 'Curbside offers no patient-view';
    const prefetch: Json = {};
    for (const [key, template] of Object.entries(service.prefetch ?? {})) prefetch[key] = await read(template);
    const byPrefetch = await call({ prefetch });
    const byServer = await call({
      fhirServer,
      fhirAuthorization: {
        access_token: medplum.getAccessToken(),
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'user/*.rs',
        subject: 'curbside',
      },
    });
    if (byPrefetch.status !== 200 || byServer.status !== 200)
      return `answered ${byPrefetch.status} and ${byServer.status}: is ${fhirServer} among TRUSTED_FHIR_SERVERS?`;
    return JSON.stringify(byPrefetch.cards) === JSON.stringify(byServer.cards) ? undefined : 'the cards differ';
  });

  await step('SMART discovery offers an EHR launch with S256', async () => {
    const configuration = (await (
      await fetch(`${fhirServer.replace(/\/+$/, '')}/.well-known/smart-configuration`)
    ).json()) as Json;
    const methods = configuration.code_challenge_methods_supported;
    return Array.isArray(methods) && methods.includes('S256') ? undefined : 'S256 is not offered';
  });
  await step('a launch leads to the panel, with patient and server', async () => {
    const application = await medplum.searchOne('ClientApplication', { name: 'Curbside panel' });
    if (!application) return 'no client application: run npm run medplum:setup first';
    const answer = await fetch(
      `${fhirServer.replace(/\/+$/, '')}/ClientApplication/${application.id}/$smart-launch?patient=${patient.id}`,
      { headers: authorized, redirect: 'manual' },
    );
    const location = answer.headers.get('location') ?? '';
    return answer.status === 302 && location.startsWith(`${curbside}/smart/launch?`) && /[?&]launch=/.test(location)
      ? undefined
      : `answered ${answer.status}`;
  });
  await step('a draft order is written back and taken away again', async () => {
    const order = await medplum.createResource<ServiceRequest>({
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      subject: { reference: `Patient/${patient.id}` },
      code: { text: 'Curbside check' },
    });
    await medplum.deleteResource('ServiceRequest', order.id!);
    return undefined;
  });
  return failed;
}

if (import.meta.main) {
  try {
    const failed = await checkMedplum({
      medplum: await connect(process.env),
      curbside: curbsideUrl(process.env),
      fetch,
      tell: console.log,
    });
    console.log(failed ? `\n${failed} steps failed` : '\nEverything passed');
    process.exitCode = failed ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
