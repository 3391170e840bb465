// Synthetic charts, seeded: who has what follows from age, what they take follows from what they have, and each order is one that
// such a patient is given every day. No patient was looked at to write this.
import { readFileSync } from 'node:fs';
import { now, testApp } from '../../support/app.ts';
import { bundle, LOINC, orderSign, patient } from '../../support/requests.ts';
import { type DrugCase, medication } from './cases.ts';
import { ruleIdOf, type SeenCard } from './judge.ts';

type Json = Record<string, unknown>;
type Product = [rxnorm: string, display: string, sig: string, weight: number];
const products = JSON.parse(readFileSync(new URL('products/everyday.json', import.meta.url), 'utf8')) as Record<
  string,
  Product[]
>;

interface Chart {
  request: Json;
  label: string;
  order: string;
}

/** How likely a problem is at an age, with its code. */
const problems: { id: string; icd10: string; text: string; at: (age: number) => number }[] = [
  {
    id: 'hypertension',
    icd10: 'I10',
    text: 'Essential hypertension',
    at: (age) => (age < 30 ? 0.05 : age < 50 ? 0.25 : 0.6),
  },
  { id: 'diabetes', icd10: 'E11.9', text: 'Type 2 diabetes mellitus', at: (age) => (age < 40 ? 0.04 : 0.2) },
  { id: 'lipids', icd10: 'E78.5', text: 'Hyperlipidemia', at: (age) => (age < 40 ? 0.05 : 0.45) },
  { id: 'coronary', icd10: 'I25.10', text: 'Coronary artery disease', at: (age) => (age < 50 ? 0.01 : 0.15) },
  { id: 'heartFailure', icd10: 'I50.9', text: 'Heart failure', at: (age) => (age < 60 ? 0.01 : 0.09) },
  { id: 'atrialFibrillation', icd10: 'I48.91', text: 'Atrial fibrillation', at: (age) => (age < 60 ? 0.01 : 0.1) },
  { id: 'depression', icd10: 'F32.A', text: 'Depression', at: () => 0.16 },
  { id: 'reflux', icd10: 'K21.9', text: 'Gastro-esophageal reflux disease', at: () => 0.2 },
  { id: 'airways', icd10: 'J45.909', text: 'Asthma', at: () => 0.1 },
  { id: 'thyroid', icd10: 'E03.9', text: 'Hypothyroidism', at: () => 0.08 },
  { id: 'kidney', icd10: 'N18.31', text: 'Chronic kidney disease stage 3a', at: (age) => (age < 60 ? 0.02 : 0.15) },
];
const allergens: { to: string; rxnorm: string; reaction: string }[] = [
  { to: 'Penicillin', rxnorm: '70618', reaction: 'Rash' },
  { to: 'Sulfamethoxazole', rxnorm: '10180', reaction: 'Hives' },
  { to: 'Codeine', rxnorm: '2670', reaction: 'Nausea' },
  { to: 'Lisinopril', rxnorm: '29046', reaction: 'Cough' },
];
const dayInMs = 86_400_000;
const agoDays = (days: number) => new Date(now.getTime() - days * dayInMs).toISOString();

/** mulberry32: small, seeded, the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function chartOf(random: () => number): Chart {
  const chance = (share: number) => random() < share;
  const around = (middle: number, spread: number, digits = 1) =>
    Number((middle + (random() + random() + random() - 1.5) * spread).toFixed(digits));
  const age = Math.round(18 + random() ** 0.7 * 72);
  const sex = chance(0.53) ? 'female' : 'male';
  const has = problems.filter(({ at }) => chance(at(age)));
  const hasKidney = has.some(({ id }) => id === 'kidney');
  const taken = new Map<string, DrugCase>();
  const take = (group: string) => {
    const [rxnorm, display, sig] = weighted(products[group]!, random);
    const ingredient = display
      .replace(/^[\d.]+ (HR|ML|ACTUAT) /i, '')
      .split(' ')[0]!
      .toLowerCase();
    if (!taken.has(ingredient))
      taken.set(ingredient, { rxnorm, display, sig, since: `${Math.ceil(random() * 900) + 30} days` });
  };
  for (const { id } of has) {
    if (!products[id]) continue;
    take(id);
    // Two of one class are not given together on purpose; two different ones for pressure, sugar or the heart are.
    if (['hypertension', 'diabetes', 'coronary', 'heartFailure'].includes(id) && chance(0.35)) take(id);
  }
  if (chance(0.3)) take('supplements');
  if (chance(0.15)) take('pain');
  if (chance(0.15)) take('allergic');
  const list = withoutClassTwins([...taken.values()]);

  // What is ordered: something acute, a next drug for a problem, or a renewal.
  const kind = random();
  let ordered: DrugCase;
  if (kind < 0.3 && list.length) ordered = { ...list[Math.floor(random() * list.length)]!, since: undefined };
  else {
    const group =
      kind < 0.65 || has.length === 0
        ? ['acute', 'acute', 'acute', 'pain', 'allergic', 'supplements'][Math.floor(random() * 6)]!
        : has[Math.floor(random() * has.length)]!.id;
    const [rxnorm, display, sig] = weighted(products[group] ?? products.acute!, random);
    ordered = { rxnorm, display, sig };
  }
  // A second drug of a class is nearly always a slip of the generator, not of a prescriber; one in ten stays.
  const twin = list.find(
    (entry) =>
      entry.display !== ordered.display &&
      classes.some((pattern) => pattern.test(entry.display!) && pattern.test(ordered.display!)),
  );
  if (twin && chance(0.9)) ordered = { ...twin, since: undefined };
  const coding = random();
  if (coding < 0.2) delete ordered.display;
  else if (coding < 0.4) ordered = { text: ordered.display!.toUpperCase(), sig: ordered.sig };
  else if (coding < 0.5) ordered = { ...ordered, local: true };
  else if (coding < 0.6) ordered = { ...ordered, oid: true };

  const creatinine = hasKidney ? around(1.5, 0.4, 2) : around(sex === 'female' ? 0.75 : 0.95, 0.3, 2);
  const inMicromoles = chance(0.15);
  const isRecent = chance(0.85);
  const labDay = isRecent ? Math.ceil(random() * 300) : Math.ceil(random() * 600) + 400;
  const lab = (id: string, code: string, value: number, unit: string): Json => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ],
    code: { coding: [{ system: LOINC, code }] },
    effectiveDateTime: agoDays(labDay),
    valueQuantity: { value, unit, code: unit, system: 'http://unitsofmeasure.org' },
  });
  const labs = chance(0.9)
    ? [
        inMicromoles
          ? lab('l1', '2160-0', Math.round(creatinine * 88.4), 'umol/L')
          : lab('l1', '2160-0', creatinine, 'mg/dL'),
        lab('l2', '2823-3', around(4.2, 0.6), chance(0.5) ? 'mmol/L' : 'meq/L'),
        lab('l3', '2951-2', around(139, 5, 0), 'mmol/L'),
        lab('l4', '1742-6', around(25, 20, 0), 'U/L'),
        lab('l5', '777-3', around(240, 110, 0), '10*3/uL'),
        ...(taken.has('warfarin')
          ? [
              {
                ...lab('l6', '6301-6', around(2.5, 0.8), '{INR}'),
                effectiveDateTime: agoDays(Math.ceil(random() * 25)),
              },
            ]
          : []),
        ...(taken.has('levothyroxine') ? [lab('l7', '3016-3', around(2.2, 1.5), 'm[IU]/L')] : []),
        ...(has.some(({ id }) => id === 'diabetes') ? [lab('l8', '4548-4', around(7.2, 1.2), '%')] : []),
      ]
    : [];
  const weight = around(sex === 'female' ? 72 : 84, 30, 0);
  const inPounds = chance(0.3);
  const vitals = chance(0.8)
    ? [
        {
          ...lab('v1', '29463-7', inPounds ? Math.round(weight * 2.2046) : weight, inPounds ? '[lb_av]' : 'kg'),
          category: [
            { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
          ],
        },
      ]
    : [];
  const allergy = chance(0.15) ? allergens[Math.floor(random() * allergens.length)] : undefined;

  const request = orderSign({
    draftOrders: [medication(ordered, 'd1', 'draft', now, [])],
    prefetch: {
      patient: patient({ gender: sex, birthDate: agoDays(age * 365.25 + 40).slice(0, 10) }),
      medications: bundle(...list.map((entry, place) => medication(entry, `m${place + 1}`, 'active', now, []))),
      problems: bundle(
        ...has.map(({ icd10, text }, place) => ({
          resourceType: 'Condition',
          id: `p${place + 1}`,
          clinicalStatus: { coding: [{ code: 'active' }] },
          code: {
            ...(chance(0.85) && { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: icd10 }] }),
            text,
          },
        })),
      ),
      allergies: bundle(
        ...(allergy
          ? [
              {
                resourceType: 'AllergyIntolerance',
                id: 'a1',
                clinicalStatus: { coding: [{ code: 'active' }] },
                verificationStatus: { coding: [{ code: 'confirmed' }] },
                code: {
                  coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: allergy.rxnorm }],
                  text: allergy.to,
                },
                reaction: [{ manifestation: [{ text: allergy.reaction }] }],
              },
            ]
          : []),
      ),
      labs: bundle(...labs),
      vitals: bundle(...vitals),
    },
  });
  const names = list.map(({ display }) => display).join(', ');
  return {
    request,
    order: ordered.display ?? ordered.text ?? ordered.rxnorm!,
    label: `${age} ${sex}; ${has.map(({ text }) => text).join(', ') || 'no problems'}; takes ${names || 'nothing'}`,
  };
}

function weighted(from: Product[], random: () => number): Product {
  let rest = random() * from.reduce((sum, [, , , weight]) => sum + weight, 0);
  for (const product of from) {
    rest -= product[3];
    if (rest < 0) return product;
  }
  return from[0]!;
}

/** A tidy list: one of each class, as a reconciled chart would have it. */
const classes = [
  /statin/i,
  /prazole/i,
  /lisinopril|losartan/i,
  /metoprolol|carvedilol/i,
  /hydrochlorothiazide|chlorthalidone/i,
  /apixaban|warfarin/i,
  /ibuprofen|naproxen/i,
  /sertraline|escitalopram|fluoxetine|venlafaxine/i,
  /cetirizine|loratadine/i,
];
function withoutClassTwins(list: DrugCase[]): DrugCase[] {
  const seen = new Set<RegExp>();
  return list.filter(({ display }) => {
    const found = classes.filter((pattern) => pattern.test(display!));
    if (found.some((pattern) => seen.has(pattern))) return false;
    for (const pattern of found) seen.add(pattern);
    return true;
  });
}

export async function runCharts(
  count: number,
  seed: number,
  isTold = false,
): Promise<{ text: string; errors: number; interruptivePerHundred: number; criticals: number }> {
  const app = testApp();
  const random = seeded(seed);
  const tiers = { critical: 0, warning: 0, info: 0 };
  const byRule = new Map<string, number>();
  const lines: string[] = [];
  let errors = 0;
  let interrupted = 0;
  for (let place = 0; place < count; place++) {
    const { request, label, order } = chartOf(random);
    const answer = await app.post('/cds-services/medication-safety', request);
    if (answer.status !== 200) {
      errors++;
      lines.push(`ERROR ${answer.status}: ${order} | ${label}`);
      continue;
    }
    const { cards } = (await answer.json()) as { cards: SeenCard[] };
    const loud = cards.filter(({ indicator }) => indicator !== 'info');
    if (loud.length) interrupted++;
    for (const card of cards) {
      tiers[card.indicator]++;
      if (card.indicator !== 'info' || isTold)
        byRule.set(`${card.indicator} ${ruleIdOf(card)}`, (byRule.get(`${card.indicator} ${ruleIdOf(card)}`) ?? 0) + 1);
    }
    if (isTold && loud.length)
      lines.push(
        `${order} | ${label}\n${loud.map((card) => `    ${card.indicator} ${ruleIdOf(card)}: ${card.summary}`).join('\n')}`,
      );
  }
  errors += app.logs.filter(({ level }) => level === 'error').length;
  const perHundred = (cards: number) => ((cards / count) * 100).toFixed(1);
  const rules = [...byRule].sort(([, a], [, b]) => b - a).map(([rule, times]) => `  ${times} ${rule}`);
  const text = [
    ...lines,
    ...rules,
    `${count} charts, seed ${seed}: ${errors} errors; per 100 orders ${perHundred(tiers.critical)} critical, ${perHundred(tiers.warning)} warning, ${perHundred(tiers.info)} info; interruptive cards ${perHundred(tiers.critical + tiers.warning)} per 100 orders, on ${perHundred(interrupted)} orders of 100`,
  ].join('\n');
  return {
    text,
    errors,
    interruptivePerHundred: ((tiers.critical + tiers.warning) / count) * 100,
    criticals: tiers.critical,
  };
}
