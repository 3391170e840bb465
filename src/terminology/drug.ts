// From a medication concept to a Drug. Codes are believed before text, RxNorm before the rest, wherever they stand in the list.

import { type Unknown, unknown } from '../unknown.ts';
import { amountsIn, bareNumbersIn, formOf, placeIn, releaseOf, strengthsOf } from './product.ts';
import { routeFromText, routeOf } from './route.ts';
import { type CodeSystem, systemOf } from './systems.ts';
import type { DrugHints, Terminology } from './terminology.ts';
import type { Coding, Concept, Drug, Route, Strength } from './types.ts';

/** What one coding or text is taken to mean. */
interface Reading {
  ingredients: readonly number[];
  display: string;
  isNamedInText: boolean;
  /** An ingredient or a brand: the text may know more (strength, further ingredients). */
  isBroad: boolean;
  code?: string;
  /** The route of a brand that is given in one way only. */
  route?: Route;
}

const TRUST: (CodeSystem | undefined)[] = ['rxnorm', 'ndc', 'snomed', 'atc'];

export function resolveDrug(terminology: Terminology, concept: Concept, hints: DrugHints): Drug | Unknown {
  const codings = [...(concept.coding ?? [])].sort((a, b) => trust(a) - trust(b));
  const coded = firstOf(codings, (coding) => readCode(terminology, coding));
  const texts = [
    ...codings.filter((coding) => trust(coding) < TRUST.length).map((coding) => coding.display),
    concept.text,
    ...codings.map((coding) => coding.display),
  ].filter((text) => text !== undefined && text.trim() !== '');
  const spoken = firstOf(texts, (text) => readText(terminology, text!));
  const reading = coded && spoken ? reconcile(coded, spoken) : (coded ?? spoken);
  if (!reading) return unknown(`"${texts[0] ?? nameOf(codings)}" could not be matched to a drug`);
  return describe(terminology, reading, coded, spoken, texts as string[], hints, concept);
}

function describe(
  { names, products, drugGroups }: Terminology,
  reading: Reading,
  coded: Reading | undefined,
  spoken: Reading | undefined,
  texts: readonly string[],
  hints: DrugHints,
  concept: Concept,
): Drug {
  const ingredients = reading.ingredients.map((i) => names.ingredients[i]!);
  // The product's own name first, then the prescriber's words for what it does not say.
  const witnesses = [...(coded ? [coded.display] : []), ...texts, ...(spoken ? [spoken.display] : [])];
  const form = hints.form?.text ?? hints.form?.coding?.[0]?.display;
  // A lock flush is ordered by vein and stays in the line.
  const staysInLine = witnesses.some((text) => /lock|flush/i.test(text) && routeFromText(text) === 'catheter-lock');
  const route =
    (staysInLine ? 'catheter-lock' : undefined) ??
    routeOf(hints.route) ??
    routeOf(hints.form) ??
    firstOf(witnesses, routeFromText) ??
    spoken?.route ??
    names.defaultRoute(reading.ingredients);
  const formName = (form && formOf(form)) ?? firstOf(witnesses, formOf);
  const isSystemic = drugGroups.isSystemic(reading.ingredients, route, formName);
  const release = firstOf(witnesses, releaseOf);
  const strengths =
    firstOf([reading, ...(spoken ? [spoken] : [])], ({ display, ingredients: places, isNamedInText }) => {
      const found = strengthsOf(
        display,
        places.map((i) => names.ingredients[i]!),
        isNamedInText,
      );
      return found.length > 0 ? found : undefined;
    }) ??
    firstOf(texts, (text) => strengthOfKnownProduct(products.displaysWith(reading.ingredients), text, ingredients)) ??
    [];
  const drug: Drug = {
    text: concept.text?.trim() || texts[0] || reading.display,
    ingredients: ingredients.map(({ code, name }) => (code ? { code, name } : { name })),
    isSystemic,
    strengths: coded ? strengths : asMade(strengths, products.displaysWith(reading.ingredients), ingredients),
    groups: drugGroups.groupsOf(reading.ingredients, route, isSystemic),
    wording: [...new Set(witnesses)].join(' | '),
  };
  if (route) drug.route = route;
  if (formName) drug.form = formName;
  if (release) drug.releaseForm = release;
  if (reading.code) drug.code = reading.code;
  const conflict = coded && spoken && conflictOf(coded, spoken, names.ingredients);
  if (conflict) drug.conflict = conflict;
  return drug;
}

/**
 * `HCTZ 25` and `Percocet 5/325` have no unit. It is taken from a solid oral product with the same ingredients and
 * the same numbers, if there is one; it is never assumed.
 */
function strengthOfKnownProduct(
  displays: readonly string[],
  text: string,
  ingredients: readonly { name: string }[],
): Strength[] | undefined {
  const numbers = bareNumbersIn(text).sort((a, b) => a - b);
  if (numbers.length === 0 || numbers.length !== ingredients.length) return undefined;
  for (const display of displays) {
    if (!/oral (tablet|capsule)/i.test(display)) continue;
    const amounts = amountsIn(display).filter(({ per, unit }) => !per && unit === 'mg');
    const values = amounts.map(({ value }) => value).sort((a, b) => a - b);
    if (values.length !== numbers.length || values.some((value, i) => value !== numbers[i])) continue;
    if (ingredients.some(({ name }) => placeIn(display, name) < 0)) continue;
    return strengthsOf(display, ingredients, true);
  }
  return undefined;
}

/** `Tylenol PM 25-500 mg`: where a product is made only the other way round, the numbers were written the other way round. */
function asMade(
  strengths: Strength[],
  displays: readonly string[],
  ingredients: readonly { name: string }[],
): Strength[] {
  if (strengths.length < 2 || strengths.some(({ unit, per }) => unit !== 'mg' || per)) return strengths;
  const valuesOf = (some: readonly Strength[]): string =>
    some
      .map(({ value }) => value)
      .sort((a, b) => a - b)
      .join('|');
  const alike = displays
    .map((display) => strengthsOf(display, ingredients, true))
    .filter((made) => made.every(({ unit, per }) => unit === 'mg' && !per) && valuesOf(made) === valuesOf(strengths));
  const isMade = alike.some((made) =>
    made.every(({ ingredient, value }) =>
      strengths.some((one) => one.ingredient === ingredient && one.value === value),
    ),
  );
  return isMade ? strengths : (alike[0] ?? strengths);
}

function readCode({ names, products }: Terminology, { system, code, display }: Coding): Reading | undefined {
  if (!code) return undefined;
  switch (systemOf(system)) {
    case 'rxnorm': {
      const product = products.rxnorm(code);
      if (product) return { ...product, isBroad: false, isNamedInText: true };
      const i = names.byCode.get(code.trim());
      if (i !== undefined)
        return {
          ingredients: names.canonical([i]),
          display: names.ingredients[i]!.name,
          isBroad: true,
          isNamedInText: true,
          code,
        };
      const called = names.codes[code.trim()];
      if (called === undefined) return undefined;
      const { ingredients, isNamedInText } = names.find(called);
      return { ingredients, display: called, isBroad: false, isNamedInText, code };
    }
    case 'ndc': {
      const product = products.ndc(code);
      return product && { ...product, isBroad: false, isNamedInText: true };
    }
    case 'snomed':
    case 'atc': {
      const i = names.bySnomed.get(code.trim()) ?? names.byAtc.get(code.trim().toUpperCase());
      return i === undefined
        ? undefined
        : { ingredients: [i], display: display ?? names.ingredients[i]!.name, isBroad: true, isNamedInText: true };
    }
    default:
      return undefined;
  }
}

function readText({ names }: Terminology, text: string): Reading | undefined {
  const { ingredients, isNamedInText, product, route } = names.find(text);
  if (ingredients.length === 0) return undefined;
  return {
    ingredients,
    display: product ?? text,
    isNamedInText: product !== undefined || isNamedInText,
    isBroad: true,
    ...(route ? { route } : {}),
  };
}

/** A broad code (ingredient, brand) may be one part of the combination that the text names in full. */
function reconcile(coded: Reading, spoken: Reading): Reading {
  const isWhole = coded.ingredients.every((i) => spoken.ingredients.includes(i));
  return coded.isBroad && isWhole ? { ...spoken, ...(coded.code ? { code: coded.code } : {}) } : coded;
}

function conflictOf(coded: Reading, spoken: Reading, all: readonly { name: string }[]): string | undefined {
  if (spoken.ingredients.some((i) => coded.ingredients.includes(i))) return undefined;
  const say = ({ ingredients }: Reading) => ingredients.map((i) => all[i]!.name).join(' / ');
  return `the code means ${say(coded)}, the text says ${say(spoken)}`;
}

const trust = ({ system }: Coding): number => {
  const place = TRUST.indexOf(systemOf(system) ?? undefined);
  return place < 0 ? TRUST.length : place;
};

const nameOf = (codings: readonly Coding[]): string => {
  const first = codings.find((coding) => coding.code);
  return first ? `code ${first.code} of ${first.system ?? 'an unnamed system'}` : 'a medication without code or text';
};

function firstOf<A, B>(list: readonly A[], ask: (item: A) => B | undefined): B | undefined {
  for (const item of list) {
    const answer = ask(item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
