// A condition out of FHIRPath, for the part of FHIRPath that asks what our facts ask: whether a coded resource exists, how old the
// patient is, how high the newest result is, and `and`, `or`, `not()`. What does not map is said, never guessed.
import {
  AndAtom,
  ArithmeticOperatorAtom,
  DotAtom,
  EqualsAtom,
  FunctionAtom,
  ImpliesAtom,
  InAtom,
  LiteralAtom,
  NotEqualsAtom,
  OrAtom,
  parseFhirPath,
  SymbolAtom,
  UnionAtom,
} from '@medplum/core';
import { type Condition, isLeaf, type Leaf, type OperatorName } from '../../../guards/rule.ts';

type Atom = FunctionAtom['args'][number];
type Type = 'Condition' | 'MedicationRequest' | 'AllergyIntolerance' | 'Observation';
export type TokenKind = 'conditions' | 'drugs' | 'allergens' | 'observations';

export interface Vocabulary {
  /** Our words for a value set or for codes; a text says why there is none. */
  tokensOfSet(url: string, kind: TokenKind): string[] | { not: string };
  tokensOfCode(system: string | undefined, code: string, kind: TokenKind): string[] | { not: string };
  /** The unit in which an observation is told when the expression names none. */
  unitOf(token: string): string | undefined;
}

export interface Read {
  condition?: Condition;
  /** What was left out, each with the reason. Only parts of an `and` are left out: a draft may then speak too often, never too seldom. */
  unmapped: string[];
  /** What was taken for something that is close and not the same. */
  notes: string[];
}

/** Says what keeps a part from being one of our questions. */
class NotOurs extends Error {}
const notOurs = (why: string): never => {
  throw new NotOurs(why);
};

export function conditionFrom(expression: string, vocabulary: Vocabulary): Read {
  let atom: Atom;
  try {
    // In brackets, since the parser does not mind what stands after the end.
    atom = withoutResult(parseFhirPath(`(${expression})`));
  } catch (error) {
    return {
      unmapped: [`${expression}: not FHIRPath: ${error instanceof Error ? error.message : error}`],
      notes: [],
    };
  }
  const unmapped: string[] = [];
  const notes: string[] = [];
  const parts = conjuncts(atom).flatMap((part) => {
    try {
      return [new Reader(vocabulary, notes).read(part)];
    } catch (error) {
      if (!(error instanceof NotOurs)) throw error;
      unmapped.push(`${part}: ${error.message}`);
      return [];
    }
  });
  const condition = parts.length > 1 ? { all: parts } : parts[0];
  return { ...(condition && { condition }), unmapped, notes };
}

/** The parser wraps the whole in an atom of its own. */
const withoutResult = (parsed: unknown): Atom => (parsed as { child: Atom }).child;

const conjuncts = (atom: Atom): Atom[] =>
  atom instanceof AndAtom ? [...conjuncts(atom.left), ...conjuncts(atom.right)] : [atom];
const disjuncts = (atom: Atom): Atom[] =>
  atom instanceof OrAtom ? [...disjuncts(atom.left), ...disjuncts(atom.right)] : [atom];

/** `a.b.c()` as its steps. */
const stepsOf = (atom: Atom): Atom[] =>
  atom instanceof DotAtom ? [...stepsOf(atom.left), ...stepsOf(atom.right)] : [atom];
const named = (atom: Atom | undefined, name: string): boolean => atom instanceof SymbolAtom && atom.name === name;
const calls = (atom: Atom | undefined, ...names: string[]): atom is FunctionAtom =>
  atom instanceof FunctionAtom && names.includes(atom.name);
const literal = (atom: Atom): unknown => (atom instanceof LiteralAtom ? atom.value.value : undefined);
const wordOf = (atom: Atom): string | undefined => {
  const held = literal(atom);
  return typeof held === 'string' ? held : undefined;
};
const unionOf = (atom: Atom): Atom[] =>
  atom instanceof UnionAtom ? [...unionOf(atom.left), ...unionOf(atom.right)] : [atom];

/** Comparisons have no class that is exported: their operator is in their text. */
interface Compared {
  left: Atom;
  right: Atom;
  sign: '<' | '<=' | '>' | '>=' | '=' | '!=';
}
const turned = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '!=': '!=' } as const;
function comparison(atom: Atom): Compared | undefined {
  if (!(atom instanceof ArithmeticOperatorAtom || atom instanceof EqualsAtom || atom instanceof NotEqualsAtom))
    return undefined;
  const { operator, left, right } = atom;
  return operator in turned ? { left, right, sign: operator as Compared['sign'] } : undefined;
}

const operatorOf: Record<Compared['sign'], OperatorName> = {
  '<': 'lessThan',
  '<=': 'lessThanInclusive',
  '>': 'greaterThan',
  '>=': 'greaterThanInclusive',
  '=': 'equal',
  '!=': 'notEqual',
};

const kindOf: Record<Type, TokenKind> = {
  Condition: 'conditions',
  MedicationRequest: 'drugs',
  AllergyIntolerance: 'allergens',
  Observation: 'observations',
};

interface Criteria {
  tokens?: string[];
  statuses?: string[];
  /** Whether a clinical status is asked for, and so the entry must be active. */
  isActive?: boolean;
  withinDays?: number;
}

class Reader {
  private readonly vocabulary: Vocabulary;
  private readonly notes: string[];
  constructor(vocabulary: Vocabulary, notes: string[]) {
    this.vocabulary = vocabulary;
    this.notes = notes;
  }

  read(atom: Atom): Condition {
    if (atom instanceof AndAtom) return { all: conjuncts(atom).map((part) => this.read(part)) };
    if (atom instanceof OrAtom) return { any: disjuncts(atom).map((part) => this.read(part)) };
    if (atom instanceof ImpliesAtom) return { any: [negated(this.read(atom.left)), this.read(atom.right)] };
    const steps = stepsOf(atom);
    const last = steps.at(-1);
    if (calls(last, 'not')) return negated(this.read(join(steps.slice(0, -1))));
    if (steps.length === 1 && calls(last, 'iif')) return this.settled(last.args);
    if (calls(last, 'exists', 'empty')) {
      const found = this.exists(steps.slice(0, -1), last.name === 'exists' ? last.args : []);
      return last.name === 'empty' ? negated(found) : found;
    }
    const compared = comparison(atom);
    if (compared) return this.compared(compared);
    return notOurs('no question of ours asks this (the subset: exists, empty, comparisons, and, or, not, implies)');
  }

  /** `iif(x, true, false)`: an unknown answer is taken for no; `iif(x.not(), false, true)`: for yes. */
  private settled([test, then, otherwise]: Atom[]): Condition {
    const words = [then && String(literal(then)), otherwise && String(literal(otherwise))].join(' ');
    const inner =
      test && words === 'true false'
        ? this.read(test)
        : test && words === 'false true'
          ? negated(this.read(test))
          : notOurs('iif is read as iif(…, true, false) or iif(….not(), false, true)');
    return isLeaf(inner)
      ? { ...inner, ifUnknown: words === 'true false' ? 'no' : 'yes' }
      : notOurs('iif is read around one question');
  }

  private exists(steps: Atom[], args: Atom[]): Condition {
    const { type, criteria } = this.collection(steps, args);
    const { tokens, statuses, isActive, withinDays } = criteria;
    if (!tokens) return notOurs(`${type} without a code: which one?`);
    const leaf = (fact: string, params: Leaf['params']): Leaf => ({ fact, params, operator: 'equal', value: true });
    const one = (list: string[]): string | string[] => (list.length === 1 ? list[0]! : list);
    if (type === 'Condition') {
      if (withinDays !== undefined) return leaf('hasHistoryOf', { problem: one(tokens), withinDays });
      return leaf(isActive ? 'hasProblem' : 'hasHistoryOf', { problem: one(tokens) });
    }
    if (withinDays !== undefined && type !== 'Observation')
      return notOurs(`a date of ${type} is not asked for by our facts`);
    if (type === 'AllergyIntolerance') return leaf('isAllergicTo', { to: one(tokens) });
    if (type === 'Observation') {
      if (withinDays === undefined) this.notes.push(`${one(tokens)}: no span of days is named, so 365 are taken`);
      return leaf('wasMeasured', { observation: one(tokens), withinDays: withinDays ?? 365 });
    }
    if (!statuses || (statuses.includes('active') && !statuses.includes('draft')))
      this.notes.push(`${one(tokens)}: "takes" counts the order that is being written too`);
    return leaf(statuses && !statuses.includes('active') ? 'orders' : 'takes', { drug: one(tokens) });
  }

  /** `Bundle.entry.resource.ofType(Condition)`, `%Condition`, `Condition`, each with its `where`. */
  private collection(steps: Atom[], more: Atom[]): { type: Type; criteria: Criteria } {
    const ofType = steps.findIndex((step) => calls(step, 'ofType'));
    const held = ofType >= 0 ? (steps[ofType] as FunctionAtom).args[0] : steps[0];
    const type = String(held instanceof SymbolAtom ? held.name : held).replace(/^(%|FHIR\.)/, '');
    if (!(type in kindOf)) return notOurs(`${type} is none of ${Object.keys(kindOf).join(', ')}`);
    const wheres = steps
      .slice((ofType >= 0 ? ofType : 0) + 1)
      .flatMap((step) => (calls(step, 'where') ? step.args : notOurs(`"${step}" is not a "where"`)));
    const criteria: Criteria = {};
    for (const part of [...wheres, ...more].flatMap(conjuncts)) this.criterion(part, kindOf[type as Type], criteria);
    return { type: type as Type, criteria };
  }

  private criterion(atom: Atom, kind: TokenKind, into: Criteria): void {
    const text = String(atom);
    if (/^\(*(clinicalStatus|verificationStatus)\b/.test(text)) {
      if (text.includes('clinicalStatus')) {
        const excludes = /inactive|resolved|remission/.test(text) && /\.empty\(\)|!=|\.not\(\)/.test(text);
        if (excludes || (/'active'/.test(text) && !/!=|\.not\(\)/.test(text))) into.isActive = true;
        else notOurs(`the clinical status in "${text}" is not "active"`);
      }
      return;
    }
    if (/^\(*(status|intent)\b/.test(text)) {
      if (/\bintent\b/.test(text) && !/\bstatus\b/.test(text)) return;
      into.statuses = disjuncts(atom).flatMap((part) => this.words(part, 'status'));
      return;
    }
    const compared = comparison(atom);
    const days = compared && daysBack(compared);
    if (days !== undefined) {
      into.withinDays = days;
      return;
    }
    const tokens = disjuncts(atom).flatMap((part) => this.coded(part, kind));
    if (into.tokens) notOurs('two codes at once: nothing has both');
    into.tokens = [...new Set(tokens)];
  }

  /** `status = 'draft'`, `status in ('active' | 'draft')`. */
  private words(atom: Atom, element: string): string[] {
    const { left, right } = comparison(atom) ?? (atom instanceof InAtom ? atom : notOurs(`"${atom}" is not read`));
    if (!named(stepsOf(left).at(-1), element)) return notOurs(`"${atom}" is not read`);
    return unionOf(right).map((part) => wordOf(part) ?? notOurs(`"${part}" is no word`));
  }

  private coded(atom: Atom, kind: TokenKind): string[] {
    const found = (given: string[] | { not: string }): string[] => (Array.isArray(given) ? given : notOurs(given.not));
    const steps = stepsOf(atom);
    const last = steps.at(-1);
    if (calls(last, 'memberOf'))
      return found(this.vocabulary.tokensOfSet(wordOf(last.args[0]!) ?? notOurs('memberOf takes a url'), kind));
    // code.coding.where(system = … and code = …).exists(), or code.coding.exists(…)
    const asked = steps.find((step): step is FunctionAtom => calls(step, 'where', 'exists') && step.args.length > 0);
    if (asked && calls(last, 'exists')) {
      return disjuncts(asked.args[0]!).flatMap((choice) => {
        const parts = conjuncts(choice);
        const words = (element: string) =>
          parts.filter((part) => String(part).startsWith(`(${element} `)).flatMap((part) => this.words(part, element));
        const codes = words('code');
        if (codes.length === 0) return notOurs(`"${atom}" names no code`);
        return codes.flatMap((code) => found(this.vocabulary.tokensOfCode(words('system')[0], code, kind)));
      });
    }
    if (comparison(atom) || atom instanceof InAtom)
      return this.words(atom, 'code').flatMap((code) => found(this.vocabulary.tokensOfCode(undefined, code, kind)));
    return notOurs(`"${atom}" is no code, status or date that we read`);
  }

  private compared(given: Compared): Condition {
    const age = ageFrom(given);
    if (age) return age;
    const isLeft = literal(given.right) !== undefined;
    const { path, value, sign } = isLeft
      ? { path: given.left, value: literal(given.right), sign: given.sign }
      : { path: given.right, value: literal(given.left), sign: turned[given.sign] };
    if (value === undefined) return notOurs('one side of a comparison must be a value');
    const steps = stepsOf(path);
    if (named(steps.at(-1), 'gender') && /Patient/i.test(String(path)) && (sign === '=' || sign === '!='))
      return { fact: 'sex', operator: operatorOf[sign], value: String(value) };
    const at = steps.findIndex((step) => calls(step, 'first', 'last'));
    const after = steps
      .slice(at + 1)
      .map(String)
      .join('.');
    if (at < 0 || !/^(value|valueQuantity)(\.ofType\(Quantity\))?(\.value)?$/.test(after))
      return notOurs("only the newest value of an observation is compared: ….first().value > 5.5 'mmol/L'");
    const { type, criteria } = this.collection(steps.slice(0, at), []);
    if (type !== 'Observation' || criteria.tokens?.length !== 1)
      return notOurs('a comparison is about one observation value set');
    const [observation] = criteria.tokens as [string];
    const quantity = value as { value?: number; unit?: string } | number;
    const number = typeof quantity === 'number' ? quantity : quantity.value;
    if (typeof number !== 'number') return notOurs(`"${JSON.stringify(value)}" is no number`);
    let unit = typeof quantity === 'number' ? undefined : quantity.unit;
    if (!unit) {
      unit = this.vocabulary.unitOf(observation) ?? notOurs(`${number} has no unit`);
      this.notes.push(`${observation}: ${number} has no unit, so ${unit} is taken`);
    }
    if (criteria.withinDays === undefined)
      this.notes.push(`${observation}: no span of days is named, so 365 are taken`);
    return {
      fact: 'latest',
      params: { observation, unit, withinDays: criteria.withinDays ?? 365 },
      operator: operatorOf[sign],
      value: number,
    };
  }
}

/** `not` of a plain yes or no is the other answer; everything else keeps its `not`. */
function negated(condition: Condition): Condition {
  if (isLeaf(condition) && typeof condition.value === 'boolean' && condition.ifUnknown === undefined)
    return { ...condition, value: !condition.value };
  return 'not' in condition ? condition.not : { not: condition };
}

const join = (steps: Atom[]): Atom =>
  steps.length === 1 ? steps[0]! : new DotAtom(join(steps.slice(0, -1)), steps.at(-1)!);

interface Span {
  value: number;
  unit: string;
}
/** `today() - 65 years` as its span. */
function backFromNow(atom: Atom): Span | undefined {
  if (
    !(atom instanceof ArithmeticOperatorAtom) ||
    atom.operator !== '-' ||
    !/^(today|now)\(\)$/.test(String(atom.left))
  )
    return undefined;
  const held = literal(atom.right) as Partial<Span> | undefined;
  return typeof held?.value === 'number' && typeof held.unit === 'string'
    ? { value: held.value, unit: held.unit.replace(/^\{(.*?)s?\}$/, '$1') }
    : undefined;
}

const daysIn: Record<string, number> = {
  day: 1,
  d: 1,
  week: 7,
  wk: 7,
  month: 30.4375,
  mo: 30.4375,
  year: 365.25,
  a: 365.25,
};

/** `effective >= now() - 7 days` as 7. */
function daysBack({ left, right, sign }: Compared): number | undefined {
  const isLeft = backFromNow(right) !== undefined;
  const span = backFromNow(isLeft ? right : left);
  const direction = isLeft ? sign : turned[sign];
  const element = String(isLeft ? left : right);
  if (!span || !/^(effective|issued|recordedDate|onset|authoredOn|date)/.test(element)) return undefined;
  if (direction !== '>=' && direction !== '>') return notOurs('a date is read as "not longer ago than"');
  const days = daysIn[span.unit];
  return days === undefined ? notOurs(`"${span.unit}" is no span that we read`) : Math.round(span.value * days);
}

/** Born on or before the day N years ago: N completed years or more. */
function ageFrom({ left, right, sign }: Compared): Condition | undefined {
  const isLeft = backFromNow(right) !== undefined;
  const span = backFromNow(isLeft ? right : left);
  const element = isLeft ? left : right;
  if (!span || !/birthDate$/.test(String(element))) return undefined;
  const direction = isLeft ? sign : turned[sign];
  if (!/^(year|a)$/.test(span.unit) || !Number.isInteger(span.value))
    return notOurs('an age is read in whole years: Patient.birthDate <= today() - 65 years');
  if (direction === '<=' || direction === '>')
    return {
      fact: 'ageInYears',
      operator: direction === '<=' ? 'greaterThanInclusive' : 'lessThan',
      value: span.value,
    };
  return notOurs('on the birthday itself this differs from completed years: write "<=" or ">"');
}
