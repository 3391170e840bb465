// HL7 v2 in, the cards of a hook out, and a list of what could not be taken over.
import { describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../../src/cds-hooks/contract.ts';
import { testApp } from '../../support/app.ts';

const app = testApp();
type Answer = CdsResponse & {
  service: string;
  hook: string;
  notMapped: string[];
  notKnown: string[];
  request: { context: Record<string, unknown>; prefetch: Record<string, unknown> };
};

async function send(...segments: string[]): Promise<Answer> {
  const answer = await app.post('/hl7v2?show=request', segments.join('\r'), { 'content-type': 'application/hl7-v2' });
  const body = await answer.text();
  expect(answer.status, body).toBe(200);
  return JSON.parse(body) as Answer;
}
const rules = ({ cards }: Answer) => cards.map(({ extension }) => extension!['org.curbside.card']!.ruleId);

const msh = (type: string) => `MSH|^~\\&|CPOE|WARD|CURBSIDE|HOSP|20261124085500||${type}|MSG1|P|2.5.1`;
const pid = 'PID|1||p1^^^HOSP^MR||DOE^JANE||19520309|F';
const pv1 = `PV1|1|I|W1^101^1${'|'.repeat(16)}V77${'|'.repeat(25)}20261123080000`;
const warfarin = [
  'ORC|SC|ORD1|||CM',
  'RXE|^QD^^20260110|855332^warfarin sodium 5 MG Oral Tablet^RXNORM|5||mg|TAB',
  'RXR|PO^Oral^HL70162',
];
const ibuprofen = [
  'ORC|NW|ORD2',
  'RXO|197806^ibuprofen 600 MG Oral Tablet^RXNORM|600||mg',
  'RXR|PO^Oral^HL70162',
  'TQ1|1||TID|||7^d|20261124',
];

describe('an order', () => {
  it('is judged against the orders that run', async () => {
    const answer = await send(msh('ORM^O01'), pid, pv1, ...warfarin, ...ibuprofen);
    expect([answer.hook, answer.service]).toEqual(['order-sign', 'medication-safety']);
    expect(rules(answer).some((rule) => rule.includes('warfarin'))).toBe(true);
    expect(answer.cards[0]!.extension!['org.curbside.card']!.orders).toEqual(['MedicationRequest/ORD2']);
    expect(answer.notMapped).toEqual([]);
    expect(answer.notKnown).toEqual(['Of the active medications only the 1 in this message are known']);
    expect(answer.request.context.encounterId).toBe('V77');
    expect(JSON.stringify(answer.request.context)).toContain(
      '"timing":{"code":{"text":"TID"},"repeat":{"boundsDuration":{"value":7,"code":"d"',
    );
  });
  it('alone says that the medication list is not known', async () => {
    const answer = await send(msh('ORM^O01'), pid, ...ibuprofen);
    expect(answer.extension!['org.curbside.response']!.couldNotCheck.join(' ')).toContain(
      'Active medications could not be read',
    );
  });
  it('is judged against the allergies, diagnoses and results of its message', async () => {
    const answer = await send(
      msh('RDE^O11'),
      pid,
      'AL1|1|DA|7980^Penicillin^RXNORM|SV|Anaphylaxis',
      'ORC|NW|ORD3',
      'RXE|^TID|308191^amoxicillin 500 MG Oral Capsule^RXNORM|500||mg|CAP',
    );
    expect(rules(answer).some((rule) => rule.includes('allergy'))).toBe(true);
    const metformin = await send(
      msh('RDE^O11'),
      pid,
      'ORC|NW|ORD4',
      'RXE|^BID|861007^metformin hydrochloride 500 MG Oral Tablet^RXNORM|500||mg|TAB',
      'OBX|1|NM|2160-0^Creatinine^LN||4.2|mg/dL|0.6-1.2|HH|||F|||20261123',
    );
    expect(rules(metformin).some((rule) => rule.includes('metformin'))).toBe(true);
  });
  it('told twice, as ordered and as encoded, is one order', async () => {
    const answer = await send(
      msh('RDE^O11'),
      pid,
      'ORC|NW|ORD5',
      'RXO|197806^ibuprofen 600 MG^RXNORM|600||mg',
      'RXE|^TID|197806^ibuprofen 600 MG Oral Tablet^RXNORM|600||mg|TAB',
    );
    expect((answer.request.context.draftOrders as { entry: unknown[] }).entry).toHaveLength(1);
  });
  it('that stops, or names no drug, is listed and not judged', async () => {
    const answer = await send(
      msh('ORM^O01'),
      pid,
      'ORC|DC|ORD6',
      'RXO|197806^ibuprofen 600 MG Oral Tablet^RXNORM',
      'ORC|NW|ORD7',
      'RXO||5||mg',
      'ZZZ|1|local',
    );
    expect(answer.notMapped).toEqual([
      'ibuprofen 600 MG Oral Tablet: order control DC (ORC-1) is no order to be judged',
      'RXO: an order that names no drug',
      'segment ZZZ: not read',
    ]);
    expect(answer.cards).toEqual([]);
  });
});

describe('admissions and results', () => {
  it('an admission is an encounter-start, a discharge an encounter-discharge', async () => {
    expect((await send(msh('ADT^A01'), 'EVN|A01|20261124', pid, pv1)).hook).toBe('encounter-start');
    expect((await send(msh('ADT^A03'), 'EVN|A03|20261124', pid, pv1)).hook).toBe('encounter-discharge');
    expect((await send(msh('ADT^A08'), pid)).hook).toBe('patient-view');
  });
  it('reads numbers, comparators, words and codes of OBX, tells vital signs from results, and lists the rest', async () => {
    const answer = await send(
      msh('ORU^R01'),
      pid,
      'OBR|1|||24323-8^CMP^LN|||20261123060000-0500',
      'OBX|1|NM|2823-3^Potassium^LN||6.8|mmol/L|3.5-5.1|HH|||F',
      'OBX|2|SN|30313-1^Hb^LN||<^5|g/dL||L|||P',
      'OBX|3|CWE|21198-7^Chlamydia^LN||260415000^Not detected^SCT|||N|||F',
      'OBX|4|NM|8867-4^Heart rate^LN||118|/min|||||F',
      'OBX|5|ED|18842-5^Report^LN||^AP^^Base64^xx||||||F',
      'OBX|6|NM|2951-2^Sodium^LN||pending|mmol/L|||||I',
    );
    const held = (part: string) =>
      ((answer.request.prefetch[part] as { entry: { resource: Record<string, unknown> }[] }).entry ?? []).map(
        ({ resource }) => resource,
      );
    expect(held('labs')).toHaveLength(3);
    expect(held('vitals')).toHaveLength(1);
    expect(held('labs')[0]).toMatchObject({
      effectiveDateTime: '2026-11-23T06:00:00-05:00',
      valueQuantity: { value: 6.8, unit: 'mmol/L' },
      referenceRange: [{ low: { value: 3.5 }, high: { value: 5.1 } }],
    });
    expect(held('labs')[1]).toMatchObject({ status: 'preliminary', valueQuantity: { value: 5, comparator: '<' } });
    expect(answer.notMapped).toEqual([
      'OBX Report: a value of type ED that cannot be read',
      'OBX Sodium: status I is no result',
    ]);
  });
});

describe('what is no message', () => {
  it.each([
    ['nothing', ''],
    ['JSON', '{}'],
    ['no patient', `${msh('ORU^R01')}\rPID|1`],
  ])('%s is 400', async (_, body) => {
    expect((await app.post('/hl7v2', body, { 'content-type': 'text/plain' })).status).toBe(400);
  });
  it('never answers with a defect, whatever a segment holds', async () => {
    for (const junk of [
      'OBX',
      'OBX|1|NM',
      'RXE',
      'ORC',
      'AL1|1',
      'IAM|1',
      'DG1|1',
      'PRB',
      'TQ1',
      'RXR',
      '|||',
      'OBX|1|SN|1^x^LN||^^^',
      'PID',
    ]) {
      expect(
        (
          await app.post('/hl7v2', [msh('ORM^O01'), pid, junk, ...ibuprofen, junk].join('\n'), {
            'content-type': 'text/plain',
          })
        ).status,
        junk,
      ).toBe(200);
    }
  });
});

describe('what senders write beside the standard', () => {
  const drafts = ({ request }: Answer) =>
    (request.context.draftOrders as { entry: { resource: Record<string, unknown> }[] }).entry.map(
      ({ resource }) =>
        resource as { dosageInstruction: { doseAndRate?: unknown }[]; medicationCodeableConcept: object },
    );

  it('a potassium additive of a bag is a drug order, and the bag is named', async () => {
    const answer = await send(
      msh('OMP^O09'),
      pid,
      'ORC|NW|ORD2',
      'RXO|D5W^dextrose 5 % in water^L|1000||mL',
      'RXR|IV^Intravenous^HL70162',
      'RXC|B|D5W^dextrose 5% Injectable Solution^L|1000|mL',
      'RXC|A|KCL^potassium chloride injection^L|40|meq',
      'OBX|1|NM|2823-3^Potassium^LN||6.1|mmol/L|3.5-5.1|HH|||F|||20261124060000',
    );
    expect(answer.cards.some(({ summary }) => /potassium 6\.1/i.test(summary))).toBe(true);
    expect(answer.notMapped).toEqual([
      'RXC dextrose 5% Injectable Solution: only an additive (RXC-1 A) is read as a drug of its own',
    ]);
  });
  it('an additive told before the encoded order is not lost', async () => {
    const answer = await send(
      msh('RDE^O11'),
      pid,
      'ORC|NW|ORD2',
      'RXO|D5W^dextrose 5 % in water^L|1000||mL',
      'RXC|A|KCL^potassium chloride injection^L|40|meq',
      'RXE|^ONCE|D5W^dextrose 5 % in water^L|1000||mL',
      'RXR|IV^Intravenous^HL70162',
    );
    expect(drafts(answer).map(({ medicationCodeableConcept }) => medicationCodeableConcept)).toMatchObject([
      { text: 'dextrose 5 % in water' },
      { text: 'potassium chloride injection' },
    ]);
  });
  it('a unit with a number in it is the strength of each', async () => {
    const answer = await send(msh('RDE^O11'), pid, 'ORC|NW|ORD2', 'RXE|^BID|1^oseltamivir^L|2||75 mg');
    expect(drafts(answer)[0]!.dosageInstruction[0]!.doseAndRate).toEqual([
      { doseQuantity: { value: 150, unit: 'mg', code: 'mg' } },
    ]);
  });
  it('a dose that is no number is named and not guessed', async () => {
    const answer = await send(msh('OMP^O09'), pid, 'ORC|NW|ORD2', 'RXO|1^metformin 500 mg^L|500|mg|ORAL');
    expect(answer.notMapped).toEqual([
      'metformin 500 mg: the dose "500 mg ORAL" (RXO-2 to -4) is no number with a unit',
    ]);
    expect(drafts(answer)[0]!.dosageInstruction[0]!.doseAndRate).toBeUndefined();
  });
  it.each(['OP', 'PY'])('a prescription for outpatient dispensing (%s) is an order', async (control) => {
    const answer = await send(
      msh('OMP^O09'),
      pid,
      `ORC|${control}|ORD2`,
      'RXO|197806^ibuprofen 600 MG Oral Tablet^RXNORM|600||mg',
    );
    expect(drafts(answer)).toHaveLength(1);
  });
  it('escapes in a name are read', async () => {
    const answer = await send(
      msh('OMP^O09'),
      pid,
      'ORC|NW|ORD2',
      'RXO|1^amoxicillin \\T\\ clavulanate 875 mg tablet^L|875||mg',
    );
    expect(drafts(answer)[0]!.medicationCodeableConcept).toMatchObject({
      text: 'amoxicillin & clavulanate 875 mg tablet',
    });
  });
  it('a diagnosis of version 2.3 has its system in field 2 and its words in field 4', async () => {
    const answer = await send(
      msh('ADT^A01'),
      pid,
      'PV1|1|INPATIENT',
      'DG1|1|I9|155.0|MAL NEO LIVER, PRIMARY|19880501|F',
    );
    expect(answer.hook).toBe('encounter-start');
    expect(JSON.stringify(answer.request.prefetch.problems)).toContain(
      '"code":{"coding":[{"code":"155.0","system":"http://hl7.org/fhir/sid/icd-9-cm"}],"text":"MAL NEO LIVER, PRIMARY"}',
    );
  });
  it('sex and severity in words', async () => {
    const answer = await send(
      msh('ADT^A08'),
      'PID|1||p1||DOE^JANE||19520309|FEMALE',
      'AL1|1|DA|PCN^Penicillin|SEVERE|Anaphylaxis',
    );
    expect(JSON.stringify(answer.request.prefetch)).toMatch(/"gender":"female".*"criticality":"high"/);
  });
});
