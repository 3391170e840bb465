// A synthetic chart as the hook request that an EHR would send, and what the guards say to it.
import { isRefusal, openChart } from '../../chart/open.ts';
import { readChart } from '../../chart/read.ts';
import { chartParts } from '../../chart/types.ts';
import { requestsOf } from '../../console/cohort-requests.ts';
import { checkGuards } from '../../guards/check.ts';
import type { Rule } from '../../guards/rule.ts';
import { type HookName, RuleSet } from '../../guards/rule-set.ts';
import type { Explained, Truth } from '../../guards/three-valued.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { Json } from './chart.ts';

export interface HookRequestBody {
  hook: HookName;
  context: Json;
  prefetch: Json;
}

/** An order that is being written. */
export const isDraft = ({ resourceType, status }: Json): boolean =>
  status === 'draft' && /^(MedicationRequest|ServiceRequest)$/.test(String(resourceType));
const collection = (resources: readonly Json[]): Json => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

/** Hooks that a chart with its drafts can be asked under; the others need an entry that is being written. */
export const askedHooks: readonly HookName[] = [
  'patient-view',
  'encounter-start',
  'encounter-discharge',
  'order-select',
  'order-sign',
  'appointment-book',
];

export function hookRequest(id: string, resources: readonly Json[], hook: HookName): HookRequestBody {
  const appointments = resources.filter(({ resourceType }) => resourceType === 'Appointment');
  const drafts = resources.filter(isDraft);
  const chart = resources.filter((resource) => !drafts.includes(resource) && !appointments.includes(resource));
  const { context, prefetch } = requestsOf({ id, resources: chart })[0]!;
  return {
    hook,
    prefetch,
    context: {
      ...context,
      ...((hook === 'order-sign' || hook === 'order-select') && { draftOrders: collection(drafts) }),
      ...(hook === 'order-select' && {
        selections: drafts.map(({ resourceType, id: order }) => `${String(resourceType)}/${String(order)}`),
      }),
      ...(hook === 'appointment-book' && { appointments: collection(appointments) }),
    },
  };
}

export interface Heard {
  outcome: 'fires' | 'quiet' | 'unknown';
  tier?: string;
  gaps: string[];
  /** The rule's criteria, one by one, as they came out. */
  criteria: Explained[];
}

export async function ask(
  { hook, context, prefetch }: HookRequestBody,
  rule: Rule,
  terminology: Terminology,
  now: Date,
): Promise<Heard> {
  const opened = await openChart({ context, prefetch, now }, { required: ['patient'], helpful: chartParts });
  if (isRefusal(opened))
    throw new Error(`the chart of ${String(context.patientId)} cannot be opened: ${opened.reason}`);
  const awake: Rule = rule.status === 'active' ? rule : { ...rule, status: 'silent' };
  const guarded = await checkGuards(readChart(opened, terminology), new RuleSet([awake]), hook, terminology);
  const [finding] = guarded.findings;
  return {
    outcome: finding ? 'fires' : guarded.undecided.length ? 'unknown' : 'quiet',
    ...(finding && { tier: finding.tier.id }),
    gaps: finding?.gaps ?? guarded.undecided[0]?.gaps ?? [],
    criteria: criteriaIn(guarded.trace(awake).when),
  };
}

/** `all` within `all` is one list of criteria; anything else is one criterion. */
const criteriaIn = (tree: Explained): Explained[] => (tree.kind === 'all' ? tree.parts!.flatMap(criteriaIn) : [tree]);

export const truths = (criteria: readonly Explained[]): Truth[] => criteria.map(({ truth }) => truth);
