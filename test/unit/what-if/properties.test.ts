// What must hold of any set of changes: order does not matter where they are independent, undoing leaves no trace, and the
// chart that was sent is never written to.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChartSource } from '../../../src/chart/types.ts';
import type { Engine } from '../../../src/service.ts';
import { applyChanges } from '../../../src/what-if/apply.ts';
import { assess } from '../../../src/what-if/assess.ts';
import type { Change } from '../../../src/what-if/change.ts';
import { readHeld } from './held.ts';
import {
  apixaban,
  asker,
  chartOf,
  dosed,
  egfrUnit,
  type Json,
  naproxen,
  observe,
  order,
  start,
  stop,
  stopDrug,
  told,
  withRules,
} from './support.ts';

const { ask, app } = asker();

const metformin = { reference: 'MedicationRequest/m-metformin' };
const diagnose = (code: string): Json => ({
  do: 'diagnose',
  code: { coding: [{ system: 'http://snomed.info/sct', code }] },
});

/** Each touches something of its own. */
const independent: Json[] = [
  stop('MedicationRequest/m-ibuprofen'),
  stop('MedicationRequest/m-warfarin'),
  start(naproxen()),
  start(apixaban()),
  { do: 'dose', medication: metformin, dosageInstruction: dosed('3 tablets twice daily').dosageInstruction },
  observe('98979-8', 28, egfrUnit),
  observe('2823-3', 6.1, 'mmol/L'),
  diagnose('195967001'),
  { do: 'delay', treatment: 'sepsis-antibiotics', hours: 2, baseline: { pct: 20, from: 'clinician' } },
];

/** Something done, and what undoes it. */
const undone: [string, Json[]][] = [
  ['started and stopped', [start(naproxen()), stopDrug('198014')]],
  [
    'one taken already, started and stopped',
    [start(order('310965', 'ibuprofen 200 MG Oral Tablet')), stopDrug('310965')],
  ],
  [
    'stopped and started',
    [
      stop('MedicationRequest/m-warfarin'),
      start({ ...naproxen(), medicationCodeableConcept: { text: 'warfarin 5 mg tablet' } }),
    ],
  ],
  ['a result set, and set back', [observe('98979-8', 28, egfrUnit), observe('98979-8', 52, egfrUnit)]],
  [
    'set twice, and set back by another code of the test',
    [observe('98979-8', 28, egfrUnit), observe('33914-3', 12, egfrUnit), observe('62238-1', 52, egfrUnit)],
  ],
  ['potassium set, and set back in another unit', [observe('2823-3', 6.5, 'mmol/L'), observe('2823-3', 4.4, 'meq/L')]],
  [
    'a dose raised, and lowered',
    [
      { do: 'dose', medication: metformin, dosageInstruction: dosed('3 tablets twice daily').dosageInstruction },
      { do: 'dose', medication: metformin, dosageInstruction: dosed('1 tablet twice daily').dosageInstruction },
    ],
  ],
];

describe('order', () => {
  test('of independent changes does not matter', async () => {
    const shuffled = fc
      .subarray(independent, { minLength: 2, maxLength: 5 })
      .chain((changes) => fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, { minLength: changes.length })));
    await fc.assert(
      fc.asyncProperty(shuffled, async ([changes, otherwise]) => {
        const [one, other] = [await ask(changes), await ask(otherwise)];
        expect(one.refused).toEqual([]);
        expect(told(other.after.cards)).toEqual(told(one.after.cards));
        expect(other.after.cards.map(({ summary }) => summary).sort()).toEqual(
          one.after.cards.map(({ summary }) => summary).sort(),
        );
        const numbers = ({ after }: typeof one) => after.estimates.map(({ id, value }) => [id, value]);
        expect(numbers(other)).toEqual(numbers(one));
      }),
      { numRuns: 40 },
    );
  });
});

describe('undoing', () => {
  test.each(undone)('%s: the same cards and estimates', async (_, changes) => {
    const { before, after, difference, refused } = await ask(changes);
    expect(refused).toEqual([]);
    expect(told(after.cards)).toEqual(told(before.cards));
    expect(difference).toMatchObject({ gone: [], new: [], changed: [] });
    expect(after.estimates.map(({ id, value }) => [id, value])).toEqual(
      before.estimates.map(({ id, value }) => [id, value]),
    );
  });
  test('something undone among other changes leaves only the others', async () => {
    const pairs = undone
      .filter(([name]) => name.startsWith('started') || name.startsWith('a result'))
      .map(([, changes]) => changes);
    const others = [stop('MedicationRequest/m-ibuprofen'), diagnose('195967001'), observe('2823-3', 6.1, 'mmol/L')];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pairs), fc.subarray(others, { minLength: 1 }), async (pair, changes) => {
        const plain = await ask(changes);
        const around = await ask([pair[0], ...changes, ...pair.slice(1)]);
        expect(told(around.after.cards)).toEqual(told(plain.after.cards));
      }),
      { numRuns: 20 },
    );
  });
});

describe('malformed changes', () => {
  const members = [
    'medication',
    'order',
    'code',
    'value',
    'unit',
    'dosageInstruction',
    'treatment',
    'hours',
    'baseline',
    'surgery',
  ];
  const kinds = ['stop', 'start', 'replace', 'dose', 'observe', 'diagnose', 'delay', 'constructor', ''];
  const pieces = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(
      { reference: 'MedicationRequest/m-warfarin' },
      { coding: [null, { code: 5 }] },
      { text: 'ibuprofen' },
      { resourceType: 'MedicationRequest', medicationCodeableConcept: 5, id: 7 },
      {
        resourceType: 'MedicationRequest',
        medicationCodeableConcept: { text: 'warfarin 5 mg' },
        dosageInstruction: [{ timing: 1 }],
      },
      [{ doseAndRate: [{ doseQuantity: { value: 1e308, unit: 'tab' } }] }],
      { system: 'http://loinc.org', code: '2160-0' },
      'sepsis-antibiotics',
      'mg/dL',
      1e308,
    ),
  );
  const changes = fc.array(
    fc
      .tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...members), pieces))
      .map(([kind, rest]) => ({ ...rest, do: kind })),
    { minLength: 1, maxLength: 3 },
  );
  test('are refused, and never a defect of ours', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (tried) => {
        const response = await app.post('/what-if', { ...chartOf(), changes: tried });
        expect(response.status).toBe(200);
        const { refused } = (await response.json()) as { refused: { reason: string }[] };
        for (const { reason } of refused) expect(reason.length).toBeGreaterThan(10);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('the chart that was sent', () => {
  test('is never written to', async () => {
    const source = deepFrozen(readHeld(chartOf()));
    const engine = { platform: app.platform, knowledge: withRules, publicUrl: '' } as unknown as Engine;
    const many = [...independent, ...undone.flatMap(([, changes]) => changes)] as Change[];
    const applied = applyChanges(many, source, withRules());
    expect(applied.source).not.toBe(source);
    await assess(deepFrozen(applied.source), engine);
    expect(source).toEqual(readHeld(chartOf()));
  });
  test('is itself the answer when nothing on it changes', () => {
    const source = readHeld(chartOf());
    const delay: Change = { do: 'delay', treatment: 'sepsis-antibiotics', hours: 3 };
    expect(applyChanges([delay], source, withRules()).source).toBe(source);
  });
});

/** Writing to any of it throws. */
function deepFrozen(source: ChartSource): ChartSource {
  const freeze = (value: unknown): void => {
    if (
      typeof value !== 'object' ||
      value === null ||
      Object.isFrozen(value) ||
      value instanceof Map ||
      value instanceof Date
    )
      return;
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  };
  freeze(source);
  return source;
}
