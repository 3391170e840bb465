// Quantities into the unit a rule speaks. UCUM, the usual sloppy spellings that cannot be mistaken, and molar masses
// where the analyte is known. Whatever is not certain is Unknown, with the reason.

import { type Unknown, unknown } from '../unknown.ts';
import { type Analyte, analyteOf } from './analytes.ts';
import { ucumOf } from './unit-spellings.ts';
import { type Kind, UNITS } from './unit-table.ts';

export { ucumOf };

export interface QuantityLike {
  value?: number;
  unit?: string;
  code?: string;
  system?: string;
}

/**
 * `convertQuantity({ value: 88.4, unit: 'µmol/L' }, 'mg/dL', 'creatinine')` → 1.
 * `analyte` is a LOINC code or a name; without it, molar and mass units do not mix.
 */
export function convertQuantity(quantity: QuantityLike, toUnit: string, analyte?: string): number | Unknown {
  const { value } = quantity;
  if (typeof value !== 'number' || !Number.isFinite(value)) return unknown('the result has no numeric value');
  const written = quantity.code ?? quantity.unit;
  if (!written?.trim()) return unknown('the result has no unit');
  const from = ucumOf(quantity.code) ?? ucumOf(quantity.unit);
  if (!from) return unknown(`unit "${written}" is not one we know`);
  const to = ucumOf(toUnit);
  if (!to) return unknown(`unit "${toUnit}" is not one we know`);
  // Code and text that disagree ("mg/dL" beside "mmol/L") leave no safe reading.
  const spoken = ucumOf(quantity.unit);
  if (spoken && spoken !== from && !isSameSize(spoken, from))
    return unknown(`unit is given both as "${quantity.code}" and as "${quantity.unit}"`);
  if (from === to) return value;
  const known = analyte === undefined ? undefined : analyteOf(analyte);
  const base = toBase(value, from);
  const moved = move(base, UNITS.get(from)!.kind, UNITS.get(to)!.kind, known);
  if (moved === undefined) {
    const of = analyte === undefined || known ? '' : ` for ${analyte}`;
    return unknown(`"${written}" cannot be converted to "${toUnit}"${of}`);
  }
  return tidy(fromBase(moved, to));
}

const toBase = (value: number, code: string): number => {
  const { factor, offset = 0 } = UNITS.get(code)!;
  return (value - offset) * factor;
};
const fromBase = (base: number, code: string): number => {
  const { factor, offset = 0 } = UNITS.get(code)!;
  return base / factor + offset;
};

const isSameSize = (a: string, b: string): boolean => {
  const [one, two] = [UNITS.get(a)!, UNITS.get(b)!];
  return (
    one.kind === two.kind &&
    Math.abs(one.factor - two.factor) <= 1e-9 * one.factor &&
    (one.offset ?? 0) === (two.offset ?? 0)
  );
};

/** From one kind of base unit to another, where the analyte says how. */
function move(base: number, from: Kind, to: Kind, analyte: Analyte | undefined): number | undefined {
  if (from === to) return base;
  if (!analyte) return undefined;
  const { gramsPerMole, valence, custom } = analyte;
  const own = custom?.find((rule) => rule.from === from && rule.to === to);
  if (own) return own.convert(base);
  if (gramsPerMole) {
    if (from === 'mass/volume' && to === 'mole/volume') return base / gramsPerMole;
    if (from === 'mole/volume' && to === 'mass/volume') return base * gramsPerMole;
  }
  if (valence) {
    if (from === 'equivalent/volume' && to === 'mole/volume') return base / valence;
    if (from === 'mole/volume' && to === 'equivalent/volume') return base * valence;
    if (gramsPerMole && from === 'equivalent/volume' && to === 'mass/volume') return (base / valence) * gramsPerMole;
    if (gramsPerMole && from === 'mass/volume' && to === 'equivalent/volume') return (base / gramsPerMole) * valence;
  }
  return undefined;
}

/** Removes the last digits that binary arithmetic adds. */
const tidy = (value: number): number => Number(value.toPrecision(12));
