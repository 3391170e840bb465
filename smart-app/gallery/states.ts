// Every state of the panel, reached the way the panel reaches it: by events.
import { cardKey, shownCards } from '../panel/cards-state.ts';
import { type PanelEvent, type PanelState, reduce, start } from '../panel/state.ts';
import * as fixtures from './fixtures.ts';

export const stateAfter = (events: PanelEvent[]): PanelState => events.reduce(reduce, start(fixtures.at));

const canDraft: PanelEvent = {
  type: 'abilities',
  abilities: { kind: 'web-messaging', canDraft: true, canOpenOrders: true, canClose: true },
};

const opened: PanelEvent[] = [{ type: 'opened', session: fixtures.session }, canDraft];

const checked: PanelEvent[] = [
  ...opened,
  { type: 'checked', source: 'order', response: fixtures.orderResponse },
  { type: 'checked', source: 'chart', response: fixtures.chartResponse },
];

const tab = (name: PanelState['tab']): PanelEvent => ({ type: 'tab', tab: name });
const hear = (event: Extract<PanelEvent, { type: 'consult' }>['event']): PanelEvent => ({ type: 'consult', event });

const asked: PanelEvent[] = [...checked, tab('diagnosis'), { type: 'asked' }, hear(fixtures.consultRules)];
const drafted: PanelEvent[] = [
  ...asked,
  ...fixtures.draftItems.map(hear),
  ...fixtures.withheld.map(hear),
  hear(fixtures.consultDone),
];

const firstKey = (events: PanelEvent[]) => cardKey(shownCards(stateAfter(events).cards)[0]!);

const evidence: PanelEvent[] = [
  ...checked,
  { type: 'evidence', evidence: { key: firstKey(checked), at: 0 } },
  { type: 'resource', reference: 'Observation/obs-inr-2207', resource: fixtures.inr },
  {
    type: 'resource',
    reference: 'trend of Observation/obs-inr-2207',
    resource: { resourceType: 'Bundle', entry: fixtures.observations.filter(({ id }) => id?.startsWith('6301-6')) },
  },
];

const plan: PanelEvent[] = [
  ...checked,
  { type: 'medications', medications: fixtures.medications },
  tab('what-if'),
  { type: 'plan', change: { drug: 'Ceftriaxone 1 g IV, once daily', delayHours: 2, egfr: 28 } },
];

const decision = (status: 'waiting' | 'sent' | 'failed'): PanelEvent => ({
  type: 'decided',
  decision: {
    id: 'd1',
    uuids: ['uuid-warfarin-tmp-smx'],
    settled: [],
    service: 'medication-safety',
    text: 'Overrode "Warfarin: serious bleeding risk, INR already 2.6": I will monitor, 1 draft order added.',
    log: 'Overrode warfarin-tmp-smx: I will monitor, 1 draft order added',
    feedback: [],
    sendAt: 0,
    status,
    inverse: [],
  },
});

const override = (reason?: string): PanelEvent => ({
  type: 'override',
  override: { key: firstKey(checked), reason, withMonitoring: true, comment: '' },
});

const trends: PanelEvent[] = [
  ...checked,
  { type: 'medications', medications: fixtures.medications },
  { type: 'trends', observations: fixtures.observations, isComplete: true },
  tab('trends'),
];

export const states: Record<string, PanelEvent[]> = {
  opening: [],
  cards: checked,
  'cards-evidence': evidence,
  'cards-override': [...checked, override('will-monitor')],
  'cards-override-wrong': [...checked, override('alert-wrong')],
  'cards-why': [...checked, { type: 'why', key: firstKey(checked), why: { status: 'loaded', why: fixtures.why } }],
  'cards-decided': [...checked, decision('waiting')],
  'cards-feedback-failed': [...checked, decision('failed')],
  'cards-held-back': [...checked, { type: 'held-back', isOpen: true }],
  'cards-refused': [
    ...checked,
    { type: 'refused', key: firstKey(checked), reason: 'The EHR refused (403 FORBIDDEN).' },
  ],
  'cards-copy': [{ type: 'opened', session: fixtures.session }, ...checked.slice(2)],
  'cards-checking': [...opened, { type: 'checking', source: 'chart' }, { type: 'checking', source: 'order' }],
  'cards-stale': [...checked, { type: 'stale' }],
  'cards-failed': [
    ...opened,
    { type: 'checked', source: 'chart', response: fixtures.chartResponse },
    { type: 'check-failed', source: 'order', reason: 'medication list unavailable' },
  ],
  'cards-no-context': [
    {
      type: 'opened',
      session: {
        ...fixtures.session,
        appContext: undefined,
        notGranted: ['AllergyIntolerance'],
        identity: { ...fixtures.session.identity, allergies: undefined, couldNotRead: ['allergies'] },
      },
    },
    { type: 'checked', source: 'chart', response: fixtures.chartResponse },
  ],
  empty: [
    ...opened,
    { type: 'checked', source: 'order', response: fixtures.nothingResponse },
    { type: 'checked', source: 'chart', response: fixtures.nothingResponse },
    { type: 'what-was-checked', isOpen: true },
  ],
  hostile: [...opened, { type: 'checked', source: 'order', response: fixtures.hostileResponse }],
  'diagnosis-rules': asked,
  'diagnosis-drafting': [...asked, ...fixtures.draftItems.slice(0, 2).map(hear)],
  'diagnosis-done': [...drafted, { type: 'leading', leading: 'Sepsis' }],
  'diagnosis-open': [...drafted, { type: 'withheld-open', isOpen: true }, { type: 'dx-open', key: 'sepsis|strength' }],
  'diagnosis-off': [...asked, hear({ type: 'off', reason: 'no model is configured' })],
  'diagnosis-consent': [...asked, hear({ type: 'off', reason: 'consent on file denies generative processing' })],
  'diagnosis-failed': [...asked, { type: 'consult-cut', reason: 'no answer in 20 s' }],
  'diagnosis-abstained': [
    ...asked,
    hear({ type: 'abstained', reason: 'too little', missing: ['vital signs', 'a presenting complaint'] }),
  ],
  'diagnosis-stopped': [...asked, ...fixtures.draftItems.slice(0, 1).map(hear), { type: 'stopped' }],
  'diagnosis-compared': [
    ...drafted,
    { type: 'leading', leading: 'Sepsis; Gout' },
    {
      type: 'compared',
      leading: 'Sepsis; Gout',
      agreement: {
        withKnowledge: { both: ['Sepsis'], onlyKnowledge: [], onlyClinician: ['Gout'] },
        withDraft: { both: ['Sepsis'], onlyKnowledge: [], onlyClinician: ['Gout'], onlyModel: ['Delirium'] },
      },
    },
  ],
  'diagnosis-summary': [
    ...asked,
    { type: 'telling', telling: 'summary' },
    { type: 'told', answer: fixtures.told },
    { type: 'told-open', handle: 'E4 Warfarin 4 mg, once daily' },
  ],
  'diagnosis-summary-asking': [...asked, { type: 'telling', telling: 'discharge-summary' }],
  'diagnosis-summary-failed': [
    ...asked,
    { type: 'telling', telling: 'ask' },
    { type: 'told-failed', reason: 'no connection' },
  ],
  'diagnosis-no-question': [...checked, tab('diagnosis')],
  'what-if-empty': [...plan.slice(0, -1)],
  'what-if': [...plan, { type: 'what-if', answer: fixtures.whatIfAnswer }],
  'what-if-other-drug': [
    ...plan,
    { type: 'plan', change: { drug: 'other', otherDrug: 'ibuprofen 400 mg three times daily', baselinePercent: 20 } },
    { type: 'what-if', answer: fixtures.whatIfAnswer },
  ],
  'what-if-running': [...plan, { type: 'what-if', answer: fixtures.whatIfAnswer }, { type: 'what-if-running' }],
  'what-if-failed': [...plan, { type: 'what-if-failed', reason: 'no connection' }],
  trends,
  'trends-open': [...trends, { type: 'trend-open', code: '2823-3 mmol/L' }],
  'trends-failed': [
    ...checked,
    { type: 'trends-failed', reason: 'The EHR does not allow this to be read' },
    tab('trends'),
  ],
  about: [...drafted, decision('sent'), tab('about')],
  'about-ai-off': [...checked, { type: 'ai-off', isOff: true }, tab('about')],
  help: [...checked, { type: 'help', isOpen: true }],
  mismatch: [...checked, { type: 'mismatch' }],
  ended: [...checked, { type: 'ended' }],
  failed: [{ type: 'failed', reason: 'The chart could not be read from the EHR' }],
};
