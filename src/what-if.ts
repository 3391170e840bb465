// POST /what-if: the chart copied, changed, and assessed by the same guards as a hook (how: what-if/assess.ts). The answer is
// the difference in cards and in estimates, and what could not be changed or estimated, with the reason.

import type { WhatIfAnswer } from './cds-hooks/contract.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { readChart } from './chart/read.ts';
import type { ChartPart } from './chart/types.ts';
import { isObject, type Json } from './fhir/reading.ts';
import { refuse } from './outcome.ts';
import { type Engine, open, type Service } from './service.ts';
import { untimed } from './timing.ts';
import { applyChanges } from './what-if/apply.ts';
import { assess } from './what-if/assess.ts';
import type { Change } from './what-if/change.ts';
import { difference } from './what-if/difference.ts';
import { tellEstimates } from './what-if/estimates/index.ts';
import { explain } from './what-if/explain.ts';
import { notesOn } from './what-if/notes.ts';

const mostChanges = 50;

export async function whatIf(
  request: HookRequest,
  services: readonly Service[],
  engine: Engine,
  timed = untimed,
): Promise<WhatIfAnswer> {
  const changes = changesOf(request.rest.changes);
  const given = request.rest.inputs ?? {};
  if (!isObject(given))
    return refuse({ reason: 'malformed', what: '"inputs" must be an object of calculator ids and their inputs.' });

  const source = await timed('chart', () => open(request, partsOf(services), engine));
  const { source: changed, made, refused } = applyChanges(changes, source, engine.knowledge());
  const before = await timed('guards', () => assess(source, engine));
  // A delay changes no chart: nothing is assessed twice.
  const after = changed === source ? before : await timed('guards', () => assess(changed, engine));

  const { terminology } = engine.knowledge();
  const side = (chart: typeof source) => ({ chart: readChart({ ...chart, selections: [] }, terminology), terminology });
  const earlier = side(source);
  const later = changed === source ? earlier : side(changed);
  const told = tellEstimates({
    before: earlier,
    after: later,
    changes: made,
    given: given as Json,
  });
  const noted = { made, before: earlier.chart, after: later.chart, lacking: told.lacking };
  const cards = difference(before.cards, after.cards);
  return {
    patientId: source.patientId,
    before: { cards: before.cards, estimates: told.before },
    after: { cards: after.cards, estimates: told.after },
    difference: cards,
    explanation: explain(cards, told.before, told.after, notesOn(noted, engine.knowledge())),
    refused: [...refused, ...told.refused.map(({ change, ...rest }) => ({ change: change ?? changes[0], ...rest }))],
  };
}

function changesOf(given: unknown): Change[] {
  const isList =
    Array.isArray(given) &&
    given.length > 0 &&
    given.every((change) => isObject(change) && typeof change.do === 'string');
  if (!isList)
    return refuse({
      reason: 'malformed',
      what: '"changes" must be a list of changes, each with "do": stop, start, replace, dose, observe, diagnose or delay, such as {"do":"stop","medication":{…}}.',
    });
  if (given.length > mostChanges)
    return refuse({
      reason: 'malformed',
      what: `"changes" holds ${given.length} changes; at most ${mostChanges} are tried at once.`,
    });
  return given as Change[];
}

/** What the services for orders and for the chart ask for, together. */
function partsOf(services: readonly Service[]): { required: ChartPart[]; helpful: ChartPart[] } {
  const asked = services.filter(({ hooks }) => hooks.some((hook) => hook === 'order-sign' || hook === 'patient-view'));
  const required = new Set(asked.flatMap((service) => [...service.required]));
  const helpful = new Set(asked.flatMap((service) => [...service.helpful]).filter((part) => !required.has(part)));
  return { required: [...required], helpful: [...helpful] };
}
