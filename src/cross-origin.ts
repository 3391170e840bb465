// Browser EHRs call from other origins: CORS on every answer and error, never with credentials, and what no JSON answer of ours
// should be without. Headers are set on the finished answer: Hono's own middleware sets them before, which makes it a stream.
import type { MiddlewareHandler } from 'hono';
import type { Settings } from './settings.ts';

export function crossOrigin({ SANDBOX, CORS_ORIGINS }: Pick<Settings, 'SANDBOX' | 'CORS_ORIGINS'>): MiddlewareHandler {
  const isOpen = SANDBOX === 'on' && CORS_ORIGINS.length === 0;
  const allowed = (origin: string | undefined): string | undefined =>
    isOpen ? '*' : origin !== undefined && CORS_ORIGINS.includes(origin) ? origin : undefined;
  return async (c, next) => {
    const origin = allowed(c.req.header('origin'));
    if (c.req.method === 'OPTIONS') {
      return new Response(null, {
        status: 204,
        headers: {
          ...(origin && {
            'Access-Control-Allow-Origin': origin,
            'Access-Control-Allow-Methods': 'GET,POST,OPTIONS',
            'Access-Control-Allow-Headers': 'authorization,content-type',
            'Access-Control-Max-Age': '600',
          }),
          Vary: 'Origin, Access-Control-Request-Headers',
        },
      });
    }
    await next();
    const { headers } = c.res;
    if (origin) headers.set('Access-Control-Allow-Origin', origin);
    if (!isOpen) headers.set('Vary', 'Origin');
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Cache-Control', 'no-store');
    return undefined;
  };
}
