// What the terminology knows and how it is written down. The data itself is in rules/terminology and rules/value-sets.

export interface Coding {
  system?: string;
  code?: string;
  display?: string;
}

/** The part of a FHIR CodeableConcept that we read. */
export interface Concept {
  coding?: readonly Coding[];
  text?: string;
}

export interface Ingredient {
  /** RxNorm ingredient (IN) code, absent where none is known. */
  code?: string;
  name: string;
}

export type Route =
  | 'oral'
  | 'parenteral'
  | 'topical'
  | 'ophthalmic'
  | 'otic'
  | 'nasal'
  | 'catheter-lock'
  | 'inhaled'
  | 'vaginal'
  | 'rectal'
  | 'transdermal'
  | 'sublingual'
  | 'intrathecal'
  | 'intraarticular'
  | 'dental'
  | 'intrauterine'
  | 'intravesical';

/** Mass is always in mg, volume in mL, time in h; biological units are `[iU]`, doses `{actuat}`, salts `meq` or `mmol`. */
export interface Strength {
  /** Ingredient token: `acetaminophen`. */
  ingredient: string;
  value: number;
  unit: string;
  per?: { value: number; unit: string };
}

export interface Drug {
  /** What a clinician would read: the order's own words if there are any, else the product name. */
  text: string;
  ingredients: Ingredient[];
  route?: Route;
  isSystemic: boolean;
  form?: string;
  strengths: Strength[];
  releaseForm?: 'extended' | 'delayed';
  /** Every token that a rule may name: ingredients, value-set ids, `atc:` prefixes. */
  groups: ReadonlySet<string>;
  /** RxNorm product, ingredient or brand code that was recognised. */
  code?: string;
  /** All that the order and its codes call the product. */
  wording?: string;
  /** Said when code and text name different drugs: the code is believed, the card should say so. */
  conflict?: string;
}

export type ValueSetKind = 'drugs' | 'conditions' | 'observations' | 'panels' | 'allergens';

export interface ValueSetMember {
  /** `system` is absent for a drug known by name alone. */
  system?: string;
  code?: string;
  display: string;
}

export interface ValueSet {
  id: string;
  title: string;
  kind: ValueSetKind;
  source: string;
  /** Only drugs given by one of these routes belong; `systemic` stands for whatever reaches the circulation. */
  routes?: (Route | 'systemic')[];
  members: ValueSetMember[];
  /** Every member of these sets belongs too. For an allergen: the drugs that a patient with this allergy reacts to. */
  includes?: string[];
  /** Whole phrases that mean this set when nothing is coded: `heart failure`. */
  names?: string[];
  /** A text holding one of these phrases is not meant: `pulmonary hypertension` is not hypertension. */
  not?: string[];
  /** Observations: UCUM unit in which rules speak, and limits outside of which a value is a slip. */
  unit?: string;
  limits?: { low: number; high: number };
  /** Panels: the observation sets whose results come back when it is ordered. */
  measures?: string[];
}

/** RxNorm, cut down to what a lookup needs. Ingredients are named by their place in the list. */
export interface RxnormIndex {
  source: string;
  ingredients: [code: string, name: string][];
  /** `"12,45"` (ingredients) → lines `"197361 amlodipine 5 MG Oral Tablet"`. */
  products: Record<string, string>;
  /** Brand name → ingredients `"12,45"`. */
  brands: Record<string, string>;
  /** RxNorm product → its NDCs, 11 digits, space separated. */
  ndc: Record<string, string>;
}

/** What we know of one ingredient beyond RxNorm. */
export interface DrugName {
  code?: string;
  /** Former or precise-ingredient RxNorm codes that fold into this one. */
  codes?: string[];
  /** ATC codes, five or seven characters. */
  atc?: string[];
  /** SNOMED CT substance or product codes. */
  snomed?: string[];
  /** Other names and salts: each is also a token. */
  also?: string[];
  brands?: string[];
  /** The route when nothing says otherwise. */
  route?: Route;
  /** Broader tokens: insulin glargine is `insulin`. */
  is?: string[];
}

export interface DrugNames {
  ingredients: Record<string, DrugName>;
  /** Brand or combination words → ingredient names in label order. */
  combinations: Record<string, string[]>;
  /** Phrases that name a whole product: `tylenol #3` → `acetaminophen 300 MG / codeine 30 MG Oral Tablet`. */
  products: Record<string, string>;
  /** Misspellings seen in real records; nothing else is matched inexactly. */
  misspellings: Record<string, string>;
  /** Ingredients that reach the circulation by a route which is usually local. */
  systemicBy: Partial<Record<Route, string[]>>;
  /** Ingredients that stay where they are by a route which is usually systemic: a lidocaine patch. */
  localBy?: Partial<Record<Route, string[]>>;
  /** Brands that are given in one way only: Flonase is a nose spray. */
  brandRoutes?: Partial<Record<Route, string[]>>;
  /** RxNorm clinical drug components and other codes that the index lacks → what they are called. */
  codes: Record<string, string>;
  /** Drafts we offer: ingredient → [RxNorm code, display]. */
  orderables: Record<string, [code: string, display: string][]>;
}

export interface TerminologyData {
  rxnorm: RxnormIndex;
  names: DrugNames;
}

export interface Orderable {
  ingredient: string;
  system: string;
  code: string;
  display: string;
}
