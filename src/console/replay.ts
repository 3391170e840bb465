// Runs an edit of one rule, or another set of rules, over the sandbox's patients before anybody lives with it.
import { type Rule, ruleSchema } from '../guards/rule.ts';
import type { Knowledge } from '../knowledge.ts';
import { refuse } from '../outcome.ts';
import { patients } from '../sandbox/patients/index.ts';
import type { Service } from '../service.ts';
import type { CohortPatient } from './cohort-requests.ts';
import { compare, emptyTally, sideOf, type Tally } from './impact.ts';

export interface Replayed extends Tally {
  cohort: string;
}

const cohortOf = (now: Date): CohortPatient[] =>
  patients.map(({ story, build }) => ({
    id: story.patientId,
    resources: build(now) as unknown as Record<string, unknown>[],
  }));

async function run(
  before: readonly Rule[],
  after: readonly Rule[],
  { terminology }: Knowledge,
  services: readonly Service[],
  now: Date,
): Promise<Replayed> {
  const tally = emptyTally();
  const cohort = cohortOf(now);
  await compare(
    cohort,
    [],
    { before: sideOf(before, terminology), after: sideOf(after, terminology), services, now },
    tally,
  );
  return {
    ...tally,
    cohort: `${cohort.length} synthetic patients, their suggested orders and each active medication ordered as if new`,
  };
}

/** Only the one rule is run: quick, and the others would say the same before and after. */
export async function replayEdit(
  edited: Rule,
  knowledge: Knowledge,
  services: readonly Service[],
  now: Date,
): Promise<Replayed> {
  const current = knowledge.ruleSet.rule(edited.id);
  return run(current ? [current] : [], [edited], knowledge, services, now);
}

export interface SetDifference {
  added: string[];
  removed: string[];
  changed: { id: string; what: string[] }[];
  impact: Replayed;
}

export async function compareSets(
  other: readonly Rule[],
  knowledge: Knowledge,
  services: readonly Service[],
  now: Date,
): Promise<SetDifference> {
  const running = new Map(knowledge.ruleSet.rules.map((rule) => [rule.id, rule]));
  const theirs = new Map(other.map((rule) => [rule.id, rule]));
  const touched = other.filter((rule) => JSON.stringify(rule) !== JSON.stringify(running.get(rule.id)));
  const removed = [...running.keys()].filter((id) => !theirs.has(id));
  const ids = new Set([...touched.map(({ id }) => id), ...removed]);
  return {
    added: touched.filter(({ id }) => !running.has(id)).map(({ id }) => id),
    removed,
    changed: touched.flatMap((rule) => {
      const was = running.get(rule.id);
      return was
        ? [
            {
              id: rule.id,
              what: (Object.keys({ ...was, ...rule }) as (keyof Rule)[]).filter(
                (key) => JSON.stringify(was[key]) !== JSON.stringify(rule[key]),
              ),
            },
          ]
        : [];
    }),
    impact: await run(
      knowledge.ruleSet.rules.filter(({ id }) => ids.has(id)),
      other.filter(({ id }) => ids.has(id)),
      knowledge,
      services,
      now,
    ),
  };
}

/** A rule as the console sent it, or a refusal that says what is wrong with it. */
export function readRule(given: unknown): Rule {
  const parsed = ruleSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse({ reason: 'malformed', what: `This is no rule: "${issue?.path.join('.')}" ${issue?.message}.` });
}
