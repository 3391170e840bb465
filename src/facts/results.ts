// Questions about laboratory results, vital signs, scores and equations.
import { z } from 'zod';
import { calculators, isRefused, runCalculator, shownValue } from '../calculators/index.ts';
import type { Observation } from '../chart/types.ts';
import { daysBetween } from '../fhir/reading.ts';
import { shownUnit } from '../terminology/shown-unit.ts';
import { convertQuantity } from '../terminology/units.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import { awaited, reported } from './awaited-tests.ts';
import { days, observation, unit } from './blanks.ts';
import { fillFromChart } from './calculator-inputs.ts';
import { type Answer, type Because, cannotSay, defineFact, type FactContext, no, yes } from './define.ts';
import { rounded } from './orders.ts';

export interface Reading {
  entry: Observation;
  value: number;
}

/** "No creatinine on the chart", but "no INR" and "no QTc interval". */
const inSentence = (title: string): string =>
  title.replace(/(?<![\w-])[A-Z][a-z]+(?!\w)/g, (word) => word.toLowerCase());

/** The valid results of an observation value set within a span, newest first, each in `toUnit`. */
export function readings(
  { chart, terminology }: FactContext,
  id: string,
  toUnit: string,
  withinDays: number,
): Reading[] | Unknown {
  const set = terminology.valueSet(id);
  if (!set) return unknown(`no observation set "${id}"`);
  const codes = set.members.flatMap(({ code }) => (code ? [code] : []));
  const found = chart.observations(codes);
  if (isUnknown(found)) return found;
  const name = inSentence(set.title);
  const measured = found.filter(({ quantity }) => quantity);
  if (measured.length === 0) return unknown(`no ${name} on the chart`);
  const recent = measured.filter(
    ({ when }) => when && daysBetween(when, chart.now) <= withinDays && daysBetween(when, chart.now) >= -1,
  );
  if (recent.length === 0) return unknown(`no ${name} in ${shownSpan(withinDays)}`);
  const read: Reading[] = [];
  let whyNot: Unknown | undefined;
  for (const entry of recent) {
    const value = convertQuantity(
      entry.quantity!,
      toUnit,
      entry.codings.find(({ code }) => code && codes.includes(code))?.code ?? id,
    );
    if (isUnknown(value)) {
      whyNot ??= unknown(`${name} has no usable unit`);
      // The newest result decides: one in an unknown unit is not skipped for an older one that can be read.
      if (read.length === 0) return whyNot;
      continue;
    }
    if (set.limits && (value < set.limits.low || value > set.limits.high)) {
      if (read.length === 0) return unknown(`${name} of ${rounded(value)} ${shownUnit(toUnit)} is not plausible`);
      continue;
    }
    read.push({ entry, value });
  }
  return read;
}

export const shownSpan = (span: number): string =>
  span < 2
    ? `${Math.round(span * 24)} hours`
    : span >= 365
      ? `${Math.round(span / 365)} year${span >= 700 ? 's' : ''}`
      : `${Math.round(span)} days`;

const shown = (title: string, value: number, toUnit: string): string =>
  `${title} ${rounded(value)} ${shownUnit(toUnit)}`.trim();

export function because({ entry, value }: Reading, title: string, toUnit: string): Because {
  return { text: shown(title, value, toUnit), when: entry.when, reference: entry.reference };
}

const latestParams = z.strictObject({ observation, unit, withinDays: days });
type LatestParams = z.infer<typeof latestParams>;

export const latest = defineFact<LatestParams>({
  id: 'latest',
  question: 'What is the newest {observation} of the last {withinDays} days, in {unit}?',
  answers: 'a number',
  params: latestParams,
  ask: (given, context) => {
    const found = readings(context, given.observation, given.unit, given.withinDays);
    if (isUnknown(found)) return cannotSay(found);
    const [newest] = found;
    const title = context.terminology.valueSet(given.observation)!.title;
    return {
      value: newest!.value,
      because: [because(newest!, title, given.unit)],
      names: { [nameOf(given.observation)]: `${rounded(newest!.value)} ${shownUnit(given.unit)}`.trim() },
    };
  },
});

/** "systolic-blood-pressure" → "systolicBloodPressure", as it stands in a card's blanks. */
export const nameOf = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const measuredParams = z.strictObject({ observation, withinDays: days });

export const wasMeasured = defineFact<z.infer<typeof measuredParams>>({
  id: 'wasMeasured',
  question: 'Was {observation} measured in the last {withinDays} days? (unknown while it is ordered and awaited)',
  answers: 'yes or no',
  params: measuredParams,
  ask: (given, context) => {
    const { chart, terminology } = context;
    const set = terminology.valueSet(given.observation);
    if (!set) return cannotSay(`no observation set "${given.observation}"`);
    const found = chart.observations(set.members.flatMap(({ code }) => (code ? [code] : [])));
    if (isUnknown(found)) return cannotSay(found);
    if (found.length === 0 && isUnknown(chart.labs) && isUnknown(chart.vitals)) return cannotSay(chart.labs);
    const newest = found[0];
    const title = set.title;
    if (newest?.when && daysBetween(newest.when, chart.now) <= given.withinDays) {
      return yes([{ text: title, when: newest.when, reference: newest.reference }]);
    }
    const report = reported(context, given.observation).find(
      ({ when }) => when && when <= chart.now && daysBetween(when, chart.now) <= given.withinDays,
    );
    if (report) return yes([report]);
    const [order] = awaited(context, [given.observation]);
    if (order)
      return cannotSay(`${inSentence(title)} is ordered, the result is awaited`, [
        { text: order.text, when: order.when, reference: order.reference },
      ]);
    if (isUnknown(chart.labs)) return cannotSay(chart.labs);
    return no(
      newest
        ? [{ text: `Last ${inSentence(title)}`, when: newest.when, reference: newest.reference }]
        : [{ text: `No ${inSentence(title)} on the chart` }],
    );
  },
});

const changeParams = z.strictObject({
  observation,
  unit,
  withinDays: days,
  as: z.enum(['difference', 'ratio']).meta({
    description:
      'newest minus, or divided by, the lowest (or with `from: highest`, the highest) earlier value of the span',
  }),
  from: z.enum(['lowest', 'highest', 'first']).default('lowest'),
});

export const change = defineFact<z.infer<typeof changeParams>>({
  id: 'change',
  question: 'How much has {observation} changed within {withinDays} days, as a {as}, in {unit}?',
  answers: 'a number',
  params: changeParams,
  ask: (given, context) => {
    const found = readings(context, given.observation, given.unit, given.withinDays);
    if (isUnknown(found)) return cannotSay(found);
    const title = context.terminology.valueSet(given.observation)!.title;
    const [newest, ...earlier] = found;
    if (!newest || earlier.length === 0)
      return cannotSay(`only one ${inSentence(title)} in ${shownSpan(given.withinDays)}`);
    const from =
      given.from === 'first'
        ? earlier.at(-1)!
        : earlier.reduce((a, b) => ((given.from === 'highest' ? b.value > a.value : b.value < a.value) ? b : a));
    const value = given.as === 'difference' ? newest.value - from.value : newest.value / from.value;
    return {
      value,
      because: [because(newest, title, given.unit), because(from, `${title} before`, given.unit)],
      names: {
        [nameOf(given.observation)]: `${rounded(newest.value)} ${shownUnit(given.unit)}`,
        [`${nameOf(given.observation)}Before`]: `${rounded(from.value)} ${shownUnit(given.unit)}`,
        change: rounded(value),
      },
    };
  },
});

const calculatorParams = z.strictObject({
  calculator: z.string().meta({ token: 'calculators', description: 'A calculator id, such as "ckd_epi_2021"' }),
  component: z.string().optional(),
  withinDays: days.optional(),
  inputs: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Inputs that the chart does not hold, fixed by the rule' }),
});

/** A published equation, its inputs filled from the chart; unknown where the calculator refuses, with its reason. */
export function calculate(given: z.infer<typeof calculatorParams>, context: FactContext): Answer {
  const filled = fillFromChart(given.calculator, context, { withinDays: given.withinDays, given: given.inputs });
  if (isUnknown(filled)) return cannotSay(filled);
  const result = runCalculator(given.calculator, filled.inputs);
  if (isRefused(result)) {
    const [first] = result.refused;
    return cannotSay(filled.gaps[first?.input ?? ''] ?? first?.reason ?? 'cannot be computed', filled.because);
  }
  const calculator = calculators.get(given.calculator)!;
  const value = given.component ? result.components?.[given.component] : result.value;
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean')
    return cannotSay(`${calculator.title} has no ${given.component}`);
  const said = typeof value === 'number' ? shownValue(calculator, value) : String(value);
  const shortName = given.calculator.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return {
    value,
    because: [
      {
        text: `${shortTitle(given.calculator, calculator.title)} ${said} ${shownUnit(given.component ? '' : result.unit)}`.trim(),
        when: filled.asOf,
      },
      ...filled.because,
    ],
    names: { [shortName]: `${said} ${shownUnit(given.component ? '' : result.unit)}`.trim() },
  };
}

const shortTitle = (id: string, title: string): string =>
  ({
    ckd_epi_2021: 'eGFR',
    cockcroft_gault: 'CrCl',
    cha2ds2_vasc: 'CHA₂DS₂-VASc',
    has_bled: 'HAS-BLED',
    news2: 'NEWS2',
    qsofa: 'qSOFA',
  })[id] ?? title;

export const calculated = defineFact<z.infer<typeof calculatorParams>>({
  id: 'calculated',
  question: 'What does {calculator} come to for this chart?',
  answers: 'a number',
  params: calculatorParams,
  ask: calculate,
});

const kidney = z.strictObject({ withinDays: days.default(365) });

const stages = [
  { token: 'ckd-stage-5', atMost: 14.9 },
  { token: 'ckd-stage-4', atLeast: 15, atMost: 29.9 },
  { token: 'ckd-stage-3', atLeast: 30, atMost: 59.9 },
];

/** KDIGO 2012: a stage on the problem list bounds the kidney function that no result tells. A transplant may have ended it. */
function boundsByStage({
  chart,
}: FactContext): Pick<Answer, 'atLeast' | 'atMost' | 'names'> & Partial<Pick<Answer, 'because'>> {
  if (isUnknown(chart.problems)) return {};
  const active = chart.problems.filter(({ standing }) => standing === 'active');
  if (active.some(({ groups }) => groups.has('kidney-transplant'))) return {};
  for (const { token, ...bounds } of stages) {
    const problem = active.find(({ groups }) => groups.has(token));
    if (problem) {
      const { text, onset, reference } = problem;
      return { ...bounds, because: [{ text, when: onset, reference }], names: { kidneyFunction: text } };
    }
  }
  return {};
}

export const egfr = defineFact<z.infer<typeof kidney>>({
  id: 'egfr',
  question: 'What is the eGFR (CKD-EPI 2021, mL/min/1.73 m²) from a creatinine of the last {withinDays} days?',
  answers: 'a number',
  params: kidney,
  ask: ({ withinDays = 365 }, context) => {
    const computed = calculate({ calculator: 'ckd_epi_2021', withinDays }, context);
    const named = (answer: Answer): Answer => ({ ...answer, names: { egfr: answer.names?.ckdEpi2021 ?? '' } });
    // A reported eGFR is used when there is no newer creatinine to compute from.
    const reported = readings(context, 'egfr', 'mL/min/{1.73_m2}', withinDays);
    if (isKnown(reported) && reported[0]) {
      const newest = reported[0];
      const creatinine = readings(context, 'creatinine', 'mg/dL', withinDays);
      const isNewer =
        isUnknown(computed.value) ||
        isUnknown(creatinine) ||
        (newest.entry.when ?? 0) > (creatinine[0]!.entry.when ?? 0);
      if (isNewer)
        return {
          value: newest.value,
          because: [because(newest, 'eGFR', 'mL/min/{1.73_m2}')],
          names: { egfr: `${rounded(newest.value)} mL/min/1.73 m²` },
        };
    }
    if (isKnown(computed.value)) return named(computed);
    const bounds = boundsByStage(context);
    return { ...computed, ...bounds, ...(bounds.names && { names: { egfr: `below ${Math.ceil(bounds.atMost!)}` } }) };
  },
});

export const creatinineClearance = defineFact<z.infer<typeof kidney>>({
  id: 'creatinineClearance',
  question:
    'What is the creatinine clearance (Cockcroft-Gault, mL/min) from a creatinine of the last {withinDays} days?',
  answers: 'a number',
  params: kidney,
  ask: ({ withinDays = 365 }, context) => {
    const withHeight = calculate({ calculator: 'cockcroft_gault', withinDays }, context);
    const answer =
      isUnknown(withHeight.value) && /height/i.test(withHeight.value.unknown)
        ? calculate({ calculator: 'cockcroft_gault', withinDays, inputs: { weight_rule: 'actual' } }, context)
        : withHeight;
    return { ...answer, names: { crcl: answer.names?.cockcroftGault ?? '' } };
  },
});

/**
 * Labels set their limits by creatinine clearance; where no weight is on the chart, the eGFR stands in and the card says so.
 */
export const kidneyFunction = defineFact<z.infer<typeof kidney>>({
  id: 'kidneyFunction',
  question:
    'What is the creatinine clearance (mL/min), or the eGFR where no weight is known, from a creatinine of the last {withinDays} days? (without one, a CKD stage on the problem list bounds it)',
  answers: 'a number',
  params: kidney,
  ask: (given, context) => {
    const clearance = creatinineClearance.ask(given, context);
    if (isKnown(clearance.value)) return { ...clearance, names: { kidneyFunction: `CrCl ${clearance.names?.crcl}` } };
    const filtration = egfr.ask(given, context);
    if (isUnknown(filtration.value)) return { ...filtration, ...boundsByStage(context) };
    return {
      ...filtration,
      because: [...filtration.because, { text: 'No weight: eGFR used in place of CrCl' }],
      names: { kidneyFunction: `eGFR ${filtration.names?.egfr}` },
    };
  },
});
