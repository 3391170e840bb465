// The list of facts: every question that a rule may ask.

import * as allergyTolerance from './allergy-tolerance.ts';
import * as arrival from './arrival.ts';
import * as careDue from './care-due.ts';
import type { Fact } from './define.ts';
import * as diet from './diet.ts';
import * as dosePerWeight from './dose-per-weight.ts';
import {
  duplicatesClass,
  duplicatesInAnotherForm,
  duplicatesIngredient,
  duplicatesUnderAnotherName,
} from './duplicates.ts';
import * as earlyWarning from './early-warning.ts';
import * as eligibility from './eligibility.ts';
import { gestationInWeeks } from './gestation.ts';
import * as infection from './infection.ts';
import * as insulin from './insulin.ts';
import * as kidneyCourse from './kidney-course.ts';
import * as kidneySteadiness from './kidney-steadiness.ts';
import * as longTermDrugs from './long-term-drugs.ts';
import { newlyCombines } from './newly-combines.ts';
import * as opioidBurden from './opioid-burden.ts';
import * as orders from './orders.ts';
import * as organFailure from './organ-failure.ts';
import * as patient from './patient.ts';
import * as products from './products.ts';
import * as qtRisk from './qt-risk.ts';
import * as questionnaires from './questionnaires.ts';
import * as results from './results.ts';
import * as surgery from './surgery.ts';
import * as tests from './tests.ts';
import * as triage from './triage.ts';

/** The clinical programmes: deterioration, diabetes, surgery, mental health, care that is due; trials. */
const programmes = [
  arrival,
  careDue,
  diet,
  earlyWarning,
  eligibility,
  infection,
  insulin,
  kidneyCourse,
  longTermDrugs,
  organFailure,
  questionnaires,
  surgery,
  triage,
].flatMap((topic) => Object.values(topic));

const isFact = (value: unknown): value is Fact =>
  typeof value === 'object' && value !== null && 'question' in value && 'ask' in value;

export const facts: ReadonlyMap<string, Fact> = new Map(
  [
    newlyCombines,
    duplicatesClass,
    duplicatesInAnotherForm,
    duplicatesIngredient,
    duplicatesUnderAnotherName,
    gestationInWeeks,
    ...Object.values(orders),
    ...Object.values(patient),
    ...Object.values(products),
    ...Object.values(results),
    ...Object.values(tests),
    ...Object.values(opioidBurden),
    ...Object.values(dosePerWeight),
    ...Object.values(kidneySteadiness),
    ...Object.values(qtRisk),
    ...Object.values(allergyTolerance),
    ...programmes,
  ]
    .filter(isFact)
    .map((fact) => [fact.id, fact]),
);

export type { Answer, Because, Fact, FactContext, Need } from './define.ts';
