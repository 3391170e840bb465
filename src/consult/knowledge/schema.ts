// The shapes of the knowledge in rules/: conditions, findings, presentations, orderable tests and guideline passages.
// Strict, so that a slip of the pen is an error that names itself.
import * as z from 'zod';

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is lower-case words joined by single hyphens');
const citation = z.string().min(8, 'name the source: first author, journal, year; or "weight, expert estimate"');

export const codingSchema = z.strictObject({
  system: z.string(),
  code: z.string(),
  display: z.string(),
});

/** Who a person has to be; every part that is given has to hold. */
const personSchema = z.strictObject({
  sex: z.enum(['female', 'male']).optional(),
  minAge: z.number().optional(),
  maxAge: z.number().optional(),
});

const limitSchema = z
  .strictObject({
    unit: z.string(),
    above: z.number().optional(),
    below: z.number().optional(),
    /** From here on the value speaks against the finding; between this and the limit it says neither. */
    absentFrom: z.number().optional(),
  })
  .refine((limit) => limit.above !== undefined || limit.below !== undefined, 'a limit needs "above" or "below"');

const observationSchema = z.strictObject({
  name: z.string(),
  loinc: z.array(z.string().regex(/^\d{1,7}-\d$/, 'a LOINC code looks like 8867-4')).min(1),
  /** One per unit in which the result may come; a unit that is not listed is not guessed. */
  limits: z.array(limitSchema).default([]),
  /** What the laboratory's own flag has to say when no limit fits. */
  flag: z.enum(['high', 'low', 'abnormal', 'positive']).optional(),
  /** Compared with an older result of at most `withinDays`: a fall by an amount in `unit`, or a rise by a factor. */
  change: z
    .strictObject({
      unit: z.string().optional(),
      fallBy: z.number().optional(),
      riseFactor: z.number().optional(),
      withinDays: z.number(),
    })
    .optional(),
  /** How old a result may be and still speak for today. */
  withinDays: z.number().default(7),
});

export const findingSchema = z.strictObject({
  id,
  title: z.string(),
  /** A risk counts when it is past, too; a symptom or sign does not. */
  kind: z.enum(['symptom', 'sign', 'test', 'risk', 'drug', 'patient']),
  /** Findings of one group say much the same thing; only the strongest of a group counts. */
  group: id.optional(),
  /** Patterns of `pattern.ts` that state it, and patterns that state its absence ("afebrile"). */
  phrases: z.array(z.string()).default([]),
  absent: z.array(z.string()).default([]),
  problems: z
    .strictObject({ snomed: z.array(z.string()).default([]), icd10: z.array(z.string()).default([]) })
    .optional(),
  /**
   * On many problem lists for years. From there alone it opens no complaint while nobody asks, or only when it began in
   * the last two weeks; beside a complaint of today it never opens another.
   */
  onProblemList: z.enum(['opens-nothing', 'opens-when-new']).optional(),
  observations: z.array(observationSchema).default([]),
  /** Ingredient, value-set or `atc:` tokens of a medication. */
  drugs: z.strictObject({ tokens: z.array(z.string()).min(1), startedWithinDays: z.number().optional() }).optional(),
  patient: personSchema.optional(),
  /** What is true as well when this is. */
  implies: z.array(id).default([]),
});

const modifierSchema = personSchema.extend({ factor: z.number().positive() });

const conditionFindingSchema = z
  .strictObject({
    finding: id,
    lrPositive: z.number().positive().optional(),
    lrNegative: z.number().positive().optional(),
    /** `estimate` where no likelihood ratio is published. */
    basis: z.enum(['published', 'derived', 'definition', 'estimate']),
    citation,
    note: z.string().optional(),
  })
  .refine((f) => f.lrPositive !== undefined || f.lrNegative !== undefined, 'give lrPositive, lrNegative or both');

export const treatmentSchema = z.strictObject({
  kind: z.enum(['drug', 'referral', 'watch', 'test']),
  text: z.string(),
  coding: codingSchema.optional(),
  why: z.string().optional(),
  guideline: id,
});

export const conditionSchema = z.strictObject({
  id,
  title: z.string(),
  /** What clinicians call it; recognised in a question, never counted as evidence. */
  names: z.array(z.string()).default([]),
  coding: z.array(codingSchema).min(1),
  presentations: z.array(id).min(1),
  mustNotMissFor: z.array(id).default([]),
  /** Listed among the dangers only in these people; in others it has to earn its place like any other. */
  mustNotMissIn: personSchema.optional(),
  /** Listed among the dangers only when one of these is there, a list when all of its findings are: pregnancy; fever with a rash. */
  mustNotMissWith: z.array(z.union([id, z.array(id).min(2)])).default([]),
  /** Where it cannot occur outside of these people. */
  applies: personSchema.optional(),
  prior: z.strictObject({
    /** Among people who come with one of the presentations. */
    base: z.number().gt(0).lt(1),
    byPresentation: z.record(id, z.number().gt(0).lt(1)).default({}),
    modifiers: z.array(modifierSchema).default([]),
    basis: z.enum(['published', 'estimate']),
    citation,
  }),
  findings: z.array(conditionFindingSchema).min(2),
  /** What it hardly ever lacks: a question that tells of a patient and of none of these speaks against it. */
  expects: z
    .strictObject({ title: z.string(), anyOf: z.array(id).min(2), lrNegative: z.number().gt(0).lt(1), citation })
    .optional(),
  tests: z.array(id),
  treatment: z.array(treatmentSchema),
  /** A finding (or its absence) that takes it off the must-exclude list while the odds stay low. */
  refutedBy: z
    .array(z.strictObject({ finding: id, isAbsent: z.boolean().default(false), text: z.string() }))
    .default([]),
  citation,
});

export const presentationSchema = z.strictObject({
  id,
  title: z.string(),
  /** Any of these findings opens it; a list needs all of its findings. */
  triggers: z.array(z.union([id, z.array(id).min(2)])).min(1),
  /** Goes with so many conditions that not explaining it says little: fever, vomiting, tiredness. */
  isUnspecific: z.boolean().default(false),
  /** Complaints that it commonly goes along with: beside one of them it opens no list of its own. */
  accompanies: z.array(id).default([]),
  /** The wider complaint that this is a kind of: what explains that one explains this one. */
  partOf: id.optional(),
  mustNotMiss: z.array(id),
});

export const testSchema = z.strictObject({
  id,
  title: z.string(),
  /** Absent for a bedside manoeuvre that no order is written for. */
  coding: codingSchema.optional(),
  /** LOINC codes whose result means it was done, and for how long that counts. */
  results: z.array(z.string()).default([]),
  /** Words of a procedure, report or order that mean the same test. */
  names: z.array(z.string()).default([]),
  recentHours: z.number().positive(),
  /** Whom it can be done in, where that is not everybody. */
  for: personSchema.optional(),
});

export const guidelineSchema = z.strictObject({
  id,
  title: z.string(),
  text: z.string(),
  source: z.string(),
  version: z.string(),
  date: z.string(),
  population: z.string(),
  /** What kind of action it speaks of. */
  actions: z.array(z.enum(['test', 'drug', 'referral', 'watch', 'procedure'])).min(1),
  conditions: z.array(id).default([]),
  citation,
  url: z.string().optional(),
  licence: z.string(),
});

export type FindingRule = z.infer<typeof findingSchema>;
export type ObservationRule = z.infer<typeof observationSchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type ConditionFinding = z.infer<typeof conditionFindingSchema>;
export type Presentation = z.infer<typeof presentationSchema>;
export type OrderableTest = z.infer<typeof testSchema>;
export type Guideline = z.infer<typeof guidelineSchema>;
export type Person = z.infer<typeof personSchema>;

/** Files that hold several of a kind keep them under one key. */
export const findingsFileSchema = z.strictObject({
  /** Word classes that phrases name with an @, shared by all findings files. */
  words: z.record(z.string(), z.string()).default({}),
  findings: z.array(findingSchema).default([]),
});
export const testsFileSchema = z.strictObject({ tests: z.array(testSchema) });
export const guidelinesFileSchema = z.strictObject({ guidelines: z.array(guidelineSchema) });
