// POST /worklist: what is sent and what comes back, as schemas and as types.
import { z } from 'zod';

export const worklistRequest = z.looseObject({
  fhirServer: z.string().min(1),
  fhirAuthorization: z.looseObject({ access_token: z.string().min(1) }).nullish(),
  context: z.looseObject({ userId: z.string().nullish() }).nullish(),
  /** Encounter classes to keep, such as EMER; every class when left out. */
  classes: z.array(z.string().min(1).max(20)).max(20).nullish(),
});

const chip = z.object({ text: z.string(), when: z.string().optional(), reference: z.string().optional() });

const score = z.object({
  id: z.enum(['news2', 'qsofa', 'shock_index']),
  title: z.string(),
  /** "7", or "at least 5" while something is not measured. */
  shown: z.string(),
  least: z.number(),
  most: z.number(),
  at: z.string(),
  trend: z.string().optional(),
  missing: z.array(z.string()).optional(),
  citation: z.string(),
});

const flag = z.object({
  ruleId: z.string(),
  indicator: z.enum(['info', 'warning', 'critical']),
  summary: z.string(),
  evidence: z.array(chip),
  citation: z.string().optional(),
});

export const priorities = ['immediate', 'urgent', 'soon', 'routine'] as const;

const entry = z.object({
  patient: z.object({ reference: z.string(), ageInYears: z.number().optional(), sex: z.string().optional() }),
  encounter: z.object({
    reference: z.string(),
    class: z.string().optional(),
    status: z.string(),
    start: z.string().optional(),
    reason: z.string().optional(),
    where: z.string().optional(),
  }),
  priority: z.enum(priorities),
  /** One line: what puts the patient here, with values and how old they are. */
  why: z.string(),
  flags: z.array(flag),
  scores: z.array(score),
  /** The newest vital sign. */
  vitalsAt: z.string().optional(),
  couldNotCheck: z.array(z.string()),
});

export const worklistAnswer = z.object({
  checkedAt: z.string(),
  entries: z.array(entry),
  /** Encounters whose chart could not be read: nobody may think that they are well. */
  notRead: z.array(z.object({ encounter: z.string(), patient: z.string().optional(), reason: z.string() })),
  /** False when the server has more encounters in progress than are looked at. */
  isComplete: z.boolean(),
});

export type WorklistAnswer = z.infer<typeof worklistAnswer>;
export type WorklistEntry = z.infer<typeof entry>;
export type Priority = (typeof priorities)[number];
