// Every token a rule may name for a drug: ingredients, value sets (by route), ATC prefixes (by route).

import type { DrugNameTable } from './drug-names.ts';
import { isSystemicRoute } from './route.ts';
import { systemOf } from './systems.ts';
import type { Route, TerminologyData, ValueSet } from './types.ts';
import { tokenOf } from './words.ts';

export class DrugGroups {
  readonly #names: DrugNameTable;
  readonly #sets: ReadonlyMap<string, ValueSet>;
  readonly #setsOf: ReadonlyMap<number, readonly ValueSet[]>;
  readonly #systemicBy: ReadonlyMap<Route, ReadonlySet<number>>;
  readonly #localBy: ReadonlyMap<Route, ReadonlySet<number>>;
  readonly #members = new Map<string, ReadonlySet<number>>();
  readonly #cache = new Map<string, ReadonlySet<string>>();
  readonly #atc = new Set<string>();
  readonly #tokens = new Set<string>();
  /** Members that no name or code could find; the rules build reports them. */
  readonly lost: { set: string; member: string }[] = [];

  constructor({ names: data }: TerminologyData, names: DrugNameTable, valueSets: readonly ValueSet[]) {
    this.#names = names;
    this.#sets = new Map(valueSets.map((set) => [set.id, set]));
    const setsOf = new Map<number, ValueSet[]>();
    for (const set of valueSets) {
      if (set.kind !== 'drugs' && set.kind !== 'allergens') continue;
      for (const i of this.membersOf(set.id)) setsOf.set(i, [...(setsOf.get(i) ?? []), set]);
    }
    this.#setsOf = setsOf;
    this.#systemicBy = placesByRoute(data.systemicBy, names);
    this.#localBy = placesByRoute(data.localBy ?? {}, names);
    for (const { atc, tokens } of names.ingredients) {
      for (const code of atc) for (const length of [1, 3, 4, 5, 7]) this.#atc.add(code.slice(0, length));
      for (const token of tokens) this.#tokens.add(token);
    }
  }

  hasAtc = (prefix: string): boolean => this.#atc.has(prefix);
  isToken = (token: string): boolean => this.#tokens.has(token);

  /** The ingredients of a set whatever the route, those of included sets among them. */
  membersOf(id: string): ReadonlySet<number> {
    let members = this.#members.get(id);
    if (!members) {
      members = this.#collect(id, new Set());
      this.#members.set(id, members);
    }
    return members;
  }

  #collect(id: string, seen: ReadonlySet<string>): ReadonlySet<number> {
    const set = this.#sets.get(id);
    if (!set || seen.has(id)) return new Set();
    const found = new Set<number>();
    if (set.kind === 'drugs') {
      for (const member of set.members) {
        const system = systemOf(member.system);
        const i =
          (system === 'rxnorm' && member.code ? this.#names.byCode.get(member.code) : undefined) ??
          this.#names.byToken.get(tokenOf(member.display));
        if (system === 'atc' && member.code) {
          this.#names.ingredients.forEach(({ atc }, place) => {
            if (atc.some((code) => code.startsWith(member.code!))) found.add(place);
          });
        } else if (i === undefined) this.lost.push({ set: id, member: member.display });
        else found.add(this.#names.canonical([i])[0]!);
      }
    }
    const within = new Set([...seen, id]);
    for (const other of set.includes ?? []) for (const i of this.#collect(other, within)) found.add(i);
    return found;
  }

  isSystemic(ingredients: readonly number[], route: Route | undefined, form: string | undefined): boolean {
    if (route === 'rectal' && !ingredients.some((i) => this.#systemicBy.get('rectal')?.has(i)))
      return form !== 'cream' && form !== 'ointment' && form !== 'foam' && form !== 'gel';
    const local = route && this.#localBy.get(route);
    if (local && ingredients.every((i) => local.has(i))) return false;
    if (isSystemicRoute(route)) return true;
    const exceptions = this.#systemicBy.get(route!);
    return exceptions !== undefined && ingredients.some((i) => exceptions.has(i));
  }

  groupsOf(ingredients: readonly number[], route: Route | undefined, isSystemic: boolean): ReadonlySet<string> {
    const key = `${ingredients.join(',')} ${route ?? ''} ${isSystemic}`;
    let groups = this.#cache.get(key);
    if (!groups) {
      groups = this.#build(ingredients, route, isSystemic);
      if (this.#cache.size >= 2000) this.#cache.clear();
      this.#cache.set(key, groups);
    }
    return groups;
  }

  #build(ingredients: readonly number[], route: Route | undefined, isSystemic: boolean): ReadonlySet<string> {
    const groups = new Set<string>();
    for (const i of ingredients) {
      const { tokens, atc } = this.#names.ingredients[i]!;
      for (const token of tokens) groups.add(token);
      for (const set of this.#setsOf.get(i) ?? []) if (this.#reaches(set, i, route, isSystemic)) groups.add(set.id);
      for (const code of atc) {
        if (!suitsRoute(code, route, isSystemic)) continue;
        for (const length of [1, 3, 4, 5, 7]) if (code.length >= length) groups.add(`atc:${code.slice(0, length)}`);
      }
    }
    return groups;
  }

  /** Allergies do not mind the route; other sets ask for theirs, and an included set keeps its own. */
  #reaches(set: ValueSet, i: number, route: Route | undefined, isSystemic: boolean, depth = 0): boolean {
    if (set.kind === 'allergens') return true;
    if (set.routes && !suits(set.routes, route, isSystemic)) return false;
    if (!set.includes || depth > 5) return true;
    if (this.#ownMembers(set).has(i)) return true;
    return set.includes.some((id) => {
      const other = this.#sets.get(id);
      return other !== undefined && this.membersOf(id).has(i) && this.#reaches(other, i, route, isSystemic, depth + 1);
    });
  }

  #ownMembers(set: ValueSet): Set<number> {
    return new Set(
      set.members.map((member) => this.#names.canonical([this.#names.byToken.get(tokenOf(member.display)) ?? -1])[0]!),
    );
  }
}

function placesByRoute(
  byRoute: Partial<Record<Route, string[]>>,
  names: DrugNameTable,
): Map<Route, ReadonlySet<number>> {
  return new Map(
    Object.entries(byRoute).map(([route, list]) => [
      route as Route,
      new Set(list.map((name) => names.byToken.get(tokenOf(name))).filter((i) => i !== undefined)),
    ]),
  );
}

/** A route that nobody gave is taken as systemic. */
function suits(routes: readonly (Route | 'systemic')[], route: Route | undefined, isSystemic: boolean): boolean {
  if (isSystemic && routes.includes('systemic')) return true;
  return route === undefined ? routes.includes('oral') || routes.includes('parenteral') : routes.includes(route);
}

const ATC_ROUTES: [prefix: string, routes: Route[]][] = [
  ['D', ['topical']],
  ['S01', ['ophthalmic']],
  ['S02', ['otic']],
  ['S03', ['ophthalmic', 'otic']],
  ['M02', ['topical']],
  ['R01A', ['nasal']],
  ['R03A', ['inhaled']],
  ['R03B', ['inhaled']],
  ['R02', ['oral', 'dental', 'sublingual']],
  ['G01', ['vaginal', 'oral']],
  ['G02CC', ['vaginal']],
  ['A01', ['dental']],
  ['C05A', ['rectal', 'topical']],
  ['A07E', ['oral', 'rectal']],
];

/** Diclofenac gel is M02AA, not M01AB: a local ATC code asks for its route, any other for a systemic one. */
function suitsRoute(atc: string, route: Route | undefined, isSystemic: boolean): boolean {
  if (atc.startsWith('D01B') || atc.startsWith('D05B') || atc.startsWith('D10B') || atc.startsWith('R01B'))
    return isSystemic;
  const local = ATC_ROUTES.find(([prefix]) => atc.startsWith(prefix));
  if (local) return route !== undefined && local[1].includes(route);
  return isSystemic || atc.startsWith('N01B') || atc.startsWith('G02') || atc.startsWith('V');
}
