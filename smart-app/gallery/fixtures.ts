// A synthetic patient and what the engine would say about her. Clinical numbers are for the layout; the rules own the real ones.
import type {
  Card,
  CdsResponse,
  ConsultEvent,
  ConsultItem,
  EvidenceChip,
  Indicator,
  Suggestion,
  WhatIfAnswer,
} from '../../src/cds-hooks/contract.ts';
import type { Resource, Session } from '../panel/session.ts';
import type { ToldAnswer } from '../panel/told.ts';

export const at = '2026-11-18T09:41:00';
const patientId = 'SYN-004182';

export const draft: Resource = {
  resourceType: 'MedicationRequest',
  id: 'draft-1',
  status: 'draft',
  intent: 'order',
  subject: { reference: `Patient/${patientId}` },
  medicationCodeableConcept: { text: 'TMP-SMX DS' },
  dosageInstruction: [{ text: '1 tablet twice daily', doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }] }],
};

const ceftriaxone: Resource = {
  ...draft,
  medicationCodeableConcept: { text: 'Ceftriaxone 1 g IV' },
  dosageInstruction: [{ text: 'once daily', doseAndRate: [{ doseQuantity: { value: 1, unit: 'g' } }] }],
};

export const session: Session = {
  patientId,
  userId: 'Practitioner/okafor',
  encounterId: 'enc-771',
  identity: {
    patientId,
    name: 'HALLORAN, Marguerite',
    sex: 'female',
    birthDate: '1952-03-09',
    age: '74',
    mrn: 'SYN-004182',
    isDeceased: false,
    weight: { name: 'Weight', value: 58, unit: 'kg', reference: 'Observation/w1' },
    facts: [
      { name: 'eGFR', value: 36, unit: 'mL/min/1.73 m²', when: at, reference: 'Observation/egfr', flag: 'low' },
      { name: 'INR', value: 2.6, unit: '', when: at, reference: 'Observation/obs-inr-2207' },
      { name: 'K', value: 5.3, unit: 'mmol/L', when: at, reference: 'Observation/k', flag: 'high' },
    ],
    allergies: [{ text: 'Penicillin', reaction: 'rash', isHighRisk: false }],
    couldNotRead: [],
  },
  notGranted: [],
  appContext: { hook: 'order-select', card: 'c1', drafts: [draft] },
  expiresAt: '2026-11-18T10:41:00',
  serverTime: at,
};

interface CardParts {
  ruleId: string;
  indicator: Indicator;
  summary: string;
  reason: string;
  evidence: EvidenceChip[];
  suggestions?: Suggestion[];
  orders?: string[];
  source?: string;
}

export const card = ({
  ruleId,
  indicator,
  summary,
  reason,
  evidence,
  suggestions,
  orders = [],
  source = 'Drug label',
}: CardParts): Card => ({
  uuid: `uuid-${ruleId}`,
  summary,
  indicator,
  source: { label: source, url: 'https://example.org/label' },
  detail: reason,
  suggestions,
  selectionBehavior: suggestions ? 'any' : undefined,
  extension: {
    'org.curbside.card': {
      ruleId,
      ruleVersion: '1.0.0',
      tier: indicator,
      reason,
      evidence,
      orders,
      whyUrl: `/why/uuid-${ruleId}`,
    },
  },
});

const test = (uuid: string, label: string, text: string): Suggestion => ({
  uuid,
  label,
  actions: [
    {
      type: 'create',
      description: text,
      resource: { resourceType: 'ServiceRequest', status: 'draft', intent: 'order', code: { text } },
    },
  ],
});

const swap = (uuid: string): Suggestion => ({
  uuid,
  label: 'Switch to ceftriaxone 1 g IV',
  isRecommended: true,
  actions: [{ type: 'update', description: 'Switch to ceftriaxone 1 g IV', resource: ceftriaxone }],
});

const stops: Card[] = [
  card({
    ruleId: 'warfarin-tmp-smx',
    indicator: 'critical',
    summary: 'Warfarin: serious bleeding risk, INR already 2.6',
    reason: 'TMP-SMX slows warfarin clearance. INR usually climbs in 3 to 5 days.',
    evidence: [
      { text: 'INR 2.6', when: '2 days ago', reference: 'Observation/obs-inr-2207' },
      { text: 'Warfarin 4 mg', reference: 'MedicationRequest/warfarin' },
      { text: 'no CBC in 30 days', isGap: true },
    ],
    suggestions: [swap('s1'), test('s2', 'Keep, add INR day 3', 'INR on day 3 and day 5')],
    orders: ['MedicationRequest/draft-1'],
  }),
  card({
    ruleId: 'acei-trimethoprim',
    indicator: 'critical',
    summary: 'Hyperkalaemia: K 5.3 now, on lisinopril, CrCl 30',
    reason: 'Trimethoprim blocks potassium excretion, as lisinopril does.',
    evidence: [
      { text: 'K 5.3', when: 'today 06:10', reference: 'Observation/k' },
      { text: 'Lisinopril 20 mg', reference: 'MedicationRequest/lisinopril' },
      { text: 'CrCl 30' },
    ],
    suggestions: [swap('s3'), test('s4', 'Keep, add K in 48 h', 'Potassium in 48 h')],
    orders: ['MedicationRequest/draft-1'],
    source: 'Cohort study',
  }),
];

export const orderResponse: CdsResponse = {
  cards: stops,
  extension: {
    'org.curbside.response': {
      patientId,
      rulesChecked: 214,
      heldBack: [
        {
          ruleId: 'beers-antihistamine',
          summary: 'First-generation antihistamine at 74',
          indicator: 'info',
          why: 'Not taken for 90 days',
        },
        {
          ruleId: 'qtc-two-drugs',
          summary: 'Two drugs that may lengthen QT',
          indicator: 'info',
          why: 'QTc 431 ms last week',
        },
        { ruleId: 'duplicate-topical', summary: 'Two topical steroids', indicator: 'info', why: 'Counted, not shown' },
        {
          ruleId: 'pneumococcal-due',
          summary: 'Pneumococcal vaccine due',
          indicator: 'info',
          why: 'Not during an acute illness',
        },
      ],
      couldNotCheck: [],
      checkedAt: at,
    },
  },
};

export const chartResponse: CdsResponse = {
  cards: [
    card({
      ruleId: 'metformin-egfr',
      indicator: 'warning',
      summary: 'Metformin 2 g/day exceeds the eGFR 36 limit',
      reason: 'Reduce to 1 g/day.',
      evidence: [
        { text: 'eGFR 36', when: 'today 06:10', reference: 'Observation/egfr' },
        { text: 'Metformin 1,000 mg twice daily', reference: 'MedicationRequest/metformin' },
      ],
    }),
    card({
      ruleId: 'egfr-decline',
      indicator: 'info',
      summary: 'eGFR fell from 59 to 36 in six months',
      reason: 'A fall of more than 5 a year is worth a cause.',
      evidence: [{ text: 'eGFR 59 to 36', when: '6 months' }],
      source: 'KDIGO 2024',
    }),
  ],
  extension: {
    'org.curbside.response': { patientId, rulesChecked: 214, heldBack: [], couldNotCheck: [], checkedAt: at },
  },
};

export const nothingResponse: CdsResponse = {
  cards: [],
  extension: {
    'org.curbside.response': { patientId, rulesChecked: 214, heldBack: [], couldNotCheck: [], checkedAt: at },
  },
};

const evidence = (handle: string, text: string, reference?: string) => ({ handle, text, reference });

const item = (parts: Partial<ConsultItem> & Pick<ConsultItem, 'candidate' | 'source'>): ConsultItem => ({
  type: 'item',
  for: [],
  against: [],
  missing: [],
  sentences: [],
  actions: [],
  ...parts,
});

const loinc = (code: string) => ({ system: 'http://loinc.org', code });

export const ruleItems: ConsultItem[] = [
  item({
    source: 'rule',
    candidate: { id: 'sepsis', text: 'Sepsis, urinary source', band: 'must-exclude' },
    strength: 3,
    for: [
      evidence('E1', 'T 38.1'),
      evidence('E2', 'HR 104'),
      evidence('E3', 'BP 98/58'),
      evidence('E4', 'Lactate 2.4', 'Observation/lactate'),
    ],
    missing: [{ text: 'no cultures yet', wouldChange: 'A positive blood culture would settle the source.' }],
    actions: [
      {
        kind: 'test',
        text: 'Blood and urine cultures',
        coding: loinc('600-7'),
        why: 'Sepsis from delirium alone. Before antibiotics.',
        blockedBy: [],
      },
    ],
    contributions: [
      { finding: 'Lactate above 2', likelihoodRatio: 2.6, citation: 'Singer 2016' },
      { finding: 'Temperature above 38', likelihoodRatio: 1.7, citation: 'Wacker 2013' },
      { finding: 'No rigors', likelihoodRatio: 0.6, citation: 'Coburn 2012' },
    ],
  }),
  item({
    source: 'knowledge',
    candidate: { id: 'ich', text: 'Intracranial bleed on warfarin', band: 'must-exclude' },
    strength: 1,
    for: [evidence('E5', 'Warfarin'), evidence('E6', 'New confusion')],
    against: [evidence('E7', 'No focal deficit, 09:30')],
    missing: [{ text: 'fall not asked', wouldChange: 'A fall on warfarin would make imaging urgent.' }],
    actions: [
      {
        kind: 'test',
        text: 'CT head, non-contrast',
        coding: loinc('24725-4'),
        why: 'Bleed from everything else.',
        blockedBy: [],
      },
    ],
  }),
  item({
    source: 'rule',
    candidate: { id: 'aki', text: 'Acute kidney injury on CKD', band: 'leading' },
    strength: 3,
    for: [evidence('E8', 'Cr 1.0 to 1.5', 'Observation/cr'), evidence('E9', 'K 5.3', 'Observation/k')],
    against: [evidence('E10', 'Urine output normal')],
    actions: [
      {
        kind: 'test',
        text: 'Venous gas, repeat lactate and K',
        coding: loinc('24339-4'),
        why: 'Sepsis from metformin-associated lactate.',
        blockedBy: [],
        alreadyDone: 'Lactate 2.4 at 06:10',
      },
    ],
  }),
  item({
    source: 'knowledge',
    candidate: { id: 'delirium-uti', text: 'Delirium from complicated UTI', band: 'plausible' },
    strength: 2,
    for: [evidence('E11', 'Dysuria'), evidence('E12', 'WBC 15.2'), evidence('E13', 'Nitrite pos')],
  }),
];

export const consultRules: ConsultEvent = {
  type: 'rules',
  patientId,
  evidence: ruleItems.flatMap((one) => [...one.for, ...one.against]),
  presentations: [{ id: 'confusion', title: 'New confusion, 2 days, with dysuria' }],
  items: ruleItems,
  couldNotCheck: ['Notes: not allowed by policy'],
};

export const draftItems: ConsultItem[] = [
  item({
    source: 'model',
    candidate: { id: 'sepsis', text: 'Sepsis, urinary source', band: 'must-exclude' },
    for: [evidence('E1', 'T 38.1'), evidence('E4', 'Lactate 2.4', 'Observation/lactate')],
    sentences: [
      { text: 'Fever, tachycardia, low pressure and a raised lactate occur together.', handles: ['E1', 'E4'] },
    ],
    progress: { checked: 1, total: 6 },
  }),
  item({
    source: 'model',
    candidate: { id: 'delirium-uti', text: 'Delirium from complicated UTI', band: 'plausible' },
    sentences: [
      { text: 'Dysuria with a raised white count points to the urinary tract.', handles: ['E11', 'E12'] },
      { text: 'The nitrite test agrees.', handles: ['E13'] },
    ],
    progress: { checked: 3, total: 6 },
  }),
  item({
    source: 'model',
    candidate: { text: 'Opioid toxicity', band: 'plausible' },
    missing: [{ text: 'opioid use not asked', wouldChange: 'Recent opioids would raise it.' }],
    sentences: [{ text: 'New confusion has many drug causes.', handles: ['E6'] }],
    actions: [
      {
        kind: 'drug',
        text: 'Naloxone',
        blockedBy: [{ ruleId: 'opioid-dependence', summary: 'no opioid on the chart' }],
      },
    ],
    progress: { checked: 6, total: 6 },
  }),
];

export const withheld: ConsultEvent[] = [
  { type: 'withheld', text: 'She had a stroke last year.', reason: 'no chart item supports it', check: 'handles' },
  { type: 'withheld', text: 'Creatinine has doubled.', reason: 'the trend says otherwise', check: 'polarity' },
];

export const consultDone: ConsultEvent = {
  type: 'done',
  counts: { items: 3, sentences: 4, withheld: 2 },
  notAddressed: ['ich'],
  model: 'local-model',
  promptHash: 'a1b2c3d4e5f6a7b8',
  rulesHash: '0f1e2d3c4b5a6978',
  packetHash: 'ffee',
  milliseconds: 4200,
};

const estimates = {
  bleed: {
    id: 'major-bleeding',
    outcome: 'Major bleeding',
    value: 3.8,
    unit: '1',
    interval: [2.4, 6.1] as [number, number],
    horizon: '14 days',
    source: 'Cohort study of older adults on warfarin',
    validity: 'Adults over 65 on warfarin',
  },
  potassium: {
    id: 'high-potassium',
    outcome: 'High potassium',
    value: 6.7,
    unit: '1',
    interval: [4.5, 10] as [number, number],
    horizon: '14 days',
    source: 'Case-control study, ACE inhibitor users',
    validity: 'Adults over 65 on an ACE inhibitor',
  },
};

export const whatIfAnswer: WhatIfAnswer = {
  patientId,
  before: { cards: stops, estimates: [estimates.bleed, estimates.potassium] },
  after: {
    cards: [],
    estimates: [
      { ...estimates.potassium, value: 1, interval: null },
      {
        id: 'sepsis-delay',
        outcome: 'Delay to first antibiotic dose',
        value: 1.08,
        unit: '1',
        interval: [1.04, 1.12],
        horizon: 'in hospital',
        source: 'Published cohort, adults with sepsis',
        validity: 'Adults treated for sepsis in hospital',
        points: Array.from({ length: 13 }, (_, hour) => ({ x: hour, y: 1.04 ** hour })),
        axes: { x: 'hours', y: 'Odds of in-hospital death' },
      },
    ],
  },
  difference: {
    gone: stops,
    new: [
      card({
        ruleId: 'warfarin-ceftriaxone',
        indicator: 'warning',
        summary: 'Ceftriaxone with warfarin, check INR day 3',
        reason: 'Ceftriaxone can raise INR, less often than TMP-SMX.',
        evidence: [],
      }),
      card({
        ruleId: 'metformin-egfr-30',
        indicator: 'critical',
        summary: 'Metformin below eGFR 30',
        reason: 'Because you set eGFR to 28.',
        evidence: [],
      }),
    ],
    same: [],
  },
  explanation: [
    { text: 'Ceftriaxone does not block potassium excretion', handles: ['G1'] },
    { text: 'and can raise INR, less often than TMP-SMX.', handles: ['G2'] },
  ],
  refused: [],
};

const month = (back: number) => new Date(new Date(at).getTime() - back * 30.44 * 86_400_000).toISOString();

const result = (
  name: string,
  code: string,
  unit: string,
  values: (number | null)[],
  low?: number,
  high?: number,
): Resource[] =>
  values.flatMap((value, index) =>
    value === null
      ? []
      : [
          {
            resourceType: 'Observation',
            id: `${code}-${index}`,
            status: 'final',
            code: { text: name, coding: [{ system: 'http://loinc.org', code }] },
            effectiveDateTime: month(5.5 * (1 - index / (values.length - 1)) + 0.05),
            valueQuantity: { value, unit },
            referenceRange:
              low === undefined && high === undefined
                ? undefined
                : [
                    {
                      low: low === undefined ? undefined : { value: low },
                      high: high === undefined ? undefined : { value: high },
                    },
                  ],
          },
        ],
  );

export const observations: Resource[] = [
  ...result('eGFR', '98979-8', 'mL/min/{1.73_m2}', [59, 57, 51, 47, 41, 36], 60),
  ...result('Potassium', '2823-3', 'mmol/L', [4.4, 4.5, 4.7, 4.9, 5.1, 5.3], 3.5, 5),
  ...result(
    'Creatinine [Mass/volume] in Serum or Plasma',
    '2160-0',
    'mg/dL',
    [1, 1.04, 1.12, 1.2, 1.34, 1.5],
    0.5,
    1.1,
  ),
  ...result('INR', '6301-6', '', [2.3, 2.1, 2.4, 2.7, 2.2, 2.6]),
  ...result('Lactate', '2524-7', 'mmol/L', [null, null, null, null, 1.1, 2.4], 0.5, 2),
  ...result('HbA1c', '4548-4', '%', [7.4, null, null, null, null, 7.1], 4, 6.5),
  ...result('Systolic blood pressure', '8480-6', 'mm[Hg]', [142, 138, 136, 140, 131, 98]),
  ...result('Haemoglobin', '718-7', 'g/dL', [12.8, 12.6, 12.7, 12.4, 12.1, 11.9], 12, 15.5),
];

const prescription = (id: string, text: string, back: number): Resource => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  authoredOn: month(back),
  medicationCodeableConcept: { text, coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: id }] },
});

export const medications: Resource[] = [
  prescription('warfarin', 'Warfarin 4 mg daily', 60),
  prescription('lisinopril', 'Lisinopril 20 mg daily', 3),
  prescription('metformin', 'Metformin 1,000 mg twice daily', 90),
];

export const inr: Resource = {
  resourceType: 'Observation',
  id: 'obs-inr-2207',
  status: 'final',
  code: { text: 'INR', coding: [{ system: 'http://loinc.org', code: '6301-6' }] },
  effectiveDateTime: '2026-11-16T07:40:00',
  valueQuantity: { value: 2.6, unit: '' },
  referenceRange: [{ text: 'goal 2.0 to 3.0', low: { value: 2 }, high: { value: 3 } }],
  performer: [{ display: 'St Brigid lab' }],
};

export const why: Record<string, unknown> = {
  rule: {
    id: 'warfarin-tmp-smx',
    version: '1.0.0',
    title: 'Warfarin with trimethoprim-sulfamethoxazole',
    steward: 'Anticoagulation service',
    lastReviewDate: '2026-10-01',
    knownGaps: ['Does not see drugs bought without a prescription'],
    evidence: [{ citation: 'Drug label', shows: 'CYP2C9 is inhibited' }],
  },
  tier: 'high-risk',
  when: {
    truth: 'true',
    kind: 'all',
    parts: [
      {
        truth: 'true',
        kind: 'fact',
        fact: 'newlyCombines',
        params: { object: 'warfarin', precipitant: 'trimethoprim-sulfamethoxazole' },
        operator: 'equal',
        expected: true,
        value: true,
        because: [{ text: 'Warfarin 4 mg', reference: 'MedicationRequest/warfarin' }],
      },
    ],
  },
  tiers: [
    {
      id: 'high-risk',
      when: {
        truth: 'true',
        kind: 'any',
        parts: [
          {
            truth: 'true',
            kind: 'fact',
            fact: 'latestValue',
            params: { code: 'inr' },
            operator: 'greaterThanInclusive',
            expected: 2,
            value: 2.6,
            because: [{ text: 'INR 2.6', when: '2026-11-16T07:40:00', reference: 'Observation/obs-inr-2207' }],
          },
          {
            truth: 'unknown',
            kind: 'fact',
            fact: 'hasResult',
            params: { code: 'cbc', days: 30 },
            operator: 'equal',
            expected: true,
            gap: 'no CBC in 30 days',
          },
        ],
      },
    },
    { id: 'usual' },
  ],
  gaps: ['no CBC in 30 days'],
};

/** Everything a card must survive. */
export const hostileResponse: CdsResponse = {
  cards: [
    {
      ...card({
        ruleId: 'hostile<img src=x onerror=alert(1)>',
        indicator: 'critical',
        summary:
          '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">\u202Egnp.exe\u202C \u200F\u061C Warfarin',
        reason: '',
        evidence: [
          { text: `<b onclick=alert(1)>${'W'.repeat(400)}</b>`, when: '\u202Eago', reference: '../../../etc/passwd' },
          { text: 'missing\u0000', isGap: true },
        ],
        source: '"><svg onload=window.hacked=1>',
      }),
      detail: `[click](javascript:window.hacked=1) ![x](https://evil.example/x.png) [ok](https://example.org/a) <iframe src="https://evil.example"></iframe>\n\n| a | b |\n|---|---|\n| ${'c'.repeat(300)} | ${'d '.repeat(200)} |\n\n${'Supercalifragilistic'.repeat(450)}\n\n${'*_`['.repeat(500)}`,
      links: [
        { label: 'bad', url: 'javascript:window.hacked=1', type: 'absolute' },
        { label: 'good', url: 'https://example.org/good', type: 'absolute' },
      ],
      suggestions: [
        {
          uuid: 'h1',
          label: `<b>${'Order '.repeat(60)}</b>`,
          actions: [{ type: 'create', description: 'x', resource: { resourceType: 'ServiceRequest' } }],
        },
      ],
    },
    ...Array.from({ length: 60 }, (_, index) =>
      card({
        ruleId: `rule-${index}`,
        indicator: (['critical', 'warning', 'info'] as const)[index % 3]!,
        summary: `Card ${index} ${'long words everywhere '.repeat(index % 9)}`,
        reason: 'Because.',
        evidence: [{ text: `value ${index}` }],
      }),
    ),
  ],
  extension: {
    'org.curbside.response': {
      patientId,
      rulesChecked: 9000,
      heldBack: [],
      couldNotCheck: ['<script>window.hacked=1</script>'],
      checkedAt: at,
    },
  },
};

export const told: ToldAnswer = {
  patientId,
  source: 'template',
  reason: 'No model is configured: what you see is the knowledge base alone.',
  evidence: [
    { handle: 'E1', text: '74-year-old female', reference: `Patient/${patientId}` },
    { handle: 'E4', text: 'Warfarin 4 mg, once daily', reference: 'MedicationRequest/warfarin' },
    { handle: 'E5', text: 'Lisinopril 20 mg, once daily', reference: 'MedicationRequest/lisinopril' },
    { handle: 'E9', text: 'INR 2.6, 2 days ago', reference: 'Observation/obs-inr-2207' },
  ],
  sections: [
    { title: 'Patient', sentences: [{ text: '74-year-old female.', handles: ['E1'] }] },
    {
      title: 'Medications',
      sentences: [{ text: 'Takes: Warfarin 4 mg, once daily; Lisinopril 20 mg, once daily.', handles: ['E4', 'E5'] }],
    },
    {
      title: 'Open at discharge',
      sentences: [
        { text: 'Last values out of range: INR 2.6, 2 days ago.', handles: ['E9'] },
        { text: 'To be written: follow-up and what the patient was told.', handles: [] },
      ],
    },
  ],
  withheld: [{ text: 'The INR of 3.1 rose.', reason: 'A number that is not in the chart.' }],
};
