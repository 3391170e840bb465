// Kidney function and kidney failure. The eGFR is the newest of the reported and the computed one, as for the rules; KFRE's
// region is on no chart but the patient's own address, and is asked for where that is missing.
import { isRefused, runCalculator } from '../../calculators/index.ts';
import { type EgfrReading, estimateKidneyFailure, projectEgfr, projectKidneyFailure } from '../../estimates/index.ts';
import { readings } from '../../facts/results.ts';
import { daysBetween, type Json, list, text } from '../../fhir/reading.ts';
import { isKnown, isUnknown } from '../../unknown.ts';
import { imagined } from '../change.ts';
import {
  hasProblem,
  inputsFor,
  isSame,
  type NotTold,
  nothingTold,
  observedChange,
  type Scene,
  type Shown,
  type Side,
  shown,
  type Told,
  tellNot,
} from './scene.ts';

const unit = 'mL/min/{1.73_m2}';

export function kidneyEstimates(scene: Scene): Told {
  const told = nothingTold();
  const [before, after] = [kidneyFunction(scene.before, scene), kidneyFunction(scene.after, scene)];
  if (before) told.before.push(before);
  if (after) told.after.push(after);
  const isTouched = !isSame(before?.value, after?.value) || hasNewAlbumin(scene);
  const change = observedChange(scene);
  for (const years of ['5', '2'] as const) {
    const id = `kidney-failure-${years}-years`;
    const sides = [
      { side: scene.before, egfr: before, into: told.before },
      { side: scene.after, egfr: after, into: told.after },
    ];
    for (const { side, egfr, into } of sides) {
      const failure = kidneyFailure(side, scene, egfr, years);
      if (!('why' in failure)) into.push({ ...failure, id });
      else if (isTouched && side === scene.after && years === '5') tellNot(told, failure, change);
    }
  }
  if (isTouched) addCourse(scene, told);
  return told;
}

/** The eGFR of a side, with where it is from; undefined when nothing recent tells it. */
export function kidneyFunction(side: Side, scene: Scene): Shown | undefined {
  const computed = runCalculator('ckd_epi_2021', inputsFor('ckd_epi_2021', side, scene));
  const reported = readings(side, 'egfr', unit, 365);
  const creatinine = readings(side, 'creatinine', 'mg/dL', 365);
  const newest = isKnown(reported) ? reported[0] : undefined;
  const computedFrom = isKnown(creatinine) ? creatinine[0]?.entry.when : undefined;
  const isReported = newest && (isRefused(computed) || !computedFrom || (newest.entry.when ?? 0) > computedFrom);
  const common = { id: 'egfr', outcome: 'Kidney function (eGFR)', unit, interval: null, horizon: 'now' } as const;
  if (isReported) {
    const { value, entry } = newest;
    const isThought = entry.reference.includes(`/${imagined}`);
    return {
      ...common,
      value,
      source: isThought ? 'Set in this what-if' : `Reported by the laboratory, ${entry.reference}`,
      validity: "As reported; an equation's value holds for a steady creatinine",
      basis: 'score',
      from: {
        calculator: 'reported',
        version: '',
        citation: '',
        inputs: [{ name: 'egfr', value, unit, reference: entry.reference }],
      },
    };
  }
  if (isRefused(computed)) return undefined;
  return {
    ...common,
    value: computed.value,
    source: computed.citation,
    validity: 'Adults with a steady creatinine; not in acute kidney injury or pregnancy',
    basis: 'score',
    from: { calculator: 'ckd_epi_2021', version: '1.0.0', citation: computed.citation, inputs: computed.inputs },
    warnings: computed.warnings,
  };
}

function kidneyFailure(side: Side, scene: Scene, egfr: Shown | undefined, years: '2' | '5'): Shown | NotTold {
  const about = { estimate: 'kidney-failure', title: 'Kidney failure risk', calculator: 'kfre_4var' };
  if (hasProblem(side, ['dialysis', 'kidney-transplant']))
    return { ...about, why: 'KFRE was not published for people on dialysis or with a transplant' };
  const inputs = failureInputs(side, scene, egfr, years);
  const estimate = estimateKidneyFailure(inputs);
  return isRefused(estimate) ? { ...about, why: estimate } : shown(estimate);
}

function failureInputs(side: Side, scene: Scene, egfr: Shown | undefined, years: '2' | '5'): Json {
  const region = regionOf(side);
  const own = {
    years,
    ...(region && { region }),
    ...(egfr && {
      egfr: {
        value: egfr.value,
        unit,
        reference: egfr.from?.inputs.find(({ reference }) => reference?.startsWith('Observation/'))?.reference,
      },
    }),
  };
  return inputsFor('kfre_4var', side, scene, own);
}

/** The two calibrations were made in the United States and Canada, and elsewhere. */
function regionOf({ chart }: Side): string | undefined {
  const { patient } = chart.source.parts;
  const resource = Array.isArray(patient) ? patient.find(({ resourceType }) => resourceType === 'Patient') : undefined;
  const countries = list((resource as unknown as Json | undefined)?.address).map(({ country }) =>
    text(country)?.toLowerCase(),
  );
  const country = countries.find((name) => name !== undefined);
  if (!country) return undefined;
  return /^(us|usa|u\.s\.a?\.?|united states( of america)?|ca|can|canada)$/.test(country)
    ? 'north-america'
    : 'non-north-america';
}

function hasNewAlbumin(scene: Scene): boolean {
  const [before, after] = [scene.before, scene.after].map((side) => {
    const found = side.chart.observations(['9318-7', '14959-1']);
    return isUnknown(found) ? undefined : found[0]?.reference;
  });
  return before !== after;
}

const courseYears = 2;

function addCourse(scene: Scene, told: Told): void {
  for (const [side, into, egfr] of [
    [scene.before, told.before, told.before[0]],
    [scene.after, told.after, told.after[0]],
  ] as const) {
    const measured = readingsOf(side);
    const course = projectEgfr(measured, courseYears);
    if (isRefused(course)) continue;
    into.push(shown(course));
    const inputs = failureInputs(side, scene, egfr?.id === 'egfr' ? egfr : undefined, '5');
    const age = side.chart.patient.ageInYears;
    if (isUnknown(age) || hasProblem(side, ['dialysis', 'kidney-transplant'])) continue;
    const failure = projectKidneyFailure(measured, { ...inputs, age_y: age }, courseYears);
    if (!isRefused(failure)) into.push(shown(failure));
  }
}

function readingsOf(side: Side): EgfrReading[] {
  const found = readings(side, 'egfr', unit, 5 * 365);
  if (isUnknown(found)) return [];
  return found.flatMap(({ entry, value }) =>
    entry.when ? [{ year: Math.min(0, -daysBetween(entry.when, side.chart.now) / 365.25), egfr: value }] : [],
  );
}
