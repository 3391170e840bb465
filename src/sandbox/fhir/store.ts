// The resources, by type and id, with an index by patient so that a search looks at one chart and not at all of them.
import type { Resource } from '@medplum/fhirtypes';
import { sharedTypes } from './parameters.ts';
import { at, referenceOf } from './values.ts';

const PATIENT_PATHS = ['subject', 'patient', 'participant.actor'];

/** The patient a resource is about; undefined for what belongs to nobody. */
export function patientOf(resource: Resource): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id;
  if (sharedTypes.has(resource.resourceType)) return undefined;
  for (const path of PATIENT_PATHS) {
    for (const reference of at(resource, path).flatMap(referenceOf)) {
      const id = /(?:^|\/)Patient\/([^/]+)$/.exec(reference)?.[1];
      if (id) return id;
    }
  }
  return undefined;
}

export class Store {
  #types = new Map<string, Map<string, Resource>>();
  #byPatient = new Map<string, Map<string, Resource>>();
  #gone = new Set<string>();

  put(resource: Resource & { id: string }): void {
    const before = this.read(resource.resourceType, resource.id);
    if (before) this.#unindex(before);
    const type = this.#types.get(resource.resourceType) ?? new Map<string, Resource>();
    this.#types.set(resource.resourceType, type.set(resource.id, resource));
    this.#gone.delete(`${resource.resourceType}/${resource.id}`);
    const patient = patientOf(resource);
    if (patient === undefined) return;
    const key = `${resource.resourceType} ${patient}`;
    this.#byPatient.set(key, (this.#byPatient.get(key) ?? new Map<string, Resource>()).set(resource.id, resource));
  }

  read(type: string, id: string): Resource | undefined {
    return this.#types.get(type)?.get(id);
  }

  /** Everything of a type, or of a type for one patient, in the order it came. */
  list(type: string, patient?: string): Resource[] {
    return [
      ...((patient === undefined ? this.#types.get(type) : this.#byPatient.get(`${type} ${patient}`))?.values() ?? []),
    ];
  }

  remove(type: string, id: string): boolean {
    const resource = this.read(type, id);
    if (!resource) return false;
    this.#unindex(resource);
    this.#types.get(type)?.delete(id);
    this.#gone.add(`${type}/${id}`);
    return true;
  }

  isGone(type: string, id: string): boolean {
    return this.#gone.has(`${type}/${id}`);
  }

  #unindex(resource: Resource): void {
    const patient = patientOf(resource);
    if (patient !== undefined) this.#byPatient.get(`${resource.resourceType} ${patient}`)?.delete(resource.id!);
  }
}
