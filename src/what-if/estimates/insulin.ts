// Basal insulin: the next step from a dose, or the first dose, behind the guards against hypoglycaemia. Proposals, never orders.
import { isRefused, runCalculator } from '../../calculators/index.ts';
import { titrateBasalInsulin } from '../../estimates/index.ts';
import { dailyDose } from '../../facts/medication-list.ts';
import { type Reading, readings } from '../../facts/results.ts';
import { daysBetween, type Json } from '../../fhir/reading.ts';
import { isKnown, isUnknown } from '../../unknown.ts';
import { bothSides } from './both-sides.ts';
import {
  hasProblem,
  inputsFor,
  isSame,
  isStarted,
  type NotTold,
  nothingTold,
  type Scene,
  type Side,
  shown,
  type Told,
  takenBy,
} from './scene.ts';

const glucoseDays = 4;

export function insulinEstimates(scene: Scene): Told {
  const basal = (side: Side) => takenBy(side, ['basal-insulins']);
  const dosesOf = (side: Side) => basal(side).map((order) => dailyDose(order, undefined, '[iU]'));
  if (isSame(dosesOf(scene.before), dosesOf(scene.after))) return nothingTold();
  if (isStarted(scene, ['basal-insulins'])) return insulinStart(scene);
  return bothSides(scene, 'basal-insulin-titration', true, (side) => {
    const doses = dosesOf(side);
    if (doses.length === 0) return undefined;
    const refuse = (why: NotTold['why']) => ({ title: 'Basal insulin', why });
    if (hasProblem(side, ['diabetes-type-1'])) return refuse('the titration holds for type 2 diabetes');
    const unread = doses.find(isUnknown);
    if (unread) return refuse(unread.unknown);
    const weight = readings(side, 'weight', 'kg', 365);
    if (isUnknown(weight)) return refuse(weight.unknown);
    const glucose = readings(side, 'glucose', 'mg/dL', glucoseDays);
    if (isUnknown(glucose)) return refuse(glucose.unknown);
    const fasting = glucose.filter(({ entry }) => entry.codings.some(({ code }) => code === '1558-6'));
    const lastDay = glucose.filter(({ entry }) => entry.when && daysBetween(entry.when, side.chart.now) <= 1);
    const estimate = titrateBasalInsulin({
      unitsPerDay: doses.filter(isKnown).reduce((sum, dose) => sum + dose, 0),
      weightKg: weight[0]!.value,
      fastingMgDl: fasting.map(({ value }) => value),
      hadHypoglycaemia24h: lastDay.some(({ value }) => value < 70),
      ...(lastDay[0] && { glucoseNowMgDl: lastDay[0].value }),
    });
    return isRefused(estimate) ? refuse(estimate) : [shown(estimate)];
  });
}

/** A first basal insulin: the guideline's dose by weight, behind its guards against hypoglycaemia. */
function insulinStart(scene: Scene): Told {
  const id = 'insulin_basal_start_t2d';
  return bothSides(scene, 'basal-insulin-start', true, (side) => {
    if (side === scene.before) return undefined;
    const refuse = (why: NotTold['why']) => ({ title: 'First basal insulin', why, calculator: id });
    if (hasProblem(side, ['diabetes-type-1'])) return refuse('the starting dose holds for type 2 diabetes');
    const lastDay = readings(side, 'glucose', 'mg/dL', 1);
    // Any glucose of the day counts, whichever test it was; without one the calculator's guards refuse.
    const measured = isKnown(lastDay) ? glucoseInputs(lastDay) : {};
    const result = runCalculator(id, inputsFor(id, side, scene, { ...measured, has_basal: false }));
    if (isRefused(result)) return refuse(result);
    return [
      {
        id: 'basal-insulin-start',
        outcome: 'First basal insulin dose a day',
        value: result.value,
        unit: result.unit,
        interval: [Number(result.components?.low), Number(result.components?.high)],
        horizon: 'first days',
        source: result.citation,
        validity:
          "Adults with type 2 diabetes who take no basal insulin; the interval is the guideline's range of doses",
        basis: 'arithmetic',
        from: { calculator: id, version: '1.0.0', citation: result.citation, inputs: result.inputs },
        warnings: result.warnings,
      },
    ];
  });
}

function glucoseInputs(lastDay: readonly Reading[]): Json {
  const { value, entry } = lastDay[0]!;
  return {
    glucose_mg_dl: { value, unit: 'mg/dL', reference: entry.reference },
    hypoglycemia_24h: lastDay.some((reading) => reading.value < 70),
  };
}
