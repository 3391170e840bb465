// What the sandbox EHR page asks of its own server: the worklist, launch handles, tokens; and the page itself.
// Only that page may ask: these routes make handles and tokens for a clinician who never signed in.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { Platform } from '../platform.ts';
import { FhirError, refuse } from './fhir/outcome.ts';
import type { SandboxOrigins } from './index.ts';
import { worklist } from './patients/index.ts';
import type { SandboxPatient } from './patients/story.ts';
import { secret } from './smart/grants.ts';
import type { createSmart } from './smart/server.ts';

const CDS_TOKEN_SECONDS = 300;
const EHR_TOKEN_SECONDS = 3600;
const USER = 'Practitioner/okafor';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const launchRequest = z.object({
  patient: id,
  encounter: id.optional(),
  intent: z.string().max(40).optional(),
  appContext: z.string().max(4096).optional(),
  needPatientBanner: z.boolean().optional(),
});
const tokenRequest = z.object({ patient: id.optional() });

export function createEhrApi(
  platform: Platform,
  { ehrOrigin, panelOrigin }: SandboxOrigins,
  { at, grants, tokens }: ReturnType<typeof createSmart>,
  guests: readonly SandboxPatient[] = [],
): Hono {
  const app = new Hono();
  app.onError((error) => refuse(error));

  app.use('/ehr/api/*', bodyLimit({ maxSize: 16 * 1024 }), async (c, next) => {
    if (!isOwnPage(c, ehrOrigin))
      throw new FhirError(403, 'forbidden', `Only the sandbox EHR page at ${ehrOrigin}/ehr/ may ask for this.`);
    await next();
    c.header('cache-control', 'no-store');
  });

  app.get('/ehr/api/config', (c) =>
    c.json({ ehrOrigin, panelOrigin, fhir: at.fhir, user: { reference: USER, display: 'Dr A. Okafor' } }),
  );
  app.get('/ehr/api/stories', (c) => c.json({ stories: worklist(platform.now(), guests) }));

  app.post('/ehr/api/launch', async (c) => {
    const { needPatientBanner = false, ...context } = await body(c, launchRequest);
    const messagingHandle = secret(() => platform.uuid());
    const launch = await grants.give('launch', { ...context, user: USER, needPatientBanner, messagingHandle });
    return c.json({ launch, iss: at.fhir, messagingHandle });
  });

  // A fhirAuthorization for a CDS Hooks request: read only, five minutes, bound to the patient when one is named.
  app.post('/ehr/api/cds-token', async (c) => {
    const { patient } = await body(c, tokenRequest);
    const scope = 'user/*.rs';
    const token = await tokens.issueAccess(
      { clientId: 'curbside-cds', subject: USER, scope, patient },
      CDS_TOKEN_SECONDS,
    );
    return c.json({
      access_token: token,
      token_type: 'Bearer',
      expires_in: CDS_TOKEN_SECONDS,
      scope,
      subject: 'curbside-cds',
      ...(patient ? { patient } : {}),
    });
  });

  // The page's own token: it reads charts and stores what was signed.
  app.post('/ehr/api/session', async (c) => {
    await body(c, z.object({}));
    const token = await tokens.issueAccess(
      { clientId: 'sandbox-ehr', subject: USER, scope: 'user/*.cruds' },
      EHR_TOKEN_SECONDS,
    );
    return c.json({ access_token: token, token_type: 'Bearer', expires_in: EHR_TOKEN_SECONDS });
  });

  app.all('/ehr/api/*', () => {
    throw new FhirError(404, 'not-found', 'The sandbox EHR offers nothing here.');
  });

  // SMART styling, read by launched apps from their own origin.
  app.get('/ehr/style.json', (c) => {
    c.header('access-control-allow-origin', '*');
    return c.json({
      color_background: '#f4f6f8',
      color_error: '#b3231b',
      color_highlight: '#0b5cad',
      color_modal_backdrop: '',
      color_success: '#1e7a45',
      color_text: '#14202b',
      dim_border_radius: '8px',
      dim_font_size: '14px',
      dim_spacing_size: '12px',
      font_family_body: 'system-ui, sans-serif',
      font_family_heading: 'system-ui, sans-serif',
    });
  });

  app.get('/ehr', (c) => c.redirect('/ehr/', 301));
  app.get('/ehr/*', async (c) => {
    const path = new URL(c.req.url).pathname.slice(1);
    const asset = await platform.asset(path.endsWith('/') ? `${path}index.html` : path);
    if (!asset)
      return c.text(path === 'ehr/' ? 'The sandbox EHR page is not built. Run "npm run build".' : 'Not found', 404);
    const headers = new Headers(asset.headers);
    for (const [name, value] of Object.entries(pageHeaders(panelOrigin))) headers.set(name, value);
    return new Response(asset.body, { status: asset.status, headers });
  });
  return app;
}

/**
 * Browsers send Origin with every POST, and with every cross-origin fetch. A GET from the page itself has none; it is enough
 * there that nothing says otherwise, as another site cannot read the answer (no CORS here).
 */
function isOwnPage(c: Context, ehrOrigin: string): boolean {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined ? c.req.method === 'GET' || c.req.method === 'HEAD' : origin === ehrOrigin;
}

async function body<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined));
  if (!parsed.success)
    throw new FhirError(
      400,
      'invalid',
      `The body is wrong at "${parsed.error.issues[0]?.path.join('.') || '(whole)'}".`,
    );
  return parsed.data;
}

const pageHeaders = (panelOrigin: string) => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${panelOrigin}`,
    "img-src 'self' data:",
    // The launch goes through our own authorize page on its way back to the app.
    `frame-src 'self' ${panelOrigin}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
});
