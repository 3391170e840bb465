// A draft rule out of a FHIR PlanDefinition: conditions in FHIRPath where they map to our questions, and a list of what did not.
import type {
  ActivityDefinition,
  CodeableConcept,
  Expression,
  ValueSet as FhirValueSet,
  PlanDefinition,
  PlanDefinitionAction,
  Resource,
} from '@medplum/fhirtypes';
import {
  type Condition,
  conditionSchema,
  hookNames,
  kinds,
  type Rule,
  type RuleSuggestion,
} from '../../../guards/rule.ts';
import type { Terminology } from '../../../terminology/terminology.ts';
import type { ValueSet } from '../../../terminology/types.ts';
import { tokenOf } from '../../../terminology/words.ts';
import { isUnknown } from '../../../unknown.ts';
import { alternativeExpression, jsonLanguage, priorities, type Rest, RXNORM } from './export.ts';
import { conditionFrom, type TokenKind, type Vocabulary } from './read-fhirpath.ts';

export interface Imported {
  rule: Record<string, unknown>;
  /** What was left out, each with the reason. */
  unmapped: string[];
  /** What was taken for something close, or filled in. */
  notes: string[];
}

export interface ImportContext {
  terminology: Terminology;
  valueSets: readonly ValueSet[];
  /** What stands beside the PlanDefinition in its file: ActivityDefinitions and ValueSets. */
  beside: readonly Resource[];
  /** The day of the import, YYYY-MM-DD. */
  today: string;
  /** Take our own JSON, which an export carries beside the FHIRPath, where the FHIRPath does not map. */
  ignoreAlternatives?: boolean;
}

/** A draft for each top action that has a condition; undefined rules are named among `unmapped`. */
export function rulesFrom(plan: PlanDefinition, context: ImportContext): Imported[] {
  const actions = (plan.action ?? []).filter((action) => action.condition?.length || action.action?.length);
  return actions.map((action, place) => ruleFrom(plan, action, actions.length > 1 ? place + 1 : undefined, context));
}

function ruleFrom(
  plan: PlanDefinition,
  top: PlanDefinitionAction,
  number: number | undefined,
  context: ImportContext,
): Imported {
  const unmapped: string[] = [];
  const notes: string[] = [];
  const rest = restOf(plan);
  const { kind, card, tiers: _, ...others } = rest;
  const name = plan.id ?? plan.name ?? plan.url?.split('/').at(-1) ?? 'imported';
  const id = slug(number ? `${name}-${number}` : name);

  const when = conditionOf(top.condition, 'when', unmapped, notes, context);
  const tierActions = (top.action ?? []).filter(isTier);
  const single = tierActions.length === 0;
  const tiers = (single ? [top] : tierActions).map((action, place) =>
    tierFrom(action, place, single ? undefined : action.condition, rest, { unmapped, notes, context }),
  );

  const hooks = [
    ...new Set(
      [...(top.trigger ?? [])].flatMap(({ type, name: event }) => {
        const hook = hookNames.find((one) => one === event);
        if (!hook) unmapped.push(`trigger ${type} ${event ?? ''}: none of ${hookNames.join(', ')}`);
        return hook ?? [];
      }),
    ),
  ];
  if (hooks.length === 0) notes.push('no hook was named, so it is asked when an order is chosen and signed');
  if (!when) notes.push('no condition mapped, so "when" asks for an order of a drug you have to name');

  const title = atLeast(plan.title ?? top.title, 5) ?? `What ${id} is about`;
  const rule = {
    $schema: '../schema/rule.schema.json',
    id,
    version: /^\d+\.\d+\.\d+$/.test(plan.version ?? '') ? plan.version : '0.1.0',
    status: 'draft',
    title: number && top.title ? top.title : title,
    kind: kind ?? 'drug-condition',
    steward: plan.publisher ?? 'Your service',
    lastReviewDate: plan.lastReviewDate ?? plan.approvalDate ?? context.today,
    evidence: evidenceOf(plan, notes),
    hooks: hooks.length ? hooks : ['order-select', 'order-sign'],
    when: when ?? { fact: 'orders', params: { drug: 'name-the-drug' }, operator: 'equal', value: true },
    tiers,
    card: card ?? {
      summary: (atLeast(top.title ?? plan.title, 10) ?? `${title}: the danger in one line`).slice(0, 160),
      detail:
        atLeast(top.description, 20) ??
        atLeast(plan.description, 20) ??
        'The danger, the reason, the way out, in two sentences.',
    },
    ...others,
    ...(gapsOf(plan, unmapped).length && { knownGaps: gapsOf(plan, unmapped) }),
  };
  return { rule, unmapped, notes };
}

/** Suggestions do something; a tier says how loud, under which condition. */
const isTier = ({ definitionCanonical, definitionUri, type }: PlanDefinitionAction): boolean =>
  !definitionCanonical && !definitionUri && !type;

interface Telling {
  unmapped: string[];
  notes: string[];
  context: ImportContext;
}

function tierFrom(
  action: PlanDefinitionAction,
  place: number,
  condition: PlanDefinitionAction['condition'],
  rest: Partial<Rest>,
  { unmapped, notes, context }: Telling,
): Record<string, unknown> {
  const held = rest.tiers?.find(({ id }) => id === action.id);
  const when = conditionOf(condition, `tier ${action.id ?? place + 1}`, unmapped, notes, context);
  if (held) return { ...held, ...(when && { when }) };
  const suggestions = (action.action ?? []).flatMap((one) => suggestionFrom(one, unmapped, context));
  const said = (Object.keys(priorities) as (keyof typeof priorities)[]).find(
    (indicator) => priorities[indicator] === action.priority,
  );
  let indicator: keyof typeof priorities = said ?? 'warning';
  if (indicator === 'critical' && suggestions.length === 0) {
    notes.push(
      `${action.title ?? 'an action'}: "stat" offers no way out, so it is a caution until a suggestion is added`,
    );
    indicator = 'warning';
  }
  return {
    id: slug(action.id ?? (place === 0 ? 'usual' : `tier-${place + 1}`)),
    indicator,
    ...(when && { when }),
    ...(atLeast(action.title, 10) && { summary: action.title!.slice(0, 160) }),
    ...(atLeast(action.description, 10) && { detail: action.description }),
    ...(suggestions.length > 0 && { suggestions: suggestions.slice(0, 4) }),
  };
}

/** All applicability conditions of an action; each must hold. */
function conditionOf(
  given: PlanDefinitionAction['condition'],
  where: string,
  unmapped: string[],
  notes: string[],
  context: ImportContext,
): Condition | undefined {
  const parts = (given ?? []).flatMap(({ kind, expression }) => {
    if (kind !== 'applicability') {
      unmapped.push(`${where}: a condition of kind "${kind}"`);
      return [];
    }
    const read = readExpression(expression, context);
    unmapped.push(...read.unmapped.map((what) => `${where}: ${what}`));
    notes.push(...read.notes.map((what) => `${where}: ${what}`));
    return read.condition ?? [];
  });
  return parts.length > 1 ? { all: parts } : parts[0];
}

function readExpression(expression: Expression | undefined, context: ImportContext): ReturnType<typeof conditionFrom> {
  const text = expression?.expression ?? '';
  const language = expression?.language ?? 'no language';
  if (language === jsonLanguage) return fromJson(text);
  const alternative = expression?.extension?.find(({ url }) => url === alternativeExpression)?.valueExpression;
  if (language === 'text/fhirpath') {
    const read = conditionFrom(text, vocabularyOf(context));
    if (read.unmapped.length === 0 || alternative?.language !== jsonLanguage || context.ignoreAlternatives) return read;
  }
  if (alternative?.language === jsonLanguage) return fromJson(alternative.expression ?? '');
  return { unmapped: [`${text || 'an empty expression'}: ${language} is not read, only text/fhirpath`], notes: [] };
}

function fromJson(text: string): ReturnType<typeof conditionFrom> {
  try {
    return { condition: conditionSchema.parse(JSON.parse(text)), unmapped: [], notes: [] };
  } catch {
    return { unmapped: [`${text.slice(0, 80)}: no condition of ours`], notes: [] };
  }
}

function vocabularyOf({ terminology, valueSets, beside }: ImportContext): Vocabulary {
  const isOurs = (token: string, kind: TokenKind): boolean =>
    terminology.valueSet(token)?.kind === kind ||
    ((kind === 'drugs' || kind === 'allergens') && terminology.isDrugToken(token));
  const tokensOfCode: Vocabulary['tokensOfCode'] = (system, code, kind) => {
    const inSets = valueSets
      .filter(
        (set) =>
          set.kind === kind &&
          set.members.some((member) => member.code === code && (!system || member.system === system)),
      )
      .sort((a, b) => a.members.length - b.members.length);
    if (kind !== 'drugs' && inSets[0]) return [inSets[0].id];
    if ((kind === 'drugs' || kind === 'allergens') && (!system || system === RXNORM)) {
      const drug = terminology.drug({ coding: [{ system: RXNORM, code }] });
      if (!isUnknown(drug))
        return drug.ingredients.length === 1
          ? [tokenOf(drug.ingredients[0]!.name)]
          : { not: `${code} is a product of ${drug.ingredients.length} ingredients, and a rule names one at a time` };
    }
    return {
      not: `${system ?? 'no system'} ${code} is in none of our ${kind} value sets: add it to one in rules/value-sets/${kind}`,
    };
  };
  return {
    tokensOfCode,
    unitOf: (token) => terminology.valueSet(token)?.unit,
    tokensOfSet(url, kind) {
      const token = url.split('|')[0]!.split('/').at(-1)!;
      if (isOurs(token, kind)) return [token];
      const set = beside.find(
        (resource): resource is FhirValueSet =>
          resource.resourceType === 'ValueSet' && (resource.url === url.split('|')[0] || resource.url === url),
      );
      if (!set) return { not: `the value set ${url} is none of ours and not in the file` };
      const codes = [
        ...(set.compose?.include ?? []).flatMap(({ system, concept }) =>
          (concept ?? []).map(({ code }) => ({ system, code })),
        ),
        ...(set.expansion?.contains ?? []).map(({ system, code }) => ({ system, code })),
      ];
      if (codes.length === 0) return { not: `the value set ${url} lists no codes` };
      const found = codes.map(({ system, code }) => tokensOfCode(system, code ?? '', kind));
      const missing = found.find((one) => !Array.isArray(one));
      return missing ?? [...new Set(found.flat() as string[])];
    },
  };
}

function suggestionFrom(action: PlanDefinitionAction, unmapped: string[], context: ImportContext): RuleSuggestion[] {
  const label = (action.title ?? '').slice(0, 80);
  const activity = definitionOf(action, context);
  const code = action.type?.coding?.[0]?.code;
  const skip = (why: string): RuleSuggestion[] => {
    unmapped.push(`action "${label || action.id || 'without a title'}": ${why}`);
    return [];
  };
  if (!label) return skip('a suggestion needs a title');
  const parts = action.action ?? [];
  const added = parts.find((part) => definitionOf(part, context)?.kind === 'MedicationRequest');
  if (parts.some((part) => part.type?.coding?.[0]?.code === 'remove') && added) {
    const product = productOf(definitionOf(added, context)!, context);
    return typeof product === 'string' ? skip(product) : [{ kind: 'replace', label, with: product }];
  }
  if (code === 'remove') return [{ kind: 'remove', label }];
  if (activity?.kind === 'ServiceRequest') {
    const test = activity.code?.coding?.[0];
    if (!test?.code) return skip('its ActivityDefinition has no code');
    const days = action.timingDuration;
    return [
      {
        kind: 'order-test',
        label,
        test: {
          system: test.system ?? 'http://loinc.org',
          code: test.code,
          display: test.display ?? activity.code?.text ?? label,
        },
        ...(days?.code === 'd' && days.value !== undefined && { inDays: days.value }),
      },
    ];
  }
  if (activity?.kind === 'MedicationRequest') {
    const product = productOf(activity, context);
    if (typeof product === 'string') return skip(product);
    return [{ kind: 'order-drug', anyOf: [{ label, ...product }] }];
  }
  return skip(
    action.definitionCanonical && !activity
      ? `${action.definitionCanonical} is not in the file`
      : 'neither a removal, nor an order of a test or drug',
  );
}

function definitionOf(
  { definitionCanonical }: PlanDefinitionAction,
  { beside }: ImportContext,
): ActivityDefinition | undefined {
  const url = definitionCanonical?.split('|')[0];
  return beside.find(
    (resource): resource is ActivityDefinition =>
      resource.resourceType === 'ActivityDefinition' &&
      url !== undefined &&
      (resource.url === url || `#${resource.id}` === url),
  );
}

function productOf({ productCodeableConcept, dosage, title }: ActivityDefinition, { terminology }: ImportContext) {
  const concept: CodeableConcept = productCodeableConcept ?? { text: title };
  const drug = terminology.drug(concept);
  if (isUnknown(drug)) return `the drug "${concept.text ?? concept.coding?.[0]?.code ?? ''}" is not recognised`;
  const { code, display } = concept.coding?.find(({ system }) => system === RXNORM) ?? {};
  const dose = dosage?.[0]?.text;
  if (!dose) return 'its dosage says nothing in words';
  const quantity = dosage[0]?.doseAndRate?.[0]?.doseQuantity;
  return {
    drug: tokenOf(drug.ingredients[0]!.name),
    ...(code && { code }),
    display: display ?? concept.text ?? drug.text,
    dose,
    ...(quantity?.value !== undefined &&
      quantity.unit && {
        doseQuantity: { value: quantity.value, unit: quantity.unit, ...(quantity.code && { code: quantity.code }) },
      }),
  };
}

function evidenceOf({ relatedArtifact = [], url, title }: PlanDefinition, notes: string[]): Rule['evidence'] {
  const evidence = relatedArtifact
    .filter(({ type }) => ['citation', 'documentation', 'justification', 'derived-from'].includes(type ?? ''))
    .flatMap(({ citation, display, label, url: link, resource }) => {
      const said = atLeast(citation ?? display ?? label ?? resource, 8) ?? atLeast(link, 8);
      const web = [link, resource].find((one) => one?.startsWith('http'));
      return said ? [{ citation: said, ...(web && { url: web }), ...(citation && display && { shows: display }) }] : [];
    });
  if (evidence.length) return evidence;
  notes.push('it cites nothing: name the label, paper or guideline under "evidence"');
  return [{ citation: `PlanDefinition "${title ?? url ?? 'without a name'}", which cites nothing` }];
}

/** What our own export carries beside what FHIR has a place for. */
function restOf({ extension, useContext, topic }: PlanDefinition): Partial<Rest> {
  const held = extension?.find(({ url }) => url.endsWith('/StructureDefinition/curbside-rule'))?.valueString;
  if (held) {
    try {
      return JSON.parse(held) as Rest;
    } catch {
      // Damaged on the way: what FHIR says is enough for a draft.
    }
  }
  const words = [...(useContext ?? []).map(({ valueCodeableConcept }) => valueCodeableConcept), ...(topic ?? [])];
  const kind = kinds.find((one) =>
    words.some((word) => word?.text === one || word?.coding?.some(({ code }) => code === one)),
  );
  // An interaction rule names its two drugs, which no PlanDefinition does.
  return kind && kind !== 'interaction' ? { kind } : {};
}

/** What was left out is where the draft will be wrong. */
const gapsOf = ({ usage }: PlanDefinition, unmapped: readonly string[]): string[] => [
  ...(usage ?? '')
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .map((line) => line.slice(2)),
  ...unmapped.map((what) => `Not imported: ${what}`),
];

const atLeast = (text: string | undefined, length: number): string | undefined =>
  text && text.length >= length ? text : undefined;

const slug = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'imported';
