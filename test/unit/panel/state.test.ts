import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as fixtures from '../../../smart-app/gallery/fixtures.ts';
import { stateAfter, states } from '../../../smart-app/gallery/states.ts';
import {
  cardGroups,
  cardKey,
  missingForOverride,
  overrideFeedback,
  shownCards,
  stopCount,
} from '../../../smart-app/panel/cards-state.ts';
import { agreementLine, mergedRow, testsOf } from '../../../smart-app/panel/diagnosis-state.ts';
import { changesOf, draftActions, noPlan, orderInWords, type Plan } from '../../../smart-app/panel/plan.ts';
import type { Resource } from '../../../smart-app/panel/session.ts';
import { type PanelEvent, type PanelState, reduce, start } from '../../../smart-app/panel/state.ts';
import { listIn, plainText } from '../../../smart-app/panel/told.ts';
import { spanFor, trendRows } from '../../../smart-app/panel/trends.ts';

const checked = stateAfter(states.cards!);
const hear = (state: PanelState, ...events: PanelEvent[]) => events.reduce(reduce, state);
const [warfarin] = fixtures.orderResponse.cards;

describe('another patient', () => {
  const other = (patientId: string) => ({
    ...fixtures.chartResponse,
    extension: {
      'org.curbside.response': { ...fixtures.chartResponse.extension!['org.curbside.response']!, patientId },
    },
  });

  it('clears everything when any answer is about somebody else', () => {
    const answers: PanelEvent[] = [
      { type: 'checked', source: 'chart', response: other('p2') },
      { type: 'what-if', answer: { ...fixtures.whatIfAnswer, patientId: 'p2' } },
      { type: 'consult', event: { ...fixtures.consultRules, patientId: 'p2' } as never },
      { type: 'opened', session: { ...fixtures.session, identity: { ...fixtures.session.identity, patientId: 'p2' } } },
    ];
    for (const answer of answers) {
      const state = hear(checked, answer);
      expect(state.phase).toBe('mismatch');
      expect(JSON.stringify(state)).not.toMatch(/HALLORAN|warfarin|SYN-004182/i);
    }
  });

  it('lets nothing of the old patient come back afterwards', () => {
    const events = Object.values(states).flat();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (late) => {
        for (const end of [{ type: 'mismatch' }, { type: 'ended' }] as PanelEvent[]) {
          const state = hear(checked, end, ...late);
          expect(JSON.stringify(state)).not.toContain('HALLORAN');
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('cards', () => {
  it('puts Stop first, then Caution, then Note, and keeps the order within a tier', () => {
    const indicators = shownCards(stateAfter(states.hostile!).cards).map(({ card }) => card.indicator);
    expect(indicators).toEqual(
      [...indicators].sort(
        (a, b) => ['critical', 'warning', 'info'].indexOf(a) - ['critical', 'warning', 'info'].indexOf(b),
      ),
    );
    expect(shownCards(checked.cards).map(({ card }) => card.extension!['org.curbside.card']!.ruleId)).toEqual([
      'warfarin-tmp-smx',
      'acei-trimethoprim',
      'metformin-egfr',
      'egfr-decline',
    ]);
  });

  it('groups by order and lifts a suggestion that clears several cards', () => {
    const [order, chart] = cardGroups(checked.cards);
    expect(order).toMatchObject({ title: 'TMP-SMX DS, 1 tablet twice daily', isOrder: true });
    expect(order!.fixes.map(({ suggestion, cards }) => [suggestion.label, cards.length])).toEqual([
      ['Switch to ceftriaxone 1 g IV', 2],
    ]);
    expect(chart).toMatchObject({ title: 'Already on the chart', fixes: [] });
  });

  it('opens at most three, Stop cards by themselves', () => {
    const keys = shownCards(checked.cards).map(cardKey);
    expect(checked.cards.open).toEqual(keys.slice(0, 2));
    const more = hear(checked, { type: 'toggle', key: keys[2]! }, { type: 'toggle', key: keys[3]! });
    expect(more.cards.open).toEqual(keys.slice(1, 4));
  });

  it('does not bring back what was overridden when the same orders are checked again under new uuids', () => {
    const [first] = shownCards(checked.cards);
    const decided = hear(checked, {
      type: 'decided',
      decision: {
        id: 'd',
        uuids: [first!.card.uuid],
        settled: [cardKey(first!)],
        service: 'medication-safety',
        text: '',
        log: '',
        feedback: [],
        sendAt: 0,
        status: 'waiting',
        inverse: [],
      },
    });
    const again = {
      ...fixtures.orderResponse,
      cards: fixtures.orderResponse.cards.map((card) => ({ ...card, uuid: `${card.uuid}-2` })),
    };
    const state = hear(decided, { type: 'checked', source: 'order', response: again });
    expect(stopCount(state.cards)).toBe(1);
    expect(stopCount(hear(state, { type: 'undone', id: 'd' }).cards)).toBe(2);
  });

  it('cannot undo what has been sent', () => {
    const sent = stateAfter(states.about!);
    expect(hear(sent, { type: 'undone', id: 'd1' }).cards.decisions).toHaveLength(1);
  });

  it('keeps the old cards on screen when a later check fails', () => {
    const failed = hear(checked, { type: 'check-failed', source: 'order', reason: 'no connection' });
    expect(stopCount(failed.cards)).toBe(2);
    expect(failed.cards.checks.order.status).toBe('failed');
  });
});

describe('overriding', () => {
  const choice = { key: '', withMonitoring: true, comment: '' };
  const at = '2026-11-18T09:42:00Z';

  it('requires a reason for Stop only', () => {
    expect(missingForOverride(warfarin!, choice)).toBeDefined();
    expect(missingForOverride(warfarin!, { ...choice, reason: 'not-significant' })).toBeUndefined();
    expect(missingForOverride(fixtures.chartResponse.cards[0]!, choice)).toBeUndefined();
  });

  it('is an acceptance of the test when monitoring is ticked, an override with its reason when it is not', () => {
    expect(overrideFeedback(warfarin!, { ...choice, reason: 'will-monitor' }, at)).toEqual({
      card: warfarin!.uuid,
      outcome: 'accepted',
      outcomeTimestamp: at,
      acceptedSuggestions: [{ id: 's2' }],
    });
    expect(
      overrideFeedback(
        warfarin!,
        { ...choice, reason: 'will-monitor', withMonitoring: false, comment: ' INR clinic ' },
        at,
      ),
    ).toMatchObject({
      outcome: 'overridden',
      overrideReason: { reason: { code: 'will-monitor' }, userComment: 'INR clinic' },
    });
  });

  it('says whether the data or the rule is wrong', () => {
    const feedback = overrideFeedback(
      warfarin!,
      { ...choice, reason: 'alert-wrong', about: 'data', comment: 'old result' },
      at,
    );
    expect(feedback.overrideReason?.userComment).toBe('About the data. old result');
  });

  it('uses the narrower list of the rule where there is one', () => {
    const card = { ...warfarin!, overrideReasons: [{ system: 's', code: 'special', display: 'Special' }] };
    expect(overrideFeedback(card, { ...choice, reason: 'special' }, at).overrideReason?.reason).toEqual(
      card.overrideReasons[0],
    );
  });
});

describe('diagnosis', () => {
  const done = stateAfter(states['diagnosis-done']!).diagnosis;

  it('ignores items that repeat what the rules said, and joins what other sources add', () => {
    const asked = stateAfter(states['diagnosis-rules']!);
    const repeated = fixtures.ruleItems.reduce((state, event) => hear(state, { type: 'consult', event }), asked);
    expect(repeated.diagnosis.rows).toEqual(asked.diagnosis.rows);
    expect(done.rows.find(({ key }) => key === 'sepsis')!.items.map(({ source }) => source)).toEqual(['rule', 'model']);
  });

  it('never moves a row that is on screen, whatever comes later', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...fixtures.draftItems, ...fixtures.ruleItems]), (items) => {
        let state = stateAfter(states['diagnosis-rules']!);
        let before = state.diagnosis.rows.map(({ key, lane }) => [key, lane]);
        for (const event of items) {
          const moved = { ...event, candidate: { ...event.candidate, band: 'plausible' as const } };
          state = hear(state, { type: 'consult', event: moved });
          const rows = state.diagnosis.rows.map(({ key, lane }) => [key, lane]);
          expect(rows.slice(0, before.length)).toEqual(before);
          before = rows;
        }
      }),
    );
  });

  it('takes strength from the rules and never from the model', () => {
    const row = done.rows.find(({ isOnlyFromDraft }) => isOnlyFromDraft)!;
    expect(mergedRow(row).strength).toBeUndefined();
    expect(mergedRow(done.rows[0]!).strength).toBe(3);
  });

  it('keeps the rules when the draft is cut, stopped, or never comes', () => {
    for (const name of ['diagnosis-failed', 'diagnosis-stopped', 'diagnosis-off', 'diagnosis-abstained']) {
      expect(stateAfter(states[name]!).diagnosis.rows.length, name).toBe(4);
    }
    const stopped = stateAfter(states['diagnosis-stopped']!);
    expect(hear(stopped, { type: 'consult', event: fixtures.draftItems[1]! })).toEqual(stopped);
  });

  it('says who agrees with whom', () => {
    expect(agreementLine(done.rows, '')).toBe('');
    expect(agreementLine(done.rows, 'sepsis')).toBe(
      'You and the knowledge base agree on Sepsis, urinary source; only the draft lists Opioid toxicity.',
    );
    expect(agreementLine(done.rows, 'Gout')).toContain('only you list Gout');
  });

  it('offers each test once', () => {
    expect(testsOf(done.rows).map(({ text }) => text)).toEqual([
      'Blood and urine cultures',
      'CT head, non-contrast',
      'Venous gas, repeat lactate and K',
    ]);
  });
});

describe('what if', () => {
  const context = {
    patientId: fixtures.session.patientId,
    draft: fixtures.draft,
    medications: fixtures.medications,
    options: [{ key: 'x', label: 'X', order: { ...fixtures.draft, id: undefined } }],
  };

  it('asks for nothing when nothing was touched', () => {
    expect(changesOf(noPlan, context)).toEqual([]);
    expect(draftActions(noPlan, context)).toEqual([]);
  });

  it('turns the controls into changes, and only what can be ordered into drafts', () => {
    const plan = {
      drug: 'none',
      delayHours: 2,
      egfr: 28,
      standing: { 'MedicationRequest/lisinopril': 'hold' as const },
    };
    expect(changesOf(plan, context).map((change) => change.do)).toEqual(['stop', 'delay', 'observe', 'stop']);
    expect(draftActions(plan, context).map(({ type, resource }) => [type, resource?.status])).toEqual([
      ['delete', undefined],
      ['update', 'on-hold'],
    ]);
  });

  it('takes a drug in words, with what was said of how often', () => {
    const [change] = changesOf(
      { drug: 'other', otherDrug: 'ibuprofen 400 mg three times daily', standing: {} },
      context,
    );
    expect(change).toMatchObject({
      do: 'replace',
      order: {
        resourceType: 'MedicationRequest',
        medicationCodeableConcept: { text: 'ibuprofen 400 mg three times daily' },
        dosageInstruction: [{ text: '400 mg three times daily' }],
      },
    });
    expect(changesOf({ drug: 'other', standing: {} }, context)).toEqual([]);
    expect(orderInWords('sulfamethoxazole 800 mg / trimethoprim 160 mg', 'a').dosageInstruction).toBeUndefined();
  });

  it('asks for a delay with what only the clinician can know, under the name of the model', () => {
    const asked = (plan: Partial<Plan>) => changesOf({ standing: {}, ...plan }, context);
    expect(asked({ delayHours: 3, baselinePercent: 20 })).toEqual([
      { do: 'delay', treatment: 'sepsis-antibiotics', hours: 3, baseline: { pct: 20, from: 'clinician' } },
    ]);
    expect(asked({ treatment: 'stemi-pci', delayHours: 1, planned: 60, baselinePercent: 20 })).toEqual([
      { do: 'delay', treatment: 'stemi-pci', hours: 1, plannedMinutes: 60 },
    ]);
    expect(asked({ treatment: 'stroke-thrombolysis', delayHours: 1 })).toEqual([
      { do: 'delay', treatment: 'stroke-thrombolysis', hours: 1 },
    ]);
  });

  it('changes a dose without leaving the old directions in words', () => {
    const [change] = changesOf({ dose: 2, standing: {} }, context);
    expect(change).toMatchObject({
      do: 'dose',
      dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 2, unit: 'tablet' } }] }],
    });
    expect(JSON.stringify(change)).not.toContain('twice daily');
  });
});

describe('the order of the groups', () => {
  const shown = (indicator: 'critical' | 'warning', orders: string[]) =>
    fixtures.card({
      ruleId: `${indicator}-${orders}`,
      indicator,
      summary: indicator,
      reason: '',
      evidence: [],
      orders,
    });
  const groups = (chart: 'critical' | 'warning', order: 'critical' | 'warning') => {
    const events: PanelEvent[] = [
      { type: 'opened', session: fixtures.session },
      { type: 'checked', source: 'chart', response: { cards: [shown(chart, [])] } },
      { type: 'checked', source: 'order', response: { cards: [shown(order, ['MedicationRequest/draft-1'])] } },
    ];
    return cardGroups(stateAfter(events).cards).map(({ isOrder }) => (isOrder ? 'order' : 'chart'));
  };

  it('is the order being written, then the chart, unless only the chart has a Stop', () => {
    expect(groups('warning', 'warning')).toEqual(['order', 'chart']);
    expect(groups('critical', 'critical')).toEqual(['order', 'chart']);
    expect(groups('critical', 'warning')).toEqual(['chart', 'order']);
  });
});

describe('the comparison with the diagnosis that was typed', () => {
  const agreement = {
    withKnowledge: { both: ['Sepsis'], onlyKnowledge: ['Stroke'], onlyClinician: ['Gout', 'Delirium'] },
    withDraft: { both: ['Sepsis', 'Delirium'], onlyKnowledge: [], onlyClinician: ['Gout'], onlyModel: ['Meningitis'] },
  };

  it('says in one line who lists what', () => {
    expect(agreementLine([], 'sepsis; gout; delirium', agreement)).toBe(
      'You and the knowledge base agree on Sepsis; you and the draft agree on Delirium; only the draft lists Meningitis; only you list Gout.',
    );
  });

  it('is dropped when another diagnosis was typed in the meantime', () => {
    const typed = reduce(start(fixtures.at), { type: 'leading', leading: 'gout' });
    const late = reduce(typed, { type: 'compared', leading: 'sepsis', agreement });
    expect(late.diagnosis.agreement).toBeUndefined();
    const compared = reduce(typed, { type: 'compared', leading: 'gout', agreement });
    expect(compared.diagnosis.agreement).toEqual(agreement);
    expect(reduce(compared, { type: 'leading', leading: 'gout?' }).diagnosis.agreement).toBeUndefined();
  });
});

describe('what is told from the chart', () => {
  it('takes a line of facts apart, each with its handle, and leaves prose alone', () => {
    expect(listIn({ text: 'Active: Hypertension, since 2014; Gout.', handles: ['E1', 'E2'] })).toEqual({
      intro: 'Active: ',
      items: [
        { text: 'Hypertension, since 2014', handles: ['E1'] },
        { text: 'Gout', handles: ['E2'] },
      ],
    });
    expect(listIn({ text: 'The lactate of 2.4 rose; it was 1.1.', handles: ['E1'] })).toBeUndefined();
  });

  it('copies as plain text', () => {
    expect(plainText(fixtures.told)).toContain('Medications\nTakes:\n- Warfarin 4 mg, once daily\n- Lisinopril');
  });

  it('clears the panel when it is about somebody else', () => {
    const open = reduce(start(fixtures.at), { type: 'opened', session: fixtures.session });
    const other = reduce(open, { type: 'told', answer: { ...fixtures.told, patientId: 'other' } });
    expect(other.phase).toBe('mismatch');
    expect(other.told.answer).toBeUndefined();
  });
});

describe('trends', () => {
  const now = new Date('2026-11-18T09:41:00Z');
  const one = (id: string, value: number, unit: string, more: Partial<Resource> = {}): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'Creatinine', coding: [{ code: '2160-0' }] },
    effectiveDateTime: '2026-11-01T08:00:00Z',
    valueQuantity: { value, unit },
    ...more,
  });

  it('keeps two units apart instead of joining them', () => {
    const rows = trendRows([one('a', 1.5, 'mg/dL'), one('b', 132, 'umol/L')], now, 6);
    expect(rows.map(({ unit, points }) => [unit, points.length])).toEqual([
      ['mg/dL', 1],
      ['µmol/L', 1],
    ]);
  });

  it('opens on the span in which things moved', () => {
    const daysAgo = (id: string, days: number) =>
      one(id, days, 'mg/dL', { effectiveDateTime: new Date(now.getTime() - days * 86_400_000).toISOString() });
    expect(spanFor([daysAgo('a', 0), daysAgo('b', 2), daysAgo('c', 5)], now)).toBe(1);
    expect(spanFor([daysAgo('a', 0), daysAgo('b', 60), daysAgo('c', 150)], now)).toBe(6);
    expect(spanFor([daysAgo('a', 300), daysAgo('b', 500)], now)).toBe(24);
    expect(spanFor([], now)).toBe(6);
  });

  it('puts a value that the lab called dangerous first', () => {
    const level = one('v', 27, 'ug/mL', {
      code: { text: 'Vancomycin trough', coding: [{ code: '4092-3' }] },
      interpretation: [{ coding: [{ code: 'HH' }] }],
    });
    expect(trendRows([one('a', 1.5, 'mg/dL'), level], now, 6).map(({ name }) => name)).toEqual([
      'Vancomycin trough',
      'Creatinine',
    ]);
  });

  it("flags by the lab's own range and interpretation, and by nothing else", () => {
    const range = [{ low: { value: 0.5 }, high: { value: 1.1 } }];
    expect(trendRows([one('a', 1.5, 'mg/dL', { referenceRange: range })], now, 6)[0]!.flag).toBe('high');
    expect(trendRows([one('a', 1.5, 'mg/dL')], now, 6)[0]!.flag).toBeUndefined();
    expect(
      trendRows([one('a', 1.5, 'mg/dL', { interpretation: [{ coding: [{ code: 'HH' }] }] })], now, 6)[0]!.flag,
    ).toBe('high');
  });

  it('leaves out what was entered in error, has no number, or is outside the span', () => {
    const rows = trendRows(
      [
        one('a', 1, 'mg/dL', { status: 'entered-in-error' }),
        one('b', Number.NaN, 'mg/dL'),
        one('c', 1, 'mg/dL', { effectiveDateTime: '2020-01-01' }),
        { resourceType: 'Observation' },
      ],
      now,
      6,
    );
    expect(rows).toEqual([]);
  });

  it('reads blood pressure out of its components', () => {
    const pressure = {
      ...one('bp', 0, ''),
      valueQuantity: undefined,
      component: [
        { code: { text: 'Systolic', coding: [{ code: '8480-6' }] }, valueQuantity: { value: 98, code: 'mm[Hg]' } },
      ],
    } as Resource;
    expect(trendRows([pressure], now, 6)).toMatchObject([{ name: 'Systolic', unit: 'mmHg', points: [{ value: 98 }] }]);
  });
});

describe('the reducer', () => {
  it('survives any order of events without throwing or changing what it was given', () => {
    const events = Object.values(states).flat();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 25 }), (some) => {
        let state = start(fixtures.at);
        for (const event of some) {
          const frozen = JSON.stringify(state);
          const next = reduce(state, event);
          expect(JSON.stringify(state)).toBe(frozen);
          state = next;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('says each thing once: two Stop cards, then nothing new for the same two', () => {
    const opened = stateAfter(states['cards-checking']!);
    const once = hear(opened, { type: 'checked', source: 'order', response: fixtures.orderResponse });
    expect(once.said.at(-1)!.text).toBe('2 Stop cards');
    const twice = hear(once, { type: 'checked', source: 'order', response: fixtures.orderResponse });
    expect(twice.said).toEqual(once.said);
  });

  it('opens the tab the launch intends, and Cards for anything unknown', () => {
    const open = (intent?: string) =>
      hear(start(fixtures.at), { type: 'opened', session: { ...fixtures.session, intent } }).tab;
    expect([open('differential'), open('what-if'), open('trends'), open('reconcile'), open()]).toEqual([
      'diagnosis',
      'what-if',
      'trends',
      'cards',
      'cards',
    ]);
  });
});
