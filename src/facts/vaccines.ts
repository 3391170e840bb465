// Vaccines by CVX code, and by name where nothing is coded. Read beside the immunization list, which is no problem list.
import { z } from 'zod';
import type { Concept } from '../fhir/reading.ts';

const vaccines = {
  influenza: {
    cvx: [
      '15',
      '16',
      '88',
      '111',
      '135',
      '140',
      '141',
      '144',
      '149',
      '150',
      '151',
      '153',
      '155',
      '158',
      '161',
      '166',
      '168',
      '171',
      '185',
      '186',
      '194',
      '197',
      '200',
      '201',
      '202',
      '205',
      '320',
      '333',
    ],
    words: /influenza|flu (shot|vaccine)|fluzone|flublok|fluad/i,
  },
  pneumococcal: {
    cvx: ['33', '100', '109', '133', '152', '215', '216', '327'],
    words: /pneumococ|prevnar|pneumovax|capvaxive|vaxneuvance/i,
  },
  // A complete series: PPSV23 alone leaves a conjugate vaccine due, PCV13 alone leaves PCV20 or PCV21 due.
  'pneumococcal-conjugate-complete': { cvx: ['216', '327'], words: /pcv ?2[01]|prevnar ?20|capvaxive/i },
  'zoster-recombinant': { cvx: ['187'], words: /shingrix|zoster.*recombinant|recombinant zoster/i },
  rsv: { cvx: ['303', '304', '305', '326', '330'], words: /\brsv\b|respiratory syncytial|arexvy|abrysvo|mresvia/i },
  tetanus: { cvx: ['09', '9', '113', '115', '138', '139', '196'], words: /tetanus|tdap|\btd\b|boostrix|adacel/i },
  'hepatitis-b': {
    cvx: ['08', '8', '43', '44', '45', '104', '110', '189', '198', '220'],
    words: /hepatitis b|hep b|heplisav|engerix|recombivax/i,
  },
} as const satisfies Record<string, { cvx: readonly string[]; words: RegExp }>;

export type VaccineId = keyof typeof vaccines;

export const vaccine = z.enum(Object.keys(vaccines) as [VaccineId, ...VaccineId[]]).meta({ description: 'A vaccine' });

export function isVaccine(id: VaccineId, { coding = [], text }: Concept): boolean {
  const { cvx, words } = vaccines[id];
  const coded = coding.filter(({ system }) => /cvx|2\.16\.840\.1\.113883\.12\.292/i.test(system ?? ''));
  if (coded.length > 0) return coded.some(({ code }) => (cvx as readonly string[]).includes(code ?? ''));
  return words.test(`${text ?? ''} ${coding.map(({ display }) => display ?? '').join(' ')}`);
}
