// The pure parts of the sandbox EHR page: sigs, drafts, prefetch, messages.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCdsClient, feedbackFor, fillTemplate } from '../../../smart-app/ehr/cds-client.ts';
import { readDosage } from '../../../smart-app/ehr/dosage.ts';
import { applyActions, draftOrder, nextId, plainName } from '../../../smart-app/ehr/drafts.ts';
import { answer, type Desk, heard } from '../../../smart-app/ehr/messaging.ts';
import { findOrderables, orderables } from '../../../smart-app/ehr/orderables.ts';
import { initialState, openStops, reduce } from '../../../smart-app/ehr/state.ts';
import type { Draft, PatientChart } from '../../../smart-app/ehr/types.ts';
import { stories } from '../../../src/sandbox/patients/index.ts';

const context = { patientId: 'p', user: 'Practitioner/okafor', now: '2026-11-24T09:41:00Z' };
const drug = orderables.find(({ code }) => code === '198335')!;

describe('a sig', () => {
  it.each<[string, object]>([
    [
      '1 tablet twice daily for 7 days',
      {
        timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd', boundsDuration: { value: 7 } } },
        doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
      },
    ],
    [
      '1 tab bid x7d prn',
      { asNeededBoolean: true, timing: { repeat: { frequency: 2, boundsDuration: { value: 7 } } } },
    ],
    [
      '4.5 g IV every 6 hours',
      {
        timing: { repeat: { frequency: 1, period: 6, periodUnit: 'h' } },
        doseAndRate: [{ doseQuantity: { value: 4.5, code: 'g' } }],
        route: { text: 'IV' },
      },
    ],
    ['6 tablets once weekly', { timing: { repeat: { frequency: 1, period: 1, periodUnit: 'wk' } } }],
    [
      '20 units nightly',
      {
        timing: { repeat: { frequency: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 20, code: '[iU]' } }],
      },
    ],
    ['1 tablet once', { timing: { repeat: { count: 1 } } }],
  ])('reads "%s"', (text, dosage) => {
    expect(readDosage(text)).toMatchObject({ text, ...dosage });
  });

  it('guesses nothing', () => {
    expect(readDosage('as directed')).toEqual({ text: 'as directed' });
  });

  it('of every orderable drug has a dose and a rhythm', () => {
    for (const { kind, sig, display } of orderables)
      if (kind === 'drug')
        expect(readDosage(sig, display), display).toMatchObject({
          timing: expect.anything(),
          doseAndRate: expect.anything(),
        });
  });

  it('keeps any text as it is', () => {
    fc.assert(fc.property(fc.string(), (text) => readDosage(text).text === text));
  });
});

describe('the orderables', () => {
  it('hold every suggested order of a story', () => {
    for (const { suggestedOrder } of stories)
      expect(orderables.map(({ code }) => code)).toContain(suggestedOrder!.code);
  });

  it.each([
    ['tmp', '198335'],
    ['bactrim', '198335'],
    ['ceftriaxone 1000', '1665021'],
    ['inr', '6301-6'],
  ])('finds %s', (text, code) => {
    expect(findOrderables(text).map((one) => one.code)).toContain(code);
  });
});

describe('a drug name', () => {
  it.each([
    ['warfarin sodium 4 MG Oral Tablet', 'warfarin sodium 4 mg tablet'],
    [
      '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet',
      'metoprolol succinate 50 mg extended release tablet',
    ],
    ['3 ML insulin glargine 100 UNT/ML Pen Injector', '3 mL insulin glargine 100 units/mL pen injector'],
    [
      'sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet',
      'sulfamethoxazole 800 mg / trimethoprim 160 mg tablet',
    ],
  ])('%s reads %s', (display, plain) => {
    expect(plainName(display)).toBe(plain);
  });
});

describe('drafts', () => {
  const draft = draftOrder(drug, '1 tablet twice daily', 'draft-1', context);
  const chart = {
    medications: [{ resourceType: 'MedicationRequest', id: 'running', status: 'active' }],
  } as unknown as PatientChart;

  it('applies deletes, creates and updates of one suggestion together', () => {
    const { drafts, failed } = applyActions(
      [draft],
      [
        { type: 'create', description: 'INR', resource: { resourceType: 'ServiceRequest' } },
        { type: 'update', description: 'x', resource: { ...draft, dosageInstruction: [{ text: 'less' }] } },
        { type: 'delete', description: 'stop', resourceId: 'MedicationRequest/running' },
      ],
      context,
      chart,
    );
    expect(failed).toEqual([]);
    expect(drafts.map(({ id, status }) => [id, status])).toEqual([
      ['draft-1', 'draft'],
      ['running', 'stopped'],
      ['draft-2', 'draft'],
    ]);
    expect(drafts[0]!.dosageInstruction[0].text).toBe('less');
  });

  it('refuses an order for another patient, and one that is not there', () => {
    const { drafts, failed } = applyActions(
      [draft],
      [
        {
          type: 'create',
          description: 'a',
          resource: { resourceType: 'MedicationRequest', subject: { reference: 'Patient/other' } },
        },
        { type: 'update', description: 'b', resource: { resourceType: 'MedicationRequest', id: 'gone' } },
      ],
      context,
      chart,
    );
    expect(failed).toHaveLength(2);
    expect(drafts).toEqual([draft]);
  });

  it('numbers a new one above every number in use', () => {
    expect(nextId([draft, { resourceType: 'X', id: 'draft-7' }])).toBe('draft-8');
  });

  it('leaves nothing of one patient when another is opened', () => {
    const busy = {
      ...initialState,
      patientId: 'a',
      drafts: [draft],
      decisions: { k: { outcome: 'overridden' as const } },
      frame: { key: 1, url: 'x', messagingHandle: 'h' },
    };
    expect(reduce(busy, { do: 'open', patientId: 'b' })).toMatchObject({
      patientId: 'b',
      drafts: [],
      decisions: {},
      frame: undefined,
      chart: undefined,
    });
    expect(reduce({ ...initialState, patientId: 'b' }, { do: 'chart', patientId: 'a', chart }).chart).toBeUndefined();
  });

  it('opens decisions again when the order changes', () => {
    const card = { uuid: 'u', summary: 'Stop', indicator: 'critical' as const, source: { label: 's' } };
    const state = reduce(
      { ...initialState, drafts: [draft] },
      { do: 'answer', answer: { serviceId: 'm', hook: 'order-select', state: 'done', cards: [card] } },
    );
    expect(openStops(state)).toHaveLength(1);
    const decided = reduce(state, { do: 'decide', key: openStops(state)[0]!.key, decision: { outcome: 'overridden' } });
    // The same advice comes again at order-sign, with a new uuid.
    const again = reduce(decided, {
      do: 'answer',
      answer: { serviceId: 'm', hook: 'order-sign', state: 'done', cards: [{ ...card, uuid: 'u2' }] },
    });
    expect(openStops(again)).toHaveLength(0);
    expect(openStops(reduce(again, { do: 'drafts', drafts: [{ ...draft }], selected: 'draft-1' }))).toHaveLength(1);
  });
});

describe('the CDS client', () => {
  it('fills templates, and leaves a key out when a value is missing', () => {
    expect(fillTemplate('Observation?patient={{context.patientId}}', { patientId: 'p' })).toBe('Observation?patient=p');
    expect(fillTemplate('Encounter/{{context.encounterId}}', { patientId: 'p' })).toBeUndefined();
    expect(fillTemplate('Practitioner/{{userPractitionerId}}', { userId: 'Practitioner/1' })).toBe('Practitioner/1');
    expect(fillTemplate('Patient/{{userPatientId}}', { userId: 'Practitioner/1' })).toBeUndefined();
  });

  it('leaves out what could not be read and sends what could', async () => {
    const client = createCdsClient({
      base: 'http://cds',
      fetch,
      readFhir: async (path) => {
        if (path.startsWith('Patient')) return { resourceType: 'Patient' };
        throw new Error('403');
      },
    });
    const request = await client.request({
      service: {
        id: 's',
        hook: 'patient-view',
        description: '',
        prefetch: { patient: 'Patient/{{context.patientId}}', labs: 'Observation?patient={{context.patientId}}' },
      },
      hook: 'patient-view',
      hookInstance: 'i',
      context: { patientId: 'p' },
      withPrefetch: true,
      signal: AbortSignal.timeout(1000),
    });
    expect(request.prefetch).toEqual({ patient: { resourceType: 'Patient' } });
  });

  it('reports an override with its reason', () => {
    const card = { uuid: 'u', summary: '', indicator: 'critical' as const, source: { label: '' } };
    expect(
      feedbackFor(card, { outcome: 'overridden', reason: { code: 'x' }, comment: 'why' }, undefined, 'now'),
    ).toEqual({
      card: 'u',
      outcome: 'overridden',
      overrideReason: { reason: { code: 'x' }, userComment: 'why' },
      outcomeTimestamp: 'now',
    });
    expect(feedbackFor(card, { outcome: 'accepted', label: '' }, 's', 'now')).toEqual({
      card: 'u',
      outcome: 'accepted',
      acceptedSuggestions: [{ id: 's' }],
      outcomeTimestamp: 'now',
    });
  });
});

describe('SMART Web Messaging', () => {
  const frame = {};
  const expected = { origin: 'http://panel', source: frame, handle: 'h' };
  const message = { messagingHandle: 'h', messageId: 'm', messageType: 'status.handshake', payload: {} };
  const drafts: Draft[] = [{ resourceType: 'MedicationRequest', id: 'draft-1' }];
  const desk: Desk = {
    drafts: () => drafts,
    apply: (action) => (action.type === 'delete' ? { failure: 'no' } : { location: 'MedicationRequest/draft-2' }),
    reviewOrders: (locations) => locations.includes('MedicationRequest/draft-1'),
    done: () => {},
  };
  const ask = (messageType: string, payload: Record<string, unknown> = {}) =>
    answer({ ...message, messageType, payload }, desk, () => 'r').payload;

  it.each<[string, object]>([
    ['another origin', { origin: 'http://evil', source: frame, data: message }],
    ['another window', { origin: 'http://panel', source: {}, data: message }],
    ['another handle', { origin: 'http://panel', source: frame, data: { ...message, messagingHandle: 'old' } }],
    ['no handle', { origin: 'http://panel', source: frame, data: { ...message, messagingHandle: undefined } }],
    ['a string', { origin: 'http://panel', source: frame, data: 'hello' }],
    ['nothing', { origin: 'http://panel', source: frame, data: null }],
  ])('drops a message from %s', (_, event) => {
    expect(heard(event as never, expected)).toBeUndefined();
  });

  it('answers to the message it was asked by', () => {
    expect(answer(heard({ origin: 'http://panel', source: frame, data: message }, expected)!, desk, () => 'r')).toEqual(
      { messageId: 'r', responseToMessageId: 'm', additionalResponsesExpected: false, payload: {} },
    );
  });

  it.each<[string, Record<string, unknown>, object]>([
    [
      'scratchpad.create',
      { resource: { resourceType: 'MedicationRequest' } },
      { status: '201 CREATED', location: 'MedicationRequest/draft-2' },
    ],
    ['scratchpad.update', { resource: { resourceType: 'MedicationRequest', id: 'draft-1' } }, { status: '200 OK' }],
    [
      'scratchpad.delete',
      { location: 'MedicationRequest/gone' },
      { status: '404 NOT FOUND', outcome: { resourceType: 'OperationOutcome' } },
    ],
    ['scratchpad.create', {}, { status: '400 BAD REQUEST' }],
    ['scratchpad.read', {}, { scratchpad: drafts }],
    ['scratchpad.read', { location: 'MedicationRequest/draft-1' }, { resource: drafts[0]! }],
    ['scratchpad.read', { location: 'MedicationRequest/none' }, { status: '404 NOT FOUND' }],
    [
      'ui.launchActivity',
      { activityType: 'order-review', activityParameters: { orderLocations: ['MedicationRequest/draft-1'] } },
      { status: 'success' },
    ],
    ['ui.launchActivity', { activityType: 'problem-add' }, { status: 'error' }],
    ['ui.done', {}, { status: 'success' }],
    ['fhir.http', {}, { status: '404 NOT FOUND' }],
  ])('answers %s', (messageType, payload, reply) => {
    expect(ask(messageType, payload)).toMatchObject(reply);
  });
});
