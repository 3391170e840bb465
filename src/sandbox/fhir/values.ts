// Pulls search values out of resources: paths that walk through lists, and readers for each kind of search value.

export interface TokenValue {
  system?: string;
  code?: string;
  text?: string;
}

export interface DateRange {
  low: number;
  high: number;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything at `participant.actor`, lists flattened, absent things left out. */
export function at(root: unknown, path: string): unknown[] {
  let found: unknown[] = [root];
  for (const step of path.split('.')) {
    found = found
      .flatMap((value) => (isObject(value) ? [value[step]].flat() : []))
      .filter((value) => value !== undefined && value !== null);
  }
  return found;
}

/** A code, Coding, CodeableConcept, Identifier or boolean as tokens. */
export function tokensOf(value: unknown): TokenValue[] {
  if (typeof value === 'string') return [{ code: value }];
  if (typeof value === 'boolean' || typeof value === 'number') return [{ code: String(value) }];
  if (!isObject(value)) return [];
  const string = (key: string) => (typeof value[key] === 'string' ? (value[key] as string) : undefined);
  if (Array.isArray(value.coding) || string('text') !== undefined) {
    const codings = Array.isArray(value.coding) ? value.coding.flatMap(tokensOf) : [];
    return string('text') === undefined ? codings : [...codings, { text: string('text') }];
  }
  if (string('value') !== undefined) return [{ system: string('system'), code: string('value') }];
  return [{ system: string('system'), code: string('code'), text: string('display') }];
}

export function referenceOf(value: unknown): string[] {
  return isObject(value) && typeof value.reference === 'string' ? [value.reference] : [];
}

/** A name or address part, or a whole HumanName, as searchable words. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  return ['text', 'family', 'given', 'prefix', 'suffix']
    .flatMap((key) => [value[key]].flat())
    .filter((part) => typeof part === 'string');
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** The time span that a FHIR date of any precision stands for; undefined when it is not a date. No zone means UTC. */
export function rangeOf(date: string): DateRange | undefined {
  const parts = DATE.exec(date);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, zone] = parts;
  if (hour !== undefined) {
    const low = Date.parse(
      second !== undefined ? (zone ? date : `${date}Z`) : `${year}-${month}-${day}T${hour}:${minute}:00${zone ?? 'Z'}`,
    );
    if (Number.isNaN(low)) return undefined;
    const span = second === undefined ? 60_000 : date.includes('.') ? 1 : 1000;
    return { low, high: low + span - 1 };
  }
  const low = Date.parse(`${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z`);
  if (Number.isNaN(low)) return undefined;
  const next = new Date(low);
  if (day !== undefined) next.setUTCDate(next.getUTCDate() + 1);
  else if (month !== undefined) next.setUTCMonth(next.getUTCMonth() + 1);
  else next.setUTCFullYear(next.getUTCFullYear() + 1);
  return { low, high: next.getTime() - 1 };
}

/** A date, Period or Timing as a span; an open end reaches to infinity. */
export function datesOf(value: unknown): DateRange[] {
  if (typeof value === 'string') {
    const range = rangeOf(value);
    return range ? [range] : [];
  }
  if (!isObject(value)) return [];
  if (Array.isArray(value.event)) return value.event.flatMap(datesOf);
  if (isObject(value.repeat)) return datesOf(value.repeat.boundsPeriod);
  if (value.start === undefined && value.end === undefined) return [];
  const start = typeof value.start === 'string' ? rangeOf(value.start) : undefined;
  const end = typeof value.end === 'string' ? rangeOf(value.end) : undefined;
  return [{ low: start?.low ?? Number.NEGATIVE_INFINITY, high: end?.high ?? Number.POSITIVE_INFINITY }];
}
