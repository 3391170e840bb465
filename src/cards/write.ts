// Writes the cards: one per clinical problem, ranked, few. What is held back is counted and can be seen.
import {
  type Card,
  type CardExtension,
  type Coding,
  cardExtensionKey,
  type Indicator,
  type ResponseExtension,
} from '../cds-hooks/contract.ts';
import type { Chart } from '../chart/types.ts';
import { capitalised } from '../facts/medication-list.ts';
import type { Finding } from '../guards/check.ts';
import type { overrideReasonIds, Rule, RuleSuggestion } from '../guards/rule.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { type Offered, offer } from './suggestions.ts';
import { asSummary, fill, plain } from './template.ts';
import { shownWhen } from './when.ts';

const OVERRIDE_SYSTEM = 'https://curbside.org/fhir/CodeSystem/override-reason';

type OverrideReasonId = (typeof overrideReasonIds)[number];
const overrideWords: Record<OverrideReasonId, string> = {
  'benefit-outweighs-risk': 'Benefit outweighs risk',
  'will-monitor': 'I will monitor',
  tolerates: 'Already tolerates it',
  'not-significant': 'Not significant for this patient',
  'alert-wrong': 'The alert is wrong',
};
const allReasons = Object.keys(overrideWords) as OverrideReasonId[];

export const severity: Record<Indicator, number> = { critical: 0, warning: 1, info: 2 };

export interface WritingContext {
  chart: Chart;
  terminology: Terminology;
  uuid: () => string;
  /** Where this service is reached, without a trailing slash. */
  publicUrl: string;
  serviceTitle: string;
  /** Without a limit, nothing waits either. */
  cardLimit: number;
  /** The panel's launch address and sealed context, when there is a panel. */
  smartLink?: (card: { uuid: string; ruleId: string }) => Promise<{ url: string; appContext?: string }>;
}

export interface Written {
  cards: Card[];
  heldBack: ResponseExtension['heldBack'];
  /** Which finding each card came from. */
  findings: Map<string, Finding>;
  offers: Map<string, Offered[]>;
}

export async function writeCards(findings: readonly Finding[], context: WritingContext): Promise<Written> {
  const heldBack: Written['heldBack'] = [];
  const shown: { finding: Finding; standsFor: Finding[] }[] = [];
  for (const finding of [...findings].sort(bySeverity)) {
    if (finding.rule.status === 'silent') continue;
    const host = shown.find((other) => isSameProblem(other.finding, finding));
    if (!host) shown.push({ finding, standsFor: [] });
    else if (host.finding.tier.indicator === finding.tier.indicator && speaksFor(finding.rule, host.finding.rule)) {
      host.standsFor.unshift(host.finding);
      host.finding = finding;
    } else host.standsFor.push(finding);
  }
  for (const { finding, standsFor } of shown) {
    for (const merged of standsFor) heldBack.push(held(merged, `said by ${finding.rule.id}`));
  }
  // Stop cards are never held back for number; the rest are, beyond the limit.
  const stops = shown.filter(({ finding }) => finding.tier.indicator === 'critical').map(({ finding }) => finding);
  const isLimited = context.cardLimit !== Number.POSITIVE_INFINITY;
  const due: typeof shown = [];
  for (const entry of shown) {
    const said = [entry.finding, ...entry.standsFor];
    const why = whyItWaits(entry.finding, stops);
    if (why && isLimited && said.every((finding) => whyItWaits(finding, stops)))
      heldBack.push(held(entry.finding, why));
    else due.push(entry);
  }
  const kept = due.slice(0, Math.max(context.cardLimit, stops.length));
  for (const { finding } of due.slice(kept.length))
    heldBack.push(held(finding, 'beyond the number of cards shown at once'));

  const written: Written = { cards: [], heldBack, findings: new Map(), offers: new Map() };
  for (const { finding, standsFor } of kept) {
    const { card, offers } = await writeCard(finding, standsFor, context);
    written.cards.push(card);
    written.findings.set(card.uuid, finding);
    written.offers.set(card.uuid, offers);
  }
  return written;
}

/** Screening and vaccines come after everything that concerns an illness, and wait for another day beside a Stop. */
const isReminder = ({ rule }: Finding): boolean => rule.kind === 'screening';

/** A test that is due for a drug waits for the answer to the Stop about every order it speaks of. */
function whyItWaits(finding: Finding, stops: readonly Finding[]): string | undefined {
  if (stops.length === 0) return undefined;
  if (isReminder(finding)) return 'a reminder waits while something urgent is shown';
  const { rule, tier, orders } = finding;
  if (rule.kind !== 'monitoring' || tier.indicator !== 'info' || orders.length === 0) return undefined;
  const isStopped = (order: string) => stops.some((stop) => stop.orders.includes(order));
  return orders.every(isStopped) ? 'a test waits while the order it is for may be stopped' : undefined;
}

const bySeverity = (a: Finding, b: Finding): number =>
  severity[a.tier.indicator] - severity[b.tier.indicator] ||
  Number(isReminder(a)) - Number(isReminder(b)) ||
  Number(b.orders.length > 0) - Number(a.orders.length > 0) ||
  b.gaps.length * -1 - a.gaps.length * -1;

/** Two findings are one clinical problem when they share the hazard and an order, or one rule says that it stands for the other. */
function isSameProblem(shown: Finding, other: Finding): boolean {
  const sharesOrder =
    shown.orders.length === 0 && other.orders.length === 0
      ? true
      : shown.orders.some((order) => other.orders.includes(order));
  if (!sharesOrder) return false;
  if (shown.rule.supersedes?.includes(other.rule.id) || other.rule.supersedes?.includes(shown.rule.id)) return true;
  return shown.rule.hazard !== undefined && shown.rule.hazard === other.rule.hazard;
}

/** Of two that are as severe, the one that says so leads, whichever file comes first. */
const speaksFor = (one: Rule, other: Rule): boolean =>
  one.supersedes?.includes(other.id) === true || (one.isSpecific === true && !other.isSpecific);

const held = ({ rule, tier, names }: Finding, why: string): ResponseExtension['heldBack'][number] => ({
  ruleId: rule.id,
  summary: asSummary(fill(tier.summary ?? rule.card.summary, names)),
  indicator: tier.indicator,
  why,
});

async function writeCard(
  finding: Finding,
  standsFor: Finding[],
  context: WritingContext,
): Promise<{ card: Card; offers: Offered[] }> {
  const { rule, tier, names, orders, gaps } = finding;
  const { chart } = context;
  const uuid = context.uuid();
  const reason = capitalised(fill(tier.detail ?? rule.card.detail, safeNames(names)));
  const offers = offersOf(finding, standsFor, context);
  const citation = rule.evidence[0]!;
  const link = await context.smartLink?.({ uuid, ruleId: rule.id });
  const extension: CardExtension = {
    ruleId: rule.id,
    ruleVersion: rule.version,
    tier: tier.id,
    reason: reason.split('\n')[0]!,
    evidence: [
      ...finding.because.map(({ text, when, reference }) => ({
        text,
        ...(when && { when: shownWhen(when, chart.now) }),
        ...(reference && { reference }),
      })),
      ...gaps.map((text) => ({ text, isGap: true })),
    ],
    orders,
    ...(standsFor.length > 0 && { standsFor: standsFor.map((merged) => merged.rule.id) }),
    whyUrl: `${context.publicUrl}/why/${uuid}`,
    citation: citation.citation,
  };
  const reasons = rule.card.overrideReasons ?? allReasons;
  const card: Card = {
    uuid,
    summary: asSummary(fill(tier.summary ?? rule.card.summary, names)),
    indicator: tier.indicator,
    source: {
      label: `Curbside: ${rule.title}`,
      ...(citation.url && { url: citation.url }),
      topic: { system: 'https://curbside.org/fhir/CodeSystem/rule', code: topicCode(rule.id), display: rule.title },
    },
    detail: detailOf(reason, finding, standsFor, chart),
    ...(offers.length > 0 && {
      suggestions: offers.map(({ suggestion }) => suggestion),
      selectionBehavior: behaviorOf(offers),
    }),
    ...(orders.length > 0 && {
      overrideReasons: reasons.map((id): Coding => ({ system: OVERRIDE_SYSTEM, code: id, display: overrideWords[id] })),
    }),
    ...(link && {
      links: [
        {
          label: 'Open in Curbside',
          url: link.url,
          type: 'smart' as const,
          ...(link.appContext && { appContext: link.appContext }),
        },
      ],
    }),
    extension: { [cardExtensionKey]: extension },
  };
  return { card, offers };
}

/** What the rule offers; where it knows no other drug, one that a rule of the same problem knows. */
function offersOf(finding: Finding, standsFor: readonly Finding[], context: WritingContext): Offered[] {
  const from = ({ tier, rule, names, orders }: Finding, wanted: (one: RuleSuggestion) => boolean): Offered[] =>
    (tier.suggestions ?? rule.card.suggestions ?? [])
      .filter(wanted)
      .flatMap((one) => offer(one, { ...context, names, orders }));
  const own = from(finding, () => true);
  if (own.some(({ from: { kind } }) => kind === 'replace' || kind === 'dose')) return own;
  const [other] = standsFor.flatMap((merged) => from(merged, ({ kind }) => kind === 'replace'));
  return other ? [other, ...own] : own;
}

/** Orders to be added do not exclude one another: lactate, cultures and the antibiotic. What changes a draft does. */
const behaviorOf = (offers: Offered[]): 'any' | 'at-most-one' =>
  offers.length > 1 && offers.some(({ newOrder }) => newOrder) && offers.every(({ draft }) => !draft)
    ? 'any'
    : 'at-most-one';

/** Some EHRs accept letters and digits only. */
const topicCode = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const safeNames = (names: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(names).map(([name, word]) => [name, plain(word)]));

function detailOf(reason: string, { because, gaps, rule }: Finding, standsFor: Finding[], chart: Chart): string {
  const lines = [reason, ''];
  const seen = because
    .slice(0, 8)
    .map(({ text, when }) => `- ${plain(text)}${when ? `, ${shownWhen(when, chart.now)}` : ''}`);
  if (seen.length) lines.push('**Because**', '', ...seen, '');
  if (gaps.length) lines.push(`**Could not check:** ${gaps.map(plain).join('; ')}.`, '');
  if (standsFor.length) {
    const also = standsFor
      .map(({ tier, rule: other, names }) => plain(asSummary(fill(tier.summary ?? other.card.summary, names))))
      .join('; ');
    lines.push(`**Also:** ${also}${/[?!]$/.test(also) ? '' : '.'}`, '');
  }
  lines.push(`*${plain(rule.evidence[0]!.citation)}*`);
  return lines.join('\n');
}
