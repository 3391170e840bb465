// Where the model's answers come from: nowhere, a live endpoint of the settings, the honest stand-in, or a recording.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { startLyingModel } from '../../support/lying-model.ts';

export interface Endpoint {
  name: string;
  env: Record<string, string>;
  fetch?: typeof fetch;
  /** Bodies that left, where they can be seen. */
  received?: string[];
  close(): Promise<void>;
}

/** `off`, `live`, `honest`, or the path of a recording. */
export async function openEndpoint(wanted: string, recordTo?: string): Promise<Endpoint | undefined> {
  if (wanted === 'off') return undefined;
  if (wanted === 'honest') {
    const model = await startLyingModel({ honest: true });
    const env = { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: 'honest', MODEL_NOTES: 'on' };
    return { name: 'honest stand-in', env, received: model.received, close: () => model.close() };
  }
  const names = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'MODEL_NOTES'] as const;
  const settings = Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  if (wanted === 'live') {
    if (!isLive()) throw new Error('A live endpoint needs OPENAI_API_KEY or OPENAI_BASE_URL in the environment.');
    return {
      name: settings.OPENAI_MODEL ?? 'live',
      env: settings,
      ...(recordTo ? recorder(recordTo) : { close: async () => undefined }),
    };
  }
  if (!existsSync(wanted))
    throw new Error(`No recording "${wanted}". Make one with --endpoint live --record ${wanted}`);
  return {
    name: wanted,
    env: { OPENAI_BASE_URL: 'http://recorded.invalid/v1', OPENAI_MODEL: 'recorded' },
    ...player(wanted),
  };
}

export const isLive = (): boolean => Boolean(process.env.OPENAI_API_KEY || process.env.OPENAI_BASE_URL);

/** By what was asked and in which form, not by model or header, so that no secret is in the file. */
function keyOf(body: string): string {
  const { messages, tools, response_format: format } = JSON.parse(body) as Record<string, unknown>;
  return createHash('sha256')
    .update(JSON.stringify([messages, tools ?? null, format ?? null]))
    .digest('hex');
}

type Recording = Record<string, { status: number; body: string }>;

function recorder(path: string): Pick<Endpoint, 'fetch' | 'close'> {
  const kept: Recording = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Recording) : {};
  return {
    fetch: async (input, init) => {
      const asked = new Request(input, init);
      const sent = await asked.clone().text();
      const answer = await fetch(asked);
      const body = await answer.text();
      if (answer.ok) kept[keyOf(sent)] = { status: answer.status, body };
      return new Response(body, { status: answer.status, headers: { 'content-type': 'application/json' } });
    },
    close: async () => writeFileSync(path, JSON.stringify(kept, null, 1)),
  };
}

function player(path: string): Pick<Endpoint, 'fetch' | 'close'> {
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Recording;
  return {
    fetch: async (input, init) => {
      const found = kept[keyOf(await new Request(input, init).text())];
      return new Response(found?.body ?? '{"error":{"message":"not recorded"}}', {
        status: found?.status ?? 404,
        headers: { 'content-type': 'application/json' },
      });
    },
    close: async () => undefined,
  };
}
