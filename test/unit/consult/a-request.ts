// A consult request around `aChart`, with small stand-ins for the terminology, the guards and the knowledge base.

import type { ConsultEvent, ConsultItem } from '../../../src/cds-hooks/contract.ts';
import type { Chart } from '../../../src/chart/types.ts';
import {
  buildPacket,
  type ConsultPorts,
  type ConsultRequest,
  type KnowledgeResult,
  type Passage,
} from '../../../src/consult/index.ts';
import type { Platform } from '../../../src/platform.ts';
import { readSettings } from '../../../src/settings.ts';
import { aChart, now } from './a-chart.ts';

const drugs = [
  'warfarin',
  'amoxicillin',
  'penicillin',
  'ibuprofen',
  'naproxen',
  'aspirin',
  'clopidogrel',
  'ketoconazole',
  'rivaroxaban',
  'heparin',
  'paracetamol',
  'lisinopril',
];
const brands: Record<string, string> = { augmentin: 'amoxicillin' };
export const forbidden: Record<string, string> = {
  amoxicillin: 'penicillin-allergy',
  penicillin: 'penicillin-allergy',
  ibuprofen: 'warfarin-nsaid',
  naproxen: 'warfarin-nsaid',
  aspirin: 'warfarin-antiplatelet',
  clopidogrel: 'warfarin-antiplatelet',
  ketoconazole: 'warfarin-azole',
  rivaroxaban: 'duplicate-anticoagulant',
};

export const ports: ConsultPorts = {
  namedDrugs: (text) =>
    (text.toLowerCase().match(/[a-z]+/g) ?? []).flatMap((word) => {
      const drug = brands[word] ?? (drugs.includes(word) ? word : undefined);
      return drug
        ? [
            {
              text: drug,
              coding: {
                system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
                code: String(1000 + drugs.indexOf(drug)),
                display: drug,
              },
            },
          ]
        : [];
    }),
  checkAction: ({ text }) =>
    forbidden[text] ? [{ ruleId: forbidden[text], summary: `${text} is forbidden here` }] : [],
};

const item = (
  id: string,
  text: string,
  band: ConsultItem['candidate']['band'],
  more: Partial<ConsultItem> = {},
): ConsultItem => ({
  type: 'item',
  source: 'knowledge',
  candidate: { id, text, band },
  for: [],
  against: [],
  missing: [],
  sentences: [],
  actions: [
    { kind: 'test', text: 'Electrocardiogram', coding: { system: 'http://loinc.org', code: '11524-6' }, blockedBy: [] },
  ],
  ...more,
});

export const knowledge: KnowledgeResult = {
  items: [
    item('acute-coronary-syndrome', 'Acute coronary syndrome', 'must-exclude'),
    item('pulmonary-embolism', 'Pulmonary embolism', 'must-exclude'),
    item('pericarditis', 'Pericarditis', 'plausible'),
  ],
  presentations: [{ id: 'chest-pain', title: 'Chest pain' }],
  mustNotMiss: [
    { id: 'acute-coronary-syndrome', text: 'Acute coronary syndrome' },
    { id: 'pulmonary-embolism', text: 'Pulmonary embolism' },
    { id: 'aortic-dissection', text: 'Aortic dissection' },
  ],
  offered: ['gastro-oesophageal-reflux', 'pneumonia'].map((id) => ({ id, text: id.replaceAll('-', ' ') })),
  couldNotCheck: [],
};

export const passages: Passage[] = [
  {
    id: 'acs-ecg',
    title: 'Electrocardiogram in suspected acute coronary syndrome',
    text: 'Record an electrocardiogram at once in suspected acute coronary syndrome and repeat it while pain lasts.',
    version: '1',
    date: '2023',
    licence: 'CC0',
    population: 'Adults with chest pain',
    actions: ['test'],
    conditions: ['acute-coronary-syndrome'],
    citation: 'ESC 2023',
  },
  {
    id: 'child-fever',
    title: 'Fever in infants',
    text: 'Measure urine in infants with fever without a focus.',
    version: '1',
    date: '2021',
    licence: 'CC0',
    population: 'Infants with fever',
    actions: ['test'],
    citation: 'NICE 2021',
  },
  {
    id: 'pe-dimer',
    title: 'D-dimer in suspected pulmonary embolism',
    text: 'Use D-dimer to exclude pulmonary embolism when the clinical likelihood is low.',
    version: '1',
    date: '2019',
    licence: 'CC0',
    population: 'Adults',
    actions: ['test'],
    conditions: ['pulmonary-embolism'],
    citation: 'ESC 2019',
  },
];

export const aRequest = (more: Partial<ConsultRequest> & { chart?: Chart } = {}): ConsultRequest => {
  const chart = more.chart ?? aChart();
  const question = more.question ?? 'What explains the chest pain?';
  return { chart, packet: buildPacket(chart, { question }), question, knowledge, passages, ports, ...more };
};

let count = 0;
export function aPlatform(
  env: Record<string, string> = {},
  more: Partial<Platform> = {},
): Platform & { logged: unknown[]; pending: Promise<unknown>[] } {
  const logged: unknown[] = [];
  const pending: Promise<unknown>[] = [];
  return {
    settings: readSettings(env),
    now: () => now,
    uuid: () => `run-${++count}`,
    elapsed: () => performance.now(),
    fetch: (...args) => fetch(...args),
    sql: { all: async () => [], run: async () => ({ changes: 0 }), batch: async () => undefined },
    log: (entry) => void logged.push(entry),
    asset: async () => undefined,
    waitUntil: (work) => void pending.push(work),
    logged,
    pending,
    ...more,
  };
}

export async function all(events: AsyncIterable<ConsultEvent>): Promise<ConsultEvent[]> {
  const list: ConsultEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}
