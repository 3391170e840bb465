// The sandbox's SMART authorization server (SMART App Launch 2.2, EHR launch): discovery, authorize, token, introspect, revoke,
// and the bearer check that stands before the FHIR server.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import type { Platform } from '../../platform.ts';
import { Access } from '../fhir/access.ts';
import { FhirError } from '../fhir/outcome.ts';
import { authorize } from './authorize.ts';
import { knownClients } from './clients.ts';
import { addresses, openidConfiguration, smartConfiguration } from './discovery.ts';
import { Grants } from './grants.ts';
import { exchange, tokenJson } from './token.ts';
import { type OpenToken, Tokens } from './tokens.ts';

export function createSmart(
  platform: Platform,
  { ehrOrigin, panelOrigin }: { ehrOrigin: string; panelOrigin: string },
) {
  const at = addresses(ehrOrigin);
  const grants = new Grants(platform);
  const tokens = new Tokens(platform, at.issuer, at.fhir);
  const clients = knownClients(panelOrigin);
  const app = new Hono();
  const open = cors({ origin: '*', allowHeaders: ['authorization', 'content-type', 'accept'], maxAge: 600 });
  const discovery = (body: () => object | Promise<object>) => async () => Response.json(await body());

  for (const path of [
    '/fhir/R4/.well-known/smart-configuration',
    '/.well-known/smart-configuration',
    '/.well-known/openid-configuration',
    '/.well-known/jwks.json',
  ])
    app.use(path, open);
  app.get(
    '/fhir/R4/.well-known/smart-configuration',
    discovery(() => smartConfiguration(at)),
  );
  app.get(
    '/.well-known/smart-configuration',
    discovery(() => smartConfiguration(at)),
  );
  app.get(
    '/.well-known/openid-configuration',
    discovery(() => openidConfiguration(at)),
  );
  app.get(
    '/.well-known/jwks.json',
    discovery(() => tokens.keySet()),
  );

  app.use(
    '/ehr/oauth/*',
    bodyLimit({
      maxSize: 64 * 1024,
      onError: () => tokenJson({ error: 'invalid_request', error_description: 'The request is too large.' }, 413),
    }),
  );
  const context = { clients, grants, fhir: at.fhir };
  app.get('/ehr/oauth/authorize', async (c) => await authorize(new URL(c.req.url).searchParams, context));
  app.post(
    '/ehr/oauth/authorize',
    async (c) => await authorize(new URLSearchParams(isForm(c) ? await c.req.text() : ''), context),
  );

  for (const path of ['/ehr/oauth/token', '/ehr/oauth/introspect', '/ehr/oauth/revoke']) app.use(path, open);
  const notForm = () =>
    tokenJson({ error: 'invalid_request', error_description: 'Send application/x-www-form-urlencoded.' }, 400);
  app.post('/ehr/oauth/token', async (c) =>
    isForm(c) ? await exchange(new URLSearchParams(await c.req.text()), { at, grants, tokens }) : notForm(),
  );

  // RFC 7662. All clients here are public, so the caller shows a token of its own and learns about tokens of its own client only.
  app.post('/ehr/oauth/introspect', async (c) => {
    const caller = await tokens.open(bearer(c.req.raw) ?? '');
    if (!caller) return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
    if (!isForm(c)) return notForm();
    const token = await tokens.open(new URLSearchParams(await c.req.text()).get('token') ?? '');
    return tokenJson(token && token.clientId === caller.clientId ? describe(token) : { active: false });
  });

  // RFC 7009: an unknown token is not an error.
  app.post('/ehr/oauth/revoke', async (c) => {
    if (!isForm(c)) return notForm();
    const form = new URLSearchParams(await c.req.text());
    if (!clients.has(form.get('client_id') ?? '')) return tokenJson({ error: 'invalid_client' }, 401);
    const token = await tokens.open(form.get('token') ?? '');
    if (token && token.clientId === form.get('client_id')) await tokens.revoke(token);
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });
  });

  function describe(token: OpenToken) {
    return {
      active: true,
      scope: token.scope,
      client_id: token.clientId,
      exp: token.expiresAt,
      iat: token.issuedAt,
      iss: at.issuer,
      sub: token.subject,
      fhirUser: `${at.fhir}/${token.subject}`,
      patient: token.patient,
      encounter: token.encounter,
    };
  }

  async function bearerCheck(request: Request): Promise<Access> {
    const token = bearer(request);
    const opened = token === undefined ? undefined : await tokens.open(token);
    if (!opened) {
      throw new FhirError(
        401,
        'login',
        'A bearer token of this sandbox is needed: launch an app from the chart, or see src/sandbox/README.md.',
        {
          'www-authenticate':
            token === undefined ? 'Bearer realm="sandbox"' : 'Bearer realm="sandbox", error="invalid_token"',
        },
      );
    }
    return new Access(opened.scope, opened.patient);
  }

  return { app, at, grants, tokens, bearerCheck };
}

const isForm = (c: Context) => /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '');

function bearer(request: Request): string | undefined {
  return /^Bearer +([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}
