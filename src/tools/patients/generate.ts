// What `npm run patients` makes: people for rules, for conditions, and healthy ones, with the line of the manifest for each.

import { isRefusal, openChart } from '../../chart/open.ts';
import { readChart } from '../../chart/read.ts';
import { chartParts } from '../../chart/types.ts';
import type { Knowledge } from '../../consult/knowledge/load.ts';
import { checkGuards } from '../../guards/check.ts';
import type { Rule } from '../../guards/rule.ts';
import { RuleSet } from '../../guards/rule-set.ts';
import type { Platform } from '../../platform.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import type { RuleCase } from '../rules/cases.ts';
import { hookRequest } from './asking.ts';
import { chartOf, type SyntheticChart, withNote } from './chart.ts';
import { peopleForCondition } from './condition-people.ts';
import { healthyCase } from './healthy.ts';
import type { Entry } from './manifest.ts';
import { noteByModel, templateNote } from './note.ts';
import { chance } from './random.ts';
import { peopleFor } from './rule-people.ts';

export interface Making {
  count: number;
  seed: string;
  nearMisses: boolean;
  notes: 'template' | 'model' | 'none';
  terminology: Terminology;
  valueSets: readonly ValueSet[];
  now: Date;
  /** For notes by a model. */
  platform?: Pick<Platform, 'fetch' | 'elapsed' | 'settings'>;
}

export interface Made {
  people: { chart: SyntheticChart; entry: Entry }[];
  /** What could not be made, in words. */
  missing: string[];
}

const about = (chart: SyntheticChart, { seed, now }: Making) => ({
  id: chart.id,
  name: chart.name,
  file: `${chart.id}.json`,
  asOf: now.toISOString(),
  seed,
});

export async function makeForRule(rule: Rule, cases: readonly RuleCase[], making: Making): Promise<Made> {
  const { count, nearMisses } = making;
  const made = await peopleFor(rule, cases, making);
  const people: Made['people'] = [];
  const missing: string[] = [];
  for (const { chart, claim, given } of made) {
    const noted = await withWords(chart, given, [], making);
    people.push({
      chart: noted.chart,
      entry: {
        ...about(chart, making),
        kind: claim.kind,
        rule: rule.id,
        title: rule.title,
        status: rule.status,
        hook: claim.hook,
        ...(claim.tier && { tier: claim.tier }),
        ...(claim.because && { because: claim.because }),
        ...(claim.gaps && { gaps: claim.gaps }),
        from: claim.from,
        note: noted.note,
      },
    });
    if (noted.why) missing.push(`${chart.id}: the note is the template's. ${noted.why}`);
  }
  for (const kind of ['fires', ...(nearMisses ? (['near-miss', 'unknown'] as const) : [])] as const) {
    const got = people.filter(({ entry }) => entry.kind === kind).length;
    if (got < count) missing.push(`${rule.id}: ${got} of ${count} ${whatIs[kind]}`);
  }
  return { people, missing };
}

const whatIs = {
  fires: 'for whom it fires (no case of it fires on a chart that can be written down whole)',
  'near-miss': 'near misses (no single change makes exactly one criterion fail)',
  unknown: 'unknowns (no single missing datum leaves it open: it hangs on lists, which are there or not)',
} as const;

export async function makeForCondition(id: string, knowledge: Knowledge, making: Making): Promise<Made> {
  const condition = knowledge.conditions.get(id);
  if (!condition) return { people: [], missing: [`There is no condition "${id}".`] };
  const made = await peopleForCondition(condition, { ...making, knowledge });
  const people: Made['people'] = made.map(({ chart, claim }) => ({
    chart,
    entry: {
      ...about(chart, making),
      kind: claim.kind,
      condition: id,
      title: condition.title,
      ...(claim.place && { place: claim.place }),
      findings: claim.findings,
      ...(claim.because && { because: claim.because }),
      note: 'template' as const,
    },
  }));
  const got = made.filter(({ claim }) => claim.kind === 'supports').length;
  const missing = got < making.count ? [`${id}: ${got} of ${making.count} charts bring it among the first three`] : [];
  const misses = people.length - got;
  if (making.nearMisses && misses < got)
    missing.push(`${id}: ${misses} of ${got} near misses (it stays among the first three by the complaint alone)`);
  return { people, missing };
}

/** Healthy adults, with whatever speaks on their charts all the same. */
export async function makeHealthy(rules: readonly Rule[], making: Making): Promise<Made> {
  const { count, seed, terminology, now } = making;
  const ruleSet = new RuleSet(rules);
  const people: Made['people'] = [];
  for (let place = 0; place < count; place++) {
    const what = `healthy ${seed} ${place}`;
    const given = healthyCase(chance(what));
    const noted = await withWords(chartOf(given, what, terminology, now, chance(`${what} chart`)), given, [], making);
    const { chart } = noted;
    const { context, prefetch } = hookRequest(chart.id, chart.resources, 'patient-view');
    const opened = await openChart({ context, prefetch, now }, { required: ['patient'], helpful: chartParts });
    if (isRefusal(opened)) throw new Error(`the chart of ${chart.id} cannot be opened`);
    const { findings } = await checkGuards(readChart(opened, terminology), ruleSet, 'patient-view', terminology);
    const fires = findings.filter(({ rule }) => rule.status === 'active').map(({ rule }) => rule.id);
    people.push({
      chart,
      entry: { ...about(chart, making), kind: 'healthy', hook: 'patient-view', fires: fires.sort(), note: noted.note },
    });
  }
  return { people, missing: [] };
}

async function withWords(
  chart: SyntheticChart,
  given: RuleCase,
  said: readonly string[],
  { notes, terminology, now, platform }: Making,
): Promise<{ chart: SyntheticChart; note: Entry['note']; why?: string }> {
  if (notes === 'none') return { chart, note: 'none' };
  const template = () => withNote(chart, 'Progress note', templateNote(given, said), now);
  if (notes === 'template' || !platform) return { chart: template(), note: 'template' };
  const noted = await noteByModel(given, said, chart, terminology, platform);
  return 'text' in noted
    ? { chart: withNote(chart, 'Progress note', noted.text, now), note: 'model' }
    : { chart: template(), note: 'template', why: noted.why };
}
