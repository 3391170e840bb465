// POST /consult: the differential for a chart, one event a line.
import type { Context, Hono } from 'hono';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { readChart } from './chart/read.ts';
import type { Chart, ChartPart, ChartSource } from './chart/types.ts';
import { memoryCache } from './consult/cache.ts';
import { readConsent } from './consult/consent.ts';
import { buildPacket, type ConsultPorts, type ConsultRequest, prewarm, seekConsult } from './consult/index.ts';
import { differential, offeredConditions } from './consult/knowledge/differential.ts';
import { memoryBudget } from './consult/limits.ts';
import { retell, type Section, type Writing } from './consult/summary.ts';
import { isObject } from './fhir/reading.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { reconcile } from './reconcile.ts';
import { check, type Engine, open } from './service.ts';
import { drugsNamed } from './terminology/named-drugs.ts';
import { type Timed, untimed } from './timing.ts';
import { isKnown } from './unknown.ts';

const required: ChartPart[] = ['patient'];
const helpful: ChartPart[] = [
  'medications',
  'pastMedications',
  'statements',
  'allergies',
  'problems',
  'labs',
  'vitals',
  'surveys',
  'socialHistory',
  'encounters',
  'procedures',
  'consents',
  'notes',
];

// biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
type AnyApp = Hono<any>;

export interface ConsultWiring {
  engine: Engine;
  envelope: (c: Context, isHook: boolean) => Promise<HookRequest>;
  /** Whose day budget a caller's consults use. */
  tenantOf?: (c: Context) => string | undefined;
}

export interface Consults {
  /** Starts the model's work at chart opening, so that it is there when the panel opens. Nothing without a model. */
  prewarm(request: HookRequest): void;
}

export function consultRoute(app: AnyApp, { engine, envelope, tenantOf }: ConsultWiring): Consults {
  const { platform } = engine;
  const shared = { cache: memoryCache(() => platform.elapsed()), budget: memoryBudget() };
  const kept = (request: HookRequest) => engine.consulting?.(request) ?? { platform, record: async () => undefined };
  const policyFor = (tenant: string | undefined, request?: HookRequest) => ({
    notes: platform.settings.MODEL_NOTES === 'on',
    ...(tenant && { tenant }),
    ...(request && isModelOff(request) && { generative: false }),
  });

  app.post('/consult', async (c) => {
    const request = await envelope(c, false);
    const { question, clinicianDifferential } = readRest(request);
    const timed: Timed = c.get('timing')?.timed ?? untimed;
    const source = await timed('chart', () => open(request, { required, helpful }, engine));
    const consult = {
      ...(await timed('differential', async () => consultRequest(source, { question, clinicianDifferential }, engine))),
      ...shared,
      policy: policyFor(tenantOf?.(c), request),
      record: kept(request).record,
    };
    return new Response(ndjson(seekConsult(consult, kept(request).platform), platform), {
      headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' },
    });
  });

  /** A record summary or a discharge draft, and a question to the chart: sentences with the handles of what they rest on. */
  const tell = async (c: Context, writing: Writing, question?: string) => {
    const request = await envelope(c, false);
    const asked = writing === 'answer' ? readRest(request).question?.trim() : question;
    if (writing === 'answer' && !asked)
      refuse({ reason: 'malformed', what: '"question" is missing: what shall be looked up in the chart?' });
    const timed: Timed = c.get('timing')?.timed ?? untimed;
    const source = await timed('chart', () => open(request, { required, helpful }, engine));
    const { chart, packet, ports } = consultRequest(source, { question: asked }, engine);
    const policy = policyFor(tenantOf?.(c), request);
    const told = await timed('telling', () =>
      retell(
        writing,
        { chart, packet, ports, ...shared, policy, ...(asked && { question: asked }) },
        kept(request).platform,
      ),
    );
    // After the retelling: what the guards say of the list is nobody's to shorten.
    const sections =
      writing === 'discharge'
        ? withReconciliation(told.sections, await reconcile(source, packet, engine))
        : told.sections;
    return c.json({
      patientId: source.patientId,
      evidence: packet.facts.map(({ handle, text, reference }) => ({ handle, text, reference })),
      ...told,
      sections,
    });
  };
  app.post('/summary', (c) => tell(c, 'summary'));
  app.post('/discharge-summary', (c) => tell(c, 'discharge'));
  app.post('/ask', (c) => tell(c, 'answer'));

  return {
    prewarm(request) {
      if (!platform.settings.OPENAI_API_KEY && !platform.settings.OPENAI_BASE_URL) return;
      platform.waitUntil(
        open(request, { required, helpful }, engine).then((source) =>
          prewarm(
            { ...consultRequest(source, {}, engine), ...shared, policy: policyFor(undefined) },
            kept(request).platform,
          ),
        ),
      );
    },
  };
}

function withReconciliation(sections: readonly Section[], checked: Section): Section[] {
  const place = sections.findIndex(({ title }) => title.startsWith('Medications')) + 1;
  return [...sections.slice(0, place), checked, ...sections.slice(place)];
}

/** The clinician switched generated text off for this visit. */
export function isModelOff({ extension }: HookRequest): boolean {
  const wish = extension['org.curbside.consult'];
  return isObject(wish) && wish.model === 'off';
}

function readRest({ rest }: HookRequest): { question?: string; clinicianDifferential?: string[] } {
  const { question, clinicianDifferential } = rest;
  if (question !== undefined && question !== null && typeof question !== 'string')
    refuse({ reason: 'malformed', what: '"question" must be text.' });
  if (
    clinicianDifferential !== undefined &&
    clinicianDifferential !== null &&
    !(Array.isArray(clinicianDifferential) && clinicianDifferential.every((entry) => typeof entry === 'string'))
  ) {
    refuse({ reason: 'malformed', what: '"clinicianDifferential" must be a list of text.' });
  }
  return {
    question: (question as string | null) ?? undefined,
    clinicianDifferential: (clinicianDifferential as string[] | null) ?? undefined,
  };
}

/** What a consult is made of for one chart: the packet, the offline differential, and the guards over every proposed action. */
export function consultRequest(
  source: ChartSource,
  asked: { question?: string; clinicianDifferential?: string[] },
  engine: Engine,
): ConsultRequest {
  const { terminology, differential: knowledge, hash } = engine.knowledge();
  const chart = readChart(source, terminology);
  const consent = readConsent(source.parts.consents, source.now);
  const notes = consent.notes && isKnown(chart.notes) ? chart.notes : [];
  const packet = buildPacket(chart, { question: asked.question, notes });
  const found = differential({ chart, packet, question: asked.question, notes }, knowledge);
  return {
    chart,
    packet,
    ...asked,
    knowledge: {
      ...found,
      offered: offeredConditions(knowledge),
      couldNotCheck: [...found.couldNotCheck, ...(found.note ? [found.note] : [])],
    },
    passages: [...knowledge.guidelines.values()],
    ports: ports(chart, source, engine),
    rulesHash: hash,
  };
}

/** A drug a consult proposes is checked as if it were being ordered on this chart. */
function ports(chart: Chart, source: ChartSource, engine: Engine): ConsultPorts {
  const { terminology } = engine.knowledge();
  return {
    namedDrugs: (text) => drugsNamed(terminology, text),
    checkAction: async ({ kind, text, coding }) => {
      if (kind !== 'drug') return [];
      const order = {
        resourceType: 'MedicationRequest',
        id: 'proposed',
        status: 'draft',
        intent: 'proposal',
        subject: { reference: chart.patient.reference },
        medicationCodeableConcept: { ...(coding && { coding: [coding] }), text },
      } as unknown as ChartSource['drafts'][number];
      const guarded = await check(
        readChart({ ...source, drafts: [order], selections: [] }, terminology),
        {},
        'order-sign',
        engine,
      );
      return guarded.findings
        .filter(({ tier, rule }) => tier.indicator !== 'info' && rule.status === 'active')
        .map(({ rule, tier }) => ({ ruleId: rule.id, summary: rule.title, indicator: tier.indicator }));
    },
  };
}

/** One event a line; a client that goes away ends the work. */
function ndjson(events: AsyncGenerator<unknown>, platform: Platform): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let isLeft = false;
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (isLeft) return;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      } catch (error) {
        if (isLeft) return;
        platform.log({
          level: 'error',
          event: 'consult_failed',
          kind: error instanceof Error ? error.name : 'unknown',
        });
        controller.enqueue(
          encoder.encode(`${JSON.stringify({ type: 'failed', reason: 'A defect of ours ended the consult.' })}\n`),
        );
        controller.close();
      }
    },
    async cancel() {
      isLeft = true;
      await events.return(undefined);
    },
  });
}
