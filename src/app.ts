// The application: every route, on any platform. `node.ts` and `worker.ts` give it a Platform and serve it.
import { type Context, Hono, type Next } from 'hono';
import { auditRoutes } from './audit-route.ts';
import { calculate, describeCalculator } from './calculate.ts';
import { calculators } from './calculators/index.ts';
import { createCaller, requireRole } from './caller.ts';
import { inDialect } from './cards/dialect.ts';
import type { CdsResponse } from './cds-hooks/contract.ts';
import { discovery } from './cds-hooks/discovery.ts';
import { type HookRequest, readEnvelope } from './cds-hooks/envelope.ts';
import { readFeedback } from './cds-hooks/feedback.ts';
import { drugNaming } from './chart/unnamed-drugs.ts';
import { createCounts } from './console/counts.ts';
import { consoleRoutes } from './console/routes.ts';
import { consultRoute } from './consult-route.ts';
import { crossOrigin } from './cross-origin.ts';
import type { Json } from './fhir/reading.ts';
import { createGate } from './gate.ts';
import { kinds } from './guards/rule.ts';
import type { Knowledge } from './knowledge.ts';
import { legacyRoutes } from './legacy/routes.ts';
import { mcpRoute } from './mcp/route.ts';
import { openapi } from './openapi.ts';
import { outcomeOf, type Refusal, Refused, refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { qualityRoutes } from './quality-route.ts';
import { createQueue } from './queue.ts';
import { createReadiness } from './ready.ts';
import { createFingerprints } from './record/fingerprint.ts';
import { createLedger } from './record/ledger.ts';
import { feedbackOf, shownOf } from './record/ledger-event.ts';
import { createRecord } from './record/record.ts';
import { consulting, type RecordedVariables, recording } from './recording.ts';
import { createSandbox } from './sandbox/index.ts';
import type { SandboxPatient } from './sandbox/patients/story.ts';
import { answerHook, type Engine, type Service } from './service.ts';
import { SettingsError } from './settings.ts';
import { readEhrs } from './smart/registered.ts';
import { createSmart, type SmartOptions } from './smart/smart.ts';
import { createTiming, readTraceparent, traceparentOnward } from './timing.ts';
import { transparencyRoutes } from './transparency.ts';
import { trialsFor } from './trials-route.ts';
import { whatIf } from './what-if.ts';
import { shownCards } from './why.ts';
import { worklistRoute } from './worklist-route.ts';

export interface Wiring {
  platform: Platform;
  services: readonly Service[];
  knowledge: () => Knowledge;
  /** Where this server is reached: `http://127.0.0.1:8787`. */
  publicUrl: string;
  /** Where the sandbox EHR is reached, another site by design: `http://localhost:8787`. Absent when there is no sandbox. */
  sandboxUrl?: string;
  /** Who is in the sandbox beside its own people. */
  sandboxGuests?: readonly SandboxPatient[];
  registeredEhrs?: SmartOptions['registered'];
  /** Where the console's drafts go; absent where there is no folder. */
  saveDraft?: (id: string, text: string) => Promise<string>;
}

export interface App {
  fetch: (request: Request) => Response | Promise<Response>;
  /** `POST /cds-services/:id`: what is served, whether described or not. */
  routes: readonly string[];
  /** Finishes what was accepted. */
  close(): Promise<void>;
}

export function createApp({
  platform,
  services,
  knowledge,
  publicUrl,
  sandboxUrl,
  sandboxGuests = [],
  registeredEhrs = [],
  saveDraft,
}: Wiring): App {
  const sandboxFhir = sandboxUrl ? `${sandboxUrl}/fhir/R4` : undefined;
  const registered: SmartOptions['registered'] = [
    ...(sandboxFhir && sandboxUrl
      ? [{ iss: sandboxFhir, clientId: 'curbside-panel', frameAncestors: [sandboxUrl] }]
      : []),
    ...readEhrs(platform.settings.SMART_EHRS),
    ...registeredEhrs,
  ];
  const smart = createSmart(platform, { panelOrigin: publicUrl, registered });
  const record = createRecord(platform, smart.seal);
  const counts = createCounts(platform);
  const ledger =
    platform.ledger ?? createLedger(platform.sql, { now: platform.now, key: platform.settings.LEDGER_KEY });
  const engine: Engine = {
    platform,
    knowledge,
    trustedFhirServers: [...platform.settings.TRUSTED_FHIR_SERVERS, ...registered.map(({ iss }) => iss)],
    publicUrl,
    chartDeadlineMs: platform.settings.CHART_DEADLINE_MS,
    nameDrugs: drugNaming(platform, () => knowledge().terminology),
    consulting: counts.runsOf(consulting(ledger, platform)),
    smartLink: async ({ hook, uuid, patientId, drafts }) => ({
      url: `${publicUrl}/smart/launch`,
      appContext: await smart.seal.sealAppContext({
        hook,
        card: uuid,
        patientId,
        ...(drafts.length > 0 && { drafts: drafts as unknown as Record<string, unknown>[] }),
      }),
    }),
  };
  const prints = createFingerprints({ digest: platform.digest, key: platform.settings.LEDGER_KEY });
  const caller = createCaller(platform, publicUrl, smart.openSession);
  const { SERVICES_OFF } = platform.settings;
  const unheardKind = platform.settings.PROGRAMMES_OFF.find((kind) => !(kinds as readonly string[]).includes(kind));
  if (unheardKind)
    throw new SettingsError(
      `The setting PROGRAMMES_OFF names "${unheardKind}", which is no kind of rule: ${kinds.join(', ')}.`,
    );
  const unheardOf = SERVICES_OFF.find((id) => id !== 'worklist' && !services.some((service) => service.id === id));
  if (unheardOf)
    throw new SettingsError(
      `The setting SERVICES_OFF names "${unheardOf}", which is no service of ours: ${services.map(({ id }) => id).join(', ')}, worklist.`,
    );
  const gate = createGate(
    platform.settings,
    platform.soon && createQueue({ soon: platform.soon, elapsed: platform.elapsed }),
  );
  const app = new Hono<{ Variables: RecordedVariables }>();
  const recorded = recording(ledger, platform, () => knowledge().hash);
  const readiness = createReadiness(platform, ledger);

  app.use('*', (c, next) => {
    c.set('requestId', platform.uuid());
    const callersTrace = readTraceparent(c.req.header('traceparent'));
    c.set('timing', createTiming(platform, callersTrace));
    c.set('trace', callersTrace?.trace);
    return next();
  });
  app.onError((error, c) => {
    if (error instanceof Refused) {
      if (error.refusal.reason === 'not_recorded') readiness.noteRefusal();
      return answerRefusal(error.refusal);
    }
    platform.log({
      level: 'error',
      event: 'defect',
      ...traced(c),
      kind: error.name,
      at: ownFrames(error),
    });
    return answerRefusal({ reason: 'ours', requestId: c.get('requestId') });
  });
  app.notFound((c) => answerRefusal({ reason: 'unknown', what: `There is nothing at ${c.req.path.slice(0, 100)}.` }));

  const open = async (c: Context<{ Variables: RecordedVariables }>, next: Next) => {
    c.set('caller', await caller(c.req.raw));
    await next();
  };
  // `/*` matches the bare path as well.
  const anyOrigin = crossOrigin(platform.settings);
  for (const path of [
    '/cds-services/*',
    '/consult',
    '/summary',
    '/discharge-summary',
    '/ask',
    '/what-if',
    '/worklist',
    '/trials',
    '/calculators/*',
    '/why/*',
    '/hl7v2',
    '/ccda',
  ]) {
    app.use(path, anyOrigin, recorded, gate.middleware, open);
  }

  // These write their own records of what they gave; here it is about what they refused. A panel's reading is a record too.
  for (const path of ['/audit/*', '/quality', '/console/api/*', '/panel/session', '/panel/fhir/*', '/smart/*'])
    app.use(path, recorded);

  /** The body of a request as an envelope; a panel's session fills in the server, the token and whom it is about. */
  async function envelope(
    c: Context<{ Variables: RecordedVariables }>,
    isHook: boolean,
    given?: unknown,
  ): Promise<HookRequest> {
    const body = given ?? (await gate.json(c.req.raw));
    const { session } = c.get('caller');
    if (!session) return noted(c, readEnvelope(body, { isHook }));
    const sent = (body ?? {}) as Json;
    const context = (typeof sent.context === 'object' && sent.context !== null ? sent.context : {}) as Json;
    const request = readEnvelope(
      {
        ...sent,
        context: {
          userId: session.userId,
          ...(session.encounterId && { encounterId: session.encounterId }),
          patientId: session.patientId,
          ...context,
        },
        fhirServer: session.fhirServer,
        fhirAuthorization: {
          access_token: session.access_token,
          token_type: 'Bearer',
          expires_in: session.expires_in,
          scope: session.scope,
          subject: 'curbside-panel',
        },
      },
      { isHook },
    );
    noted(c, request);
    if (request.context.patientId !== session.patientId) refuse({ reason: 'wrong_patient' });
    return request;
  }
  function noted(c: Context<{ Variables: RecordedVariables }>, request: HookRequest): HookRequest {
    request.traceparent = traceparentOnward(readTraceparent(c.req.header('traceparent')));
    c.set('request', request);
    return request;
  }

  app.get('/cds-services', (c) => c.json(discovery(services.filter(({ id }) => !SERVICES_OFF.includes(id)))));

  app.post('/cds-services/:id', async (c) => {
    const id = c.req.param('id');
    const service = services.find((candidate) => candidate.id === id) ?? refuse({ reason: 'unknown_service', id });
    if (SERVICES_OFF.includes(id)) refuse({ reason: 'switched_off', id });
    const request = await envelope(c, true);
    if (!(service.hooks as string[]).includes(request.hook)) {
      refuse({
        reason: 'malformed',
        what: `The service "${id}" answers ${service.hooks.join(', ')}, not "${request.hook.slice(0, 60)}".`,
      });
    }
    const response = await answer(c, service, request);
    if (request.hook === 'patient-view') consults.prewarm(request);
    return c.json(response);
  });

  /** Answers a hook, however it came, and writes down what was shown. */
  async function answer(
    c: Context<{ Variables: RecordedVariables }>,
    service: Service,
    request: HookRequest,
  ): Promise<CdsResponse> {
    const { id } = service;
    const started = platform.elapsed();
    const answered = await answerHook(service, request, engine, c.get('timing')?.timed);
    const cards = shownCards(answered, service, request.hook, knowledge().hash);
    // A card whose request was not recorded is never shown, and must not count as ignored.
    c.set('onceRecorded', () => record.keepCards(cards));
    const what = /^\/(hl7v2|ccda)$/.exec(c.req.path)?.[1];
    c.set('happened', {
      kind: 'hook',
      ...(what && { what }),
      service: id,
      terminology: knowledge().terminologyHash,
      ...(await shownOf(cards, answered, c.get('requestId'), prints)),
      unknown: answered.guarded.undecided.length,
    });
    counts.hook({ service: id, hook: request.hook, ms: platform.elapsed() - started, guarded: answered.guarded });
    platform.log({
      level: 'info',
      event: 'hook',
      service: id,
      hook: request.hook,
      cards: answered.response.cards.length,
      rules: answered.guarded.checked,
      ms: Math.round(platform.elapsed() - started),
      ...traced(c),
    });
    return { ...answered.response, cards: inDialect(answered.response.cards, c.get('caller').client?.dialect) };
  }

  app.use('/mcp', recorded, gate.middleware);
  mcpRoute(app, { uuid: platform.uuid, json: gate.json });

  legacyRoutes(app, {
    services: services.filter(({ id }) => !SERVICES_OFF.includes(id)),
    uuid: platform.uuid,
    text: (c) => gate.text(c.req.raw),
    answer: (c, service, request) => answer(c, service, noted(c, request)),
  });

  app.post('/cds-services/:id/feedback', async (c) => {
    const id = c.req.param('id');
    if (!services.some((candidate) => candidate.id === id)) refuse({ reason: 'unknown_service', id });
    const feedback = readFeedback(await gate.json(c.req.raw), platform.now());
    await record.keepFeedback(id, feedback);
    c.set('happened', { kind: 'feedback', service: id, feedback: feedbackOf(feedback) });
    platform.log({
      level: 'info',
      event: 'feedback',
      service: id,
      entries: feedback.length,
      ...traced(c),
    });
    return c.json({});
  });

  app.get('/why/:uuid', async (c) => {
    const why = await record.why(c.req.param('uuid'));
    if (!why) return refuse({ reason: 'unknown', what: 'No card with this uuid was shown in the last seven days.' });
    const { session } = c.get('caller');
    if (session && session.patientId !== why.patientId) refuse({ reason: 'wrong_patient' });
    return c.json(why);
  });

  const consults = consultRoute(app, { engine, envelope, tenantOf: (c) => c.get('caller')?.client?.tenant });
  app.post('/what-if', async (c) =>
    c.json(await whatIf(await envelope(c, false), services, engine, c.get('timing')?.timed)),
  );
  app.post('/trials', async (c) =>
    c.json(await trialsFor(await envelope(c, false), engine, c.get('caller').client?.tenant)),
  );

  worklistRoute(app, { engine, isOff: SERVICES_OFF.includes('worklist'), json: gate.json });

  app.get('/calculators', (c) => c.json({ calculators: [...calculators.values()].map(describeCalculator) }));
  app.post('/calculators/:id', async (c) => {
    const body = await gate.json(c.req.raw);
    return c.json(await calculate(c.req.param('id'), body, engine, () => envelope(c, false, body)));
  });

  transparencyRoutes(app, { platform, services, knowledge });
  qualityRoutes(app, { platform, ledger, requireRole: requireRole(platform, caller) });
  consoleRoutes(app, {
    platform,
    record,
    counts,
    ledger,
    seal: smart.seal,
    knowledge,
    services,
    requireRole: requireRole(platform, caller),
    saveDraft,
  });
  auditRoutes(app, {
    ledger,
    platform,
    publicUrl,
    requireRole: requireRole(platform, caller),
    gate,
    replaying: { services, engine, prints, whyThen: record.why },
  });

  app.get('/openapi.json', (c) => c.json(openapi(publicUrl)));
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/ready', async (c) => {
    const why = await readiness.whyNot();
    if (why) return c.json({ status: 'not ready', why }, 503, { 'Retry-After': '3' });
    return c.json({ status: 'ready', rules: knowledge().ruleSet.rules.length, rulesHash: knowledge().hash });
  });

  for (const [path, allow] of [
    ['/cds-services', 'GET'],
    ['/cds-services/:id', 'POST'],
    ['/cds-services/:id/feedback', 'POST'],
    ['/consult', 'POST'],
    ['/summary', 'POST'],
    ['/discharge-summary', 'POST'],
    ['/ask', 'POST'],
    ['/what-if', 'POST'],
    ['/worklist', 'POST'],
    ['/trials', 'POST'],
    ['/calculators', 'GET'],
    ['/calculators/:id', 'POST'],
    ['/why/:uuid', 'GET'],
    ['/hl7v2', 'POST'],
    ['/ccda', 'POST'],
    ['/mcp', 'POST'],
  ] as const) {
    app.all(path, () => answerRefusal({ reason: 'wrong_method', allow }));
  }

  app.route('/', smart.routes);
  if (sandboxUrl) {
    app.route('/', createSandbox(platform, { ehrOrigin: sandboxUrl, panelOrigin: publicUrl }, sandboxGuests));
    app.get('/', (c) => c.redirect(`${sandboxUrl}/ehr/`));
  }

  return {
    fetch: (request) => app.fetch(request),
    // What is under ALL is in front of a route, or refuses its other methods.
    routes: app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
    async close() {
      await record.flush();
      await counts.flush();
      await ledger.close();
    },
  };
}

const traced = (c: Context<{ Variables: RecordedVariables }>) => ({
  requestId: c.get('requestId'),
  trace: c.get('trace'),
});

export function answerRefusal(refusal: Refusal): Response {
  const { status, headers, body } = outcomeOf(refusal);
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8', ...headers },
  });
}

/** Where in our code it went wrong, without the message: a message may hold what a client sent. */
const ownFrames = ({ stack = '' }: Error): string =>
  [...stack.matchAll(/\(?[^\s(]*?((?:src|hooks)\/[\w/.-]+:\d+)/g)]
    .slice(0, 3)
    .map(([, at]) => at)
    .join(' < ');
