// Where a person stands in the queue: by the guards that fire on the chart, then by the scores. No weight of our own: a rule says
// how urgent it is by its indicator, with its source; an early warning score orders those who are alike.

import { calculators } from '../calculators/index.ts';
import { shownWhen } from '../cards/when.ts';
import type { WritingContext } from '../cards/write.ts';
import { writeCards } from '../cards/write.ts';
import { cardExtensionKey } from '../cds-hooks/contract.ts';
import { type Priority, priorities, type WorklistEntry } from '../cds-hooks/worklist.ts';
import type { Chart, Encounter } from '../chart/types.ts';
import type { Because, FactContext } from '../facts/define.ts';
import { scoreOf } from '../facts/early-warning.ts';
import { facts } from '../facts/index.ts';
import type { Finding } from '../guards/check.ts';
import type { Rule } from '../guards/rule.ts';
import { isKnown, isUnknown } from '../unknown.ts';

/** What each tier of a kind of rule asks for; kinds that are not named concern the visit, not the queue. */
const urgency: Partial<Record<Rule['kind'], Record<'critical' | 'warning' | 'info', Priority>>> = {
  deterioration: { critical: 'immediate', warning: 'urgent', info: 'soon' },
  'drug-lab': { critical: 'immediate', warning: 'soon', info: 'routine' },
};
const otherwise: Record<'critical' | 'warning' | 'info', Priority> = {
  critical: 'urgent',
  warning: 'soon',
  info: 'routine',
};

/** In these classes of encounter vital signs are expected; where there are none, nobody has looked yet. */
const watched = new Set(['EMER', 'IMP', 'ACUTE', 'NONAC', 'OBSENC']);

export const levelOf = ({ rule, tier }: Finding): Priority => (urgency[rule.kind] ?? otherwise)[tier.indicator];

const rank = (priority: Priority): number => priorities.indexOf(priority);

export async function worklistEntry(
  chart: Chart,
  encounter: Encounter & { where?: string },
  findings: readonly Finding[],
  writing: WritingContext,
): Promise<WorklistEntry> {
  const context: FactContext = { chart, terminology: writing.terminology };
  const scores = scoresOf(context);
  const counted = findings.filter(({ rule }) => rule.status === 'active');
  const { cards, findings: findingOf } = await writeCards(counted, writing);
  const ordered = cards
    .map((card) => ({ card, level: levelOf(findingOf.get(card.uuid)!) }))
    .sort((a, b) => rank(a.level) - rank(b.level));
  const vitalsAt = newestVital(chart);
  const isUnseen =
    watched.has(encounter.class ?? '') && (!vitalsAt || chart.now.getTime() - vitalsAt.getTime() > 86_400_000);
  const first = ordered[0];
  const unseen: Priority = encounter.class === 'EMER' ? 'urgent' : 'soon';
  const fromRules = first?.level ?? 'routine';
  const priority = isUnseen && rank(unseen) < rank(fromRules) ? unseen : fromRules;
  const { ageInYears, sex, reference } = chart.patient;
  return {
    patient: {
      reference,
      ...(isKnown(ageInYears) && { ageInYears }),
      ...(isKnown(sex) && { sex }),
    },
    encounter: {
      reference: encounter.reference,
      ...(encounter.class && { class: encounter.class }),
      status: encounter.status,
      ...(encounter.start && { start: encounter.start.toISOString() }),
      ...(encounter.reasons[0] && { reason: encounter.reasons[0] }),
      ...(encounter.where && { where: encounter.where }),
    },
    priority,
    why: whyOf(),
    flags: ordered
      .filter(({ level }) => level !== 'routine')
      .map(({ card }) => {
        const ours = card.extension![cardExtensionKey]!;
        return {
          ruleId: ours.ruleId,
          indicator: card.indicator,
          summary: card.summary,
          evidence: ours.evidence
            .filter(({ isGap }) => !isGap)
            .map(({ text, when, reference: at }) => ({
              text,
              ...(when && { when }),
              ...(at && { reference: at }),
            })),
          ...(ours.citation && { citation: ours.citation }),
        };
      }),
    scores,
    ...(vitalsAt && { vitalsAt: vitalsAt.toISOString() }),
    couldNotCheck: chart.gaps.map(({ reason }) => reason),
  };

  function whyOf(): string {
    const noVitals = isUnknown(chart.vitals)
      ? chart.vitals.unknown
      : `no vital signs ${encounter.start ? `since arrival ${shownWhen(encounter.start, chart.now)}` : 'in 24 hours'}`;
    if (first && first.level !== 'routine') {
      const values = byTime(findingOf.get(first.card.uuid)!.because, chart.now);
      return `${first.card.summary}${values && ` (${values})`}${isUnseen ? `; ${noVitals}` : ''}`;
    }
    if (isUnseen) return noVitals.charAt(0).toUpperCase() + noVitals.slice(1);
    const [score] = scores;
    if (!score)
      return vitalsAt ? `Nothing urgent found; vital signs ${shownWhen(vitalsAt, chart.now)}` : 'Nothing urgent found';
    return `${score.title} ${score.shown}${score.trend ? `, ${score.trend}` : ''}, ${shownWhen(new Date(score.at), chart.now)}`;
  }
}

const week = 7 * 86_400_000;

/** "Heart rate 118 /min, Temperature 38.9 °C, 25 min ago; Lactate 3.1 mmol/L, 2 h ago": the newest six, none older than a week. */
function byTime(chips: readonly Because[], now: Date): string {
  const recent = chips
    .filter(({ when }) => when && now.getTime() - when.getTime() <= week)
    .sort((a, b) => b.when!.getTime() - a.when!.getTime());
  const groups = new Map<string, Set<string>>();
  // Two questions may rest on one result, told in their own words.
  const once = recent.filter(
    ({ reference }, place) => !reference || recent.findIndex((other) => other.reference === reference) === place,
  );
  for (const { text, when } of once.slice(0, 6)) {
    const at = shownWhen(when!, now);
    groups.set(at, (groups.get(at) ?? new Set()).add(text));
  }
  return [...groups].map(([at, texts]) => `${[...texts].join(', ')}, ${at}`).join('; ');
}

function scoresOf(context: FactContext): WorklistEntry['scores'] {
  const found: WorklistEntry['scores'] = [];
  // The scores were made for adults, and not for pregnancy.
  const isPregnant = facts.get('isPregnant')!.ask({}, context).value === true;
  if (!isPregnant)
    for (const id of ['news2', 'qsofa'] as const) {
      const scored = scoreOf(id, context);
      if (isUnknown(scored)) continue;
      const { least, most, at, trend, missing } = scored;
      found.push({
        id,
        title: scored.title,
        shown: least === most ? String(least) : `at least ${least}`,
        least,
        most,
        at: at.toISOString(),
        ...(trend && { trend }),
        ...(missing.length > 0 && { missing }),
        citation: calculators.get(id)!.citation,
      });
    }
  const shock = facts.get('shockIndex')!.ask({}, context);
  const age = context.chart.patient.ageInYears;
  const at = shock.because[0]?.when;
  if (typeof shock.value === 'number' && at && isKnown(age) && age >= 4)
    found.push({
      id: 'shock_index',
      title: 'Shock index',
      shown: shock.value.toFixed(2),
      least: shock.value,
      most: shock.value,
      at: at.toISOString(),
      citation: calculators.get('shock_index')!.citation,
    });
  return found;
}

function newestVital({ vitals, now }: Chart): Date | undefined {
  if (isUnknown(vitals)) return undefined;
  return vitals.find(({ when, category }) => when && when <= now && category === 'vital-signs')?.when;
}

/** Most urgent first; among those alike the higher early warning score, then who has waited longer. */
export function byUrgency(a: WorklistEntry, b: WorklistEntry): number {
  const stops = ({ flags }: WorklistEntry) => flags.filter(({ indicator }) => indicator === 'critical').length;
  const news = ({ scores }: WorklistEntry) => scores.find(({ id }) => id === 'news2')?.least ?? 0;
  return (
    rank(a.priority) - rank(b.priority) ||
    Number(stops(b) > 0) - Number(stops(a) > 0) ||
    news(b) - news(a) ||
    stops(b) - stops(a) ||
    (a.encounter.start ?? '').localeCompare(b.encounter.start ?? '')
  );
}
