// Delay of antibiotics in sepsis. Observational associations per hour; in sepsis without shock several cohorts found none.
// The hours that count are from arrival to antibiotics, so a delay is added to the hours already gone.
import { type Baseline, checkBaseline, type Estimate, type Refused, refuseEstimate } from './estimate.ts';
import { afterOddsRatio, type OddsRatio, raised } from './odds.ts';

interface HourlyModel {
  readonly id: string;
  readonly perHour: OddsRatio;
  readonly windowHours: number;
  readonly outcome: string;
  readonly horizon: string;
  readonly source: string;
  readonly population: string;
  /** Undefined: holds with and without shock. */
  readonly shock?: boolean;
}

const death = 'Death in hospital';
const stay = 'hospital stay';

export const sepsisModels: readonly HourlyModel[] = [
  {
    id: 'sepsis-antibiotics',
    perHour: { value: 1.04, low: 1.03, high: 1.06 },
    windowHours: 12,
    outcome: death,
    horizon: stay,
    source: 'Seymour CW et al. N Engl J Med 2017;376:2235-2244',
    population: 'Adults with sepsis in the emergency department, antibiotics within 12 hours (49,331 patients)',
  },
  {
    id: 'sepsis-antibiotics-liu',
    perHour: { value: 1.09, low: 1.05, high: 1.13 },
    windowHours: 6,
    outcome: death,
    horizon: stay,
    source: 'Liu VX et al. Am J Respir Crit Care Med 2017;196:856-863',
    population: 'Adults with sepsis given antibiotics within 6 hours of registration (35,000 patients)',
  },
  {
    id: 'sepsis-antibiotics-liu-shock',
    perHour: { value: 1.14, low: 1.06, high: 1.23 },
    windowHours: 6,
    outcome: death,
    horizon: stay,
    source: 'Liu VX et al. Am J Respir Crit Care Med 2017;196:856-863',
    population: 'Adults with septic shock given antibiotics within 6 hours of registration',
    shock: true,
  },
  {
    id: 'septic-shock-antibiotics-kumar',
    perHour: { value: 1.119, low: 1.103, high: 1.136 },
    windowHours: 6,
    outcome: death,
    horizon: stay,
    source: 'Kumar A et al. Crit Care Med 2006;34:1589-1596',
    population: 'Adults with septic shock, hours counted from the first hypotension (2,154 patients)',
    shock: true,
  },
  {
    id: 'sepsis-antibiotics-one-year',
    perHour: { value: 1.1, low: 1.05, high: 1.14 },
    windowHours: 6,
    outcome: 'Death within one year',
    horizon: '1 year',
    source: 'Peltan ID et al. Chest 2019;155:938-946',
    population: 'Adults with sepsis in the emergency department (10,811 patients)',
  },
];

export interface SepsisDelay {
  /** Risk if antibiotics were given now. */
  readonly baseline: Baseline;
  readonly delayHours: number;
  /** Hours since arrival (or since hypotension, for Kumar) that have gone already. */
  readonly elapsedHours?: number;
  readonly hasShock?: boolean;
  readonly modelId?: string;
}

/** `delaySepsisAntibiotics({ baseline: { pct: 20, from: 'clinician' }, delayHours: 3 })` is 21.95% (21.46 to 22.94). */
export function delaySepsisAntibiotics(v: SepsisDelay): Estimate | Refused {
  const model = sepsisModels.find(({ id }) => id === (v.modelId ?? 'sepsis-antibiotics'));
  if (model === undefined)
    return refuseEstimate('modelId', `known models: ${sepsisModels.map(({ id }) => id).join(', ')}`);
  const wrong = checkBaseline(v.baseline) ?? checkWindow(model, v);
  if (wrong) return wrong;

  const { pct } = v.baseline;
  const ratio = raised(model.perHour, v.delayHours);
  const [value, low, high] = [ratio.value, ratio.low, ratio.high].map((one) => afterOddsRatio(pct, one)) as [
    number,
    number,
    number,
  ];
  return {
    id: model.id,
    outcome: model.outcome,
    value,
    unit: '%',
    interval: [low, high],
    horizon: model.horizon,
    source: model.source,
    validity: model.population,
    basis: 'observational association',
    baseline: { value: pct, from: v.baseline.from },
    difference: { value: value - pct, interval: [low - pct, high - pct] },
    warnings: [
      'An association, not a proven effect of waiting',
      ...(v.hasShock ? [] : ['Without shock several cohorts found no rise with delay']),
    ],
  };
}

function checkWindow(model: HourlyModel, v: SepsisDelay): Refused | undefined {
  const elapsed = v.elapsedHours ?? 0;
  if (!(v.delayHours >= 0)) return refuseEstimate('delayHours', 'the delay must be zero hours or more');
  if (!(elapsed >= 0)) return refuseEstimate('elapsedHours', 'the hours gone must be zero or more');
  if (elapsed + v.delayHours > model.windowHours) {
    return refuseEstimate(
      'delayHours',
      `${elapsed + v.delayHours} hours is outside the ${model.windowHours} hours that were studied (${model.source})`,
    );
  }
  if (model.shock && v.hasShock === false) return refuseEstimate('hasShock', 'this model holds in septic shock only');
  return undefined;
}
