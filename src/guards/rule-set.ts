// A set of rules with an index over what they ask for, so that the cost of a request grows with the chart and not with the
// number of rules. A rule about a pair of drugs is found by the pair; another by the drug it is about; the rest by the hook.
import type { TopLevelCondition } from 'json-rules-engine';
import type { Chart, Medication } from '../chart/types.ts';
import { facts } from '../facts/index.ts';
import { draftsInQuestion, isTaken } from '../facts/medication-list.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Condition, isLeaf, type Leaf, leaves, type Rule } from './rule.ts';
import { compile } from './three-valued.ts';

export type HookName = Rule['hooks'][number];

/** What must be there for a rule to be worth asking; each entry is one way. */
type Way = { pair: [string[], string[]] } | { draft: string[] } | { drug: string[] };

/** Where the rules of a token stand. Of a pair it is nearly always one: a number, since lists of one by the hundred thousand burden every collection. */
type Places = number | number[];

export interface CompiledRule {
  rule: Rule;
  possibly: TopLevelCondition;
  certainly: TopLevelCondition;
  tiers: { possibly?: TopLevelCondition; certainly?: TopLevelCondition }[];
  questions: Leaf[];
  /** Each of these must hold, whatever else does. */
  musts: Leaf[];
}

export class RuleSet {
  readonly rules: readonly Rule[];
  /** Changes with any rule: stands in every record. */
  readonly hash: string;
  readonly #byPair = new Map<string, Map<string, Places>>();
  readonly #byDraft = new Map<string, Places>();
  readonly #byDrug = new Map<string, Places>();
  readonly #always: number[] = [];
  readonly #compiled = new Map<number, CompiledRule>();
  readonly #places = new Map<string, number>();

  constructor(rules: readonly Rule[], hash = 'unhashed') {
    this.rules = rules;
    this.hash = hash;
    for (const [place, rule] of rules.entries()) {
      this.#places.set(rule.id, place);
      if (rule.status === 'draft' || rule.status === 'retired') continue;
      const ways = waysOf(rule.when);
      if (!ways) this.#always.push(place);
      else for (const way of ways) this.#enter(way, place);
    }
  }

  rule(id: string): Rule | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.rules[place];
  }

  #enter(way: Way, place: number): void {
    if ('pair' in way) {
      const [left, right] = way.pair;
      for (const a of left) {
        for (const b of right) {
          this.#enterPair(a, b, place);
          this.#enterPair(b, a, place);
        }
      }
    } else if ('draft' in way) for (const token of way.draft) enter(this.#byDraft, token, place);
    else for (const token of way.drug) enter(this.#byDrug, token, place);
  }

  #enterPair(a: string, b: string, place: number): void {
    let row = this.#byPair.get(a);
    if (!row) {
      row = new Map();
      this.#byPair.set(a, row);
    }
    enter(row, b, place);
  }

  /** The rules of a hook that could fire on this chart, each once, in file order. */
  candidates(chart: Chart, hook: HookName): CompiledRule[] {
    const found = new Set<number>(this.#always);
    const add = (places: Places | undefined) => {
      if (typeof places === 'number') found.add(places);
      else if (places) for (const place of places) found.add(place);
    };
    const list = isUnknown(chart.medications) ? chart.drafts : chart.medications;
    const everything = tokensOf(
      list.filter((entry) => isTaken(entry) || entry.standing === 'past' || entry.standing === 'on-hold'),
    );
    const ordered = tokensOf(draftsInQuestion(chart));
    for (const token of ordered) {
      add(this.#byDraft.get(token));
      const row = this.#byPair.get(token);
      if (!row) continue;
      // Without a medication list every partner is possible: the rule is unknown then, not clear.
      if (isUnknown(chart.medications)) for (const places of row.values()) add(places);
      else if (row.size < everything.size) {
        for (const [partner, places] of row) if (everything.has(partner)) add(places);
      } else for (const partner of everything) add(row.get(partner));
    }
    if (isUnknown(chart.medications)) for (const places of this.#byDrug.values()) add(places);
    else if (this.#byDrug.size > 0) for (const token of everything) add(this.#byDrug.get(token));
    return [...found]
      .sort((a, b) => a - b)
      .flatMap((place) => (this.rules[place]!.hooks.includes(hook) ? [this.#compile(place)] : []));
  }

  #compile(place: number): CompiledRule {
    let compiled = this.#compiled.get(place);
    if (!compiled) {
      const rule = this.rules[place]!;
      compiled = {
        rule,
        possibly: compile(rule.when, 'possibly'),
        certainly: compile(rule.when, 'certainly'),
        tiers: rule.tiers.map(({ when }) =>
          when ? { possibly: compile(when, 'possibly'), certainly: compile(when, 'certainly') } : {},
        ),
        questions: [...leaves(rule.when), ...rule.tiers.flatMap(({ when }) => (when ? leaves(when) : []))],
        musts: mustsOf(rule.when),
      };
      this.#compiled.set(place, compiled);
    }
    return compiled;
  }
}

function enter(index: Map<string, Places>, token: string, place: number): void {
  const places = index.get(token);
  if (places === undefined) index.set(token, place);
  else if (typeof places === 'number') index.set(token, [places, place]);
  else places.push(place);
}

function tokensOf(medications: readonly Medication[]): Set<string> {
  const tokens = new Set<string>();
  for (const { drug } of medications) if (isKnown(drug)) for (const token of drug.groups) tokens.add(token);
  return tokens;
}

function mustsOf(condition: Condition): Leaf[] {
  if (isLeaf(condition)) return [condition];
  return 'all' in condition ? condition.all.flatMap(mustsOf) : [];
}

/** The ways in which a condition can become true; undefined when it can be so without any particular drug. */
function waysOf(condition: Condition): Way[] | undefined {
  if (isLeaf(condition)) {
    if (
      condition.ifUnknown === 'yes' ||
      condition.value === false ||
      condition.operator === 'notEqual' ||
      condition.operator === 'notIn'
    )
      return undefined;
    const fact = facts.get(condition.fact);
    const needs = fact?.needs?.(condition.params ?? {});
    if (!needs?.length) return undefined;
    // A number below a limit may be one that is not there.
    if (fact!.answers === 'a number' && condition.operator.startsWith('less')) return undefined;
    const drafts = needs.find(({ of }) => of === 'draft');
    const drug = needs.filter(({ of }) => of === 'drug');
    if (!drafts && drug.length === 2) return [{ pair: [drug[0]!.anyOf, drug[1]!.anyOf] }];
    if (drafts && drug[0]) return [{ pair: [drafts.anyOf, drug[0].anyOf] }];
    if (drafts) return [{ draft: drafts.anyOf }];
    return drug[0] ? [{ drug: drug[0].anyOf }] : undefined;
  }
  if ('not' in condition) return undefined;
  if ('any' in condition) {
    const branches = condition.any.map(waysOf);
    return branches.every((ways) => ways !== undefined) ? branches.flat() : undefined;
  }
  const parts = condition.all.map(waysOf).filter((ways) => ways !== undefined);
  return parts.sort((a, b) => rarity(a) - rarity(b))[0];
}

const rarity = (ways: Way[]): number => Math.max(...ways.map((way) => ('pair' in way ? 0 : 'draft' in way ? 1 : 2)));
