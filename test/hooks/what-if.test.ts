import { describe, expect, test } from 'vitest';
import { cardExtensionKey } from '../../src/cds-hooks/contract.ts';
import { knowledge } from '../support/app.ts';
import { bundle, LOINC, lab, medication, RXNORM, warfarin } from '../support/requests.ts';
import {
  apixaban,
  asker,
  chartOf,
  dosed,
  draftOrders,
  egfrUnit,
  ibuprofenTaken,
  type Json,
  metforminTaken,
  naproxen,
  observe,
  order,
  problem,
  reasons,
  ruleOf,
  rulesOf,
  sertralineTaken,
  start,
  stop,
  stopDrug,
  told,
} from '../unit/what-if/support.ts';

const { ask, app } = asker();

const phenelzine = medication('m-phenelzine', '', '', {
  medicationCodeableConcept: { text: 'phenelzine 15 mg tablet' },
});

describe('before', () => {
  test('every drug on the list is judged as if it were being ordered', async () => {
    const { before } = await ask([stop('MedicationRequest/m-metformin')]);
    expect(rulesOf(before.cards)).toEqual(['nsaid-start', 'ssri-nsaid', 'warfarin-nsaid', 'warfarin-ssri']);
  });
  test('cards tell the chart as it is: no "this order", no links, nothing to press', async () => {
    const { before } = await ask([stop('MedicationRequest/m-metformin')]);
    const card = before.cards.find((one) => ruleOf(one) === 'warfarin-nsaid')!;
    expect(card).not.toHaveProperty('links');
    expect(card).not.toHaveProperty('suggestions');
    expect(card).not.toHaveProperty('overrideReasons');
    expect(card.extension?.[cardExtensionKey]).toMatchObject({
      orders: [],
      evidence: [
        { text: 'Ibuprofen 600 MG Oral Tablet', when: '2026-01-10', reference: 'MedicationRequest/m-ibuprofen' },
        { text: 'Warfarin sodium 5 MG Oral Tablet', when: '2026-01-10', reference: 'MedicationRequest/m-warfarin' },
      ],
    });
    expect(JSON.stringify(before.cards)).not.toContain('this order');
  });
  test('a draft of the request is judged beside the list, and is named as the order', async () => {
    const chart = chartOf({}, draftOrders({ ...naproxen(), id: 'd-naproxen' }));
    const { before, difference } = await ask([stop('MedicationRequest/d-naproxen')], chart);
    const two = before.cards.find((card) => ruleOf(card) === 'two-nsaids');
    expect(two?.extension?.[cardExtensionKey]?.orders).toEqual(['MedicationRequest/d-naproxen']);
    expect(rulesOf(difference.gone)).toEqual(['two-nsaids']);
  });
  test('a renewal of a chart order is the same drug, not a second one', async () => {
    const renewal = { ...order('855332', 'warfarin sodium 5 MG Oral Tablet'), id: 'd-warfarin' };
    const { before } = await ask([stop('MedicationRequest/m-ibuprofen')], chartOf({}, draftOrders(renewal)));
    expect(rulesOf(before.cards)).toEqual(['nsaid-start', 'ssri-nsaid', 'warfarin-nsaid', 'warfarin-ssri']);
  });
  test('a drug that is both reported and ordered is taken once', async () => {
    const statement = {
      resourceType: 'MedicationStatement',
      id: 's1',
      status: 'active',
      subject: { reference: 'Patient/p1' },
      medicationCodeableConcept: { text: 'warfarin 5 mg tablet' },
    };
    const { before } = await ask([stopDrug('197806')], chartOf({ statements: bundle(statement) }));
    expect(rulesOf(before.cards)).not.toContain('same-twice');
  });
  test('a drug that is only reported is judged too, and its evidence points to the report', async () => {
    const statement = {
      resourceType: 'MedicationStatement',
      id: 's1',
      status: 'active',
      subject: { reference: 'Patient/p1' },
      medicationCodeableConcept: { text: 'naproxen 500 mg tablet' },
      dosage: [{ text: '1 tablet twice daily' }],
    };
    const chart = chartOf({ statements: bundle(statement) });
    const { before, difference } = await ask([stop('MedicationStatement/s1')], chart);
    const two = before.cards.find((card) => ruleOf(card) === 'two-nsaids');
    expect(two?.extension?.[cardExtensionKey]?.evidence.map(({ reference }) => reference)).toContain(
      'MedicationStatement/s1',
    );
    expect(rulesOf(difference.gone)).toEqual(['two-nsaids']);
  });
});

describe('stop', () => {
  test('an NSAID taken away clears exactly its cards and nothing else', async () => {
    const { before, after, difference } = await ask([stop('MedicationRequest/m-ibuprofen')]);
    expect(rulesOf(difference.gone)).toEqual(['nsaid-start', 'ssri-nsaid', 'warfarin-nsaid']);
    expect(difference.new).toEqual([]);
    expect(difference.changed).toEqual([]);
    expect(rulesOf(difference.same)).toEqual(['warfarin-ssri']);
    expect(told(after.cards)).toEqual(told(before.cards.filter((card) => ruleOf(card) === 'warfarin-ssri')));
  });
  test('a drug is found by its order, by a coding of another product, or by its name', async () => {
    const byReference = await ask([stop('MedicationRequest/m-ibuprofen')]);
    const other = await ask([stopDrug('310965')]);
    const byName = await ask([{ do: 'stop', medication: { text: 'ibuprofen' } }]);
    const absolute = await ask([stop('https://ehr.example/fhir/MedicationRequest/m-ibuprofen')]);
    for (const answer of [other, byName, absolute]) {
      expect(answer.refused).toEqual([]);
      expect(told(answer.after.cards)).toEqual(told(byReference.after.cards));
    }
  });
  test('what the patient reports of the order is stopped with it', async () => {
    const statement = {
      resourceType: 'MedicationStatement',
      id: 's1',
      status: 'active',
      subject: { reference: 'Patient/p1' },
      medicationCodeableConcept: { text: 'ibuprofen 600 mg, for the knee' },
    };
    const { difference } = await ask(
      [stop('MedicationRequest/m-ibuprofen')],
      chartOf({ statements: bundle(statement) }),
    );
    expect(rulesOf(difference.gone)).toEqual(['nsaid-start', 'ssri-nsaid', 'warfarin-nsaid']);
  });
  test('a second order of the drug stays, and the answer says that it is still taken', async () => {
    const second = medication('m-second', '310965', 'ibuprofen 200 MG Oral Tablet');
    const chart = chartOf({ medications: bundle(warfarin(), ibuprofenTaken, second) });
    const { difference, explanation } = await ask([stop('MedicationRequest/m-ibuprofen')], chart);
    expect(rulesOf(difference.gone)).toEqual(['same-twice']);
    expect(explanation).toContainEqual({
      text: 'Ibuprofen is still taken: ibuprofen 200 MG Oral Tablet.',
      handles: ['MedicationRequest/m-second'],
    });
  });
  test('what shows again when an anticoagulant goes is new, with its reason', async () => {
    const { difference, explanation } = await ask([stop('MedicationRequest/m-warfarin')]);
    expect(rulesOf(difference.new)).toEqual(['af-untreated']);
    expect(explanation.find(({ text }) => text.startsWith('New: '))).toEqual({
      text: 'New: Af-untreated speaks about this drug. The danger, the reason and the way out of it.',
      handles: ['Condition/c-49436004'],
    });
  });
  test('an MAO inhibitor that is stopped today still acts tomorrow', async () => {
    const chart = chartOf({ medications: bundle(sertralineTaken, phenelzine) });
    const { before, difference } = await ask([stop('MedicationRequest/m-phenelzine')], chart);
    expect(rulesOf(before.cards)).toContain('ssri-maoi');
    expect(rulesOf(difference.same)).toContain('ssri-maoi');
  });
  test.each([
    [{ do: 'stop', medication: { text: 'lisinopril' } }, /is not among the medications taken$/],
    [{ do: 'stop', medication: { text: 'florbinol' } }, /could not be recognised/],
    [{ do: 'stop' }, /"medication" is missing/],
    [stop('MedicationRequest/none'), /MedicationRequest\/none is not among the medications taken/],
    [
      { do: 'halve', medication: {} },
      /"halve" is not a change: use stop, start, replace, dose, observe, diagnose or delay/,
    ],
  ])('%j is refused with what to send', async (change, reason) => {
    const answer = await ask([change]);
    expect(answer.refused).toEqual([{ change, reason: expect.stringMatching(reason) }]);
    expect(answer.after.cards).toEqual(answer.before.cards);
  });
  test('says when a drug is on hold, or part of a combination', async () => {
    const onHold = medication('m-lisinopril', '314076', 'lisinopril 10 MG Oral Tablet', { status: 'on-hold' });
    const combined = medication('m-both', '857002', 'acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet');
    const chart = chartOf({ medications: bundle(onHold, combined) });
    const answer = await ask(
      [
        { do: 'stop', medication: { text: 'lisinopril' } },
        { do: 'stop', medication: { text: 'acetaminophen' } },
      ],
      chart,
    );
    expect(reasons(answer)).toEqual([
      expect.stringContaining('it is on hold already'),
      expect.stringContaining('it is part of'),
    ]);
  });
});

describe('start and replace', () => {
  test('a second NSAID brings the cards of two', async () => {
    const { difference } = await ask([start(naproxen())]);
    expect(rulesOf(difference.new)).toEqual(['two-nsaids']);
    expect(difference.gone).toEqual([]);
  });
  test('a drug replaced by a safer one: its cards go', async () => {
    const acetaminophen = order('198440', 'Acetaminophen 500 MG Oral Tablet');
    const change = { do: 'replace', medication: { reference: 'MedicationRequest/m-ibuprofen' }, order: acetaminophen };
    const { difference, refused } = await ask([change]);
    expect(refused).toEqual([]);
    expect(rulesOf(difference.gone)).toEqual(['nsaid-start', 'ssri-nsaid', 'warfarin-nsaid']);
    expect(difference.new).toEqual([]);
  });
  test('an SSRI replaced by an MAO inhibitor without a washout is dangerous', async () => {
    const chart = chartOf({
      medications: bundle(phenelzine),
    });
    const change = {
      do: 'replace',
      medication: { reference: 'MedicationRequest/m-phenelzine' },
      order: order('312941', 'sertraline 50 MG Oral Tablet'),
    };
    expect(rulesOf((await ask([change], chart)).difference.new)).toContain('ssri-maoi');
  });
  test('a replacement whose order is refused stops nothing', async () => {
    const change = { do: 'replace', medication: { reference: 'MedicationRequest/m-ibuprofen' }, order: {} };
    const answer = await ask([change]);
    expect(reasons(answer)).toEqual(['"order" must be a MedicationRequest, not undefined']);
    expect(answer.after.cards).toEqual(answer.before.cards);
  });
  test.each([
    [undefined, /"order" is missing/],
    [{ resourceType: 'ServiceRequest' }, /must be a MedicationRequest, not ServiceRequest/],
    [
      { resourceType: 'MedicationRequest', medicationCodeableConcept: { text: 'florbinol' } },
      /could not be recognised/,
    ],
    [{ ...naproxen(), subject: { reference: 'Patient/p2' } }, /another patient/],
    [{ ...naproxen(), doNotPerform: true }, /not to give/],
  ])('an order %j is refused', async (given, reason) => {
    const answer = await ask([{ do: 'start', order: given }]);
    expect(reasons(answer)).toEqual([expect.stringMatching(reason)]);
  });
});

describe('dose', () => {
  const metformin = { reference: 'MedicationRequest/m-metformin' };
  const instruction = (value: number) => [
    {
      doseAndRate: [{ doseQuantity: { value, unit: 'mg', code: 'mg' } }],
      timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } },
    },
  ];
  test('more than the most brings its card, back to what it was clears it', async () => {
    const raised = { do: 'dose', medication: metformin, dosageInstruction: instruction(1500) };
    const back = { do: 'dose', medication: metformin, dosageInstruction: instruction(1000) };
    expect(rulesOf((await ask([raised])).difference.new)).toEqual(['metformin-dose']);
    expect((await ask([raised, back])).difference).toMatchObject({ gone: [], new: [], changed: [] });
  });
  test.each([
    [[], /"dosageInstruction" must be a list/],
    [[{ timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } } }], /could not be read/],
    [instruction(0), /a dose of zero is a stop/],
  ])('%j is refused', async (dosageInstruction, reason) => {
    expect(reasons(await ask([{ do: 'dose', medication: metformin, dosageInstruction }]))).toEqual([
      expect.stringMatching(reason),
    ]);
  });
  test('two orders of the drug: one must be named', async () => {
    const second = medication(
      'm-metformin-2',
      '861007',
      'metformin hydrochloride 500 MG Oral Tablet',
      dosed('1 tablet daily'),
    );
    const chart = chartOf({ medications: bundle(metforminTaken, second) });
    const change = { do: 'dose', medication: { text: 'metformin' }, dosageInstruction: instruction(500) };
    expect(reasons(await ask([change], chart))).toEqual([
      '2 orders of metformin are taken: name one by reference (MedicationRequest/m-metformin, MedicationRequest/m-metformin-2)',
    ]);
    const exact = { ...change, medication: { coding: [{ system: RXNORM, code: '861007' }] } };
    expect((await ask([exact], chart)).refused).toEqual([]);
  });
});

describe('observe', () => {
  test.each(['98979-8', '33914-3', '62238-1'])(
    'eGFR 28 as LOINC %s turns the card for metformin critical',
    async (code) => {
      const chart = chartOf({ labs: bundle(lab('98979-8', 40, egfrUnit)) });
      const { before, after, difference } = await ask([observe(code, 28, egfrUnit)], chart);
      expect(told(before.cards)).toContain('metformin-kidney halve');
      const card = after.cards.find((one) => ruleOf(one) === 'metformin-kidney');
      expect(card?.indicator).toBe('critical');
      expect(difference.changed.map((pair) => [told([pair.before]), told([pair.after])])).toEqual([
        [['metformin-kidney halve'], ['metformin-kidney contraindicated']],
      ]);
    },
  );
  test('the rule for the chart does not say a second time what the rule for the order says', async () => {
    const { after, difference } = await ask([observe('98979-8', 28, egfrUnit)]);
    expect(rulesOf(after.cards)).not.toContain('metformin-on-chart');
    expect(difference.new.map((card) => card.extension?.[cardExtensionKey]?.standsFor)).toEqual([
      ['metformin-on-chart'],
    ]);
  });
  test('a vital sign or result that no list of the chart could give leaves the rest of the list unknown', async () => {
    const { prefetch, ...rest } = chartOf() as { prefetch: Json };
    const { labs: _, ...without } = prefetch;
    const { after, difference } = await ask([observe('2823-3', 6.4, 'mmol/L')], { ...rest, prefetch: without });
    expect(rulesOf(difference.new)).toEqual(['potassium-high']);
    expect(rulesOf(after.cards)).not.toContain('metformin-kidney');
  });
  test('setting the eGFR alone says what it leaves as it is', async () => {
    const chart = chartOf({ labs: bundle(lab('98979-8', 52, egfrUnit), lab('2160-0', 1.1, 'mg/dL')) });
    const { explanation } = await ask([observe('98979-8', 28, egfrUnit)], chart);
    expect(explanation).toContainEqual({
      text: 'Creatinine stays 1.1 mg/dL: rules that go by creatinine clearance see no change. Set the creatinine as well to see them.',
      handles: ['Observation/lab-2160-0'],
    });
  });
  test.each([
    [observe('98979-8', '28', egfrUnit), /not a number/],
    [observe('98979-8', undefined, egfrUnit), /"value" is missing/],
    [observe('98979-8', 28), /"unit" is missing/],
    [observe('98979-8', 2800, egfrUnit), /eGFR: .*above 250/],
    [observe('98979-8', 28, 'mg'), /unit "mg" is not known here/],
    [observe('2823-3', 44, 'mmol/L'), /not plausible/],
    [{ do: 'observe', value: 28, unit: egfrUnit }, /needs "code"/],
    [{ do: 'observe', code: { system: 'http://snomed.info/sct', code: '1' }, value: 1, unit: '1' }, /not from LOINC/],
  ])('%j is refused with what to send', async (change, reason) => {
    const answer = await ask([change]);
    expect(reasons(answer)).toEqual([expect.stringMatching(reason)]);
    expect(answer.difference).toMatchObject({ gone: [], new: [], changed: [] });
  });
});

describe('diagnose', () => {
  test('a diagnosis by code or by name brings its cards', async () => {
    const byCode = { do: 'diagnose', code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001' }] } };
    const byName = { do: 'diagnose', code: { text: 'asthma' } };
    for (const change of [byCode, byName])
      expect(rulesOf((await ask([change])).difference.new)).toEqual(['asthma-nsaid']);
  });
  test('one that is on the list already changes nothing', async () => {
    const change = { do: 'diagnose', code: { coding: [{ system: 'http://snomed.info/sct', code: '49436004' }] } };
    const { difference, refused } = await ask([change]);
    expect({ ...difference, refused }).toMatchObject({ gone: [], new: [], changed: [], refused: [] });
  });
  test('one that nothing here knows, or for a list that could not be read, is refused', async () => {
    const change = { do: 'diagnose', code: { text: 'a strange feeling' } };
    expect(reasons(await ask([change]))).toEqual([
      expect.stringContaining('not a diagnosis that any rule or model here knows'),
    ]);
    const { prefetch, ...rest } = chartOf() as { prefetch: Json };
    const { problems: _, ...without } = prefetch;
    const asthma = { do: 'diagnose', code: { text: 'asthma' } };
    expect(reasons(await ask([asthma], { ...rest, prefetch: without }))).toEqual([
      'the problem list could not be read: one problem added to it would make it look complete',
    ]);
  });
});

describe('several at once', () => {
  test('what can be done is done, the rest is refused', async () => {
    const answer = await ask([
      stop('MedicationRequest/m-ibuprofen'),
      { do: 'stop', medication: { text: 'lisinopril' } },
      observe('98979-8', 28, egfrUnit),
    ]);
    expect(answer.refused).toHaveLength(1);
    expect(rulesOf(answer.difference.gone)).toEqual(['nsaid-start', 'ssri-nsaid', 'warfarin-nsaid']);
    expect(rulesOf(answer.difference.new)).toEqual(['metformin-kidney']);
  });
  test('a change may build on one before it', async () => {
    const { difference, refused } = await ask([start({ ...naproxen(), id: 'mine' }), stop('MedicationRequest/mine')]);
    expect({ ...difference, refused }).toMatchObject({ gone: [], new: [], changed: [], refused: [] });
  });
});

describe('requests', () => {
  test.each([
    ['no changes', {}],
    ['an empty list', { changes: [] }],
    ['changes that are words', { changes: ['stop'] }],
    ['more than can be tried', { changes: Array.from({ length: 51 }, () => stopDrug('1')) }],
    ['inputs that are a list', { changes: [stopDrug('1')], inputs: [] }],
  ])('%s is 400', async (_, rest) => {
    const response = await app.post('/what-if', { ...chartOf(), ...rest });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { resourceType: string }).resourceType).toBe('OperationOutcome');
  });
  test('without the medication list the answer is 412', async () => {
    const { prefetch, ...rest } = chartOf() as { prefetch: Json };
    const { medications: _, ...without } = prefetch;
    const response = await app.post('/what-if', {
      ...rest,
      prefetch: without,
      changes: [observe('98979-8', 28, egfrUnit)],
    });
    expect(response.status).toBe(412);
  });
  test('answers name the patient', async () => {
    expect((await ask([observe('98979-8', 28, egfrUnit)])).patientId).toBe('p1');
  });
});

describe('with the rules that are shipped', () => {
  const shipped = asker(knowledge);
  const chart = chartOf({
    labs: bundle(lab('98979-8', 52, egfrUnit), lab('2823-3', 4.4, 'mmol/L'), lab('6301-6', 2.4, '1')),
  });
  test('an NSAID taken away clears its cards, and only cards that name it', async () => {
    const { before, after, difference, refused } = await shipped.ask([stop('MedicationRequest/m-ibuprofen')], chart);
    const namesIt = before.cards.filter((card) =>
      card.extension?.[cardExtensionKey]?.evidence.some(
        ({ reference }) => reference === 'MedicationRequest/m-ibuprofen',
      ),
    );
    expect(refused).toEqual([]);
    expect(namesIt.length).toBeGreaterThan(1);
    expect(told(difference.gone)).toEqual(told(namesIt));
    expect(difference).toMatchObject({ new: [], changed: [] });
    expect(told(difference.same)).toEqual(told(after.cards));
  });
  test('eGFR 28 makes metformin a matter of stopping', async () => {
    const { before, after } = await shipped.ask(
      [{ do: 'observe', code: { coding: [{ system: LOINC, code: '98979-8' }] }, value: 28, unit: egfrUnit }],
      chart,
    );
    const critical = (cards: typeof after.cards) =>
      cards.filter(({ indicator, summary }) => indicator === 'critical' && /metformin/i.test(summary));
    expect(critical(before.cards)).toEqual([]);
    expect(critical(after.cards)).toHaveLength(1);
  });
  test('an order started and stopped again leaves no trace', async () => {
    const { before, after, difference } = await shipped.ask([start(apixaban()), stopDrug('1364445')], chart);
    expect(told(after.cards)).toEqual(told(before.cards));
    expect(difference).toMatchObject({ gone: [], new: [], changed: [] });
  });
});
