// POST /consult: the differential for a chart, one event a line.
import type { Context, Hono } from 'hono';
import type { HookRequest } from './cds-hooks/envelope.ts';
import type { ChartPart, ChartSource } from './chart/types.ts';
import { readChart } from './chart/read.ts';
import { memoryCache } from './consult/cache.ts';
import { buildPacket, type ConsultPorts, type ConsultRequest, seekConsult } from './consult/index.ts';
import { readConsent } from './consult/consent.ts';
import { differential, offeredConditions } from './consult/knowledge/differential.ts';
import { memoryBudget } from './consult/limits.ts';
import type { Chart } from './chart/types.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { check, type Engine, open, type Service } from './service.ts';
import { drugsNamed } from './terminology/named-drugs.ts';
import { isKnown } from './unknown.ts';

const required: ChartPart[] = ['patient'];
const helpful: ChartPart[] = ['medications', 'pastMedications', 'statements', 'allergies', 'problems', 'labs', 'vitals', 'surveys', 'socialHistory', 'encounters', 'procedures', 'consents', 'notes'];

// biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
type AnyApp = Hono<any>;

export function consultRoute(app: AnyApp, { engine, envelope }: { engine: Engine; services: readonly Service[]; envelope: (c: Context, isHook: boolean) => Promise<HookRequest> }): void {
  const { platform } = engine;
  const cache = memoryCache(() => platform.elapsed());
  const budget = memoryBudget();
  app.post('/consult', async (c) => {
    const request = await envelope(c, false);
    const { question, clinicianDifferential } = readRest(request);
    const source = await open(request, { required, helpful }, engine);
    const consult = consultRequest(source, { question, clinicianDifferential }, engine);
    return new Response(ndjson(seekConsult({ ...consult, cache, budget }, platform), platform), {
      headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' },
    });
  });
}

function readRest({ rest }: HookRequest): { question?: string; clinicianDifferential?: string[] } {
  const { question, clinicianDifferential } = rest;
  if (question !== undefined && question !== null && typeof question !== 'string') refuse({ reason: 'malformed', what: '"question" must be text.' });
  if (clinicianDifferential !== undefined && clinicianDifferential !== null && !(Array.isArray(clinicianDifferential) && clinicianDifferential.every((entry) => typeof entry === 'string'))) {
    refuse({ reason: 'malformed', what: '"clinicianDifferential" must be a list of text.' });
  }
  return { question: (question as string | null) ?? undefined, clinicianDifferential: (clinicianDifferential as string[] | null) ?? undefined };
}

/** What a consult is made of for one chart: the packet, the offline differential, and the guards over every proposed action. */
export function consultRequest(source: ChartSource, asked: { question?: string; clinicianDifferential?: string[] }, engine: Engine): ConsultRequest {
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
    knowledge: { ...found, offered: offeredConditions(knowledge), couldNotCheck: [...found.couldNotCheck, ...(found.note ? [found.note] : [])] },
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
      const guarded = await check(readChart({ ...source, drafts: [order], selections: [] }, terminology), {}, 'order-sign', engine);
      return guarded.findings
        .filter(({ tier, rule }) => tier.indicator !== 'info' && rule.status === 'active')
        .map(({ rule, tier }) => ({ ruleId: rule.id, summary: rule.title, indicator: tier.indicator }));
    },
  };
}

/** One event a line; a client that goes away ends the work. */
function ndjson(events: AsyncGenerator<unknown>, platform: Platform): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      } catch (error) {
        platform.log({ level: 'error', event: 'consult_failed', kind: error instanceof Error ? error.name : 'unknown' });
        controller.enqueue(encoder.encode(`${JSON.stringify({ type: 'failed', reason: 'A defect of ours ended the consult.' })}\n`));
        controller.close();
      }
    },
    async cancel() {
      await events.return(undefined);
    },
  });
}
