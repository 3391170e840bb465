// A rule file, as informaticists write it. The schema is strict, and its messages say what was meant.
import { z } from 'zod';

export const operators = [
  'equal',
  'notEqual',
  'in',
  'notIn',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
] as const;
export type OperatorName = (typeof operators)[number];

export interface Leaf {
  fact: string;
  params?: Record<string, unknown>;
  operator: OperatorName;
  value: boolean | number | string | (number | string)[];
  /** The author's decision where the answer is unknown; without it the condition is unknown too. */
  ifUnknown?: 'yes' | 'no';
}
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Leaf;

const leaf = z.strictObject({
  fact: z.string().min(1),
  params: z.record(z.string(), z.unknown()).optional(),
  operator: z.enum(operators, { error: `must be one of ${operators.join(', ')}` }),
  value: z.union([z.boolean(), z.number(), z.string(), z.array(z.union([z.number(), z.string()])).min(1)], {
    error: 'must be a yes/no (true, false), a number, a word, or a list',
  }),
  ifUnknown: z
    .enum(['yes', 'no'])
    .optional()
    .meta({ description: 'What to take an unknown answer for; leave out to let the rule be unknown' }),
});

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union(
    [
      z.strictObject({ all: z.array(conditionSchema).min(1) }),
      z.strictObject({ any: z.array(conditionSchema).min(1) }),
      z.strictObject({ not: conditionSchema }),
      leaf,
    ],
    {
      error: 'must be {"all": […]}, {"any": […]}, {"not": …} or {"fact", "params", "operator", "value"}',
    },
  ),
);

export const indicators = ['info', 'warning', 'critical'] as const;

export const evidenceSchema = z.strictObject({
  citation: z.string().min(8, 'must name the paper, label or guideline'),
  url: z.url().optional(),
  shows: z.string().min(1).optional(),
});

/** What a prescriber can do with one click. Drugs are named by token; the terminology finds the product. */
const drugChoice = z.strictObject({
  label: z.string().min(1).max(80),
  drug: z.string(),
  code: z.string().optional(),
  display: z.string().min(1),
  dose: z.string().min(1),
  frequencyPerDay: z.number().positive().optional(),
  doseQuantity: z.strictObject({ value: z.number(), unit: z.string(), code: z.string().optional() }).optional(),
  unless: z
    .array(z.string())
    .optional()
    .meta({ description: 'Allergen, drug or problem tokens with which this is not offered' }),
});
export type DrugChoice = z.infer<typeof drugChoice>;

const suggestionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('replace'),
    of: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .meta({ description: 'The drug the suggestion acts on, where an order of another drug can fire the rule too' }),
    label: z.string().min(1).max(80),
    with: z.strictObject({
      drug: z.string(),
      code: z.string().optional(),
      display: z.string().min(1),
      dose: z.string().min(1),
      frequencyPerDay: z.number().positive().optional(),
      doseQuantity: z.strictObject({ value: z.number(), unit: z.string(), code: z.string().optional() }).optional(),
    }),
    isRecommended: z.boolean().optional(),
    forRoutes: z.array(z.string()).min(1).optional().meta({
      description: 'Offered only for an order by one of these routes; one that names no route counts as oral',
    }),
    unless: z
      .array(z.string())
      .optional()
      .meta({ description: 'Allergen, drug or problem tokens with which this is not offered' }),
  }),
  z.strictObject({
    kind: z.literal('remove'),
    of: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .meta({ description: 'The drug the suggestion acts on, where an order of another drug can fire the rule too' }),
    label: z.string().min(1).max(80),
    isRecommended: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('dose'),
    of: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .meta({ description: 'The drug the suggestion acts on, where an order of another drug can fire the rule too' }),
    label: z.string().min(1).max(80),
    dose: z.string().min(1),
    doseQuantity: z.strictObject({ value: z.number(), unit: z.string(), code: z.string().optional() }).optional(),
    frequencyPerDay: z.number().positive().optional(),
    isRecommended: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('order-test'),
    of: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .meta({
        description: 'Offered only where such a drug is taken or ordered: a level of the drug that it measures',
      }),
    label: z.string().min(1).max(80),
    test: z.strictObject({
      system: z.string().default('http://loinc.org'),
      code: z.string().min(1),
      display: z.string().min(1),
    }),
    inDays: z.number().nonnegative().optional(),
    isMonitoring: z.boolean().optional().meta({ description: 'Offered with the override reason "I will monitor"' }),
    isRecommended: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('order-drug'),
    anyOf: z
      .array(drugChoice)
      .min(1)
      .max(6)
      .meta({ description: 'In order of preference; the first that passes the guards of signing is offered' }),
    isRecommended: z.boolean().optional(),
  }),
]);
export type RuleSuggestion = z.infer<typeof suggestionSchema>;

export const overrideReasonIds = [
  'benefit-outweighs-risk',
  'will-monitor',
  'tolerates',
  'not-significant',
  'alert-wrong',
] as const;

const cardSchema = z.strictObject({
  summary: z.string().min(10).max(160),
  detail: z.string().min(20, 'must say the danger, the reason and the way out'),
  overrideReasons: z.array(z.enum(overrideReasonIds)).min(1).optional(),
  suggestions: z.array(suggestionSchema).max(4).optional(),
});

export const kinds = [
  'interaction',
  'allergy',
  'duplicate',
  'kidney-dosing',
  'liver-dosing',
  'dose-range',
  'drug-condition',
  'drug-lab',
  'monitoring',
  'pregnancy',
  'lactation',
  'older-adult',
  'paediatric',
  'burden',
  'boxed-warning',
  'screening',
  'deterioration',
  'care-gap',
  'perioperative',
  'mental-health',
  'diabetes',
  'test-ordering',
  'housekeeping',
] as const;

export const hookNames = [
  'patient-view',
  'order-select',
  'order-sign',
  'encounter-start',
  'encounter-discharge',
  'appointment-book',
  'medication-refill',
  'allergyintolerance-create',
  'problem-list-item-create',
  'order-dispatch',
] as const;

export const ruleSchema = z
  .strictObject({
    $schema: z.string().optional(),
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case words joined by dashes'),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be three numbers, such as 1.0.0'),
    status: z.enum(['draft', 'silent', 'active', 'retired'], { error: 'must be draft, silent, active or retired' }),
    title: z.string().min(5),
    kind: z.enum(kinds, { error: `must be one of ${kinds.join(', ')}` }),
    steward: z.string().min(1),
    lastReviewDate: z.iso.date({ error: 'must be a date, such as 2026-10-01' }),
    hazard: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .optional()
      .meta({ description: 'The clinical problem; cards of one hazard about one order are merged' }),
    interaction: z
      .strictObject({
        object: z.string(),
        precipitant: z.string(),
        consequence: z.string(),
        mechanism: z.string(),
        isOncHighPriority: z.boolean().optional(),
        isOncLowPriority: z.boolean().optional(),
      })
      .optional(),
    evidence: z.array(evidenceSchema).min(1, 'must cite at least one source'),
    hooks: z.array(z.enum(hookNames, { error: `must be one of ${hookNames.join(', ')}` })).min(1),
    when: conditionSchema,
    tiers: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[a-z0-9-]+$/),
          indicator: z.enum(indicators, { error: 'must be info, warning or critical' }),
          when: conditionSchema.optional(),
          summary: z.string().min(10).max(160).optional(),
          detail: z.string().min(10).optional(),
          suggestions: z.array(suggestionSchema).max(4).optional(),
        }),
      )
      .min(1),
    card: cardSchema,
    supersedes: z
      .array(z.string())
      .optional()
      .meta({ description: 'Rule ids whose card this one stands for when both fire about the same order' }),
    isSpecific: z
      .boolean()
      .optional()
      .meta({ description: 'Among cards of one problem that are as severe, this one leads' }),
    knownGaps: z.array(z.string()).optional(),
  })
  .refine((rule) => rule.tiers.slice(0, -1).every((tier) => tier.when), {
    path: ['tiers'],
    message: 'only the last tier may do without a condition: the tiers after it can never be reached',
  })
  .refine((rule) => new Set(rule.tiers.map(({ id }) => id)).size === rule.tiers.length, {
    path: ['tiers'],
    message: 'tier ids must differ',
  });

export type Rule = z.infer<typeof ruleSchema>;
export type Tier = Rule['tiers'][number];

export const isLeaf = (condition: Condition): condition is Leaf => 'fact' in condition;

/** Every leaf of a condition, in reading order. */
export function leaves(condition: Condition): Leaf[] {
  if (isLeaf(condition)) return [condition];
  if ('all' in condition) return condition.all.flatMap(leaves);
  if ('any' in condition) return condition.any.flatMap(leaves);
  return leaves(condition.not);
}
