// npm run mcp: the tools over stdio, one JSON-RPC message a line, in front of a running Curbside.
// CURBSIDE_URL (http://127.0.0.1:8787), CURBSIDE_TOKEN where callers must be known.
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { answerMessage, type McpOptions } from '../mcp/server.ts';

export async function serveLines(input: Readable, output: Writable, options: McpOptions): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const line of createInterface({ input })) {
    if (!line.trim()) continue;
    const work = one(line, options)
      .then((answer) => void (answer && output.write(`${JSON.stringify(answer)}\n`)))
      .finally(() => running.delete(work));
    running.add(work);
  }
  await Promise.all(running);
}

async function one(line: string, options: McpOptions): Promise<object | undefined> {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Not JSON.' } };
  }
  return answerMessage(message, options).catch(() => ({
    jsonrpc: '2.0',
    id: (message as { id?: unknown }).id ?? null,
    error: { code: -32603, message: 'Curbside could not be reached.' },
  }));
}

if (import.meta.main) {
  const { CURBSIDE_URL = 'http://127.0.0.1:8787', CURBSIDE_TOKEN } = process.env;
  await serveLines(process.stdin, process.stdout, {
    uuid: () => crypto.randomUUID(),
    call: (path, body) =>
      fetch(`${CURBSIDE_URL.replace(/\/+$/, '')}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          ...(CURBSIDE_TOKEN && { authorization: `Bearer ${CURBSIDE_TOKEN}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      }),
  });
}
