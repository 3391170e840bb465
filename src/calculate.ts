// GET /calculators and POST /calculators/{id}: from given inputs, or filled from a chart.
import { type Calculator, calculators, isRefused, runCalculator } from './calculators/index.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { readChart } from './chart/read.ts';
import type { ChartPart, ChartSource } from './chart/types.ts';
import { fillFromChart, spreadWarning } from './facts/calculator-inputs.ts';
import { isObject, type Json } from './fhir/reading.ts';
import { refuse } from './outcome.ts';
import { type Engine, open } from './service.ts';
import { isUnknown } from './unknown.ts';

export function describeCalculator({ id, title, citation, url, confidence, validity, unit, inputs }: Calculator) {
  return {
    id,
    title,
    citation,
    ...(url && { url }),
    confidence,
    validity,
    unit,
    inputs: Object.entries(inputs).map(([name, { chart, ...input }]) => ({
      name,
      ...input,
      fromChart: chart !== undefined,
    })),
  };
}

const helpful: ChartPart[] = ['medications', 'statements', 'problems', 'procedures', 'labs', 'vitals', 'surveys'];

export async function calculate(
  id: string,
  body: unknown,
  engine: Engine,
  envelope: () => HookRequest | Promise<HookRequest>,
) {
  const calculator = calculators.get(id);
  if (!calculator)
    return refuse({
      reason: 'unknown',
      what: `There is no calculator "${id.slice(0, 60)}". GET /calculators lists them.`,
    });
  if (!isObject(body)) return refuse({ reason: 'malformed', what: `The body must be ${twoBodies}.` });
  const given = body.inputs ?? {};
  if (!isObject(given))
    return refuse({ reason: 'malformed', what: '"inputs" must be an object of input names and values.' });
  const isChart = ['context', 'prefetch', 'fhirServer'].some((member) => body[member] !== undefined);
  if (!isChart && body.inputs === undefined)
    return refuse({ reason: 'malformed', what: `The body must be ${twoBodies}.` });
  return isChart
    ? fromChart(calculator, given, await open(await envelope(), { required: ['patient'], helpful }, engine), engine)
    : answer(calculator, given);
}

const twoBodies = '{"inputs": {…}} or a CDS Hooks request body, whose chart fills the inputs';

function fromChart(calculator: Calculator, given: Json, source: ChartSource, engine: Engine) {
  const { terminology } = engine.knowledge();
  const filled = fillFromChart(calculator.id, { chart: readChart(source, terminology), terminology }, { given });
  if (isUnknown(filled)) return refuse({ reason: 'unknown', what: filled.unknown });
  const { inputs, gaps, when } = filled;
  const result = answer(calculator, inputs, gaps);
  const spread = spreadWarning(calculator.id, when);
  return {
    patientId: source.patientId,
    ...result,
    warnings: [...result.warnings, ...(spread ? [spread] : [])],
    inputs: result.inputs.map((input) => ({
      ...input,
      ...(when[input.name] && { when: when[input.name]!.toISOString() }),
    })),
    // Inputs the calculator did without, and why the chart could not give them.
    ...(Object.keys(gaps).length > 0 && { notFilled: gaps }),
  };
}

function answer(calculator: Calculator, inputs: Json, gaps: Readonly<Record<string, string>> = {}) {
  const result = runCalculator(calculator.id, inputs);
  if (!isRefused(result)) return result;
  return refuse({
    reason: 'cannot_compute',
    issues: result.refused.map(({ input, reason }) => ({
      what: input ?? calculator.id,
      why: gaps[input ?? ''] ?? reason,
    })),
  });
}
