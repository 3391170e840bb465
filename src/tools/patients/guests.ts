// The synthetic people of a folder as guests of the sandbox: their charts, and a line for the list of patients.
import type { Resource } from '@medplum/fhirtypes';
import type { SandboxPatient, SuggestedOrder } from '../../sandbox/patients/story.ts';
import { isDraft } from './asking.ts';
import type { Json } from './chart.ts';
import { type Entry, readPeople } from './manifest.ts';

export function guestsIn(folder: string): SandboxPatient[] {
  return readPeople(folder).map(({ entry, resources }) => {
    const draft = resources.find(
      ({ resourceType, status }) => resourceType === 'MedicationRequest' && status === 'draft',
    );
    const suggestedOrder = draft && orderIn(draft);
    return {
      story: {
        patientId: entry.id,
        title: `Synthetic: ${titleOf(entry)}`,
        oneLine: [claimOf[entry.kind], entry.because].filter(Boolean).join(': '),
        ...(suggestedOrder && { suggestedOrder }),
        question: '',
      },
      // An order that is being written is the visitor's to sign, not the record's.
      build: () => resources.filter((resource) => !isDraft(resource)) as unknown as Resource[],
    };
  });
}

const titleOf = ({ kind, title }: Entry): string => title ?? (kind === 'healthy' ? 'a healthy adult' : kind);

const claimOf: Record<Entry['kind'], string> = {
  fires: 'the rule fires',
  'near-miss': 'the rule stays quiet, one criterion fails',
  unknown: 'the rule cannot tell, one datum is missing',
  supports: 'the findings bring it among the first three',
  healthy: 'nothing the matter',
};

function orderIn({ medicationCodeableConcept, dosageInstruction }: Json): SuggestedOrder | undefined {
  const { coding, text } = medicationCodeableConcept as {
    coding?: { code: string; display?: string }[];
    text?: string;
  };
  const [product] = coding ?? [];
  if (!product) return undefined;
  const sig = (dosageInstruction as { text?: string }[] | undefined)?.[0]?.text;
  return { code: product.code, display: product.display ?? text ?? product.code, ...(sig && { sig }) };
}
