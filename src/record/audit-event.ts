// A record of the ledger as a FHIR R4 AuditEvent, in the manner of IHE's Basic Audit Log Patterns: who asked, about whom,
// under which request, and what was shown. The record's number and hash come along, so that either can be checked by the other.

import type { LedgerRow } from './ledger.ts';
import type { LedgerEvent } from './ledger-event.ts';

const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const ours = 'https://curbside.org/fhir/CodeSystem/ledger';
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role';
const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';

const actions: Partial<Record<LedgerEvent['kind'], 'C' | 'R' | 'D'>> = {
  feedback: 'C',
  why: 'R',
  panel: 'R',
  audit: 'R',
  prune: 'D',
};

interface CardEntry {
  uuid: string;
  rule: string;
  version: string;
  tier: string;
  indicator: string;
}

export function auditEvent({ seq, body, hash }: LedgerRow, baseUrl: string): Record<string, unknown> {
  const event = JSON.parse(body) as LedgerEvent;
  const {
    kind,
    at,
    requestId,
    client,
    tenant,
    user,
    patient,
    encounter,
    via,
    cards,
    feedback,
    service,
    status,
    reason,
    ...rest
  } = event;
  const code = typeof status === 'number' ? status : 200;
  return {
    resourceType: 'AuditEvent',
    id: `ledger-${seq}`,
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'rest',
      display: 'Restful Operation',
    },
    subtype: [
      { system: `${ours}-kind`, code: kind },
      ...(typeof service === 'string' ? [{ system: `${ours}-service`, code: service }] : []),
    ],
    action: actions[kind] ?? 'E',
    recorded: at,
    outcome: code < 400 ? '0' : code < 500 ? '4' : '8',
    ...(reason !== undefined && { outcomeDesc: String(reason) }),
    agent: [
      {
        type: { coding: [{ system: dicom, code: '110153', display: 'Source Role ID' }] },
        who: client
          ? { identifier: { value: client }, ...(tenant && { display: `tenant ${tenant}` }) }
          : { display: via ?? 'Curbside' },
        requestor: user === undefined,
      },
      ...(user ? [{ who: { reference: user }, requestor: true }] : []),
      {
        type: { coding: [{ system: dicom, code: '110152', display: 'Destination Role ID' }] },
        who: { display: 'Curbside' },
        requestor: false,
        network: { address: baseUrl, type: '5' },
      },
    ],
    source: {
      observer: { display: 'Curbside' },
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
    entity: [
      ...(patient
        ? [
            {
              what: { reference: `Patient/${patient}` },
              type: { system: entityType, code: '1', display: 'Person' },
              role: { system: objectRole, code: '1', display: 'Patient' },
            },
          ]
        : []),
      ...(encounter
        ? [
            {
              what: { reference: `Encounter/${encounter}` },
              type: { system: entityType, code: '2', display: 'System Object' },
            },
          ]
        : []),
      ...(requestId
        ? [
            {
              what: { identifier: { value: requestId } },
              type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
            },
          ]
        : []),
      ...((cards as CardEntry[] | undefined) ?? []).map(({ uuid, rule, version, tier, indicator }) => ({
        what: { identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${uuid}` } },
        type: { system: `${ours}-entity`, code: 'card' },
        name: rule,
        detail: details({ version, tier, indicator }),
      })),
      ...((feedback as Record<string, unknown>[] | undefined) ?? []).map(({ card, ...said }) => ({
        what: { identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${String(card)}` } },
        type: { system: `${ours}-entity`, code: 'feedback' },
        detail: details(said),
      })),
      { type: { system: `${ours}-entity`, code: 'record' }, detail: details({ seq, hash, status, ...rest }) },
    ],
  };
}

const details = (said: Record<string, unknown>) =>
  Object.entries(said)
    .filter(([, value]) => value !== undefined)
    .map(([type, value]) => ({ type, valueString: typeof value === 'string' ? value : JSON.stringify(value) }));
