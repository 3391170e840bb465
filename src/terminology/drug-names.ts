// Names to ingredients: generic, salt, brand, abbreviation, and the few misspellings that are known.

import { isSystemicRoute } from './route.ts';
import type { Ingredient, Route, TerminologyData } from './types.ts';
import { isMark, Phrases, phraseOf, tokenOf, wordsOf } from './words.ts';

export interface Meaning {
  /** Places in the list of ingredients, in label order. */
  ingredients: readonly number[];
  isBrand: boolean;
  /** The ingredients of a brand are listed by alphabet, not as on the label: strengths cannot be told apart. */
  isUnordered?: boolean;
  /** A product phrase carries its own strength and form: `tylenol #3`. */
  product?: string;
}

export interface NamedIngredient extends Ingredient {
  token: string;
  /** Every token under which a rule may name it. */
  tokens: readonly string[];
  atc: readonly string[];
}

/**
 * Minerals name a salt after another drug (`losartan potassium`) and a drug when they stand alone (`potassium 20 mEq`); alcohol is
 * what others are dissolved in, or not taken with.
 */
const MINERALS = new Set([
  'potassium',
  'calcium',
  'magnesium',
  'zinc',
  'iron',
  'aluminum',
  'sodium phosphate',
  'potassium phosphate',
  'elemental iron',
  'alcohol',
]);
/** Named beside a drug, these only carry it: `vancomycin 1 g in dextrose 5 %`. */
const FLUIDS = new Set([
  'sodium chloride',
  'dextrose',
  'lactated ringers',
  'plasma-lyte',
  'mannitol',
  'water',
  'sterile water',
]);
/** Ordered as medications, and named beside one: `Lantus pen with pen needles`. */
const SUPPLIES = new Set(['medical supply', 'nutritional supplement']);
/** Salts, forms and other words that stand beside a drug and may be cut short as well: `METOPROLOL SUCCIN ER` is no succinylcholine. */
const NOT_A_DRUG =
  'hydrochloride hydrobromide chloride bromide succinate tartrate bitartrate maleate mesylate besylate tosylate acetate acetonide citrate phosphate fumarate sulfate sulfite nitrate gluconate lactate oxalate malate pamoate valerate propionate dipropionate furoate decanoate enanthate cypionate palmitate caproate medoxomil disoproxil alafenamide etexilate mofetil pivoxil axetil proxetil monohydrate anhydrous dihydrate trihydrate macrocrystals hyclate benzathine potassium sodium calcium magnesium aluminum extended delayed release modified sustained controlled tablets capsules caplets softgels solution suspension ophthalmic injection injectable infusion prefilled syringe cartridge autoinjector topical inhalation inhaler nebulizer respules aerosol spray chewable disintegrating dispersible effervescent powder packet granules lotion shampoo ointment cream emulsion suppository transdermal sublingual vaginal rectal strength maximum regular original childrens children infants adult intravenous intramuscular subcutaneous preservative concentrate elixir liquid'.split(
    ' ',
  );
const DENIALS = new Set(['non', 'no', 'not', 'without', 'avoid']);
const JOINS = new Set(['and', 'with', 'plus', '/', '+', '&', ',', ';']);

export class DrugNameTable {
  readonly ingredients: NamedIngredient[] = [];
  readonly byCode = new Map<string, number>();
  readonly bySnomed = new Map<string, number>();
  readonly byAtc = new Map<string, number>();
  readonly byToken = new Map<string, number>();
  /** RxNorm codes beyond the index, and what they are called. */
  readonly codes: Readonly<Record<string, string>>;
  readonly #phrases = new Phrases<Meaning>();
  /** Entries that fold into another: lithium carbonate is lithium. */
  readonly #folded = new Map<number, number>();
  readonly #defaultRoutes = new Map<number, Route>();
  readonly #brandRoutes: ReadonlyMap<string, Route>;
  readonly #misspellings: Record<string, string>;

  constructor({ rxnorm, names }: TerminologyData) {
    // Without a prototype: a client may well send the code "__proto__" or the drug "constructor".
    this.#misspellings = { __proto__: null, ...names.misspellings } as unknown as Record<string, string>;
    this.codes = { __proto__: null, ...names.codes } as unknown as Record<string, string>;
    this.#brandRoutes = new Map(
      Object.entries(names.brandRoutes ?? {}).flatMap(([route, brands]) =>
        brands.map((brand) => [phraseOf(brand), route as Route] as const),
      ),
    );
    for (const [code, name] of rxnorm.ingredients) this.#add(name, code);
    // Hand-made entries come second but win: they correct and complete what the release says.
    for (const [name, more] of Object.entries(names.ingredients)) {
      const i =
        this.byToken.get(tokenOf(name)) ??
        (more.code ? this.byCode.get(more.code) : undefined) ??
        more.also?.map((also) => this.byToken.get(tokenOf(also))).find((found) => found !== undefined) ??
        this.#add(name, more.code);
      const known = this.ingredients[i]!;
      if (more.code && !known.code) known.code = more.code;
      for (const code of [more.code, ...(more.codes ?? [])]) if (code) this.#fold(code, i);
      if (more.route) this.#defaultRoutes.set(i, more.route);
      for (const code of more.snomed ?? []) this.bySnomed.set(code, i);
      for (const code of more.atc ?? []) if (code.length === 7) this.byAtc.set(code, i);
      known.atc = more.atc ?? [];
      known.tokens = [...new Set([known.token, tokenOf(name), ...(more.also ?? []).map(tokenOf), ...(more.is ?? [])])];
      for (const token of [tokenOf(name), ...(more.also ?? []).map(tokenOf)])
        if (!this.byToken.has(token)) this.byToken.set(token, i);
      for (const also of [name, ...(more.also ?? [])]) this.#phrases.add(also, { ingredients: [i], isBrand: false });
      for (const brand of more.brands ?? []) this.#phrases.add(brand, { ingredients: [i], isBrand: true });
    }
    for (const [phrase, product] of Object.entries(names.products)) {
      const ingredients = this.find(product).ingredients;
      this.#phrases.add(phrase, { ingredients, isBrand: true, product });
    }
    for (const [phrase, parts] of Object.entries(names.combinations)) {
      const ingredients = parts.map((part) => this.byToken.get(tokenOf(part))).filter((i) => i !== undefined);
      this.#phrases.add(phrase, { ingredients, isBrand: true });
    }
    for (const [brand, places] of Object.entries(rxnorm.brands)) {
      this.#phrases.add(
        brand,
        { ingredients: this.canonical(places.split(',').map(Number)), isBrand: true, isUnordered: true },
        true,
      );
    }
  }

  #add(name: string, code: string | undefined): number {
    const token = tokenOf(name);
    const i = this.ingredients.push({ name, token, tokens: [token], atc: [], ...(code ? { code } : {}) }) - 1;
    if (code) this.byCode.set(code, i);
    if (!this.byToken.has(token)) this.byToken.set(token, i);
    this.#phrases.add(name, { ingredients: [i], isBrand: false }, true);
    return i;
  }

  #fold(code: string, into: number): void {
    const other = this.byCode.get(code);
    if (other !== undefined && other !== into) {
      this.#folded.set(other, into);
      this.byToken.set(this.ingredients[other]!.token, into);
      this.#phrases.add(this.ingredients[other]!.name, { ingredients: [into], isBrand: false });
    }
    this.byCode.set(code, into);
  }

  /** The places of a drug's ingredients in the list. */
  placesOf({ ingredients }: { ingredients: readonly Ingredient[] }): number[] {
    return ingredients.map(({ name }) => this.byToken.get(tokenOf(name))).filter((i) => i !== undefined);
  }

  /** The same ingredients with folded entries replaced. */
  canonical(ingredients: readonly number[]): number[] {
    return [...new Set(ingredients.map((i) => this.#folded.get(i) ?? i))];
  }

  /**
   * The route of a drug that is given in one way only: latanoprost is an eye drop. One such part is enough for a combination
   * that stays where it is: what salmeterol is mixed with is inhaled.
   */
  defaultRoute(ingredients: readonly number[]): Route | undefined {
    const routes = ingredients.map((i) => this.#defaultRoutes.get(i));
    const [first, ...others] = new Set(routes.filter((route) => route !== undefined));
    if (first === undefined || others.length > 0) return undefined;
    return routes.every((route) => route === first) || !isSystemicRoute(first) ? first : undefined;
  }

  /** `ferrous sulfate 325 mg (65 mg iron)` says what is in it; beside a drug `inh` says how it is taken. */
  #isEcho(hit: Hit, others: readonly Hit[]): boolean {
    if (hit.phrase === INH) return others.some(({ phrase }) => phrase !== INH);
    const mineral = MINERALS.has(hit.phrase) ? hit.phrase.replace(/^elemental /, '') : undefined;
    if (mineral === undefined) return false;
    const salt = mineral === 'iron' ? /^(iron|ferr(ous|ic|umoxytol))\b/ : new RegExp(`^${mineral} `);
    return others.some(
      (other) => other !== hit && other.meaning.ingredients.some((i) => salt.test(this.ingredients[i]!.name)),
    );
  }

  /** `isoniazid (INH)` is isoniazid. */
  #isBreathed(hits: readonly Hit[]): boolean {
    const inh = hits.find(({ phrase }) => phrase === INH);
    return (
      inh !== undefined &&
      hits.length > 1 &&
      !hits.some((hit) => hit !== inh && hit.meaning.ingredients.includes(inh.meaning.ingredients[0]!))
    );
  }

  #isKindOf(narrow: number, broad: number): boolean {
    return this.ingredients[narrow]!.tokens.includes(this.ingredients[broad]!.token);
  }

  /** The exact name and nothing else: `warfarin`, `Coumadin`. */
  exact(name: string): Meaning | undefined {
    return this.#phrases.get(this.#misspellings[phraseOf(name)] ?? name);
  }

  /** The one drug whose name begins so; if two begin so (`predniso`, `hydroco`) the word stays unread. */
  #completed(word: string): string | undefined {
    if (!/^[a-z]{6,}$/.test(word) || NOT_A_DRUG.some((known) => known.startsWith(word))) return undefined;
    const begun = this.#phrases.startingWith(word);
    const isOne = begun.every(({ meaning }) => `${meaning.ingredients}` === `${begun[0]!.meaning.ingredients}`);
    return isOne ? begun.find(({ meaning }) => !meaning.isBrand)?.phrase : undefined;
  }

  /**
   * The words of the text and the names among them. Pharmacy systems cut the names of a combination to fit a label: `HYDROCOD/APAP`,
   * `DEXTROAMP-AMPHETAMIN`. Beside another drug such a word is read, or half of the product would be passed over; alone it may be a
   * slip of the pen, and is said to be unknown.
   */
  #read(text: string): { words: string[]; all: ReturnType<Phrases<Meaning>['find']> } {
    const words = wordsOf(text).map((word) => this.#misspellings[word] ?? word);
    const all = this.#phrases.find(words);
    const completed = words.map((word, place) =>
      all.some(({ start, end }) => place >= start && place < end) ? undefined : this.#completed(word),
    );
    const count = completed.filter((word) => word !== undefined).length;
    if (count === 0 || count + all.length < 2) return { words, all };
    const whole = words.map((word, place) => completed[place] ?? word);
    return { words: whole, all: this.#phrases.find(whole) };
  }

  /** Every drug that the text names, in the order in which it names them. */
  find(text: string): Meaning & { isNamedInText: boolean; route?: Route } {
    const { words, all } = this.#read(text);
    const denied = all.filter(({ start, end }) => words[end] === 'free' || DENIALS.has(words[start - 1] ?? ''));
    const absent = new Set(denied.flatMap(({ meaning }) => meaning.ingredients));
    const hits = all.filter(
      (hit) =>
        !denied.includes(hit) &&
        (!MINERALS.has(hit.phrase) ||
          hit.start === 0 ||
          JOINS.has(words[hit.start - 1]!) ||
          isDoseWord(words[hit.start - 1]!)),
    );
    const isOnly = (names: ReadonlySet<string>) => (hit: Hit) =>
      hit.meaning.ingredients.every((i) => names.has(this.ingredients[i]!.name));
    const drugs = hits.filter((hit) => !isOnly(FLUIDS)(hit) && !isOnly(SUPPLIES)(hit));
    const isCarried = drugs.length > 0 && hits.some(isOnly(FLUIDS));
    const kept = (drugs.length > 0 ? drugs : hits).filter((hit, _, others) => !this.#isEcho(hit, others));
    const generic = kept.filter((hit) => !hit.meaning.isBrand);
    // `Percocet (oxycodone-acetaminophen) 5-325`: the generic names give the order of the strengths.
    const ordered = [...generic, ...kept.filter((hit) => hit.meaning.isBrand)].flatMap(
      (hit) => hit.meaning.ingredients,
    );
    // `Excedrin, aspirin-free` is what remains without aspirin.
    const named = [...new Set(ordered)].filter((i) => !absent.has(i));
    // `Humulin (insulin NPH)`: the broad name adds nothing beside the narrow one.
    const ingredients = named.filter((i) => !named.some((j) => j !== i && this.#isKindOf(j, i)));
    const product = kept.find((hit) => hit.meaning.product !== undefined)?.meaning.product;
    const route =
      kept.map(({ phrase }) => this.#brandRoutes.get(phrase)).find((found) => found !== undefined) ??
      (this.#isBreathed(hits) ? 'inhaled' : isCarried ? 'parenteral' : undefined);
    const isAllGeneric = new Set(generic.map((hit) => hit.meaning.ingredients[0])).size === ingredients.length;
    const isOneBrand = kept.length === 1 && kept[0]!.meaning.isUnordered !== true;
    return {
      ingredients,
      isBrand: generic.length === 0,
      isNamedInText: isAllGeneric || isOneBrand || ingredients.length === 1,
      ...(product ? { product } : {}),
      ...(route ? { route } : {}),
    };
  }
}

interface Hit {
  phrase: string;
  meaning: Meaning;
}

/** Isoniazid on a list of drugs, the inhaled route behind one. */
const INH = 'inh';

const isDoseWord = (word: string): boolean =>
  isMark(word) || /^[\d.%]+$/.test(word) || /^(mg|meq|mcg|g|ml|oral)$/.test(word);
