// POST /trials: which trials a chart fits, criterion by criterion (how: trials/assess.ts).
import { shownGap } from './cards/gaps.ts';
import type { TrialsAnswer } from './cds-hooks/contract.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { readChart } from './chart/read.ts';
import { type ChartPart, chartParts } from './chart/types.ts';
import { isModelOff } from './consult-route.ts';
import { refuse } from './outcome.ts';
import { type Engine, open } from './service.ts';
import { assessTrials } from './trials/assess.ts';
import { readNotes } from './trials/notes.ts';

const required: ChartPart[] = ['patient'];
/** What criteria may ask about: everything but what is only about this visit's orders. */
const helpful: ChartPart[] = chartParts.filter((part) => part !== 'patient' && part !== 'appointments');

export async function trialsFor(request: HookRequest, engine: Engine, tenant?: string): Promise<TrialsAnswer> {
  const { trials, terminology } = engine.knowledge();
  const wanted = wantedTrials(request);
  const unheardOf = wanted?.find((id) => !trials.list.some((trial) => trial.id === id));
  if (unheardOf) refuse({ reason: 'unknown', what: `There is no trial "${unheardOf.slice(0, 60)}" here.` });
  const source = await open(request, { required, helpful }, engine);
  const chart = readChart(source, terminology);
  const assessed = await assessTrials(chart, trials, terminology);
  const matches = wanted ? assessed.filter(({ id }) => wanted.includes(id)) : assessed;
  const { settings } = engine.platform;
  const notes = await readNotes(
    matches,
    trials.list,
    {
      chart,
      policy: {
        notes: settings.MODEL_NOTES === 'on',
        ...(tenant && { tenant }),
        ...(isModelOff(request) && { generative: false }),
      },
    },
    engine.consulting?.(request).platform ?? engine.platform,
  );
  return { patientId: source.patientId, trials: matches, notes, couldNotCheck: chart.gaps.map(shownGap) };
}

function wantedTrials({ rest: { trials } }: HookRequest): string[] | undefined {
  if (trials === undefined || trials === null) return undefined;
  if (!Array.isArray(trials) || !trials.every((id) => typeof id === 'string'))
    return refuse({ reason: 'malformed', what: '"trials" must be a list of trial ids.' });
  return trials as string[];
}
