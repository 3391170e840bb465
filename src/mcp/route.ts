// POST /mcp: the tools over HTTP. Each call goes through the app's own door with the caller's own token, so that trust, limits
// and ledger are those of the route it calls. A token names this server (`aud`), not the address of one route.
import type { Hono } from 'hono';
import { answerMessage } from './server.ts';

interface McpRoute {
  uuid: () => string;
  json: (request: Request) => Promise<unknown>;
}

// biome-ignore lint/suspicious/noExplicitAny: any app of ours will do
export function mcpRoute(app: Hono<any>, { uuid, json }: McpRoute): void {
  app.post('/mcp', async (c) => {
    const { origin } = new URL(c.req.url);
    // No page of another site calls in the name of its visitor.
    const from = c.req.header('origin');
    if (from !== undefined && from !== origin)
      return c.json(
        { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'Not from a page of another origin.' } },
        403,
      );
    const authorization = c.req.header('authorization');
    const answer = await answerMessage(await json(c.req.raw), {
      uuid,
      call: async (path, body) =>
        app.fetch(
          new Request(`${origin}${path}`, {
            method: body ? 'POST' : 'GET',
            headers: { ...(authorization && { authorization }), ...(body && { 'content-type': 'application/json' }) },
            ...(body && { body: JSON.stringify(body) }),
          }),
        ),
    });
    return answer ? c.json(answer) : c.body(null, 202);
  });
}
