// A C-CDA document in, the cards of patient-view out, and a list of what could not be taken over.
import { describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../../src/cds-hooks/contract.ts';
import { mapDocument } from '../../../src/legacy/ccda.ts';
import type { Mapped } from '../../../src/legacy/mapped.ts';
import { testApp } from '../../support/app.ts';

const section = (code: string, title: string, body: string, attributes = '') =>
  `<component><section${attributes}><code code="${code}" codeSystem="2.16.840.1.113883.6.1"/><title>${title}</title>${body}</section></component>`;
const document = (...sections: string[]) => `<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sdtc="urn:hl7-org:sdtc">
<recordTarget><patientRole><id root="2.16.840.1.113883.19.5" extension="p 1"/><patient><name><given>Jane</given></name><administrativeGenderCode code="F"/><birthTime value="19520309"/></patient></patientRole></recordTarget>
<component><structuredBody>${sections.join('\n')}</structuredBody></component></ClinicalDocument>`;
const drug = (code: string, name: string, more = '', attributes = '') =>
  `<entry><substanceAdministration classCode="SBADM" moodCode="EVN"${attributes}><statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20260110"/><high nullFlavor="NI"/></effectiveTime><effectiveTime xsi:type="PIVL_TS" operator="A"><period value="24" unit="h"/></effectiveTime><doseQuantity value="1"/>${more}<consumable><manufacturedProduct><manufacturedMaterial><code ${code} codeSystem="2.16.840.1.113883.6.88" displayName="${name}"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>`;
const allergy = (code: string, attributes = '') =>
  `<text><td ID="a1">Penicillin &amp; friends</td></text><entry><act classCode="ACT" moodCode="EVN"><statusCode code="active"/><entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"${attributes}><effectiveTime><low value="2006"/></effectiveTime><value xsi:type="CD" code="416098002"/><participant typeCode="CSM"><participantRole><playingEntity><code ${code}><originalText><reference value="#a1"/></originalText></code></playingEntity></participantRole></participant><entryRelationship typeCode="MFST"><observation><templateId root="2.16.840.1.113883.10.20.22.4.9"/><value xsi:type="CD" code="39579001" codeSystem="2.16.840.1.113883.6.96" displayName="Anaphylaxis"/><entryRelationship><observation><templateId root="2.16.840.1.113883.10.20.22.4.8"/><value xsi:type="CD" code="24484000"/></observation></entryRelationship></observation></entryRelationship></observation></entryRelationship></act></entry>`;
const result = (code: string, name: string, value: string) =>
  `<component><observation><code code="${code}" codeSystem="2.16.840.1.113883.6.1" displayName="${name}"/><statusCode code="completed"/><effectiveTime value="20261122074000-0500"/>${value}</observation></component>`;

const mapped = (...sections: string[]): Mapped => {
  const read = mapDocument(document(...sections));
  if ('problem' in read) throw new Error(read.problem);
  return read;
};
const held = (read: Mapped, part: keyof Mapped['prefetch']) =>
  ((read.prefetch[part] as { entry?: { resource: Record<string, unknown> }[] } | undefined)?.entry ?? []).map(
    ({ resource }) => resource,
  );

describe('a document', () => {
  it('becomes a chart: patient, medications, allergies, problems, results and vital signs', () => {
    const read = mapped(
      section('10160-0', 'Medications', drug('code="855332"', 'warfarin sodium 5 MG Oral Tablet')),
      section(
        '48765-2',
        'Allergies',
        allergy('code="7980" codeSystem="2.16.840.1.113883.6.88" displayName="penicillin G"'),
      ),
      section(
        '11450-4',
        'Problems',
        '<entry><act><statusCode code="active"/><entryRelationship><observation><effectiveTime><low value="2020"/></effectiveTime><value xsi:type="CD" code="84114007" codeSystem="2.16.840.1.113883.6.96" displayName="Heart failure"/></observation></entryRelationship></act></entry>',
      ),
      section(
        '30954-2',
        'Results',
        `<entry><organizer>${result('6301-6', 'INR', '<value xsi:type="PQ" value="5.4" unit="1"/>')}${result('33914-3', 'eGFR', '<value xsi:type="IVL_PQ"><high value="15" unit="mL/min"/></value>')}</organizer></entry>`,
      ),
      section(
        '8716-3',
        'Vital signs',
        `<entry><organizer>${result('8480-6', 'Systolic', '<value xsi:type="PQ" value="132" unit="mm[Hg]"/>')}</organizer></entry>`,
      ),
    );
    expect(read.notMapped).toEqual([]);
    expect(read.context).toEqual({ patientId: 'p-1' });
    expect(read.prefetch.patient).toEqual({
      resourceType: 'Patient',
      id: 'p-1',
      gender: 'female',
      birthDate: '1952-03-09',
    });
    expect(held(read, 'medications')[0]).toMatchObject({
      status: 'active',
      authoredOn: '2026-01-10',
      dosageInstruction: [{ timing: { repeat: { period: 24, periodUnit: 'h' } } }],
    });
    expect(held(read, 'allergies')[0]).toMatchObject({
      code: { text: 'penicillin G' },
      reaction: [{ severity: 'severe', manifestation: [{ text: 'Anaphylaxis' }] }],
    });
    expect(held(read, 'problems')[0]).toMatchObject({ onsetDateTime: '2020' });
    expect(held(read, 'labs').map(({ valueQuantity }) => valueQuantity)).toMatchObject([
      { value: 5.4 },
      { value: 15, comparator: '<' },
    ]);
    expect(held(read, 'vitals')).toHaveLength(1);
  });
  it('gets the cards of patient-view', async () => {
    const body = document(
      section('10160-0', 'Medications', drug('code="855332"', 'warfarin sodium 5 MG Oral Tablet')),
      section(
        '30954-2',
        'Results',
        `<entry><organizer>${result('6301-6', 'INR', '<value xsi:type="PQ" value="9.4" unit="1"/>')}</organizer></entry>`,
      ),
    );
    const answer = await testApp().post('/ccda', body, { 'content-type': 'application/xml' });
    expect(answer.status).toBe(200);
    const { cards, hook, service } = (await answer.json()) as CdsResponse & { hook: string; service: string };
    expect([hook, service]).toEqual(['patient-view', 'chart-review']);
    expect(cards.map(({ summary }) => summary).join(' ')).toContain('INR');
  });
  it('reads an allergy that only the narrative names', () => {
    expect(held(mapped(section('48765-2', 'Allergies', allergy('nullFlavor="UNK"'))), 'allergies')[0]).toMatchObject({
      code: { text: 'Penicillin & friends' },
    });
  });
  it('tells "none" from "no information" and from what is said not to be', () => {
    const none = mapped(
      section(
        '10160-0',
        'Medications',
        '<entry><substanceAdministration negationInd="true"><consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="NA"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>',
      ),
    );
    expect(none.prefetch.medications).toEqual({ resourceType: 'Bundle', type: 'searchset', entry: [] });
    const silent = mapped(section('48765-2', 'Allergies', '<text>No information</text>', ' nullFlavor="NI"'));
    expect([silent.prefetch.allergies, silent.notMapped]).toEqual([
      undefined,
      ['section Allergies: no information (NI)'],
    ]);
    const tolerated = mapped(
      section('48765-2', 'Allergies', allergy('code="7980" displayName="penicillin G"', ' negationInd="true"')),
    );
    expect([tolerated.prefetch.allergies, tolerated.notMapped]).toEqual([
      undefined,
      ['Allergies: penicillin G: said to be tolerated'],
    ]);
  });
  it('lists what it does not read: sections, words without entries, values', () => {
    const read = mapped(
      section('18776-5', 'Plan', '<text>See you in spring</text>'),
      section('11450-4', 'Problems', '<text>Tired</text>'),
      section(
        '30954-2',
        'Results',
        `<entry><organizer>${result('1-8', 'Odd', '<value nullFlavor="UNK"/>')}</organizer></entry>`,
      ),
    );
    expect(read.notMapped).toEqual([
      'section Plan: not read',
      'section Problems: only words, no entries: "Tired"',
      'Results: Odd: no value (UNK)',
    ]);
  });
});

describe('what is no document', () => {
  it.each([
    ['nothing', ''],
    ['another root', '<Bundle/>'],
    ['unclosed', '<ClinicalDocument><a></ClinicalDocument>'],
    ['a DTD', '<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument/>'],
    ['a bomb of depth', `${'<a>'.repeat(5000)}`],
    ['no patient', '<ClinicalDocument/>'],
  ])('%s is refused', async (_, body) => {
    expect(mapDocument(body)).toHaveProperty('problem');
    expect((await testApp().post('/ccda', body, { 'content-type': 'application/xml' })).status).toBe(400);
  });
});

describe("patterns of HL7's own sample documents", () => {
  const problem = (code: string, name: string, attributes = '', state = 'active') =>
    `<entry><act><statusCode code="${state}"/><entryRelationship><observation${attributes}><value xsi:type="CD" code="${code}" displayName="${name}" codeSystem="2.16.840.1.113883.6.96"/></observation></entryRelationship></act></entry>`;
  const administration = (inner: string, state = 'active') =>
    `<substanceAdministration><statusCode code="${state}"/>${inner}</substanceAdministration>`;
  const product = (inner: string) =>
    `<consumable><manufacturedProduct><manufacturedMaterial>${inner}</manufacturedMaterial></manufacturedProduct></consumable>`;

  it('no known allergies, said by denying any substance, is a known empty list', () => {
    const read = mapped(
      section('48765-2', 'Allergies', allergy('code="105590001" displayName="Substance"', ' negationInd="true"')),
    );
    expect([held(read, 'allergies'), read.notMapped]).toEqual([[], []]);
    expect(read.prefetch.allergies).toBeDefined();
  });
  it('no known problems is an empty list; one disease denied says nothing of the others', () => {
    const none = mapped(section('11450-4', 'Problems', problem('55607006', 'Problem', ' negationInd="true"')));
    expect([held(none, 'problems'), none.prefetch.problems !== undefined]).toEqual([[], true]);
    const denied = mapped(section('11450-4', 'Problems', problem('73211009', 'Diabetes', ' negationInd="true"')));
    expect(denied.prefetch.problems).toBeUndefined();
    expect(denied.notMapped).toEqual(['Problems: Diabetes: said not to be there']);
  });
  it.each([
    ['completed', 'resolved', 'confirmed'],
    ['aborted', 'resolved', 'confirmed'],
    ['nullified', 'active', 'entered-in-error'],
  ])('a concern that is %s', (state, clinical, verification) => {
    const [condition] = held(mapped(section('11450-4', 'Problems', problem('1', 'Gout', '', state))), 'problems');
    expect(condition).toMatchObject({
      clinicalStatus: { coding: [{ code: clinical }] },
      verificationStatus: { coding: [{ code: verification }] },
    });
  });
  it('a course of changing doses is read dose by dose', () => {
    const part = (low: string, high: string, dose: number) =>
      `<component>${administration(`<effectiveTime xsi:type="IVL_TS"><low value="${low}"/><high value="${high}"/></effectiveTime><doseQuantity value="${dose}"/>${product('<code code="308460" codeSystem="2.16.840.1.113883.6.88" displayName="azithromycin 250 MG Oral Tablet"/>')}`)}</component>`;
    const read = mapped(
      section(
        '10160-0',
        'Medications',
        `<entry><organizer>${part('20261123', '20261123', 2)}${part('20261124', '20261127', 1)}</organizer></entry>`,
      ),
    );
    expect(held(read, 'medications').map(({ dosageInstruction }) => dosageInstruction)).toMatchObject([
      [{ doseAndRate: [{ doseQuantity: { value: 2 } }] }],
      [{ doseAndRate: [{ doseQuantity: { value: 1 } }] }],
    ]);
  });
  it('a single administration in the past is not a medication being taken', () => {
    const read = mapped(
      section(
        '10160-0',
        'Medications',
        `<entry>${administration(`<effectiveTime value="201309111603-0700"/>${product('<code code="243670" codeSystem="2.16.840.1.113883.6.88" displayName="aspirin 81 MG Oral Tablet"/>')}`, 'completed')}</entry>`,
      ),
    );
    expect(held(read, 'medications')).toMatchObject([{ status: 'completed' }]);
  });
  it('a mixture without a code is its ingredients', () => {
    const ingredient = (name: string) =>
      `<pharm:ingredient><pharm:ingredientSubstance><pharm:code displayName="${name}"/></pharm:ingredientSubstance></pharm:ingredient>`;
    const read = mapped(
      section(
        '10160-0',
        'Medications',
        `<entry>${administration(product(`<code nullFlavor="OTH"/><name>magic mouthwash</name>${ingredient('diphenhydramine')}${ingredient('lidocaine')}`))}</entry>`,
      ),
    );
    expect(held(read, 'medications')[0]).toMatchObject({
      contained: [
        {
          ingredient: [
            { itemCodeableConcept: { text: 'diphenhydramine' } },
            { itemCodeableConcept: { text: 'lidocaine' } },
          ],
        },
      ],
      medicationReference: { reference: '#mixture', display: 'magic mouthwash' },
    });
  });
  it('a medication that is told in words only is named by them', () => {
    const read = mapped(
      section(
        '10160-0',
        'Medications',
        `<text><content ID="sig1">warfarin 5 mg every evening</content></text><entry>${administration(
          `${product('<code nullFlavor="UNK"/>')}<entryRelationship><substanceAdministration><templateId root="2.16.840.1.113883.10.20.22.4.147"/><text><reference value="#sig1"/></text></substanceAdministration></entryRelationship>`,
        )}</entry>`,
      ),
    );
    expect(held(read, 'medications')[0]).toMatchObject({
      medicationCodeableConcept: { text: 'warfarin 5 mg every evening' },
      dosageInstruction: [{ text: 'warfarin 5 mg every evening' }],
    });
  });
  it.each([
    ['', '77386006'],
    [' negationInd="true"', '60001007'],
  ])('pregnancy is asserted or denied (%s)', (negation, code) => {
    const read = mapped(
      section(
        '29762-2',
        'Social history',
        `<entry><observation${negation}><code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/><effectiveTime value="20261110"/><value xsi:type="CD" code="77386006" displayName="Pregnancy" codeSystem="2.16.840.1.113883.6.96"/></observation></entry>`,
      ),
    );
    expect(held(read, 'socialHistory')[0]).toMatchObject({
      code: { coding: [{ code: '82810-3' }] },
      valueCodeableConcept: { coding: [{ code }] },
    });
  });
});
