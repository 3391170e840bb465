// The parts of a request's prefetch as a chart source, for tests that look inside.
import type { Resource } from '@medplum/fhirtypes';
import type { ChartSource } from '../../../src/chart/types.ts';
import { now } from '../../support/app.ts';
import type { Json } from './support.ts';

export function readHeld(request: Json): ChartSource {
  const parts: Record<string, Resource[]> = {};
  for (const [name, held] of Object.entries(request.prefetch as Record<string, Json | null>)) {
    const entries = (held?.entry ?? []) as { resource: Resource }[];
    parts[name] =
      held?.resourceType === 'Patient'
        ? [held as unknown as Resource]
        : structuredClone(entries.map(({ resource }) => resource));
  }
  return {
    now,
    patientId: 'p1',
    parts: parts as ChartSource['parts'],
    drafts: [],
    selections: [],
    referenced: new Map(),
  };
}
