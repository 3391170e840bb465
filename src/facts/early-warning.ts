// Early warning scores of incomplete observations. A score reaches its limit for certain when what was measured suffices, fails
// it for certain when not even the worst unmeasured value would do, and is unknown in between: nobody is assumed alert, or on air.
import { z } from 'zod';
import { isRefused, runCalculator } from '../calculators/index.ts';
import type { Chart } from '../chart/types.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import { fillFromChart } from './calculator-inputs.ts';
import { type Answer, type Because, cannotSay, defineFact, type FactContext } from './define.ts';
import { consciousness, oxygenGiven, saturationScale } from './vital-state.ts';

type Inputs = Record<string, unknown>;

interface Score {
  id: 'news2' | 'qsofa';
  title: string;
  best: Inputs;
  worst: Inputs;
  words: Record<string, string>;
}

const scores: Record<Score['id'], Score> = {
  news2: {
    id: 'news2',
    title: 'NEWS2',
    best: { rr: 16, spo2: 98, supplemental_o2: 0, temp_c: 37, sbp: 120, hr: 70, consciousness: 'A' },
    worst: { rr: 30, spo2: 80, supplemental_o2: 1, temp_c: 34, sbp: 70, hr: 150, consciousness: 'U' },
    words: {
      rr: 'breathing rate',
      spo2: 'oxygen saturation',
      supplemental_o2: 'oxygen given',
      temp_c: 'temperature',
      sbp: 'blood pressure',
      hr: 'heart rate',
      consciousness: 'consciousness',
    },
  },
  qsofa: {
    id: 'qsofa',
    title: 'qSOFA',
    best: { rr: 16, sbp: 120, gcs: 15 },
    worst: { rr: 30, sbp: 70, gcs: 3 },
    words: { rr: 'breathing rate', sbp: 'blood pressure', gcs: 'consciousness' },
  },
};

/** Vital signs further apart than this are not one set. */
const oneSetHours = 6;
const hour = 3_600_000;

interface Measured {
  inputs: Inputs;
  because: Because[];
  missing: string[];
  newest: Date;
}

function measure({ id, words, title }: Score, context: FactContext): Measured | Unknown {
  const stated = id === 'news2' ? statedFor(context) : { given: {}, when: {}, because: [] };
  const filled = fillFromChart(id, context, { withinDays: 1, given: stated.given });
  if (isUnknown(filled)) return filled;
  Object.assign(filled.when, stated.when);
  filled.because.push(...stated.because);
  const times = Object.keys(words).flatMap((name) => filled.when[name] ?? []);
  const newest = new Date(Math.max(...times.map((when) => when.getTime())));
  if (times.length === 0) return unknown(`no vital signs in 24 hours for ${title}`);
  const inputs: Inputs = {};
  for (const name of Object.keys(words)) {
    const value = filled.inputs[name];
    const when = filled.when[name];
    if (value !== undefined && isKnown(value) && when && newest.getTime() - when.getTime() <= oneSetHours * hour)
      inputs[name] = value;
  }
  if (stated.scale) inputs.spo2_scale = stated.scale;
  const missing = Object.keys(words).filter((name) => inputs[name] === undefined);
  return { inputs, because: filled.because, missing: missing.map((name) => words[name]!), newest };
}

interface Stated {
  given: Inputs;
  when: Record<string, Date>;
  because: Because[];
  scale?: '2';
}

/** Oxygen, consciousness and the saturation scale, which charts write in many ways. */
function statedFor(context: FactContext): Stated {
  const found: Stated = { given: {}, when: {}, because: [] };
  const oxygen = oxygenGiven(context);
  const level = consciousness(context);
  for (const [name, stated] of [
    ['supplemental_o2', oxygen && { ...oxygen, value: oxygen.value ? 1 : 0 }],
    ['consciousness', level],
  ] as const) {
    // Not charted is not the calculator's business either: its own reading knows fewer words.
    found.given[name] = undefined;
    if (!stated?.when) continue;
    found.given[name] = stated.value;
    found.when[name] = stated.when;
    found.because.push(stated.because);
  }
  const { scale, because } = saturationScale(context);
  if (scale === '2') found.scale = scale;
  if (because) found.because.push(because);
  return found;
}

export interface Bounds extends Measured {
  least: number;
  most: number;
  parts: Record<string, unknown>;
}

function bounds(score: Score, context: FactContext): Bounds | Unknown {
  const measured = measure(score, context);
  if (isUnknown(measured)) return measured;
  const best = measured.inputs.spo2_scale === '2' ? { ...score.best, spo2: 90 } : score.best;
  const low = runCalculator(score.id, { ...best, ...measured.inputs });
  const high = runCalculator(score.id, { ...score.worst, ...measured.inputs });
  if (isRefused(low) || isRefused(high)) return unknown(`${score.title} cannot be computed from these vital signs`);
  return { ...measured, least: Number(low.value), most: Number(high.value), parts: low.components ?? {} };
}

/** The same chart as it stood before a moment, as far as the scores look at it. */
function before({ chart, terminology }: FactContext, moment: Date): FactContext {
  const observations: Chart['observations'] = (codes) => {
    const found = chart.observations(codes);
    return isUnknown(found) ? found : found.filter(({ when }) => when && when < moment);
  };
  const { vitals } = chart;
  return {
    chart: {
      ...{
        patient: chart.patient,
        problems: chart.problems,
        serviceOrders: chart.serviceOrders,
        now: moment,
        observations,
      },
      vitals: isUnknown(vitals) ? vitals : vitals.filter(({ when }) => when && when < moment),
    } as unknown as Chart,
    terminology,
  };
}

/** "up from 3, 6 h earlier": against the last set of at least as many vital signs, half an hour to a day before. */
function trendOf(score: Score, context: FactContext, now: Bounds): string {
  const earlier = bounds(score, before(context, new Date(now.newest.getTime() - hour / 2)));
  if (isUnknown(earlier) || earlier.missing.length > now.missing.length) return '';
  const hours = Math.max(1, Math.round((now.newest.getTime() - earlier.newest.getTime()) / hour));
  const word = now.least > earlier.least ? 'up from' : now.least < earlier.least ? 'down from' : 'unchanged at';
  return `${word} ${earlier.least}, ${hours} h earlier`;
}

function namesOf(score: Score, context: FactContext, now: Bounds): Record<string, string> {
  const scored = Object.entries(now.parts)
    .filter(([name, points]) => name in score.words && Number(points) > 0)
    .sort(([, a], [, b]) => Number(b) - Number(a))
    .map(([name, points]) => `${score.words[name]} ${points}`);
  const trend = trendOf(score, context, now);
  return {
    [score.id]: now.least === now.most ? String(now.least) : `at least ${now.least}`,
    ...(scored.length > 0 && { [`${score.id}Parts`]: scored.join(', ') }),
    ...(trend && { [`${score.id}Trend`]: trend }),
    ...(now.missing.length > 0 && { [`${score.id}Missing`]: now.missing.join(' and ') }),
    ...(now.inputs.spo2_scale === '2' && { spo2Scale: 'saturation on scale 2, target 88 to 92%' }),
  };
}

function decide(score: Score, context: FactContext, least: (found: Bounds) => boolean | Unknown): Answer {
  const { ageInYears } = context.chart.patient;
  if (isKnown(ageInYears) && ageInYears < 16) return cannotSay(`${score.title} is for people of 16 and older`);
  const found = bounds(score, context);
  if (isUnknown(found)) return cannotSay(found);
  return { value: least(found), because: found.because, names: namesOf(score, context, found) };
}

export interface Scored {
  id: Score['id'];
  title: string;
  /** What was measured suffices for this much; the worst of what was not would make it `most`. */
  least: number;
  most: number;
  at: Date;
  trend: string;
  missing: string[];
  because: Because[];
  hasThree: boolean;
}

/** A score of the newest set of vital signs, for those it was made for; undefined without any, or for anybody else. */
export function scoreOf(id: Score['id'], context: FactContext): Scored | Unknown {
  const score = scores[id];
  const { ageInYears } = context.chart.patient;
  if (isUnknown(ageInYears)) return ageInYears;
  if (ageInYears < 16) return unknown(`${score.title} is for people of 16 and older`);
  const found = bounds(score, context);
  if (isUnknown(found)) return found;
  const { least, most, newest, missing, because, parts } = found;
  const hasThree = parts.one_parameter_scores_3 === true;
  return {
    id,
    title: score.title,
    least,
    most,
    at: newest,
    trend: trendOf(score, context, found),
    missing,
    because,
    hasThree,
  };
}

const reaches = z.strictObject({
  score: z.enum(['news2', 'qsofa']),
  points: z.number().int().positive(),
});

export const scoreReaches = defineFact<z.infer<typeof reaches>>({
  id: 'scoreReaches',
  question: 'Does {score} reach {points} points by the vital signs of the last 24 hours, whatever was not measured?',
  answers: 'yes or no',
  params: reaches,
  ask: ({ score: id, points }, context) => {
    const score = scores[id];
    return decide(score, context, ({ least, most, missing }) => {
      if (least >= points) return true;
      return most < points ? false : unknown(`${score.title} needs ${missing.join(' and ')}`);
    });
  },
});

const nothing = z.strictObject({});

export const oneVitalScoresThree = defineFact<z.infer<typeof nothing>>({
  id: 'oneVitalScoresThree',
  question: 'Does a single vital sign of the last 24 hours score 3 points in NEWS2?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, context) =>
    decide(scores.news2, context, ({ parts, missing }) => {
      if (parts.one_parameter_scores_3 === true) return true;
      return missing.length === 0 ? false : unknown(`NEWS2 needs ${missing.join(' and ')}`);
    }),
});
