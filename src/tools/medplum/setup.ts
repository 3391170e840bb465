// npm run medplum:setup [-- --bots]: prepares a Medplum project for Curbside. A second run changes nothing.
// MEDPLUM_BASE_URL, MEDPLUM_CLIENT_ID, MEDPLUM_CLIENT_SECRET (a project admin's client), CURBSIDE_URL (http://127.0.0.1:8787),
// MEDPLUM_PRACTITIONER_EMAIL and MEDPLUM_PRACTITIONER_PASSWORD for a practitioner who can sign in.
import { createHash } from 'node:crypto';
import type { MedplumClient } from '@medplum/core';
import type { Bot, ClientApplication, Resource } from '@medplum/fhirtypes';
import { sandboxResources } from '../../sandbox/patients/index.ts';
import { connect, curbsideUrl } from './connect.ts';
import { asTransaction, type DiscoveredService, panelClient, relayBot, relayCode } from './plan.ts';

export interface SetupOptions {
  medplum: MedplumClient;
  curbside: string;
  resources: readonly Resource[];
  services: readonly DiscoveredService[];
  practitioner?: { email: string; password: string };
  withBots: boolean;
  tell: (line: string) => void;
}

export async function setup({
  medplum,
  curbside,
  resources,
  services,
  practitioner,
  withBots,
  tell,
}: SetupOptions): Promise<void> {
  const answered = await medplum.executeBatch(asTransaction(resources, uuidOf));
  const failed = (answered.entry ?? []).filter(({ response }) => !/^2/.test(response?.status ?? '200'));
  tell(`✓ ${resources.length - failed.length} resources of the invented patients`);
  for (const { response } of failed.slice(0, 5)) tell(`✗ one resource was refused: ${response?.status}`);

  const projectId = medplum.getProject()?.id;
  if (!projectId) throw new Error('Medplum did not say which project this client belongs to.');
  if (practitioner) {
    await medplum.invite(projectId, {
      resourceType: 'Practitioner',
      firstName: 'Robin',
      lastName: 'Curbside',
      email: practitioner.email,
      password: practitioner.password,
      sendEmail: false,
    });
    tell(`✓ practitioner ${practitioner.email}`);
  }

  const wanted = panelClient(curbside);
  const known = await medplum.searchOne('ClientApplication', { name: wanted.name });
  const application =
    known ??
    (await medplum.post<ClientApplication>(`admin/projects/${projectId}/client`, {
      name: wanted.name,
      description: wanted.description,
      redirectUri: wanted.redirectUris![0],
    }));
  await medplum.updateResource({ ...application, ...wanted } as ClientApplication);
  tell(`✓ client application ${application.id}: launch ${wanted.launchUri}`);
  tell(
    `  Start Curbside with TRUSTED_FHIR_SERVERS=${medplum.fhirUrl().toString().replace(/\/+$/, '')} and register this client id for it.`,
  );

  if (!withBots) return;
  for (const service of services) {
    const bot = relayBot(service);
    const held =
      (await medplum.searchOne('Bot', { name: bot.name })) ??
      (await medplum.post<Bot>(`admin/projects/${projectId}/bot`, {
        name: bot.name,
        description: service.description,
      }));
    await medplum.updateResource({ ...held, ...bot } as Bot);
    await medplum.post(medplum.fhirUrl('Bot', held.id!, '$deploy'), {
      code: relayCode(curbside, service.id),
      filename: 'relay.js',
    });
    tell(`✓ Bot ${bot.name}`);
  }
}

/** The same name gives the same uuid, on every run. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

if (import.meta.main) {
  try {
    const { env } = process;
    const curbside = curbsideUrl(env);
    const withBots = process.argv.includes('--bots');
    const medplum = await connect(env);
    const services = withBots
      ? ((await (await fetch(`${curbside}/cds-services`)).json()) as { services: DiscoveredService[] }).services
      : [];
    const { MEDPLUM_PRACTITIONER_EMAIL: email, MEDPLUM_PRACTITIONER_PASSWORD: password } = env;
    await setup({
      medplum,
      curbside,
      resources: sandboxResources(new Date()),
      services,
      withBots,
      ...(email && password && { practitioner: { email, password } }),
      tell: console.log,
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
