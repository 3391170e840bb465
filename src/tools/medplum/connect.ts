// A signed-in MedplumClient from MEDPLUM_BASE_URL, MEDPLUM_CLIENT_ID and MEDPLUM_CLIENT_SECRET, or a sentence about what is missing.
import { MedplumClient } from '@medplum/core';

export async function connect(
  env: Record<string, string | undefined>,
  fetchWith: typeof fetch = fetch,
): Promise<MedplumClient> {
  const missing = ['MEDPLUM_BASE_URL', 'MEDPLUM_CLIENT_ID', 'MEDPLUM_CLIENT_SECRET'].filter((name) => !env[name]);
  if (missing.length > 0)
    throw new Error(
      `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not set: a client of your Medplum project with its secret, from Project > Clients.`,
    );
  const client = new MedplumClient({ baseUrl: env.MEDPLUM_BASE_URL!, fetch: fetchWith, cacheTime: 0 });
  await client.startClientLogin(env.MEDPLUM_CLIENT_ID!, env.MEDPLUM_CLIENT_SECRET!);
  return client;
}

export const curbsideUrl = (env: Record<string, string | undefined>): string =>
  (env.CURBSIDE_URL ?? 'http://127.0.0.1:8787').replace(/\/+$/, '');
