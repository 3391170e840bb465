// What an estimate may ask: the chart before and after, what was changed, and what the clinician supplied beside the chart.
import { type Calculator, calculators, type Refused } from '../../calculators/index.ts';
import type { Estimate } from '../../cds-hooks/contract.ts';
import type { Chart, Medication } from '../../chart/types.ts';
import type { Estimate as Modelled } from '../../estimates/index.ts';
import { fillFromChart } from '../../facts/calculator-inputs.ts';
import { isTaken, matches } from '../../facts/medication-list.ts';
import { isObject, type Json } from '../../fhir/reading.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { isUnknown, unknown } from '../../unknown.ts';
import type { Change } from '../change.ts';
import { toldOnce } from '../same-taking.ts';

export interface Side {
  chart: Chart;
  terminology: Terminology;
}

export interface Scene {
  before: Side;
  after: Side;
  changes: readonly Change[];
  /** Inputs by calculator that no chart holds: `{"kfre_4var": {"region": "north-america"}}`. */
  given: Json;
}

/** An estimate as the answer holds it: the contract's members, and what the house's rules for numbers ask beside them. */
export type Shown = Estimate & Pick<Modelled, 'basis' | 'difference' | 'baseline' | 'from' | 'warnings'>;

export interface Told {
  before: Shown[];
  after: Shown[];
  /** Outside their validity, where a change asked for them. */
  refused: { estimate: string; reason: string; change?: Change }[];
  /** Estimates that a change asked for and the chart holds too little for: nothing was wrong with the change. */
  lacking: string[];
}

export const nothingTold = (): Told => ({ before: [], after: [], refused: [], lacking: [] });

export interface NotTold {
  estimate: string;
  /** What the estimate is called in a sentence. */
  title: string;
  why: string | Refused;
  /** The calculator whose inputs are named. */
  calculator?: string;
}

export function tellNot(told: Told, { estimate, title, why, calculator }: NotTold, change: Change | undefined): void {
  const reason = `${title}: ${typeof why === 'string' ? why : whyRefused(why, calculator)}`;
  if (typeof why !== 'string' && lacksInputs(why)) {
    if (!told.lacking.includes(reason)) told.lacking.push(reason);
  } else told.refused.push({ estimate, reason, ...(change && { change }) });
}

export function shown({ curve, interval, ...rest }: Modelled): Shown {
  return {
    ...rest,
    interval: interval && [interval[0], interval[1]],
    ...(curve &&
      curve.points.length > 0 && {
        points: curve.points.map(([x, y]) => ({ x, y })),
        axes: { x: curve.x, y: curve.y },
      }),
  };
}

/** The inputs of a calculator: what the clinician gave, what this estimate worked out, then the chart. */
export function inputsFor(id: string, side: Side, scene: Scene, own: Json = {}): Json {
  const supplied = isObject(scene.given[id]) ? scene.given[id] : {};
  const filled = fillFromChart(id, side, { given: { ...own, ...supplied } });
  if (isUnknown(filled)) return {};
  const needed = (calculators.get(id) as Calculator).inputs;
  const gaps = Object.entries(filled.gaps).filter(([name]) => !needed[name]?.optional && !(name in filled.inputs));
  return { ...filled.inputs, ...Object.fromEntries(gaps.map(([name, reason]) => [name, unknown(reason)])) };
}

const isMissing = (reason: string): boolean => /^(missing|no )|could not be read|were not asked for/.test(reason);

/** Whether the chart does not hold what the calculator takes. */
export const lacksInputs = ({ refused }: Refused): boolean => refused.some(({ reason }) => isMissing(reason));

/** Why, in words, and how to supply what is missing. */
export function whyRefused({ refused }: Refused, calculator?: string): string {
  const inputs = calculator ? calculators.get(calculator)?.inputs : undefined;
  const title = (input: string) => inputs?.[input]?.title ?? input;
  const said = refused.map(({ input, reason }) => {
    if (!input || reason.startsWith('no ')) return reason;
    return reason.startsWith('missing') ? `${title(input)} is missing` : `${title(input)}: ${reason}`;
  });
  const missing = refused.flatMap(({ input, reason }) => (input && isMissing(reason) ? [`"${input}": …`] : []));
  const way =
    calculator && missing.length > 0
      ? `. What is missing can be given as "inputs": {"${calculator}": {${missing.join(', ')}}}`
      : '';
  return `${said.join('; ')}${way}`;
}

export const takenBy = ({ chart }: Side, tokens: readonly string[]): Medication[] =>
  isUnknown(chart.medications)
    ? []
    : toldOnce(chart.medications.filter((entry) => isTaken(entry) && matches(entry, tokens)));

export const isStarted = (scene: Scene, tokens: readonly string[]): boolean =>
  takenBy(scene.before, tokens).length === 0 && takenBy(scene.after, tokens).length > 0;
export const isStopped = (scene: Scene, tokens: readonly string[]): boolean =>
  takenBy(scene.before, tokens).length > 0 && takenBy(scene.after, tokens).length === 0;

/** Undefined when the problem list could not be had. */
export function hasProblem({ chart }: Side, groups: readonly string[], ever = false): boolean | undefined {
  if (isUnknown(chart.problems)) return undefined;
  return chart.problems.some(
    (entry) => (ever || entry.standing === 'active') && groups.some((group) => entry.groups.has(group)),
  );
}

const medicationChanges = new Set(['start', 'stop', 'replace', 'dose']);
export const medicationChange = ({ changes }: Scene): Change | undefined =>
  changes.find((change) => medicationChanges.has(change.do));
export const observedChange = ({ changes }: Scene): Change | undefined =>
  changes.find((change) => change.do === 'observe');

/** The same numbers on both sides: nothing that this estimate rests on was changed. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
