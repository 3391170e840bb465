// A CDS service, and how it answers: the four steps, in the order in which a curbside consult goes.
import { type ChartRefusal, isRefusal, openChart, type PartsWanted } from './chart/open.ts';
import { readChart } from './chart/read.ts';
import type { Chart, ChartSource } from './chart/types.ts';
import { offeredFixes } from './cards/fixes.ts';
import { withoutRepeats } from './cards/repeats.ts';
import { writeCards, type WritingContext, type Written } from './cards/write.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import type { RunRecord } from './consult/request.ts';
import { type CdsResponse, responseExtensionKey } from './cds-hooks/contract.ts';
import { fhirServer, trustedBase } from './fhir/server.ts';
import { checkGuards, type Guarded } from './guards/check.ts';
import type { Rule } from './guards/rule.ts';
import type { HookName } from './guards/rule-set.ts';
import type { Knowledge } from './knowledge.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { shownGap } from './cards/gaps.ts';

export interface Service extends PartsWanted {
  id: string;
  hooks: HookName[];
  title: string;
  description: string;
  usageRequirements?: string;
  /** Which kinds of rules speak here; all kinds when left out. */
  kinds?: Rule['kind'][];
  cardLimit: number;
}

export const defineService = (service: Service): Service => service;

/** What answering takes, wired once at the start. */
export interface Engine {
  platform: Platform;
  /** The rule set in force; a reload replaces it between requests. */
  knowledge(): Knowledge;
  trustedFhirServers: readonly string[];
  publicUrl: string;
  chartDeadlineMs: number;
  /** For a request's model calls: a platform on which each is in the ledger before it goes out, and where a finished run is kept. */
  consulting?: (request: HookRequest) => { platform: Platform; record: (run: RunRecord) => Promise<void> };
  smartLink?: (about: { hook: string; uuid: string; patientId: string; drafts: ChartSource['drafts'] }) => Promise<{ url: string; appContext?: string }>;
}

export interface Answered {
  response: CdsResponse;
  chart: Chart;
  guarded: Guarded;
  written: Written;
}

/** chart → guards → cards. The consult joins in the panel: rule cards never wait for it. */
export async function answerHook(service: Service, request: HookRequest, engine: Engine): Promise<Answered> {
  const source = await open(request, service, engine);
  const chart = readChart(source, engine.knowledge().terminology);
  const guarded = await check(chart, service, request.hook, engine);
  const written = await writeCards(guarded.findings, writing(chart, service, request.hook, engine));
  const checkChanged = (changed: ChartSource, kinds: Pick<Service, 'kinds'>, hook: string) => check(readChart(changed, engine.knowledge().terminology), kinds, hook, engine);
  await offeredFixes(written, guarded.findings, (changed) => checkChanged(changed, service, request.hook), (changed) => checkChanged(changed, {}, 'order-sign'), source);
  written.cards = await withoutRepeats(written.cards, request, chart, engine.platform);
  return { response: respond(chart, guarded, written), chart, guarded, written };
}

/** The chart of a request, or the refusal that ends it. */
export async function open(request: HookRequest, wanted: PartsWanted, engine: Engine): Promise<ChartSource> {
  const { fhirServer: url, fhirAuthorization } = request;
  const base = url === undefined ? undefined : trustedBase(url, engine.trustedFhirServers);
  if (url !== undefined && base === undefined) refuse({ reason: 'malformed', what: '"fhirServer" is not one of the FHIR servers this Curbside trusts (setting TRUSTED_FHIR_SERVERS).' });
  const opened = await openChart(
    {
      context: request.context,
      prefetch: request.prefetch,
      ...(base && { server: fhirServer({ baseUrl: base, token: fhirAuthorization?.access_token }, AbortSignal.timeout(engine.chartDeadlineMs)) }),
      now: engine.platform.now(),
    },
    wanted,
  );
  return isRefusal(opened) ? refuse(opened satisfies ChartRefusal) : opened;
}

/** A refill is signed like any order; its rules are the signing ones. */
const ruleHook = (hook: string): HookName => (hook === 'medication-refill' ? 'order-sign' : (hook as HookName));

export async function check(chart: Chart, service: Pick<Service, 'kinds'>, hook: string, { knowledge, platform }: Engine): Promise<Guarded> {
  const { ruleSet, terminology } = knowledge();
  const guarded = await checkGuards(chart, ruleSet, ruleHook(hook), terminology, service.kinds);
  for (const { ruleId, fact } of guarded.broken) platform.log({ level: 'error', event: 'rule_broken', rule: ruleId, fact });
  return guarded;
}

export function writing(chart: Chart, service: Pick<Service, 'title' | 'cardLimit'>, hook: string, engine: Engine): WritingContext {
  const { smartLink, platform, publicUrl, knowledge } = engine;
  return {
    chart,
    terminology: knowledge().terminology,
    uuid: platform.uuid,
    publicUrl,
    serviceTitle: service.title,
    cardLimit: service.cardLimit,
    ...(smartLink && { smartLink: ({ uuid }) => smartLink({ hook, uuid, patientId: chart.source.patientId, drafts: chart.source.drafts }) }),
  };
}

function respond(chart: Chart, guarded: Guarded, written: Written): CdsResponse {
  const undecided = guarded.undecided.filter(({ rule }) => rule.status === 'active').map(({ rule, gaps }) => `${rule.title}: ${gaps.join('; ')}`);
  return {
    cards: written.cards,
    extension: {
      [responseExtensionKey]: {
        patientId: chart.source.patientId,
        rulesChecked: guarded.checked,
        heldBack: written.heldBack,
        couldNotCheck: [...chart.gaps.map(shownGap), ...undecided],
        checkedAt: chart.now.toISOString(),
      },
    },
  };
}
