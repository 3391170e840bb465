// The rise of SOFA over the patient's own baseline, from whichever parts can be scored now. An at-least figure: what was not
// measured adds nothing. Sepsis-3: a baseline of zero may be assumed where no earlier organ dysfunction is known.
import { z } from 'zod';
import { daysBetween } from '../fhir/reading.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Because, cannotSay, defineFact, type FactContext } from './define.ts';
import { because, readings } from './results.ts';

const steps = (value: number, limits: readonly number[], isLower: boolean): number =>
  limits.filter((limit) => (isLower ? value < limit : value >= limit - 1e-9)).length;

interface Part {
  name: string;
  observation: string;
  title: string;
  unit: string;
  points: (value: number) => number;
  /** Problems with which an unknown earlier value is not taken for a healthy one. */
  chronic: string[];
}

const organs: Part[] = [
  {
    name: 'kidney',
    observation: 'creatinine',
    title: 'Creatinine',
    unit: 'mg/dL',
    points: (v) => steps(v, [1.2, 2, 3.5, 5], false),
    chronic: ['ckd', 'dialysis', 'kidney-transplant'],
  },
  {
    name: 'coagulation',
    observation: 'platelets',
    title: 'Platelets',
    unit: '10*3/uL',
    points: (v) => steps(v, [150, 100, 50, 20], true),
    chronic: ['thrombocytopenia', 'cirrhosis', 'hematologic-cancer'],
  },
  {
    name: 'liver',
    observation: 'bilirubin',
    title: 'Bilirubin',
    unit: 'mg/dL',
    points: (v) => steps(v, [1.2, 2, 6, 12], false),
    chronic: ['cirrhosis', 'chronic-liver-disease'],
  },
  {
    name: 'circulation',
    observation: 'mean-arterial-pressure',
    title: 'Mean arterial pressure',
    unit: 'mm[Hg]',
    points: (v) => (v < 70 ? 1 : 0),
    chronic: [],
  },
  {
    name: 'brain',
    observation: 'gcs',
    title: 'Glasgow coma scale',
    unit: '{score}',
    points: (v) => steps(v, [15, 13, 10, 6], true),
    chronic: ['dementia', 'stroke'],
  },
];

const params = z.strictObject({
  except: z.array(z.enum(['kidney', 'coagulation', 'liver', 'circulation', 'brain'])).optional(),
});

export const sofaRise = defineFact<z.infer<typeof params>>({
  id: 'sofaRise',
  question: "By how many points has SOFA risen at least over the patient's baseline, by results of the last 24 hours?",
  answers: 'a number',
  params,
  ask: ({ except = [] }, context) => {
    let rise = 0;
    let measured = 0;
    const chips: Because[] = [];
    const risen: string[] = [];
    for (const part of organs) {
      if ((except as string[]).includes(part.name)) continue;
      const found = readings(context, part.observation, part.unit, 365);
      if (isUnknown(found)) continue;
      const [newest] = found;
      if (!newest?.entry.when || daysBetween(newest.entry.when, context.chart.now) > 1) continue;
      measured += 1;
      const earlier = found.find(({ entry }) => entry.when && daysBetween(entry.when, context.chart.now) > 2);
      if (!earlier && !isFreeOf(part.chronic, context)) continue;
      const more = part.points(newest.value) - (earlier ? part.points(earlier.value) : 0);
      if (more <= 0) continue;
      rise += more;
      risen.push(`${part.name} ${more}`);
      chips.push(because(newest, part.title, part.unit));
      if (earlier) chips.push(because(earlier, `${part.title} before`, part.unit));
    }
    if (measured === 0) return cannotSay('nothing measured in 24 hours from which SOFA could be scored');
    return {
      value: rise,
      because: chips,
      names: { sofaRise: String(rise), ...(risen.length > 0 && { sofaParts: risen.join(', ') }) },
    };
  },
});

const isFreeOf = (chronic: string[], { chart }: FactContext): boolean =>
  isKnown(chart.problems) && !chart.problems.some(({ groups }) => chronic.some((token) => groups.has(token)));
