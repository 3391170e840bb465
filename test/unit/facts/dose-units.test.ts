import { expect, test } from 'vitest';
import type { Medication } from '../../../src/chart/types.ts';
import { singleDose } from '../../../src/facts/medication-list.ts';

const order = (value: number, unit: string, strengths: { ingredient: string; value: number; unit: string }[] = []) =>
  ({ text: 'an order', dose: { value, unit }, drug: { ingredients: ['one'], strengths } }) as unknown as Medication;

test.each(['units', 'Units', 'unit', 'U', 'UNT', 'IU', "[USP'U]", '[iU]'])('44 %s of insulin are 44', (unit) =>
  expect(singleDose(order(44, unit), undefined, '[iU]')).toBe(44),
);

test.each(['tablet', 'Tablet(s)', 'EA', 'film', 'caplets', '1'])('2 %s of 500 mg are 1000', (unit) =>
  expect(singleDose(order(2, unit, [{ ingredient: 'one', value: 500, unit: 'mg' }]), undefined, 'mg')).toBe(1000),
);

test('units of a drug measured in mg are unknown', () =>
  expect(
    singleDose(order(2, 'units', [{ ingredient: 'one', value: 500, unit: 'mg' }]), undefined, 'mg'),
  ).toHaveProperty('unknown'));

test('4.5 g of piperacillin-tazobactam, strength not written, holds 4 g of piperacillin', () => {
  const both = { text: 'Zosyn', dose: { value: 4.5, unit: 'g' }, drug: { ingredients: ['a', 'b'], strengths: [] } };
  expect(singleDose(both as unknown as Medication, 'piperacillin', 'mg')).toBeCloseTo(4000);
  expect(singleDose(both as unknown as Medication, 'sulfamethoxazole', 'mg')).toHaveProperty('unknown');
});
