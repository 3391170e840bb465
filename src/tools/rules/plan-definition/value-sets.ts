// Our value sets and drug tokens as FHIR ValueSets, so that `memberOf` in an exported condition can be resolved elsewhere.
import type { ValueSet as FhirValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';
import type { Terminology } from '../../../terminology/terminology.ts';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';

/** What the words of conditions stand for: a value set, one ingredient, or an ATC group. */
export function fhirValueSet(token: string, base: string, terminology: Terminology, date: string): FhirValueSet {
  const held = terminology.valueSet(token);
  const isDrugs = !held || held.kind === 'drugs';
  const include: ValueSetComposeInclude[] = held
    ? [
        ...Map.groupBy(
          held.members.filter(({ system, code }) => system && code),
          ({ system }) => system!,
        ),
      ].flatMap(([system, members]) =>
        system.endsWith('icd-10-cm')
          ? // Our ICD-10-CM codes are prefixes: N18 stands for N18.1 to N18.9 too.
            members.map(({ code }) => ({
              system,
              filter: [{ property: 'code', op: 'regex' as const, value: `${code!.replaceAll('.', '\\.')}.*` }],
            }))
          : isDrugs
            ? members.flatMap(({ code, display }) => ingredient(code!, display))
            : [{ system, concept: members.map(({ code, display }) => ({ code: code!, display })) }],
      )
    : token.startsWith('atc:')
      ? [
          {
            system: 'http://www.whocc.no/atc',
            filter: [{ property: 'code', op: 'regex', value: `${token.slice(4)}.*` }],
          },
        ]
      : ingredientOf(token, terminology);
  const said = [
    ...(held?.routes ? [`Only when given by these routes: ${held.routes.join(', ')}`] : []),
    ...(held?.includes?.length ? [`With all of: ${held.includes.join(', ')}`] : []),
  ];
  const uncoded = (held?.members ?? []).filter(({ code }) => !code).map(({ display }) => display);
  if (uncoded.length) said.push(`Known by name alone, without a code: ${uncoded.join(', ')}`);
  // What another set holds is held here as well.
  include.push(...(held?.includes ?? []).map((other) => ({ valueSet: [`${base}/ValueSet/${other}`] })));
  return {
    resourceType: 'ValueSet',
    id: token.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 64),
    url: `${base}/ValueSet/${token}`,
    name: pascal(token),
    title: held?.title ?? token,
    status: 'active',
    date,
    ...(held?.source && { copyright: held.source }),
    ...(said.length > 0 && { description: said.join('. ') }),
    ...(include.length > 0 && { compose: { include } }),
  };
}

/** RxNorm: the ingredient itself, and every product that has it. */
const ingredient = (code: string, display: string): ValueSetComposeInclude[] => [
  { system: RXNORM, concept: [{ code, display }] },
  { system: RXNORM, filter: [{ property: 'has_ingredient', op: '=', value: `CUI:${code}` }] },
];

function ingredientOf(token: string, terminology: Terminology): ValueSetComposeInclude[] {
  const place = terminology.names.byToken.get(token);
  const { code, name } = (place !== undefined && terminology.names.ingredients[place]) || {};
  return code && name ? ingredient(code, name) : [];
}

export const pascal = (id: string): string =>
  id
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace(/^(?=[^A-Z])/, 'R');
