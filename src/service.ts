// A CDS service, and how it answers: the four steps, in the order in which a curbside consult goes.

import { offeredFixes } from './cards/fixes.ts';
import { shownGap } from './cards/gaps.ts';
import { withoutRepeats } from './cards/repeats.ts';
import { type WritingContext, type Written, writeCards } from './cards/write.ts';
import { type CdsResponse, responseExtensionKey } from './cds-hooks/contract.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { type ChartRefusal, isRefusal, openChart, type PartsWanted } from './chart/open.ts';
import { readChart } from './chart/read.ts';
import type { Chart, ChartSource } from './chart/types.ts';
import type { RunRecord } from './consult/request.ts';
import { fhirServer, trustedBase } from './fhir/server.ts';
import { checkGuards, type Finding, type Guarded } from './guards/check.ts';
import { kinds, type Rule } from './guards/rule.ts';
import type { HookName } from './guards/rule-set.ts';
import type { Knowledge } from './knowledge.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { type Timed, untimed } from './timing.ts';
import { asIfOrdered, asOnChart } from './what-if/as-if-ordered.ts';
import { broughtBy, entered } from './what-if/entered.ts';

export interface Service extends PartsWanted {
  id: string;
  hooks: HookName[];
  title: string;
  description: string;
  usageRequirements?: string;
  /** Which kinds of rules speak here; all kinds when left out. */
  kinds?: Rule['kind'][];
  /**
   * What is judged beside the chart: the orders being written, when left out. A new entry is judged by what it changes for the
   * drugs taken; an order on its way only for what must be stopped, its warnings were seen when it was signed.
   */
  judges?: 'the entry' | 'the orders on their way';
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
  /** Names the drugs whose codes we lack; absent where no terminology server is configured. */
  nameDrugs?: (source: ChartSource) => Promise<ChartSource>;
  /** For a request's model calls: a platform on which each is in the ledger before it goes out, and where a finished run is kept. */
  consulting?: (request: HookRequest) => { platform: Platform; record: (run: RunRecord) => Promise<void> };
  smartLink?: (about: {
    hook: string;
    uuid: string;
    patientId: string;
    drafts: ChartSource['drafts'];
  }) => Promise<{ url: string; appContext?: string }>;
}

export interface Answered {
  response: CdsResponse;
  /** The chart as it was opened. */
  source: ChartSource;
  chart: Chart;
  guarded: Guarded;
  written: Written;
}

/** chart → guards → cards. The consult joins in the panel: rule cards never wait for it. */
export async function answerHook(
  service: Service,
  request: HookRequest,
  engine: Engine,
  timed = untimed,
): Promise<Answered> {
  const source = await timed('chart', () => open(request, service, engine));
  const { chart, guarded, written } = await answerChart(source, service, request.hook, engine, timed);
  written.cards = await withoutRepeats(written.cards, request, chart, engine.platform);
  return { response: respond(chart, guarded, written), source, chart, guarded, written };
}

/** From a chart that is open: for a hook, and for the replay of an old card. */
export async function answerChart(
  opened: ChartSource,
  service: Service,
  hook: string,
  engine: Engine,
  timed: Timed = untimed,
): Promise<Pick<Answered, 'chart' | 'guarded' | 'written'>> {
  const { source, chart, guarded } = await timed('guards', () => judge(opened, service, hook, engine));
  const written = await timed('cards', () => writeOffered(source, chart, guarded, service, hook, engine));
  return { chart, guarded, written };
}

async function writeOffered(
  source: ChartSource,
  chart: Chart,
  guarded: Guarded,
  service: Service,
  hook: string,
  engine: Engine,
): Promise<Written> {
  const written = await writeCards(guarded.findings, writing(chart, service, hook, engine));
  const checkChanged = (changed: ChartSource, kinds: Pick<Service, 'kinds'>, asked: string) =>
    check(readChart(changed, engine.knowledge().terminology), kinds, asked, engine);
  await offeredFixes(
    written,
    guarded.findings,
    (changed) => checkChanged(changed, service, hook),
    (changed) => checkChanged(changed, {}, 'order-sign'),
    source,
  );
  return written;
}

/** Reads the chart and checks the guards, from the service's point of view. */
async function judge(
  source: ChartSource,
  service: Service,
  hook: string,
  engine: Engine,
): Promise<{ source: ChartSource; chart: Chart; guarded: Guarded }> {
  if (service.judges === 'the entry') return judgeEntry(source, service, hook, engine);
  const chart = readChart(source, engine.knowledge().terminology);
  const guarded = await check(chart, service, hook, engine);
  if (service.judges !== 'the orders on their way') return { source, chart, guarded };
  return {
    source,
    chart,
    guarded: { ...guarded, findings: guarded.findings.filter(({ tier }) => tier.indicator === 'critical') },
  };
}

async function judgeEntry(
  source: ChartSource,
  service: Service,
  hook: string,
  engine: Engine,
): Promise<{ source: ChartSource; chart: Chart; guarded: Guarded }> {
  const { terminology } = engine.knowledge();
  const { before, after } = entered(source);
  const [earlier, later] = await Promise.all(
    [before, after].map(async (held) => {
      const chart = readChart(held, terminology);
      const judged = asIfOrdered(chart, terminology);
      const [ordered, viewed] = await Promise.all([
        check(judged.chart, service, 'order-sign', engine),
        check(chart, service, hook, engine),
      ]);
      return {
        chart,
        ordered,
        viewed,
        findings: [...ordered.findings.map((finding) => asOnChart(finding, judged)), ...viewed.findings],
      };
    }),
  );
  const { chart, ordered, viewed, findings } = later!;
  const brought = broughtBy(findings, earlier!.findings);
  const stood = new Set([...earlier!.ordered.undecided, ...earlier!.viewed.undecided].map(({ rule }) => rule.id));
  return {
    source: after,
    chart,
    guarded: {
      ...ordered,
      findings: brought.filter((finding) => !brought.some((other) => other !== finding && speaksFor(other, finding))),
      undecided: [...ordered.undecided, ...viewed.undecided].filter(({ rule }) => !stood.has(rule.id)),
      checked: ordered.checked + viewed.checked,
      trace: (rule) => (viewed.findings.some((finding) => finding.rule === rule) ? viewed : ordered).trace(rule),
    },
  };
}

/** A rule about a drug of the list says what one about the chart would say of the same drug. */
const speaksFor = (one: Finding, other: Finding): boolean =>
  one.orders.length > 0 &&
  other.orders.length === 0 &&
  one.rule.hazard !== undefined &&
  one.rule.hazard === other.rule.hazard &&
  one.orders.some((order) => other.because.some(({ reference }) => reference === order));

/** The chart of a request, or the refusal that ends it. */
export async function open(request: HookRequest, wanted: PartsWanted, engine: Engine): Promise<ChartSource> {
  const { fhirServer: url, fhirAuthorization, traceparent } = request;
  const base = url === undefined ? undefined : trustedBase(url, engine.trustedFhirServers);
  if (url !== undefined && base === undefined)
    refuse({
      reason: 'malformed',
      what: '"fhirServer" is not one of the FHIR servers this Curbside trusts (setting TRUSTED_FHIR_SERVERS).',
    });
  const opened = await openChart(
    {
      context: request.context,
      prefetch: request.prefetch,
      ...(base && {
        server: fhirServer(
          { baseUrl: base, token: fhirAuthorization?.access_token, traceparent },
          AbortSignal.timeout(engine.chartDeadlineMs),
        ),
      }),
      now: engine.platform.now(),
    },
    wanted,
  );
  if (isRefusal(opened)) return refuse(opened satisfies ChartRefusal);
  return engine.nameDrugs ? engine.nameDrugs(opened) : opened;
}

/** A refill is signed like any order, and one on its way was: the rules are the signing ones. */
const ruleHook = (hook: string): HookName =>
  hook === 'medication-refill' || hook === 'order-dispatch' ? 'order-sign' : (hook as HookName);

export async function check(
  chart: Chart,
  service: Pick<Service, 'kinds'>,
  hook: string,
  { knowledge, platform }: Engine,
): Promise<Guarded> {
  const { ruleSet, terminology } = knowledge();
  const { PROGRAMMES_OFF } = platform.settings;
  const spoken =
    PROGRAMMES_OFF.length === 0
      ? service.kinds
      : (service.kinds ?? kinds).filter((kind) => !PROGRAMMES_OFF.includes(kind));
  const guarded = await checkGuards(chart, ruleSet, ruleHook(hook), terminology, spoken);
  for (const { ruleId, fact } of guarded.broken)
    platform.log({ level: 'error', event: 'rule_broken', rule: ruleId, fact });
  return guarded;
}

export function writing(
  chart: Chart,
  service: Pick<Service, 'title' | 'cardLimit'>,
  hook: string,
  engine: Engine,
): WritingContext {
  const { smartLink, platform, publicUrl, knowledge } = engine;
  return {
    chart,
    terminology: knowledge().terminology,
    uuid: platform.uuid,
    publicUrl,
    serviceTitle: service.title,
    cardLimit: service.cardLimit,
    ...(smartLink && {
      smartLink: ({ uuid }) =>
        smartLink({ hook, uuid, patientId: chart.source.patientId, drafts: chart.source.drafts }),
    }),
  };
}

function respond(chart: Chart, guarded: Guarded, written: Written): CdsResponse {
  const undecided = guarded.undecided
    .filter(({ rule }) => rule.status === 'active')
    .map(({ rule, gaps }) => `${rule.title}: ${gaps.join('; ')}`);
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
