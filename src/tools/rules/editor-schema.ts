// The schema by which an editor completes a rule: every fact with its question, its blanks, and the words that may fill them.
import { z } from 'zod';
import { calculators } from '../../calculators/index.ts';
import { facts } from '../../facts/index.ts';
import { ruleSchema } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet, ValueSetKind } from '../../terminology/types.ts';
import { trialSchema } from '../../trials/trial.ts';
import { exampleLeaf, tokenKind } from './check-condition.ts';

type Json = Record<string, unknown>;

export function editorSchema(terminology: Terminology, valueSets: readonly ValueSet[]): Json {
  const schema = z.toJSONSchema(ruleSchema, { io: 'input', unrepresentable: 'any' }) as Json;
  const definitions = (schema.$defs ?? {}) as Record<string, Json>;
  // The condition is the one definition that holds itself.
  const name = Object.keys(definitions).find((key) => JSON.stringify(definitions[key]).includes('"fact"'));
  if (name) {
    const branches = (definitions[name]!.anyOf ?? []) as Json[];
    const place = branches.findIndex((branch) => 'fact' in ((branch.properties as Json | undefined) ?? {}));
    definitions[name]!.anyOf = branches.with(place, { $ref: '#/$defs/question' });
    definitions.question = questionSchema(branches[place]!);
  }
  for (const kind of ['drugs', 'conditions', 'observations', 'allergens'] as const)
    definitions[kind] = wordsOf(kind, valueSets);
  definitions.calculators = {
    type: 'string',
    enum: [...calculators.keys()].sort(),
    markdownEnumDescriptions: [...calculators.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ title }) => title),
  };
  const codes = codesOf(terminology, valueSets);
  definitions.tests = codes.tests;
  definitions.products = codes.products;
  return withCodes({ ...schema, $defs: definitions }) as Json;
}

/** A trial's criteria ask the same questions: the definitions stand in the schema of rules beside it. */
export function trialEditorSchema(ruleSchema: Json): Json {
  const schema = z.toJSONSchema(trialSchema, { io: 'input', unrepresentable: 'any' }) as Json;
  const { properties } = ruleSchema as { properties: Record<string, Json> };
  const criteria = (schema.properties as Record<string, { items: { properties: Json } }>).criteria!;
  criteria.items.properties.when = { $ref: `rule.schema.json${String(properties.when!.$ref)}` };
  const { $defs: _, ...bare } = schema;
  return bare;
}

/** Codes that suggestions use, with their names; any other is looked up by the check. */
function codesOf(terminology: Terminology, valueSets: readonly ValueSet[]): { tests: Json; products: Json } {
  const tests = new Map(
    valueSets
      .filter(({ kind }) => kind === 'observations')
      .flatMap(({ members }) =>
        members
          .filter(({ code, system }) => code && system === 'http://loinc.org')
          .slice(0, 2)
          .map(({ code, display }) => [code!, display] as const),
      ),
  );
  const products = new Map(terminology.orderables().map(({ code, display }) => [code, display]));
  const listed = (codes: Map<string, string>): Json => ({
    anyOf: [{ enum: [...codes.keys()], enumDescriptions: [...codes.values()] }, { type: 'string' }],
  });
  return { tests: listed(tests), products: listed(products) };
}

function withCodes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withCodes);
  if (typeof node !== 'object' || node === null) return node;
  const held = Object.fromEntries(Object.entries(node).map(([key, part]) => [key, withCodes(part)]));
  const { test, with: replacement } = (held.properties ?? {}) as Record<string, { properties?: Json } | undefined>;
  if (test?.properties?.code) test.properties.code = { $ref: '#/$defs/tests' };
  if (replacement?.properties?.code) {
    replacement.properties.code = { $ref: '#/$defs/products' };
    replacement.properties.drug = { $ref: '#/$defs/drugs' };
  }
  return held;
}

/** One object, whose blanks depend on its fact. */
function questionSchema(leaf: Json): Json {
  const sorted = [...facts.values()].sort((a, b) => a.id.localeCompare(b.id));
  const properties = leaf.properties as Record<string, Json>;
  return {
    ...leaf,
    defaultSnippets: sorted.map(({ id, question }) => ({
      label: id,
      description: question,
      body: JSON.parse(exampleLeaf(id)),
    })),
    properties: {
      ...properties,
      fact: {
        type: 'string',
        description: 'The question. All of them are in FACTS.md',
        enum: sorted.map(({ id }) => id),
        enumDescriptions: sorted.map(({ question }) => question),
      },
    },
    allOf: sorted.map(({ id, params, answers, question }) => ({
      if: { properties: { fact: { const: id } }, required: ['fact'] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
      then: {
        properties: {
          params: { description: question, ...blanksOf(params) },
          ...(answers === 'yes or no' && { value: { type: 'boolean' }, operator: { enum: ['equal', 'notEqual'] } }),
          ...(answers === 'a number' &&
            id !== 'calculated' && {
              value: { anyOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' } }] },
            }),
        },
        ...(params.safeParse({}).success ? {} : { required: ['params'] }),
      },
    })),
  };
}

function blanksOf(params: z.ZodType): Json {
  const { $schema: _, ...written } = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as Json;
  const shape = (params as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
  const properties = (written.properties ?? {}) as Record<string, Json>;
  for (const [name, blank] of Object.entries(shape)) {
    const kind = tokenKind(blank);
    const { description } = properties[name] ?? {};
    if (!kind) continue;
    const one = { $ref: `#/$defs/${kind}` };
    const takesList = JSON.stringify(properties[name]).includes('"array"');
    properties[name] = {
      ...(description ? { description } : {}),
      ...(takesList ? { anyOf: [one, { type: 'array', items: one, minItems: 1 }] } : one),
    };
  }
  return { ...written, properties };
}

/** Value sets are listed; for drugs any ingredient and ATC group is right too, which the check looks up. */
function wordsOf(kind: ValueSetKind, valueSets: readonly ValueSet[]): Json {
  const sets = valueSets
    .filter((set) => set.kind === kind || (kind === 'allergens' && set.kind === 'drugs'))
    .sort((a, b) => a.id.localeCompare(b.id));
  const listed = {
    enum: sets.map(({ id }) => id),
    enumDescriptions: sets.map(({ title, unit }) => (unit ? `${title}, in ${unit}` : title)),
  };
  return kind === 'conditions' || kind === 'observations'
    ? { type: 'string', ...listed }
    : {
        anyOf: [
          listed,
          {
            type: 'string',
            pattern: '^[a-z0-9:+-][A-Za-z0-9:+.-]*$',
            description: 'An ingredient such as "warfarin", or "atc:M01A"',
          },
        ],
      };
}
