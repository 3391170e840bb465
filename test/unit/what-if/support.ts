// A chart and a few rules in which the outcome of every change is known beforehand.

import { type Card, cardExtensionKey, type WhatIfAnswer } from '../../../src/cds-hooks/contract.ts';
import type { Rule } from '../../../src/guards/rule.ts';
import { RuleSet } from '../../../src/guards/rule-set.ts';
import type { Knowledge } from '../../../src/knowledge.ts';
import type { Shown } from '../../../src/what-if/estimates/index.ts';
import { knowledge, testApp } from '../../support/app.ts';
import { bundle, drafts, LOINC, lab, medication, patientView, RXNORM, warfarin } from '../../support/requests.ts';

export type Json = Record<string, unknown>;

type Given = Pick<Rule, 'id' | 'when' | 'tiers'> & Partial<Rule>;
const rule = (given: Given): Rule => ({
  version: '1.0.0',
  status: 'active',
  title: `Rule ${given.id}`,
  kind: 'interaction',
  steward: 'Tests',
  lastReviewDate: '2026-11-01',
  evidence: [{ citation: 'A paper about it' }],
  hooks: ['order-select', 'order-sign'],
  card: { summary: `${given.id} speaks about {{drug}}`, detail: 'The danger, the reason and the way out of it.' },
  ...given,
});
const yes = (fact: string, params?: Json) => ({
  fact,
  ...(params && { params }),
  operator: 'equal' as const,
  value: true,
});
const below = (limit: number) => ({ fact: 'egfr', operator: 'lessThan' as const, value: limit });
const warning = [{ id: 'usual', indicator: 'warning' as const }];

export const rules: Rule[] = [
  rule({
    id: 'warfarin-nsaid',
    hazard: 'bleeding',
    when: yes('newlyCombines', { object: 'warfarin', precipitant: 'nsaids' }),
    tiers: [{ id: 'usual', indicator: 'critical' }],
  }),
  rule({
    id: 'ssri-nsaid',
    hazard: 'bleeding',
    when: yes('newlyCombines', { object: 'ssris', precipitant: 'nsaids' }),
    tiers: warning,
  }),
  rule({
    id: 'warfarin-ssri',
    hazard: 'bleeding',
    when: yes('newlyCombines', { object: 'warfarin', precipitant: 'ssris' }),
    tiers: warning,
  }),
  rule({ id: 'two-nsaids', when: yes('duplicatesClass', { class: 'nsaids' }), tiers: warning }),
  rule({ id: 'same-twice', when: yes('duplicatesIngredient'), tiers: warning }),
  rule({
    id: 'nsaid-start',
    kind: 'monitoring',
    when: yes('newlyOrders', { drug: 'nsaids' }),
    tiers: [{ id: 'usual', indicator: 'info' }],
  }),
  rule({
    id: 'ssri-maoi',
    when: yes('newlyCombines', { object: 'ssris', precipitant: 'maois', precipitantWashoutInDays: 14 }),
    tiers: [{ id: 'usual', indicator: 'critical' }],
  }),
  rule({
    id: 'metformin-kidney',
    hazard: 'lactic-acidosis',
    when: { all: [yes('orders', { drug: 'metformin' }), below(45)] },
    tiers: [
      { id: 'contraindicated', indicator: 'critical', when: below(30) },
      { id: 'halve', indicator: 'warning' },
    ],
    card: {
      summary: 'Metformin at eGFR {{egfr}}',
      detail: 'Metformin accumulates and may cause lactic acidosis. Halve it, or stop it below 30.',
      suggestions: [{ kind: 'remove', label: 'Remove metformin' }],
    },
  }),
  rule({
    id: 'metformin-dose',
    when: {
      fact: 'totalDailyDose',
      params: { drug: 'metformin', unit: 'mg' },
      operator: 'greaterThan',
      value: 2000,
    },
    tiers: warning,
  }),
  rule({
    id: 'metformin-on-chart',
    hazard: 'lactic-acidosis',
    hooks: ['patient-view'],
    when: { all: [yes('takes', { drug: 'metformin' }), below(30)] },
    tiers: [{ id: 'usual', indicator: 'critical' }],
  }),
  rule({
    id: 'potassium-high',
    hooks: ['patient-view'],
    when: {
      fact: 'latest',
      params: { observation: 'potassium', unit: 'mmol/L', withinDays: 30 },
      operator: 'greaterThan',
      value: 5.5,
    },
    tiers: [{ id: 'usual', indicator: 'critical' }],
  }),
  rule({
    id: 'af-untreated',
    hooks: ['patient-view'],
    when: {
      all: [yes('hasProblem', { problem: 'atrial-fibrillation' }), { not: yes('takes', { drug: 'anticoagulants' }) }],
    },
    tiers: warning,
  }),
  rule({
    id: 'asthma-nsaid',
    when: { all: [yes('orders', { drug: 'nsaids' }), yes('hasProblem', { problem: 'asthma' })] },
    tiers: warning,
  }),
];

let shared: Knowledge | undefined;
/** These rules on the shipped terminology. */
export const withRules = (): Knowledge => {
  shared ??= { ...knowledge(), hash: 'tests', ruleSet: new RuleSet(rules, 'tests') };
  return shared;
};

export const dosed = (dose: string) => ({ dosageInstruction: [{ text: dose }] });
export const ibuprofenTaken = medication(
  'm-ibuprofen',
  '197806',
  'ibuprofen 600 MG Oral Tablet',
  dosed('1 tablet 3 times daily'),
);
export const metforminTaken = medication(
  'm-metformin',
  '861004',
  'metformin hydrochloride 1000 MG Oral Tablet',
  dosed('1 tablet twice daily'),
);
export const sertralineTaken = medication(
  'm-sertraline',
  '312941',
  'sertraline 50 MG Oral Tablet',
  dosed('1 tablet daily'),
);

export const order = (code: string, display: string, given: Json = {}): Json => {
  const { id: _, authoredOn: _date, ...rest } = medication('x', code, display, { status: 'draft', ...given });
  return rest;
};
export const naproxen = () => order('198014', 'Naproxen 500 MG Oral Tablet');
export const apixaban = () => order('1364445', 'apixaban 5 MG Oral Tablet', dosed('1 tablet twice daily'));

export const problem = (snomed: string, text: string, given: Json = {}): Json => ({
  resourceType: 'Condition',
  id: `c-${snomed}`,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: snomed }], text },
  onsetDateTime: '2020-01-01',
  ...given,
});
export const fibrillation = problem('49436004', 'Atrial fibrillation');

export const observe = (code: string, value: unknown, unit?: string) => ({
  do: 'observe',
  code: { system: LOINC, code },
  value,
  ...(unit && { unit }),
});
export const stop = (reference: string) => ({ do: 'stop', medication: { reference } });
export const stopDrug = (code: string) => ({ do: 'stop', medication: { coding: [{ system: RXNORM, code }] } });
export const start = (given: Json) => ({ do: 'start', order: given });
export const egfrUnit = 'mL/min/{1.73_m2}';

/** Warfarin, ibuprofen, metformin, sertraline; atrial fibrillation; eGFR 52, potassium 4.4. */
export const chartOf = (prefetch: Json = {}, context: Json = {}): Json => {
  const view = patientView({
    medications: bundle(warfarin(), ibuprofenTaken, metforminTaken, sertralineTaken),
    statements: bundle(),
    problems: bundle(fibrillation),
    labs: bundle(lab('98979-8', 52, egfrUnit), lab('2823-3', 4.4, 'mmol/L')),
    ...prefetch,
  });
  return { ...view, context: { ...(view.context as Json), ...context } };
};
export const draftOrders = (...orders: Json[]) => ({ draftOrders: drafts(...orders) });

export interface Answer extends WhatIfAnswer {
  before: { cards: Card[]; estimates: Shown[] };
  after: { cards: Card[]; estimates: Shown[] };
  difference: Required<WhatIfAnswer['difference']>;
  refused: { change: unknown; reason: string; estimate?: string }[];
}

export const asker = (rulesOf: () => Knowledge = withRules) => {
  const app = testApp({ knowledge: rulesOf });
  return {
    app,
    async ask(changes: unknown[], chart: Json = chartOf(), rest: Json = {}): Promise<Answer> {
      const response = await app.post('/what-if', { ...chart, ...rest, changes });
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as Answer;
    },
  };
};

export const ruleOf = (card: Card): string => card.extension?.[cardExtensionKey]?.ruleId ?? '';
/** `metformin-kidney halve` */
export const told = (cards: Card[]): string[] =>
  cards.map((card) => `${ruleOf(card)} ${card.extension?.[cardExtensionKey]?.tier}`).sort();
export const rulesOf = (cards: Card[]): string[] => cards.map(ruleOf).sort();
export const estimate = (estimates: Shown[], id: string): Shown | undefined => estimates.find((one) => one.id === id);
export const reasons = ({ refused }: Answer): string[] => refused.map(({ reason }) => reason);
