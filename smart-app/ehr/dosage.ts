// Reads what a clinician types ("1 tab bid x7d prn") into a FHIR Dosage. What is not understood stays in `text` alone: nothing is guessed.
import type { Resource } from './types.ts';

const UCUM = 'http://unitsofmeasure.org';

const UNITS: [RegExp, unit: string, code: string][] = [
  [/^tab(let)?s?$/, 'tablet', '{tbl}'],
  [/^cap(sule)?s?$/, 'capsule', '{capsule}'],
  [/^puffs?$/, 'puff', '{puff}'],
  [/^(units?|iu)$/, 'unit', '[iU]'],
  [/^mcg$/, 'mcg', 'ug'],
  [/^mg$/, 'mg', 'mg'],
  [/^g$/, 'g', 'g'],
  [/^ml$/, 'mL', 'mL'],
];

const FREQUENCIES: [RegExp, frequency: number, period: number, unit: 'h' | 'd' | 'wk'][] = [
  [/\b(four times (daily|a day)|qid)\b/, 4, 1, 'd'],
  [/\b(three times (daily|a day)|tid)\b/, 3, 1, 'd'],
  [/\b(twice (daily|a day)|bid)\b/, 2, 1, 'd'],
  [/\b(once weekly|once a week|weekly)\b/, 1, 1, 'wk'],
  [/\b(once daily|once a day|nightly|every (day|morning|evening|night)|at bedtime|daily|qd|qhs)\b/, 1, 1, 'd'],
];

const ROUTES: [RegExp, code: string, text: string][] = [
  [/\b(iv|intravenous)\b/, '47625008', 'IV'],
  [/\b(im|intramuscular)\b/, '78421000', 'IM'],
  [/\b(sc|subcut|subcutaneous)\b/, '34206005', 'SC'],
  [/\b(sl|sublingual)\b/, '37839007', 'Sublingual'],
  [/\b(po|oral|by mouth)\b/, '26643006', 'Oral'],
];

/** `display` is the product's name: it knows the route when the sig does not say. */
export function readDosage(text: string, display = ''): Resource['dosageInstruction'][number] {
  const plain = ` ${text.toLowerCase().replaceAll(',', ' ')} `;
  const dose = readDose(plain);
  const repeat = readRepeat(plain);
  const route = ROUTES.find(([pattern]) => pattern.test(plain)) ?? routeOf(display.toLowerCase());
  return {
    text,
    ...(/\b(prn|as needed|if needed)\b/.test(plain) ? { asNeededBoolean: true } : {}),
    ...(repeat ? { timing: { repeat } } : {}),
    ...(route ? { route: { coding: [{ system: 'http://snomed.info/sct', code: route[1] }], text: route[2] } } : {}),
    ...(dose ? { doseAndRate: [{ doseQuantity: dose }] } : {}),
  };
}

function readDose(plain: string) {
  for (const [, amount, word] of plain.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const unit = UNITS.find(([pattern]) => pattern.test(word!));
    if (unit) return { value: Number(amount), unit: unit[1], system: UCUM, code: unit[2] };
  }
  return undefined;
}

function readRepeat(plain: string) {
  const days = /(?:\bfor|\bx|×)\s*(\d+)\s*(d|days?|w|weeks?)\b/.exec(plain);
  const bounds = days
    ? {
        boundsDuration: {
          value: Number(days[1]) * (days[2]!.startsWith('w') ? 7 : 1),
          unit: 'd',
          system: UCUM,
          code: 'd',
        },
      }
    : {};
  const hours = /\b(?:every\s*(\d+)\s*h(?:ours?)?|q(\d+)h)\b/.exec(plain);
  if (hours) return { ...bounds, frequency: 1, period: Number(hours[1] ?? hours[2]), periodUnit: 'h' };
  const found = FREQUENCIES.find(([pattern]) => pattern.test(plain));
  if (found) return { ...bounds, frequency: found[1], period: found[2], periodUnit: found[3] };
  if (/\bonce\b/.test(plain)) return { count: 1 };
  return days ? bounds : undefined;
}

function routeOf(display: string): (typeof ROUTES)[number] | undefined {
  const text = /oral/.test(display)
    ? 'Oral'
    : /sublingual/.test(display)
      ? 'Sublingual'
      : /pen injector|syringe|auto-injector/.test(display)
        ? 'SC'
        : undefined;
  return ROUTES.find(([, , name]) => name === text);
}
