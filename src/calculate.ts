// GET /calculators and POST /calculators/{id}: from given inputs, or filled from a chart.
import { type Calculator, calculators, isRefused, runCalculator } from './calculators/index.ts';
import type { ChartPart } from './chart/types.ts';
import { readChart } from './chart/read.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { fillFromChart } from './facts/calculator-inputs.ts';
import { isObject } from './fhir/reading.ts';
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
    inputs: Object.entries(inputs).map(([name, { chart, ...input }]) => ({ name, ...input, fromChart: chart !== undefined })),
  };
}

const helpful: ChartPart[] = ['medications', 'problems', 'labs', 'vitals', 'surveys'];

export async function calculate(id: string, body: unknown, engine: Engine, envelope: () => Promise<HookRequest>) {
  const calculator = calculators.get(id);
  if (!calculator) return refuse({ reason: 'unknown', what: `There is no calculator "${id.slice(0, 60)}". GET /calculators lists them.` });
  if (!isObject(body)) return refuse({ reason: 'malformed', what: 'The body must be {"inputs": {…}} or a CDS Hooks request body.' });
  let inputs: Record<string, unknown> = {};
  let gaps: Record<string, string> = {};
  if (body.inputs !== undefined && !isObject(body.inputs)) return refuse({ reason: 'malformed', what: '"inputs" must be an object of input names and values.' });
  if (isObject(body.context)) {
    const source = await open(await envelope(), { required: ['patient'], helpful }, engine);
    const { terminology } = engine.knowledge();
    const filled = fillFromChart(id, { chart: readChart(source, terminology), terminology }, { given: isObject(body.inputs) ? body.inputs : {} });
    if (isUnknown(filled)) return refuse({ reason: 'unknown', what: filled.unknown });
    ({ inputs, gaps } = filled);
  } else if (isObject(body.inputs)) inputs = body.inputs;
  else return refuse({ reason: 'malformed', what: 'The body must hold "inputs", or the "context" of a chart to fill them from.' });
  const result = runCalculator(id, inputs);
  if (!isRefused(result)) return result;
  return refuse({ reason: 'cannot_compute', issues: result.refused.map(({ input, reason }) => ({ what: input ?? id, why: gaps[input ?? ''] ?? reason })) });
}
