// Canaries in each of the 18 identifier kinds of 45 CFR 164.514(b)(2), in resources and in notes, looked for in the bytes
// that leave for the model.

import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChartSource, Note } from '../../../src/chart/types.ts';
import { memoryCache } from '../../../src/consult/cache.ts';
import { scrubber } from '../../../src/consult/deidentify.ts';
import { buildPacket, seekConsult } from '../../../src/consult/index.ts';
import { breaker, queue } from '../../../src/consult/limits.ts';
import { createModel } from '../../../src/consult/model.ts';
import { isKnown } from '../../../src/unknown.ts';
import { startLyingModel } from '../../support/lying-model.ts';
import { aChart, hoursAgo, now } from './a-chart.ts';
import { all, aPlatform, aRequest } from './a-request.ts';

const patient = {
  resourceType: 'Patient',
  id: 'pat-canary-77',
  name: [
    { family: 'Quetzalcoatl', given: ['Zebulon', 'Xavier'], text: 'Zebulon X. Quetzalcoatl' },
    { use: 'nickname', given: ['Zebby'] },
  ],
  identifier: [
    { system: 'urn:mrn', value: 'MRN-88421-QX' },
    { system: 'http://hl7.org/fhir/sid/us-ssn', value: '987-65-4321' },
    { value: 'PLAN-5520-AB' },
    { value: 'S99917722' },
  ],
  telecom: [
    { system: 'phone', value: '(555) 867-5309' },
    { system: 'fax', value: '555-123-9876' },
    { system: 'email', value: 'zeb.q@canary.example' },
    { system: 'url', value: 'https://canary.example/zeb' },
  ],
  birthDate: '1959-03-17',
  address: [{ line: ['742 Evergreen Terrace'], city: 'Springfieldia', postalCode: '49007', state: 'MI' }],
  contact: [{ name: { family: 'Nightingale', given: ['Florimund'] }, telecom: [{ value: '+44 20 7946 0958' }] }],
  photo: [{ contentType: 'image/jpeg', url: 'https://canary.example/face-zeb.jpg', title: 'face-zeb.jpg' }],
  managingOrganization: { reference: 'Organization/1', display: 'Canarywharf Clinic' },
} as unknown as Resource;
const others = [
  {
    resourceType: 'Practitioner',
    id: 'doc-1',
    name: [{ family: 'Ostrogoth', given: ['Perpetua'] }],
    identifier: [{ value: '1234567893' }],
  },
  { resourceType: 'Organization', id: '1', name: 'Canarywharf Clinic', telecom: [{ value: '555-777-0001' }] },
  { resourceType: 'RelatedPerson', id: 'r', name: [{ text: 'Hildegarda Vandersnoot' }] },
  {
    resourceType: 'Device',
    id: 'dev',
    serialNumber: 'SNX-77-4242',
    udiCarrier: [{ carrierHRF: '(01)00844588003288(21)A234' }],
  },
] as unknown as Resource[];
const source: ChartSource = {
  now,
  patientId: 'pat-canary-77',
  parts: { patient: [patient] },
  drafts: [],
  selections: [],
  referenced: new Map(others.map((one) => [`${one.resourceType}/${one.id}`, one])),
};

/** Kind of the list → how it stands in a note → what must not leave. */
const canaries: [kind: number, text: string, secrets: string[]][] = [
  [1, 'Zebulon Quetzalcoatl came in, called Zebby at home.', ['Zebulon', 'Quetzalcoatl', 'Zebby']],
  [
    1,
    'ZEBULON and quetzalcoatl and Quétzalcoatl, seen by Dr. Perpetua Ostrogoth.',
    ['ZEBULON', 'quetzalcoatl', 'Quétzalcoatl', 'Perpetua', 'Ostrogoth'],
  ],
  [
    1,
    'His neighbour Barnabus Thistlewaite drove him; Mrs. Winterbottom waited.',
    ['Barnabus', 'Thistlewaite', 'Winterbottom'],
  ],
  [1, 'Contact: Hildegarda Vandersnoot, daughter Ermintrude.', ['Hildegarda', 'Vandersnoot', 'Ermintrude']],
  [2, 'Lives at 742 Evergreen Terrace, Springfieldia, MI 49007.', ['742', 'Evergreen', 'Springfieldia', '49007']],
  [2, 'Moved from 18 Orchard Lane in Tuscaloosia; zip 35401-2211.', ['Orchard', 'Tuscaloosia', '35401']],
  [
    3,
    'Born 1959-03-17, admitted on 03/12/2026, seen March 14, 2026 and 12 Oct 2025, surgery in 1998.',
    ['1959', '03/12', 'March 14', '12 Oct', '1998', '03-17'],
  ],
  [3, 'A 93 year-old; DOB 3/17/59; discharged 14.03.2026.', ['93', '3/17/59', '14.03.2026']],
  [4, 'Phone (555) 867-5309 or 555.867.5309 or +1 555 867 5309; cell 5558675309.', ['867', '5309']],
  [5, 'Fax: 555-123-9876, other fax +44 20 7946 0999.', ['9876', '7946']],
  [6, 'Mail zeb.q@canary.example or zeb.q at canary dot example.', ['canary', 'zeb.q']],
  [7, 'SSN 987-65-4321, also 987 65 4321 and 987654321, other 111-22-3333.', ['4321', '987', '3333']],
  [8, 'MRN: MRN-88421-QX, MRN 88421QX, medical record no. 7741209.', ['88421', '7741209']],
  [9, 'Member ID PLAN-5520-AB; Medicare 1EG4-TE5-MK73.', ['5520', 'TE5', 'MK73']],
  [
    10,
    'Account # 4000123412341234, IBAN DE89370400440532013000, acct 99-1234.',
    ['4000123412341234', 'DE8937', '99-1234'],
  ],
  [11, 'License S99917722, DEA AB1234563, NPI 1234567893.', ['99917722', '1234563', '1234567893']],
  [12, 'VIN 1HGCM82633A004352, plate KXJ 4471.', ['1HGCM', '4352', '4471']],
  [13, 'Pacemaker serial SNX-77-4242, UDI (01)00844588003288(21)A234.', ['4242', '00844588003288']],
  [14, 'See https://canary.example/zeb or www.zebblog.com or zebsite.net/me.', ['canary', 'zebblog', 'zebsite']],
  [15, 'Portal login from 203.0.113.77 and 2001:db8:85a3::8a2e:370:7334.', ['203.0', '2001:db8', '7334']],
  [16, 'Fingerprint ID FP-99121, voiceprint template VPX8841.', ['99121', 'VPX8841']],
  [17, 'Photo face-zeb.jpg in the file; image ID IMG_20260101.', ['face-zeb', 'IMG_2026']],
  [
    18,
    'Study code TRIAL-00918-ZQ and badge 77120945, token 9f86d081-884c-4d65-9a2f-eaa0c55ad015.',
    ['00918', '77120945', '9f86d081'],
  ],
];
const everything = canaries
  .flatMap(([, , secrets]) => secrets)
  .concat(['pat-canary-77', 'Florimund', 'Nightingale', 'Canarywharf', '0958', '8588003288']);

async function outgoing(
  chart: ReturnType<typeof aChart>,
  question = 'Why?',
  notes = true,
): Promise<{ sent: string; end: string }> {
  const model = await startLyingModel({ honest: true });
  const platform = aPlatform();
  const one = createModel(
    { baseURL: `${model.url}/v1`, model: 'm' },
    breaker(() => 0),
    queue(1, 1),
  );
  const events = await all(
    seekConsult(
      aRequest({
        chart,
        packet: buildPacket(chart, { question }),
        question,
        models: [one],
        policy: { notes },
        cache: memoryCache(() => 0),
      }),
      platform,
    ),
  );
  await model.close();
  return { sent: model.received.join('\n'), end: events.at(-1)!.type };
}

const leaked = (sent: string, secrets: string[]) =>
  secrets.filter((secret) => sent.toLowerCase().includes(secret.toLowerCase()));
const noteOf = (text: string): Note => ({
  reference: 'DocumentReference/1',
  title: `Note of ${text}`,
  text: `Chest pain today. ${text} Troponin was high.`,
  when: hoursAgo(2),
});

describe('nothing that says who the patient is leaves for the model', () => {
  test.each(canaries)('identifier %i in a note: %s', async (_, text, secrets) => {
    const { sent, end } = await outgoing(aChart({ source, notes: [noteOf(text)] }));
    expect(end).toBe('done');
    expect(leaked(sent, secrets)).toEqual([]);
  });

  test.each(canaries)('identifier %i in the question: %s', async (_, text, secrets) => {
    const { sent } = await outgoing(aChart({ source }), text);
    expect(leaked(sent, secrets)).toEqual([]);
  });

  test.each(canaries)(
    'identifier %i in names of problems, results, drugs, allergies and visits: %s',
    async (_, text, secrets) => {
      const base = aChart();
      const list = <T>(items: T[] | { unknown: string }): T[] => (isKnown(items) ? (items as T[]) : []);
      const chart = aChart({
        source,
        problems: list(base.problems).map((one) => ({
          ...one,
          text: `Angina ${text}`.slice(0, 110),
          codings: [{ display: text }],
        })),
        labs: list(base.labs).map((one) => ({ ...one, text: `Test ${text}`.slice(0, 110), valueText: text })),
        medications: list(base.medications).map((one) => ({ ...one, text: `warfarin ${text}`.slice(0, 110) })),
        allergies: list(base.allergies).map((one) => ({
          ...one,
          text,
          reactions: [{ text, groups: new Set<string>() }],
        })),
        encounters: list(base.encounters).map((one) => ({ ...one, reasons: [text] })),
      });
      const { sent } = await outgoing(chart);
      expect(sent).not.toBe('');
      expect(leaked(sent, secrets)).toEqual([]);
    },
  );

  test('the resources themselves, references and all, stay here', async () => {
    const chart = aChart({ source, notes: [noteOf(canaries.map(([, text]) => text).join(' '))] });
    const { sent } = await outgoing(chart);
    expect(sent).not.toBe('');
    expect(leaked(sent, everything)).toEqual([]);
    for (const fact of chart.source.referenced.keys()) expect(sent).not.toContain(fact);
    expect(sent).not.toMatch(/Observation\/|Condition\/|\b20\d\d-\d\d-\d\d\b/);
  });

  test('notes stay here unless the policy says otherwise', async () => {
    const { sent } = await outgoing(aChart({ source, notes: [noteOf('Fluffy dog at home.')] }), 'Why?', false);
    expect(sent).not.toContain('Fluffy');
    expect((await outgoing(aChart({ source, notes: [noteOf('Fluffy dog at home.')] }))).sent).toContain('Fluffy');
  });
});

describe('what is left after scrubbing', () => {
  const scrub = scrubber(source);

  test('still reads as a note', () => {
    expect(
      scrub.text(
        'Mr. Quetzalcoatl, 67, has had chest pain since 2026-10-12. BP 150/90, HR 118, troponin 0.4 ng/mL, platelets 250000/uL. Parkinson disease.',
      ),
    ).toBe(
      'Mr. [name], 67, has had chest pain since day -2. BP 150/90, HR 118, troponin 0.4 ng/mL, platelets 250000/uL. Parkinson disease.',
    );
  });

  test.each([
    'Z-e-b-u-l-o-n came.',
    'Z e b u l o n came.',
    'noluBeZ came.',
    'Call 5 5 5 8 6 7 5 3 0 9.',
    'Name: Zeb\u200bulon Quetzal\u00adcoatl.',
    'Zebulon\u2060Xavier',
  ])('blocks or takes out what was disguised: %s', (text) => {
    const out = scrub.text(text);
    expect((out ?? '').toLowerCase()).not.toMatch(/zebulon|quetzal|n-o-l-u|z[- ]e[- ]b|5 5 5|nolubez/);
  });

  test('numbers that code renders are never mistaken for identifiers', () => {
    const facts = buildPacket(aChart()).facts.map((fact) => [fact.modelText, scrub.fact(fact)]);
    for (const [before, after] of facts) expect(after).toBe(before);
  });

  test('takes any name and any number without stumbling', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.string({ unit: fc.constantFrom(...'aZ9-./\\^$*+?()[]{}| '), maxLength: 20 }),
        (a, b) => {
          const odd = {
            resourceType: 'Patient',
            name: [{ family: a, given: [b], text: `${a} ${b}` }],
            identifier: [{ value: b }, { value: a }],
            address: [{ line: [b], city: a }],
          } as unknown as Resource;
          scrubber({ ...source, parts: { patient: [odd] } }).text(`Chest pain of ${a} and ${b}.`);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a family name that is a word of medicine goes only where it is a name', () => {
    const stone = scrubber({
      ...source,
      parts: { patient: [{ resourceType: 'Patient', name: [{ family: 'Stone', given: ['Rose'] }] } as Resource] },
    });
    expect(stone.text('Rose Stone has a kidney stone and a rash.')).toBe('[name] has a kidney stone and a rash.');
    expect(stone.text('STONE, R. has a stone.')).toBe('[name], R. has a stone.');
  });
});
