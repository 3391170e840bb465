// The list of facts: every question that a rule may ask.
import type { Fact } from './define.ts';
import { duplicatesClass, duplicatesIngredient } from './duplicates.ts';
import { newlyCombines } from './newly-combines.ts';
import * as orders from './orders.ts';
import * as patient from './patient.ts';
import * as results from './results.ts';
import * as tests from './tests.ts';

const isFact = (value: unknown): value is Fact => typeof value === 'object' && value !== null && 'question' in value && 'ask' in value;

export const facts: ReadonlyMap<string, Fact> = new Map(
  [newlyCombines, duplicatesClass, duplicatesIngredient, ...Object.values(orders), ...Object.values(patient), ...Object.values(results), ...Object.values(tests)]
    .filter(isFact)
    .map((fact) => [fact.id, fact]),
);

export type { Answer, Because, Fact, FactContext, Need } from './define.ts';
