// The rise of SOFA over the patient's own baseline, from whichever parts can be scored now. An at-least figure: what was not
// measured adds nothing. Sepsis-3: a baseline of zero may be assumed where no earlier organ dysfunction is known.
import { z } from 'zod';
import { daysBetween } from '../fhir/reading.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Because, cannotSay, defineFact, type FactContext } from './define.ts';
import { rounded } from './orders.ts';
import { because, type Reading, readings } from './results.ts';
import { urineOutput } from './urine-output.ts';
import { vasopressorPoints, vasopressors } from './vasopressors.ts';
import { inspiredFraction, isOnVentilator } from './vital-state.ts';

const steps = (value: number, limits: readonly number[], isLower: boolean): number =>
  limits.filter((limit) => (isLower ? value < limit : value >= limit - 1e-9)).length;

/** One part of the score, now and before; `course` is the value now, or the values from before to now. */
interface Scored {
  now: number;
  before: number | undefined;
  course: string;
  chips: Because[];
}

interface Organ {
  name: 'kidney' | 'coagulation' | 'liver' | 'circulation' | 'brain' | 'respiration';
  /** Problems with which an unknown earlier value is not taken for a healthy one. */
  chronic: string[];
  score(context: FactContext): Scored | undefined;
}

interface Measured {
  observation: string;
  title: string;
  short: string;
  unit: string;
  points: (value: number) => number;
}

/** From the newest value of a day, and the newest of those more than two days old. */
const byResult =
  ({ observation, title, short, unit, points }: Measured) =>
  (context: FactContext): Scored | undefined => {
    const found = readings(context, observation, unit, 365);
    if (isUnknown(found)) return undefined;
    const [newest] = found;
    if (!newest?.entry.when || daysBetween(newest.entry.when, context.chart.now) > 1) return undefined;
    const earlier = found.find(({ entry }) => entry.when && daysBetween(entry.when, context.chart.now) > 2);
    return {
      now: points(newest.value),
      before: earlier && points(earlier.value),
      course: `${short} ${earlier ? `${rounded(earlier.value)} → ` : ''}${rounded(newest.value)}`,
      chips: [because(newest, title, unit), ...(earlier ? [because(earlier, `${title} before`, unit)] : [])],
    };
  };

const creatinine = byResult({
  observation: 'creatinine',
  title: 'Creatinine',
  short: 'creatinine',
  unit: 'mg/dL',
  points: (v) => steps(v, [1.2, 2, 3.5, 5], false),
});

function kidney(context: FactContext): Scored | undefined {
  const byCreatinine = creatinine(context);
  const urine = urineOutput(context, 24);
  const ml = urine && urine.mlPerHour * 24;
  const byUrine = ml === undefined ? 0 : ml < 200 ? 4 : ml < 500 ? 3 : 0;
  if (!urine || byUrine <= (byCreatinine?.now ?? 0))
    return byCreatinine ?? (urine && { now: 0, before: 0, course: '', chips: [] });
  return {
    now: byUrine,
    before: byCreatinine?.before,
    course: `urine ${Math.round(ml!)} mL in 24 h`,
    chips: [urine.because, ...(byCreatinine?.chips ?? [])],
  };
}

const pressure = byResult({
  observation: 'mean-arterial-pressure',
  title: 'Mean arterial pressure',
  short: 'mean pressure',
  unit: 'mm[Hg]',
  points: (v) => (v < 70 ? 1 : 0),
});

function circulation(context: FactContext): Scored | undefined {
  const infusions = vasopressors(context);
  const points = vasopressorPoints(infusions);
  if (points > 0) {
    const [strongest] = [...infusions].sort((a, b) => vasopressorPoints([b]) - vasopressorPoints([a]));
    const rate = strongest!.rate === undefined ? '' : ` ${rounded(Number(strongest!.rate.toFixed(3)))} mcg/kg/min`;
    return {
      now: points,
      before: undefined,
      course: `${strongest!.drug}${rate}`,
      chips: infusions.map(({ because: chip }) => chip),
    };
  }
  return pressure(context) ?? fromCuff(context);
}

/** Diastolic and a third of the difference, of one measurement. */
function fromCuff(context: FactContext): Scored | undefined {
  const systolic = readings(context, 'systolic-bp', 'mm[Hg]', 1);
  const diastolic = readings(context, 'diastolic-bp', 'mm[Hg]', 1);
  if (isUnknown(systolic) || isUnknown(diastolic)) return undefined;
  const [high] = systolic;
  const low = diastolic.find(({ entry }) => entry.when?.getTime() === high!.entry.when?.getTime());
  if (!low) return undefined;
  const mean = Math.round(low.value + (high!.value - low.value) / 3);
  const { when, reference } = high!.entry;
  return {
    now: mean < 70 ? 1 : 0,
    before: undefined,
    course: `mean pressure ${mean}`,
    chips: [
      {
        text: `Mean arterial pressure ${mean} mmHg (from ${Math.round(high!.value)}/${Math.round(low.value)})`,
        when,
        reference,
      },
    ],
  };
}

/**
 * PaO2 over FiO2, both within two hours; without a blood gas SpO2 over FiO2 by Pandharipande (Crit Care Med 2009;37:1317-1321):
 * 357, 214 and 89 stand for 300, 200 and 100. Only with oxygen given and a saturation of 97 % or less, where the curve is steep;
 * the limit of 512 for the first point is left out, since on air it would give that point to the healthy. Three and four points
 * need ventilatory support.
 */
function respiration(context: FactContext): Scored | undefined {
  const support = isOnVentilator(context);
  const cap = (points: number) => (support ? points : Math.min(points, 2));
  const gas = readings(context, 'pao2', 'mm[Hg]', 1);
  const gasAt = isKnown(gas) ? gas[0]!.entry.when : undefined;
  const withGas = gasAt && inspiredFraction(context, gasAt);
  if (isKnown(gas) && withGas) {
    const ratio = gas[0]!.value / withGas.value;
    return scored(
      cap(steps(ratio, [400, 300, 200, 100], true)),
      'PaO2/FiO2',
      ratio,
      gas[0]!,
      'PaO2',
      'mm[Hg]',
      withGas.because,
    );
  }
  const pulse = readings(context, 'spo2', '%', 1);
  const pulseAt = isKnown(pulse) ? pulse[0]!.entry.when : undefined;
  const given = pulseAt && inspiredFraction(context, pulseAt);
  if (!isKnown(pulse) || !given || given.value <= 0.21 || pulse[0]!.value > 97) return undefined;
  const ratio = pulse[0]!.value / given.value;
  const points = steps(ratio, [357, 214, 89], true);
  return scored(
    cap(points === 0 ? 0 : points + 1),
    'SpO2/FiO2',
    ratio,
    pulse[0]!,
    'Oxygen saturation',
    '%',
    given.because,
  );
}

const scored = (
  now: number,
  name: string,
  ratio: number,
  reading: Reading,
  title: string,
  unit: string,
  more: Because,
): Scored => ({
  now,
  before: undefined,
  course: `${name} ${Math.round(ratio)}`,
  chips: [because(reading, title, unit), more],
});

const organs: Organ[] = [
  {
    name: 'respiration',
    chronic: ['copd', 'interstitial-lung-disease', 'cystic-fibrosis', 'pulmonary-hypertension'],
    score: respiration,
  },
  { name: 'kidney', chronic: ['ckd', 'dialysis', 'kidney-transplant'], score: kidney },
  {
    name: 'coagulation',
    chronic: ['thrombocytopenia', 'cirrhosis', 'hematologic-cancer'],
    score: byResult({
      observation: 'platelets',
      title: 'Platelets',
      short: 'platelets',
      unit: '10*3/uL',
      points: (v) => steps(v, [150, 100, 50, 20], true),
    }),
  },
  {
    name: 'liver',
    chronic: ['cirrhosis', 'chronic-liver-disease'],
    score: byResult({
      observation: 'bilirubin',
      title: 'Bilirubin',
      short: 'bilirubin',
      unit: 'mg/dL',
      points: (v) => steps(v, [1.2, 2, 6, 12], false),
    }),
  },
  { name: 'circulation', chronic: [], score: circulation },
  {
    name: 'brain',
    chronic: ['dementia', 'stroke'],
    score: byResult({
      observation: 'gcs',
      title: 'Glasgow coma scale',
      short: 'coma scale',
      unit: '{score}',
      points: (v) => steps(v, [15, 13, 10, 6], true),
    }),
  },
];

const params = z.strictObject({
  except: z.array(z.enum(['kidney', 'coagulation', 'liver', 'circulation', 'brain', 'respiration'])).optional(),
});

export const sofaRise = defineFact<z.infer<typeof params>>({
  id: 'sofaRise',
  question: "By how many points has SOFA risen at least over the patient's baseline, by results of the last 24 hours?",
  answers: 'a number',
  params,
  ask: ({ except = [] }, context) => {
    let rise = 0;
    let total = 0;
    let measured = 0;
    const chips: Because[] = [];
    const risen: { name: string; more: number; course: string }[] = [];
    for (const { name, chronic, score } of organs) {
      if ((except as string[]).includes(name)) continue;
      const found = score(context);
      if (!found) continue;
      measured += 1;
      total += found.now;
      if (found.before === undefined && !isFreeOf(chronic, context)) continue;
      const more = found.now - (found.before ?? 0);
      if (more <= 0) continue;
      rise += more;
      risen.push({ name, more, course: found.course });
      chips.push(...found.chips);
    }
    if (measured === 0) return cannotSay('nothing measured in 24 hours from which SOFA could be scored');
    risen.sort((a, b) => b.more - a.more);
    return {
      value: rise,
      because: chips,
      names: {
        sofaRise: String(rise),
        sofaNow: `at least ${total} from ${measured} of 6 parts`,
        ...(risen.length > 0 && {
          sofaParts: risen.map(({ name, more }) => `${name} ${more}`).join(', '),
          sofaCourse: risen.map(({ course }) => course).join(', '),
        }),
      },
    };
  },
});

const isFreeOf = (chronic: string[], { chart }: FactContext): boolean =>
  chronic.length === 0 ||
  (isKnown(chart.problems) && !chart.problems.some(({ groups }) => chronic.some((token) => groups.has(token))));
