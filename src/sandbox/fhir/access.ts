// What a bearer token may do here: SMART 1 and 2 scopes, bounded to one patient where the token is.
import type { Resource } from '@medplum/fhirtypes';
import { FhirError } from './outcome.ts';
import { sharedTypes } from './parameters.ts';
import { patientOf } from './store.ts';

export type Permission = 'c' | 'r' | 'u' | 'd' | 's';

export interface ResourceScope {
  context: 'patient' | 'user' | 'system';
  type: string;
  permissions: Set<Permission>;
}

const SCOPE = /^(patient|user|system)\/(\*|[A-Z]\w+)\.(?:(read|write|\*)|(c?r?u?d?s?))$/;
const VERSION_1: Record<string, Permission[]> = {
  read: ['r', 's'],
  write: ['c', 'u', 'd'],
  '*': ['c', 'r', 'u', 'd', 's'],
};

/** `patient/Observation.rs` or `patient/Observation.read`; undefined for everything that is not about resources. */
export function readScope(scope: string): ResourceScope | undefined {
  const parts = SCOPE.exec(scope);
  if (!parts || (parts[3] === undefined && !parts[4])) return undefined;
  const permissions = parts[3] === undefined ? ([...parts[4]!] as Permission[]) : VERSION_1[parts[3]]!;
  return { context: parts[1] as ResourceScope['context'], type: parts[2]!, permissions: new Set(permissions) };
}

export class Access {
  #scopes: ResourceScope[];
  #patient: string | undefined;

  constructor(scope: string, patient?: string) {
    this.#scopes = scope.split(/\s+/).flatMap((one) => readScope(one) ?? []);
    this.#patient = patient;
  }

  require(type: string, permission: Permission): void {
    if (!this.#allows(type, permission))
      throw new FhirError(403, 'forbidden', `The token's scope does not cover ${type} (${permission}).`);
  }

  /** The one patient a search of this type is bounded to; undefined where there is no bound. */
  patientFor(type: string): string | undefined {
    return sharedTypes.has(type) ? undefined : this.#patient;
  }

  isFor(resource: Resource): boolean {
    return this.patientFor(resource.resourceType) === undefined || patientOf(resource) === this.#patient;
  }

  mayRead(resource: Resource): boolean {
    return this.#allows(resource.resourceType, 'r') && this.isFor(resource);
  }

  #allows(type: string, permission: Permission): boolean {
    // A patient scope in a token without a patient would have no bound, so it grants nothing.
    return this.#scopes.some(
      (scope) =>
        (scope.type === '*' || scope.type === type) &&
        scope.permissions.has(permission) &&
        (scope.context !== 'patient' || this.#patient !== undefined),
    );
  }
}
