// Model Context Protocol, the part that tools need: JSON-RPC in, JSON-RPC out. No sessions, no state; the transport is whoever
// calls (POST /mcp, or stdio in src/tools/mcp.ts).
import { type Tool, tools } from './tools.ts';

type Json = Record<string, unknown>;

export interface McpOptions {
  /** Calls a route of the service, with the trust of whoever is asking. */
  call: (path: string, body: Json | undefined) => Promise<Response>;
  uuid: () => string;
}

const versions = ['2025-06-18', '2025-03-26', '2024-11-05'];

const instructions =
  'Curbside checks orders and charts with published rules. Its cards are decisions of rules, not of a model: report them with their reasons, and what could not be checked with them. An answer without cards is no clearance.';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The answer to one message; undefined for a notification, which gets none. */
export async function answerMessage(message: unknown, options: McpOptions): Promise<Json | undefined> {
  if (!isObject(message) || message.jsonrpc !== '2.0' || typeof message.method !== 'string')
    return failure(isObject(message) ? (message.id ?? null) : null, -32600, 'Not a JSON-RPC 2.0 request.');
  const { id, method } = message;
  if (id === undefined || id === null) return undefined;
  const params = isObject(message.params) ? message.params : {};
  switch (method) {
    case 'initialize':
      return result(id, {
        protocolVersion: versions.includes(String(params.protocolVersion)) ? params.protocolVersion : versions[0],
        capabilities: { tools: {} },
        serverInfo: { name: 'curbside', title: 'Curbside', version: '0.1.0' },
        instructions,
      });
    case 'ping':
      return result(id, {});
    case 'tools/list':
      return result(id, {
        tools: tools.map(({ call: _, ...told }) => ({
          ...told,
          annotations: {
            title: told.title,
            readOnlyHint: true,
            destructiveHint: false,
            idempotentHint: true,
            openWorldHint: false,
          },
        })),
      });
    case 'tools/call': {
      const tool = tools.find(({ name }) => name === params.name);
      if (!tool) return failure(id, -32602, `There is no tool "${String(params.name).slice(0, 60)}".`);
      return result(id, await run(tool, isObject(params.arguments) ? params.arguments : {}, options));
    }
    default:
      return failure(id, -32601, `The method "${method.slice(0, 60)}" is not offered.`);
  }
}

async function run(tool: Tool, given: Json, { call, uuid }: McpOptions): Promise<Json> {
  const missing = (tool.inputSchema.required as string[]).filter((name) => given[name] === undefined);
  if (missing.length > 0) return told(`Missing: ${missing.join(', ')}.`, true);
  const { path, body } = tool.call(given, uuid);
  const response = await call(path, body);
  const text = await response.text();
  if (response.ok) return told(text, false);
  let words: string | undefined;
  try {
    words = (JSON.parse(text) as { issue?: { diagnostics?: string }[] }).issue
      ?.map(({ diagnostics }) => diagnostics)
      .join(' ');
  } catch {
    // Not an OperationOutcome: the status has to do.
  }
  return told(`${response.status}: ${words ?? 'refused'}`, true);
}

const told = (text: string, isError: boolean): Json => ({ content: [{ type: 'text', text }], isError });
const result = (id: unknown, held: Json): Json => ({ jsonrpc: '2.0', id, result: held });
const failure = (id: unknown, code: number, message: string): Json => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});
