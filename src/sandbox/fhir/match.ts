// Does a resource meet one search parameter? Values in a comma list are alternatives; repeated parameters must all hold.
import { FhirError } from './outcome.ts';
import type { Kind, Parameter } from './parameters.ts';
import { at, type DateRange, datesOf, rangeOf, referenceOf, stringsOf, tokensOf } from './values.ts';

export type Test = (resource: unknown) => boolean;

const modifiers: Record<Kind, string[]> = {
  token: ['not', 'text', 'missing'],
  reference: ['Patient', 'Encounter', 'Practitioner', 'Medication', 'missing'],
  date: ['missing'],
  string: ['exact', 'contains', 'missing'],
};

/** Splits at commas that are not escaped, as R4 asks. */
const split = (value: string) => value.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ','));

export function compile(name: string, parameter: Parameter, modifier: string | undefined, value: string): Test {
  if (modifier !== undefined && !modifiers[parameter.kind].includes(modifier)) {
    throw new FhirError(
      400,
      'not-supported',
      `The modifier ":${modifier}" is not supported on "${name}"; known: ${modifiers[parameter.kind].map((known) => `:${known}`).join(', ')}.`,
    );
  }
  const values = (resource: unknown) => parameter.paths.flatMap((path) => at(resource, path));
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false')
      throw new FhirError(400, 'value', `"${name}:missing" must be true or false.`);
    return (resource) => (values(resource).length === 0) === (value === 'true');
  }
  if (value === '') throw new FhirError(400, 'value', `The search parameter "${name}" has no value.`);
  const tests = split(value).map((one) => oneOf(name, parameter.kind, modifier, one));
  const any = (resource: unknown) => {
    const found = values(resource);
    return tests.some((test) => test(found));
  };
  return modifier === 'not' ? (resource) => !any(resource) : any;
}

function oneOf(name: string, kind: Kind, modifier: string | undefined, value: string): (found: unknown[]) => boolean {
  switch (kind) {
    case 'token':
      return tokenTest(modifier, value);
    case 'reference':
      return referenceTest(modifier, value);
    case 'date':
      return dateTest(name, value);
    case 'string':
      return stringTest(modifier, value);
  }
}

function tokenTest(modifier: string | undefined, value: string) {
  if (modifier === 'text') {
    const wanted = value.toLowerCase();
    return (found: unknown[]) => found.flatMap(tokensOf).some((token) => token.text?.toLowerCase().includes(wanted));
  }
  const bar = value.indexOf('|');
  const system = bar < 0 ? undefined : value.slice(0, bar);
  const code = value.slice(bar + 1);
  return (found: unknown[]) =>
    found
      .flatMap(tokensOf)
      .some(
        (token) =>
          (code === '' ? token.code !== undefined : token.code === code) &&
          (system === undefined || (token.system ?? '') === system || isImplied(token.system, system)),
      );
}

/** A bare code field (`status`) has no system in the resource; a search that names its system still means it. */
const isImplied = (has: string | undefined, wanted: string) =>
  has === undefined && wanted.startsWith('http://hl7.org/fhir/');

function referenceTest(modifier: string | undefined, value: string) {
  const local = /([A-Z]\w+\/[A-Za-z0-9.-]+)$/.exec(value)?.[1];
  const wanted = modifier !== undefined && !value.includes('/') ? `${modifier}/${value}` : (local ?? value);
  return (found: unknown[]) =>
    found
      .flatMap(referenceOf)
      .some((reference) => reference === wanted || reference === value || reference.endsWith(`/${wanted}`));
}

function stringTest(modifier: string | undefined, value: string) {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  if (modifier === 'exact') return (found: unknown[]) => found.flatMap(stringsOf).includes(value);
  const wanted = plain(value);
  return (found: unknown[]) =>
    found
      .flatMap(stringsOf)
      .some((text) => (modifier === 'contains' ? plain(text).includes(wanted) : plain(text).startsWith(wanted)));
}

const comparisons: Record<string, (has: DateRange, asked: DateRange) => boolean> = {
  eq: (has, asked) => asked.low <= has.low && has.high <= asked.high,
  ne: (has, asked) => !(asked.low <= has.low && has.high <= asked.high),
  gt: (has, asked) => has.high > asked.high,
  lt: (has, asked) => has.low < asked.low,
  ge: (has, asked) => has.high >= asked.low,
  le: (has, asked) => has.low <= asked.high,
  sa: (has, asked) => has.low > asked.high,
  eb: (has, asked) => has.high < asked.low,
  ap: (has, asked) => has.low <= asked.high + 86_400_000 && has.high >= asked.low - 86_400_000,
};

function dateTest(name: string, value: string) {
  const [, prefix = 'eq', date = ''] = /^([a-z]{2})?(.*)$/.exec(value) ?? [];
  const compare = comparisons[prefix];
  // "+" in an unescaped query arrives as a space.
  const asked = rangeOf(date.replace(' ', '+'));
  if (!compare || !asked)
    throw new FhirError(
      400,
      'value',
      `"${name}" needs a date such as ge2026-01-31, with one of ${Object.keys(comparisons).join(' ')} before it or nothing.`,
    );
  return (found: unknown[]) => found.flatMap(datesOf).some((has) => compare(has, asked));
}
