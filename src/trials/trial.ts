// A clinical trial as a file: its eligibility criteria in the questions and the three-valued conditions of any rule.
import { z } from 'zod';
import { conditionSchema, evidenceSchema, type Rule } from '../guards/rule.ts';
import { RuleSet } from '../guards/rule-set.ts';

const criterionSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case words joined by dashes'),
  kind: z.enum(['inclusion', 'exclusion'], { error: 'must be inclusion or exclusion' }),
  text: z.string().min(5).meta({ description: 'The criterion as the protocol or the paper words it, shortened' }),
  when: conditionSchema,
  settledBy: z
    .string()
    .min(5)
    .optional()
    .meta({ description: 'What would settle it while it is unknown, where the gap alone does not say' }),
  notesSay: z.array(z.string().min(2)).min(1).optional().meta({
    description:
      'Words by which a note may bear on it ("intoleran*" for all endings). Without them no note is searched; a quote that holds none of them is dropped',
  }),
});

export const trialSchema = z
  .strictObject({
    $schema: z.string().optional(),
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case words joined by dashes'),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be three numbers, such as 1.0.0'),
    status: z.enum(['draft', 'active', 'retired'], { error: 'must be draft, active or retired' }),
    title: z.string().min(5),
    registration: z.string().optional().meta({ description: 'Such as NCT03036124' }),
    recruitment: z.enum(['open', 'closed'], { error: 'must be open or closed' }),
    isExample: z.boolean().optional().meta({ description: 'Shown as "example": nobody can be sent there' }),
    steward: z.string().min(1),
    lastReviewDate: z.iso.date({ error: 'must be a date, such as 2026-10-01' }),
    evidence: z.array(evidenceSchema).min(1, 'must cite the protocol, the registration or the paper'),
    criteria: z.array(criterionSchema).min(1),
    askInPerson: z.array(z.string().min(5)).optional().meta({
      description: 'What no record answers and does not count towards the verdict: consent, plans, judgement',
    }),
    knownGaps: z.array(z.string()).optional(),
  })
  .refine(({ criteria }) => new Set(criteria.map(({ id }) => id)).size === criteria.length, {
    path: ['criteria'],
    message: 'criterion ids must differ',
  });

export type Trial = z.infer<typeof trialSchema>;
export type Criterion = Trial['criteria'][number];

export interface Trials {
  list: readonly Trial[];
  /** Every criterion of every active trial as a rule, so that trials are decided where cards are. */
  criteria: RuleSet;
}

/** The hook under which criteria are kept: it is only a name here, no card comes of them. */
export const criteriaHook = 'patient-view';
export const ruleIdOf = (trial: Trial, { id }: Criterion): string => `${trial.id} ${id}`;

export function openTrials(files: readonly Trial[]): Trials {
  const list = files.filter(({ status }) => status === 'active');
  return { list, criteria: new RuleSet(list.flatMap((trial) => trial.criteria.map((one) => asRule(trial, one)))) };
}

const asRule = (trial: Trial, criterion: Criterion): Rule => ({
  id: ruleIdOf(trial, criterion),
  version: trial.version,
  status: 'active',
  title: criterion.text,
  kind: 'screening',
  steward: trial.steward,
  lastReviewDate: trial.lastReviewDate,
  evidence: trial.evidence,
  hooks: [criteriaHook],
  when: criterion.when,
  tiers: [{ id: 'met', indicator: 'info' }],
  card: { summary: criterion.text, detail: criterion.text },
});
