// The SMART side of Curbside: launch, session, and the panel's page. Our server is the SMART client and stores nothing.
import { Hono } from 'hono';
import type { Platform } from '../platform.ts';
import { fetchJson, findEhr, type RegisteredEhr } from './ehr.ts';
import { isOfPatient, mayRead, readResource, searchResources } from './fhir.ts';
import { readIdentity } from './identity.ts';
import { type LaunchOptions, launchRoutes, readTypes } from './launch.ts';
import { pageRoutes } from './page.ts';
import { createSeal, type Seal } from './seal.ts';
import { bearerOf, openSessionContent, type PanelSession, panelSession, type SessionContent } from './session.ts';

export type SmartOptions = LaunchOptions & { seal?: Seal };

export interface Smart {
  /** `/smart/launch`, `/smart/callback`, `/panel/session`, `/panel/fhir/…`, and the page under `/panel/`. */
  routes: Hono;
  seal: Seal;
  /** Whom a panel's bearer speaks for; undefined for anything that is not a living session of ours. */
  openSession(bearer: string): Promise<PanelSession | undefined>;
}

export function createSmart(platform: Platform, options: SmartOptions): Smart {
  const seal = options.seal ?? createSeal(platform);
  const routes = new Hono();
  routes.route('/', launchRoutes(platform, seal, options));
  routes.route('/', sessionRoutes(platform, seal, options.registered));
  routes.route('/', pageRoutes(platform, options.registered));
  return {
    routes,
    seal,
    async openSession(bearer) {
      const content = await openSessionContent(seal, bearer);
      return content && findEhr(options.registered, content.iss) ? panelSession(content, platform.now()) : undefined;
    },
  };
}

type Variables = { session: SessionContent; ehr: RegisteredEhr };

function sessionRoutes(platform: Platform, seal: Seal, registered: RegisteredEhr[]) {
  const app = new Hono<{ Variables: Variables }>();

  for (const path of ['/panel/session', '/panel/fhir/*']) {
    app.use(path, async (c, next) => {
      const session = await openSessionContent(seal, bearerOf(c.req.header('authorization')));
      const ehr = findEhr(registered, session?.iss);
      if (!session || !ehr) return outcome(401, 'login', 'The session has ended. Open Curbside again from the chart.');
      c.set('session', session);
      c.set('ehr', ehr);
      await next();
      c.header('Cache-Control', 'no-store');
      c.header('Curbside-Patient', session.patient);
    });
  }

  app.get('/panel/session', async (c) => {
    const { session, ehr } = c.var;
    try {
      const [identity, style, appContext] = await Promise.all([
        readIdentity(platform, ehr, session),
        readStyle(platform, ehr, session),
        session.appContext ? seal.openAppContext(session.appContext) : undefined,
      ]);
      const isForThisPatient = appContext?.patientId === undefined || appContext.patientId === session.patient;
      return c.json({
        patientId: session.patient,
        userId: session.user ?? '',
        encounterId: session.encounter,
        identity,
        notGranted: notGranted(session.scope),
        intent: session.intent,
        style,
        // Ours and about this patient, or nothing: a link copied from another chart must not bring its drafts along.
        appContext: isForThisPatient ? appContext : undefined,
        messaging:
          session.smart_web_messaging_handle && session.smart_web_messaging_origin
            ? { handle: session.smart_web_messaging_handle, origin: session.smart_web_messaging_origin }
            : undefined,
        expiresAt: new Date(session.expiresAt).toISOString(),
        serverTime: platform.now().toISOString(),
      });
    } catch (error) {
      return refusal(platform, error);
    }
  });

  app.get('/panel/fhir/:type/:id', async (c) => {
    const { session, ehr } = c.var;
    const { type, id } = c.req.param();
    if (!mayRead(type) || !/^[A-Za-z0-9.-]{1,64}$/.test(id))
      return outcome(404, 'not-found', 'The panel does not show this kind of resource.');
    try {
      const resource = await readResource(platform, ehr, session, type, id);
      if (resource.resourceType !== type || !isOfPatient(resource, session))
        return outcome(403, 'forbidden', 'This resource is not of the patient of this session.');
      return c.json(resource);
    } catch (error) {
      return refusal(platform, error);
    }
  });

  app.get('/panel/fhir/:type', async (c) => {
    const { session, ehr } = c.var;
    const { type } = c.req.param();
    const asked = new URL(c.req.url).searchParams;
    if (!mayRead(type) || type === 'Patient')
      return outcome(404, 'not-found', 'The panel does not search this kind of resource.');
    for (const name of ['patient', 'subject']) {
      const value = asked.get(name);
      if (value !== null && value.replace(/^Patient\//, '') !== session.patient)
        return outcome(403, 'forbidden', 'This session is for another patient.');
    }
    try {
      const { resources, isComplete } = await searchResources(platform, ehr, session, type, asked);
      return c.json({
        resourceType: 'Bundle',
        type: 'searchset',
        meta: isComplete ? undefined : { tag: [{ code: 'SUBSETTED' }] },
        entry: resources.map((resource) => ({ resource })),
      });
    } catch (error) {
      return refusal(platform, error);
    }
  });

  return app;
}

/** Types the launch did not grant: each becomes "could not check", never silence. */
function notGranted(scope: string): string[] {
  const granted = scope.split(/\s+/).map((one) => /^(?:patient|user)\/(\w+|\*)\.(?:[cud]*r|read|\*)/.exec(one)?.[1]);
  return granted.includes('*') ? [] : readTypes.filter((type) => !granted.includes(type));
}

/** `smart_style_url`: only from the EHR itself, and only the two things the page may take over. */
async function readStyle(platform: Platform, ehr: RegisteredEhr, session: SessionContent) {
  if (!session.smart_style_url || !URL.canParse(session.smart_style_url)) return undefined;
  try {
    const style = await fetchJson(platform, ehr, session.smart_style_url, { timeoutMs: 1500 });
    const text = (name: string, pattern: RegExp) =>
      typeof style[name] === 'string' && pattern.test(style[name]) ? style[name] : undefined;
    return {
      font: text('font_family_body', /^[\w "',-]{1,120}$/),
      highlight: text('color_highlight', /^#[0-9a-fA-F]{6}$/),
    };
  } catch {
    return undefined;
  }
}

function refusal(platform: Platform, error: unknown): Response {
  const { status } = error as { status?: number };
  platform.log({ level: 'warn', event: 'panel_read_failed', status: status ?? 0 });
  if (status === 401) return outcome(401, 'login', 'The session has ended. Open Curbside again from the chart.');
  if (status === 403) return outcome(403, 'forbidden', 'The EHR does not allow this to be read.');
  if (status === 404 || status === 410) return outcome(404, 'not-found', 'The EHR does not have this.');
  return outcome(502, 'transient', 'The chart could not be read from the EHR. Try again.');
}

function outcome(status: number, code: string, text: string): Response {
  const body = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics: text }] };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store' },
  });
}
