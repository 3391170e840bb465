// The list of facts: every question that a rule may ask.
import type { Fact } from './define.ts';
import * as allergyTolerance from './allergy-tolerance.ts';
import * as dosePerWeight from './dose-per-weight.ts';
import { duplicatesClass, duplicatesIngredient } from './duplicates.ts';
import * as kidneySteadiness from './kidney-steadiness.ts';
import { newlyCombines } from './newly-combines.ts';
import * as opioidBurden from './opioid-burden.ts';
import * as orders from './orders.ts';
import * as patient from './patient.ts';
import * as qtRisk from './qt-risk.ts';
import * as results from './results.ts';
import * as tests from './tests.ts';

const isFact = (value: unknown): value is Fact => typeof value === 'object' && value !== null && 'question' in value && 'ask' in value;

export const facts: ReadonlyMap<string, Fact> = new Map(
  [newlyCombines, duplicatesClass, duplicatesIngredient, ...Object.values(orders), ...Object.values(patient), ...Object.values(results), ...Object.values(tests), ...Object.values(opioidBurden), ...Object.values(dosePerWeight), ...Object.values(kidneySteadiness), ...Object.values(qtRisk), ...Object.values(allergyTolerance)]
    .filter(isFact)
    .map((fact) => [fact.id, fact]),
);

export type { Answer, Because, Fact, FactContext, Need } from './define.ts';
