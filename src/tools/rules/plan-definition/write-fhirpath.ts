// A condition as FHIRPath, where its questions have a FHIRPath that means the same. The expressions are evaluated on a Bundle that
// holds the patient's resources, newest first, and the drafts of the hook. FHIRPath's own `and`, `or` and `not()` are
// three-valued as ours are; `iif` takes an empty answer for no, which is how `ifUnknown` is written.
import { type Condition, isLeaf, type Leaf } from '../../../guards/rule.ts';

export interface Unmapped {
  /** What has no FHIRPath, and why. */
  unmapped: string[];
}

const signs: Record<string, string> = {
  lessThan: '<',
  lessThanInclusive: '<=',
  greaterThan: '>',
  greaterThanInclusive: '>=',
  equal: '=',
  notEqual: '!=',
};

export function fhirPathOf(condition: Condition, base: string): string | Unmapped {
  if (isLeaf(condition)) return leafPath(condition, base);
  if ('not' in condition) {
    const inner = fhirPathOf(condition.not, base);
    return typeof inner === 'string' ? `(${inner}).not()` : inner;
  }
  const parts = ('all' in condition ? condition.all : condition.any).map((part) => fhirPathOf(part, base));
  const unmapped = parts.flatMap((part) => (typeof part === 'string' ? [] : part.unmapped));
  if (unmapped.length) return { unmapped };
  return parts.map((part) => `(${part})`).join('all' in condition ? ' and ' : ' or ');
}

function leafPath(leaf: Leaf, base: string): string | Unmapped {
  const path = bare(leaf, base);
  if (typeof path !== 'string') return path;
  return leaf.ifUnknown === 'no'
    ? `iif(${path}, true, false)`
    : leaf.ifUnknown === 'yes'
      ? `iif((${path}).not(), false, true)`
      : path;
}

/** The blanks that an expression can hold, by fact. */
const asked: Record<string, string[]> = {
  ageInYears: [],
  sex: [],
  hasProblem: ['problem'],
  hasHistoryOf: ['problem'],
  isAllergicTo: ['to'],
  orders: ['drug'],
  takes: ['drug'],
  wasMeasured: ['observation', 'withinDays'],
  latest: ['observation', 'unit', 'withinDays'],
};

const all = (type: string): string => `Bundle.entry.resource.ofType(${type})`;

function bare({ fact, params = {}, operator, value }: Leaf, base: string): string | Unmapped {
  const no = (why: string): Unmapped => ({ unmapped: [`${fact}: ${why}`] });
  const among = (element: string, given: unknown): string => {
    const parts = [given].flat().map((token) => `${element}.memberOf('${base}/ValueSet/${token}')`);
    return parts.length === 1 ? parts[0]! : `(${parts.join(' or ')})`;
  };
  const beyond = Object.keys(params).filter((name) => !(asked[fact] ?? []).includes(name));
  if (asked[fact] && beyond.length) return no(`"${beyond[0]}" has no FHIRPath`);
  const yesOrNo = (path: string): string => ((value === true) === (operator === 'equal') ? path : `(${path}).not()`);
  const since = (days: unknown) => `effective >= now() - ${days} days`;
  switch (fact) {
    case 'ageInYears': {
      if (typeof value !== 'number' || !Number.isInteger(value)) return no('an age is compared with whole years');
      // Completed years: who is 65 has had the 65th birthday.
      if (operator === 'greaterThanInclusive') return `${all('Patient')}.birthDate <= today() - ${value} years`;
      if (operator === 'greaterThan') return `${all('Patient')}.birthDate <= today() - ${value + 1} years`;
      if (operator === 'lessThan') return `${all('Patient')}.birthDate > today() - ${value} years`;
      if (operator === 'lessThanInclusive') return `${all('Patient')}.birthDate > today() - ${value + 1} years`;
      return no('an age is compared with "more" or "less"');
    }
    case 'sex':
      return operator === 'equal' || operator === 'notEqual'
        ? `${all('Patient')}.gender ${signs[operator]} '${value}'`
        : no('a sex is equal or not equal');
    case 'hasProblem':
      return yesOrNo(
        `${all('Condition')}.where(${among('code', params.problem)} and clinicalStatus.coding.where(code in ('inactive' | 'remission' | 'resolved')).empty()).exists()`,
      );
    case 'hasHistoryOf':
      return yesOrNo(`${all('Condition')}.where(${among('code', params.problem)}).exists()`);
    case 'isAllergicTo':
      return yesOrNo(
        `${all('AllergyIntolerance')}.where(${among('code', params.to)} and clinicalStatus.coding.where(code in ('inactive' | 'resolved')).empty()).exists()`,
      );
    case 'orders':
      return yesOrNo(
        `${all('MedicationRequest')}.where(${among('medication', params.drug)} and status = 'draft').exists()`,
      );
    case 'takes':
      return yesOrNo(
        `${all('MedicationRequest')}.where(${among('medication', params.drug)} and status in ('active' | 'draft')).exists()`,
      );
    case 'wasMeasured':
      return yesOrNo(
        `${all('Observation')}.where(${among('code', params.observation)} and ${since(params.withinDays)}).exists()`,
      );
    case 'latest':
      if (typeof value !== 'number' || !signs[operator]) return no('a result is compared with one number');
      return `${all('Observation')}.where(${among('code', params.observation)} and ${since(params.withinDays)}).first().value ${signs[operator]} ${value} '${params.unit}'`;
    default:
      return no('the question is answered by a calculation or a comparison of several orders');
  }
}
