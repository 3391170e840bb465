// The answers' shapes as schemas: what `/openapi.json` is generated from, and what the tests hold real answers against.
import { z } from 'zod';

const coding = z.object({ system: z.string().optional(), code: z.string().optional(), display: z.string().optional() });

const action = z.object({
  type: z.enum(['create', 'update', 'delete']),
  description: z.string().min(1),
  resource: z.record(z.string(), z.unknown()).optional(),
  resourceId: z.string().optional(),
});

const suggestion = z.object({
  label: z.string().min(1),
  uuid: z.uuid(),
  isRecommended: z.boolean().optional(),
  actions: z.array(action).min(1).optional(),
});

const evidence = z.object({
  text: z.string().min(1),
  when: z.string().optional(),
  reference: z.string().optional(),
  isGap: z.boolean().optional(),
});

const cardExtension = z.object({
  ruleId: z.string(),
  ruleVersion: z.string(),
  tier: z.string(),
  reason: z.string(),
  evidence: z.array(evidence),
  orders: z.array(z.string()),
  standsFor: z.array(z.string()).optional(),
  fixes: z.array(z.object({ suggestion: z.uuid(), clears: z.array(z.uuid()) })).optional(),
  whyUrl: z.url().optional(),
  citation: z.string().optional(),
});

export const card = z
  .object({
    uuid: z.uuid(),
    summary: z.string().min(1).max(139),
    indicator: z.enum(['info', 'warning', 'critical']),
    source: z.object({
      label: z.string().min(1),
      url: z.url().optional(),
      icon: z.url().optional(),
      topic: coding.optional(),
    }),
    detail: z.string().optional(),
    suggestions: z.array(suggestion).min(1).optional(),
    selectionBehavior: z.enum(['at-most-one', 'any']).optional(),
    overrideReasons: z
      .array(z.object({ system: z.string(), code: z.string(), display: z.string() }))
      .min(1)
      .optional(),
    links: z
      .array(
        z.object({
          label: z.string(),
          url: z.url(),
          type: z.enum(['absolute', 'smart']),
          appContext: z.string().optional(),
        }),
      )
      .min(1)
      .optional(),
    extension: z.object({ 'org.curbside.card': cardExtension.optional() }).optional(),
  })
  .meta({ id: 'Card', description: 'A CDS Hooks 2.0.1 card; ours alone is under extension["org.curbside.card"]' });

export const hookAnswer = z
  .object({
    cards: z.array(card),
    extension: z
      .object({
        'org.curbside.response': z.object({
          patientId: z.string(),
          rulesChecked: z.number(),
          heldBack: z.array(
            z.object({ ruleId: z.string(), summary: z.string(), indicator: z.string(), why: z.string() }),
          ),
          couldNotCheck: z.array(z.string()),
          checkedAt: z.iso.datetime(),
        }),
      })
      .optional(),
  })
  .meta({ id: 'CdsResponse' });

const consultEvidence = z.object({ handle: z.string(), text: z.string(), reference: z.string().optional() });

export const consultItem = z
  .object({
    type: z.literal('item'),
    source: z.enum(['knowledge', 'rule', 'model']),
    candidate: z.object({
      id: z.string().optional(),
      text: z.string(),
      coding: coding.optional(),
      band: z.enum(['must-exclude', 'leading', 'plausible']),
    }),
    strength: z.number().int().min(0).max(3).optional(),
    for: z.array(consultEvidence),
    against: z.array(consultEvidence),
    missing: z.array(z.object({ text: z.string(), wouldChange: z.string(), coding: coding.optional() })),
    sentences: z.array(z.object({ text: z.string(), handles: z.array(z.string()) })),
    actions: z.array(
      z.object({
        kind: z.enum(['test', 'drug', 'referral', 'watch']),
        text: z.string(),
        coding: coding.optional(),
        why: z.string().optional(),
        blockedBy: z.array(z.object({ ruleId: z.string(), summary: z.string() })),
        alreadyDone: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'ConsultItem' });

const estimate = z
  .object({
    id: z.string(),
    outcome: z.string(),
    value: z.number(),
    unit: z.string(),
    interval: z.tuple([z.number(), z.number()]).nullable(),
    horizon: z.string(),
    source: z.string(),
    validity: z.string(),
  })
  .meta({ id: 'Estimate' });

const assessment = z.object({ cards: z.array(card), estimates: z.array(estimate) });

export const whatIfAnswer = z
  .object({
    patientId: z.string(),
    before: assessment,
    after: assessment,
    difference: z.object({ gone: z.array(card), new: z.array(card), same: z.array(card) }),
    explanation: z.array(z.object({ text: z.string(), handles: z.array(z.string()) })),
    refused: z.array(z.object({ change: z.unknown(), reason: z.string() })),
  })
  .meta({ id: 'WhatIfAnswer' });

export const trialsAnswer = z
  .object({
    patientId: z.string(),
    trials: z.array(
      z.object({
        id: z.string(),
        version: z.string(),
        title: z.string(),
        registration: z.string().optional(),
        recruitment: z.enum(['open', 'closed']),
        isExample: z.boolean(),
        citation: z.string(),
        verdict: z.enum(['eligible', 'cannot tell', 'not eligible']),
        criteria: z.array(
          z.object({
            id: z.string(),
            kind: z.enum(['inclusion', 'exclusion']),
            text: z.string(),
            state: z.enum(['met', 'not met', 'unknown']),
            blocks: z.boolean(),
            evidence: z.array(
              z.object({ text: z.string().min(1), when: z.string().optional(), reference: z.string().optional() }),
            ),
            gaps: z.array(z.string()).optional(),
            settledBy: z.array(z.object({ text: z.string(), loinc: z.string().optional() })).optional(),
            noteSays: z
              .array(
                z.object({
                  quote: z.string(),
                  reference: z.string().optional(),
                  when: z.string().optional(),
                  foundBy: z.enum(['model', 'words']),
                  suggests: z.enum(['met', 'not met']).optional(),
                  advice: z.string(),
                }),
              )
              .optional(),
          }),
        ),
        askInPerson: z.array(z.string()),
      }),
    ),
    notes: z.object({
      readBy: z.enum(['model', 'words', 'nobody']),
      reason: z.string().optional(),
      model: z.string().optional(),
      withheld: z.array(z.object({ check: z.string(), reason: z.string() })),
    }),
    couldNotCheck: z.array(z.string()),
  })
  .meta({ id: 'TrialsAnswer' });

export const calculatorAnswer = z
  .object({
    id: z.string(),
    value: z.number(),
    unit: z.string(),
    components: z.record(z.string(), z.unknown()).optional(),
    band: z.string().optional(),
    warnings: z.array(z.string()),
    inputs: z.array(
      z.object({ name: z.string(), value: z.unknown(), unit: z.string().optional(), reference: z.string().optional() }),
    ),
    citation: z.string(),
  })
  .meta({ id: 'CalculatorAnswer' });

export const verifiedAnswer = z
  .object({
    ok: z.boolean(),
    records: z.number().int(),
    checkpoints: z.number().int(),
    signed: z.number().int(),
    first: z.number().int().optional(),
    last: z.number().int().optional(),
    head: z.string().optional(),
    at: z.number().int().optional(),
    why: z.string().optional(),
  })
  .meta({ id: 'Verified' });

const then = { recorded: z.string(), used: z.string().optional() };

export const replayedAnswer = z
  .object({
    record: z.object({
      seq: z.number().int(),
      hash: z.string(),
      at: z.string(),
      service: z.string(),
      hook: z.string(),
      patient: z.string(),
    }),
    rules: z.object({ recorded: z.string(), used: z.string(), isSame: z.boolean() }),
    terminology: z.object({
      recorded: z.string().optional(),
      used: z.string().optional(),
      isSame: z.boolean().optional(),
    }),
    chart: z.object({
      isSame: z.boolean().optional(),
      differs: z.array(z.object({ part: z.string(), how: z.string() })),
      note: z.string().optional(),
    }),
    cards: z.array(
      z.object({
        card: z.string(),
        rule: z.string(),
        result: z.enum([
          'same',
          'text differs',
          'text not comparable',
          'tier differs',
          'held back',
          'no longer fires',
          'rule is gone',
        ]),
        version: z.object(then),
        tier: z.object(then),
        indicator: z.object(then),
        why: z.string().optional(),
        conditions: z
          .array(
            z.object({
              fact: z.string(),
              params: z.record(z.string(), z.unknown()).optional(),
              operator: z.string().optional(),
              expected: z.unknown(),
              is: z.unknown(),
              gap: z.string().optional(),
              was: z.unknown(),
            }),
          )
          .optional(),
        summary: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
    added: z.array(
      z.object({
        rule: z.string(),
        version: z.string(),
        tier: z.string(),
        indicator: z.string(),
        summary: z.string(),
      }),
    ),
    isReproduced: z.boolean(),
  })
  .meta({ id: 'Replayed' });

const share = z.object({
  shown: z.number().int(),
  accepted: z.number().int(),
  overridden: z.number().int(),
  ignored: z.number().int(),
  actionRate: z.number().nullable(),
});

export const qualityAnswer = share
  .extend({
    from: z.string(),
    until: z.string(),
    rules: z.array(
      share.extend({ rule: z.string(), version: z.string(), reasons: z.record(z.string(), z.number().int()) }),
    ),
  })
  .meta({ id: 'QualityAnswer' });

export const operationOutcome = z
  .object({
    resourceType: z.literal('OperationOutcome'),
    issue: z
      .array(
        z.object({
          severity: z.string(),
          code: z.string(),
          diagnostics: z.string(),
          expression: z.array(z.string()).optional(),
        }),
      )
      .min(1),
  })
  .meta({ id: 'OperationOutcome' });
