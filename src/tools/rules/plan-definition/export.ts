// A rule as a FHIR R4 PlanDefinition of the kind "event-condition-action", its suggestions as ActivityDefinitions. What FHIR has
// no place for travels in one extension, so that nothing is lost on the way back.
import type {
  ActivityDefinition,
  CodeableConcept,
  Expression,
  PlanDefinition,
  PlanDefinitionAction,
  ValueSet,
} from '@medplum/fhirtypes';
import { type Condition, leaves, type Rule, type RuleSuggestion, type Tier } from '../../../guards/rule.ts';
import type { Terminology } from '../../../terminology/terminology.ts';
import { asLines, inWords } from '../condition-words.ts';
import { fhirValueSet, pascal } from './value-sets.ts';
import { fhirPathOf } from './write-fhirpath.ts';

/** The binding of Expression.language is extensible; the types know only the three of FHIR. */
export const jsonLanguage = 'text/x-json-rules-engine' as string as NonNullable<Expression['language']>;
export const alternativeExpression = 'http://hl7.org/fhir/StructureDefinition/cqf-alternativeExpression';
export const restExtension = (base: string): string => `${base}/StructureDefinition/curbside-rule`;
export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
export const priorities = { info: 'routine', warning: 'urgent', critical: 'stat' } as const;

export interface Exported {
  plan: PlanDefinition;
  activities: ActivityDefinition[];
  valueSets: ValueSet[];
  /** Conditions that are given in our own JSON only, and why. */
  unmapped: string[];
}

export interface ExportContext {
  /** The canonical base of the server that will hold the resources, without a slash at the end. */
  base: string;
  terminology: Terminology;
}

export function planDefinitionOf(rule: Rule, { base, terminology }: ExportContext): Exported {
  const activities: ActivityDefinition[] = [];
  const unmapped: string[] = [];
  const applicability = (condition: Condition): PlanDefinitionAction['condition'] => {
    const { expression, missing } = expressionOf(condition, base, terminology);
    unmapped.push(...missing);
    return [{ kind: 'applicability', expression }];
  };
  const tierAction = (tier: Tier): PlanDefinitionAction => {
    const offered = (tier.suggestions ?? rule.card.suggestions ?? []).flatMap((suggestion, place) =>
      suggestionActions(suggestion, `${rule.id}-${tier.id}-${place + 1}`, rule, base, activities),
    );
    return {
      id: tier.id,
      title: tier.summary ?? rule.card.summary,
      description: tier.detail ?? rule.card.detail,
      priority: priorities[tier.indicator],
      ...(tier.when && { condition: applicability(tier.when) }),
      ...(offered.length > 0 && { selectionBehavior: 'any' as const, action: offered }),
    };
  };
  const { interaction, hazard, kind } = rule;
  const plan: PlanDefinition = {
    resourceType: 'PlanDefinition',
    id: rule.id.slice(0, 64),
    url: `${base}/PlanDefinition/${rule.id}`,
    version: rule.version,
    name: pascal(rule.id),
    title: rule.title,
    type: coded('http://terminology.hl7.org/CodeSystem/plan-definition-type', 'eca-rule', 'ECA Rule'),
    status: rule.status === 'draft' ? 'draft' : rule.status === 'retired' ? 'retired' : 'active',
    // A silent rule is counted and shown to nobody.
    experimental: rule.status === 'silent',
    date: rule.lastReviewDate,
    publisher: rule.steward,
    description: [
      'Speaks when:',
      ...asLines(inWords(rule.when, terminology)),
      '',
      'Of the actions below, the first whose condition holds applies. FHIRPath is evaluated on a Bundle that holds the patient’s resources, newest first, and the draft orders of the hook.',
    ].join('\n'),
    ...(interaction && { purpose: `${interaction.consequence}. ${interaction.mechanism}` }),
    ...(rule.knownGaps?.length && {
      usage: `Where it will be wrong:\n${rule.knownGaps.map((gap) => `- ${gap}`).join('\n')}`,
    }),
    ...(rule.status === 'active' && { approvalDate: rule.lastReviewDate }),
    lastReviewDate: rule.lastReviewDate,
    useContext: [
      {
        code: { system: 'http://terminology.hl7.org/CodeSystem/usage-context-type', code: 'focus' },
        valueCodeableConcept: { text: kind },
      },
    ],
    topic: [{ text: kind }, ...(hazard ? [{ text: hazard }] : [])],
    relatedArtifact: rule.evidence.map(({ citation, url, shows }) => ({
      type: 'citation' as const,
      citation,
      ...(shows && { display: shows }),
      ...(url && { url }),
    })),
    action: [
      {
        id: rule.id.slice(0, 64),
        title: rule.title,
        trigger: rule.hooks.map((name) => ({ type: 'named-event' as const, name })),
        condition: applicability(rule.when),
        groupingBehavior: 'logical-group',
        selectionBehavior: 'at-most-one',
        action: rule.tiers.map(tierAction),
      },
    ],
    extension: [{ url: restExtension(base), valueString: JSON.stringify(restOf(rule)) }],
  };
  const named = JSON.stringify(plan).matchAll(/\/ValueSet\/([^'"\\]+)'/g);
  const tokens = withIncluded(new Set(named.map(([, token]) => token!)), terminology);
  return {
    plan,
    activities,
    valueSets: [...tokens].map((token) => fhirValueSet(token, base, terminology, rule.lastReviewDate)),
    unmapped: [...new Set(unmapped)],
  };
}

export type Rest = ReturnType<typeof restOf>;

/** What a rule says and FHIR has no place for. */
function restOf(rule: Rule) {
  const { $schema, id, version, status, title, steward, lastReviewDate, evidence, hooks, when, knownGaps, ...rest } =
    rule;
  return { ...rest, tiers: rule.tiers.map(({ when: _, ...tier }) => tier) };
}

/** The sets that others include are needed to resolve them. */
function withIncluded(tokens: Set<string>, terminology: Terminology): Set<string> {
  for (const token of tokens) for (const other of terminology.valueSet(token)?.includes ?? []) tokens.add(other);
  return tokens;
}

/** FHIRPath with our JSON as its alternative; the JSON alone where no FHIRPath means the same. */
function expressionOf(
  condition: Condition,
  base: string,
  terminology: Terminology,
): { expression: Expression; missing: string[] } {
  const path = fhirPathOf(condition, base);
  const description = asLines(inWords(condition, terminology)).join('\n');
  const json: Expression = { description, language: jsonLanguage, expression: JSON.stringify(condition) };
  if (typeof path !== 'string') return { expression: json, missing: path.unmapped };
  return {
    expression: {
      description,
      language: 'text/fhirpath',
      expression: path,
      extension: [{ url: alternativeExpression, valueExpression: json }],
    },
    missing: [],
  };
}

const coded = (system: string, code: string, display?: string): CodeableConcept => ({
  coding: [{ system, code, ...(display && { display }) }],
});
const actionType = (code: 'create' | 'update' | 'remove') =>
  coded('http://terminology.hl7.org/CodeSystem/action-type', code);

function suggestionActions(
  suggestion: RuleSuggestion,
  id: string,
  { steward, version, lastReviewDate, when }: Rule,
  base: string,
  activities: ActivityDefinition[],
): PlanDefinitionAction[] {
  const define = (given: Partial<ActivityDefinition>, name: string): string => {
    const url = `${base}/ActivityDefinition/${name}`;
    activities.push({
      resourceType: 'ActivityDefinition',
      id: name.slice(-64).replace(/^[^A-Za-z0-9]+/, ''),
      url,
      version,
      name: pascal(name),
      status: 'active',
      date: lastReviewDate,
      publisher: steward,
      intent: 'proposal',
      ...given,
    });
    return url;
  };
  const product = (
    { drug, code, display, dose, doseQuantity, frequencyPerDay }: Product,
    title: string,
    name: string,
  ): string =>
    define(
      {
        title,
        kind: 'MedicationRequest',
        productCodeableConcept: {
          ...(code && { coding: [{ system: RXNORM, code, ...(display && { display }) }] }),
          text: display ?? drug,
        },
        dosage: [dosageOf({ dose, doseQuantity, frequencyPerDay })],
      },
      name,
    );
  const { isRecommended } = suggestion;
  const precheck = isRecommended ? { precheckBehavior: 'yes' as const } : {};
  switch (suggestion.kind) {
    case 'remove':
      return [{ title: suggestion.label, type: actionType('remove'), ...precheck }];
    case 'replace':
      return [
        {
          title: suggestion.label,
          ...precheck,
          groupingBehavior: 'sentence-group',
          selectionBehavior: 'all',
          action: [
            { title: 'Remove the order', type: actionType('remove') },
            {
              title: suggestion.with.display,
              type: actionType('create'),
              definitionCanonical: product(suggestion.with, suggestion.label, id),
            },
          ],
        },
      ];
    case 'dose':
      return [
        {
          title: suggestion.label,
          type: actionType('update'),
          ...precheck,
          definitionCanonical: define(
            {
              title: suggestion.label,
              kind: 'MedicationRequest',
              productCodeableConcept: { text: drugsOf(suggestion.of, when).join(' or ') || 'the drug that is ordered' },
              dosage: [dosageOf(suggestion)],
            },
            id,
          ),
        },
      ];
    case 'order-test': {
      const { system, code, display } = suggestion.test;
      return [
        {
          title: suggestion.label,
          type: actionType('create'),
          ...precheck,
          definitionCanonical: define(
            {
              title: suggestion.label,
              kind: 'ServiceRequest',
              code: { coding: [{ system, code, display }], text: display },
            },
            id,
          ),
          ...(suggestion.inDays !== undefined && {
            timingDuration: { value: suggestion.inDays, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
          }),
        },
      ];
    }
    case 'order-drug':
      return [
        {
          title: suggestion.anyOf[0]!.label,
          ...precheck,
          selectionBehavior: 'at-most-one',
          action: suggestion.anyOf.map((choice, place) => ({
            title: choice.label,
            type: actionType('create'),
            definitionCanonical: product(choice, choice.label, `${id}-${place + 1}`),
          })),
        },
      ];
  }
}

interface Product {
  drug: string;
  code?: string;
  display: string;
  dose: string;
  doseQuantity?: { value: number; unit: string; code?: string };
  frequencyPerDay?: number;
}

const dosageOf = ({
  dose,
  doseQuantity,
  frequencyPerDay,
}: Pick<Product, 'dose' | 'doseQuantity' | 'frequencyPerDay'>) => ({
  text: dose,
  ...(frequencyPerDay &&
    Number.isInteger(frequencyPerDay) && {
      timing: { repeat: { frequency: frequencyPerDay, period: 1, periodUnit: 'd' as const } },
    }),
  ...(doseQuantity && {
    doseAndRate: [
      {
        doseQuantity: {
          value: doseQuantity.value,
          unit: doseQuantity.unit,
          ...(doseQuantity.code && { system: 'http://unitsofmeasure.org', code: doseQuantity.code }),
        },
      },
    ],
  }),
});

/** The drugs about whose order a rule is: those named, or those that its condition asks for. */
const drugsOf = (of: string | string[] | undefined, when: Condition): string[] =>
  of
    ? [of].flat()
    : [
        ...new Set(
          leaves(when)
            .filter(({ fact }) => fact === 'orders' || fact === 'newlyOrders')
            .flatMap(({ params }) => [params?.drug ?? []].flat() as string[]),
        ),
      ];
