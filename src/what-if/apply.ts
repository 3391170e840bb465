// Makes the changes one after another. One that cannot be made is refused with a reason that says what to send; the rest hold.
import type { ChartSource } from '../chart/types.ts';
import { text } from '../fhir/reading.ts';
import type { Knowledge } from '../knowledge.ts';
import { type Change, type ChangeContext, type Changed, isRefusal } from './change.ts';
import { diagnose, observe } from './chart-changes.ts';
import { dose, replace, start, stop } from './medication-changes.ts';

export interface Applied {
  /** The changed chart; the very source when nothing on the chart was changed. */
  source: ChartSource;
  made: Change[];
  refused: { change: unknown; reason: string }[];
}

export function applyChanges(changes: readonly Change[], original: ChartSource, knowledge: Knowledge): Applied {
  const applied: Applied = { source: original, made: [], refused: [] };
  for (const change of changes) {
    const result = apply(change, applied.source, { original, knowledge });
    if (isRefusal(result)) applied.refused.push({ change, reason: result.reason });
    else {
      applied.source = result;
      applied.made.push(change);
    }
  }
  return applied;
}

function apply(change: Change, source: ChartSource, context: ChangeContext): Changed {
  const { terminology } = context.knowledge;
  switch (change.do) {
    case 'stop':
      return stop(change, source, context);
    case 'start':
      return start(change.order, source, terminology);
    case 'replace':
      return replace(change, source, context);
    case 'dose':
      return dose(change, source, terminology);
    case 'observe':
      return observe(change, source, context);
    case 'diagnose':
      return diagnose(change, source, context);
    case 'delay':
      return delay(change, source);
    default:
      return {
        reason: `"${change.do.slice(0, 40)}" is not a change: use stop, start, replace, dose, observe, diagnose or delay`,
      };
  }
}

/** Waiting changes no chart, only what may be expected; the models' own limits are checked with the estimate. */
function delay({ treatment, hours }: Change, source: ChartSource): Changed {
  if (!text(treatment)) return { reason: '"treatment" is missing: name what would wait, such as "sepsis-antibiotics"' };
  if (typeof hours !== 'number' || !Number.isFinite(hours))
    return { reason: '"hours" must be a number of hours to wait' };
  return hours < 0 ? { reason: '"hours" must be zero or more' } : source;
}
