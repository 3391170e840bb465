import type { MedicationRequest, Observation, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { searchParameters } from '../../../src/sandbox/fhir/parameters.ts';
import { referenceOf } from '../../../src/sandbox/fhir/values.ts';
import { momentAgo } from '../../../src/sandbox/patients/ago.ts';
import { patients, sandboxResources, stories, worklist } from '../../../src/sandbox/patients/index.ts';
import { start } from './support.ts';

const all = sandboxResources(start);
const of = <T extends Resource>(type: T['resourceType']) =>
  all.filter((resource): resource is T => resource.resourceType === type);

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...referenceOf(value), ...Object.values(value).flatMap(references)];
}

describe('the synthetic patients', () => {
  it('are at least fourteen, each with a story of its own', () => {
    expect(patients.length).toBeGreaterThanOrEqual(14);
    expect(new Set(stories.map(({ title }) => title)).size).toBe(patients.length);
    expect(worklist(start).every(({ name }) => name !== '')).toBe(true);
  });

  it('have ids that are unique and stay the same from run to run', () => {
    const ids = all.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(
      sandboxResources(new Date('2031-02-28T23:59:00Z')).map(({ resourceType, id }) => `${resourceType}/${id}`),
    ).toEqual(ids);
    expect(ids.every((id) => /^\w+\/[A-Za-z0-9.-]{1,64}$/.test(id))).toBe(true);
  });

  it('hold types the server serves, say that they are test data, and point only at each other', () => {
    const ids = new Set(all.map(({ resourceType, id }) => `${resourceType}/${id}`));
    for (const resource of all) {
      expect(Object.keys(searchParameters)).toContain(resource.resourceType);
      expect(resource.meta?.security?.[0]?.code).toBe('HTEST');
      for (const reference of references(resource)) expect(ids, `${resource.id} → ${reference}`).toContain(reference);
    }
  });

  it.each(patients.map(({ story }) => story.patientId))(
    '%s has a visit, vital signs and something on the allergy list',
    (id) => {
      const about = (resource: Resource) => JSON.stringify(resource).includes(`"Patient/${id}"`);
      expect(of('Encounter').some(about)).toBe(true);
      expect(
        of<Observation>('Observation').some(
          (one) => about(one) && one.category?.[0]?.coding?.[0]?.code === 'vital-signs',
        ),
      ).toBe(true);
      expect(of('AllergyIntolerance').some(about)).toBe(true);
    },
  );

  it('never look into the future, except for what is planned', () => {
    for (const { id, effectiveDateTime } of of<Observation>('Observation'))
      if (effectiveDateTime) expect(Date.parse(effectiveDateTime), id).toBeLessThanOrEqual(start.getTime());
    for (const { id, authoredOn } of of<MedicationRequest>('MedicationRequest'))
      expect(Date.parse(authoredOn!), id).toBeLessThanOrEqual(start.getTime());
  });

  it('write quantities in UCUM, doses in numbers or in words', () => {
    for (const { id, valueQuantity } of of<Observation>('Observation'))
      if (valueQuantity?.system)
        expect(valueQuantity, id).toMatchObject({ system: 'http://unitsofmeasure.org', code: expect.any(String) });
    for (const { id, dosageInstruction } of of<MedicationRequest>('MedicationRequest'))
      expect(dosageInstruction?.[0]?.text, id).toBeTruthy();
  });

  it('flag what lies outside the range of the laboratory', () => {
    for (const one of of<Observation>('Observation')) {
      const flag = one.interpretation?.[0]?.coding?.[0]?.code;
      const high = one.referenceRange?.[0]?.high?.value;
      if (flag === 'H') expect(one.valueQuantity!.value!, one.id).toBeGreaterThan(high!);
    }
  });

  it('keep the ages they were written with', () => {
    expect(momentAgo(start, '2d').toISOString()).toBe('2026-11-22T09:41:00.000Z');
    expect(momentAgo(start, '+1h').toISOString()).toBe('2026-11-24T10:41:00.000Z');
    for (const now of ['2028-02-29T12:00:00Z', '2027-01-01T00:00:00Z', '2026-03-31T10:00:00Z']) {
      const halloran = sandboxResources(new Date(now)).find(
        ({ resourceType, id }) => resourceType === 'Patient' && id === 'halloran',
      ) as { birthDate: string };
      const age = (Date.parse(now) - Date.parse(halloran.birthDate)) / (365.2425 * 86_400_000);
      expect(Math.floor(age)).toBe(74);
    }
  });
});
