// What the patient's FHIR Consents say about generative processing. Deny means rules and knowledge base only.
import type { Consent, ConsentProvision, Resource } from '@medplum/fhirtypes';
import { isUnknown, type Unknown } from '../unknown.ts';

export interface ConsentReading {
  generative: boolean;
  notes: boolean;
  retention: boolean;
  /** Said to the clinician when something is denied or could not be read. */
  reason?: string;
  couldNotRead?: string;
}

type Subject = 'generative' | 'notes' | 'retention';

// FHIR has no code for this yet. These words stand in codes, displays and texts of the systems that record it.
const words: Record<Subject, RegExp> = {
  generative:
    /generative|gen-?ai|artificial.?intelligence|\bai\b|\bai[-_]|[-_]ai\b|language.?model|\bllm\b|machine.?learning|automated.?(?:decision|processing)|model.?processing/i,
  notes: /\bnotes?\b|narrative|free.?text|clinical.?document|unstructured|[-_]notes?\b|\bnotes?[-_]/i,
  retention: /retention|retain|storage|\bstore\b|\bkeep\b|persist/i,
};

export function readConsent(consents: Resource[] | Unknown | undefined, now: Date): ConsentReading {
  const reading: ConsentReading = { generative: true, notes: true, retention: true };
  if (isUnknown(consents)) return { ...reading, couldNotRead: `consent: ${consents.unknown}` };
  for (const resource of consents ?? []) {
    if (resource.resourceType !== 'Consent' || resource.status !== 'active') continue;
    const { provision } = resource;
    if (!provision || !isInForce(provision, now)) continue;
    for (const subject of denied(resource, provision, provision.type ?? 'permit', now)) reading[subject] = false;
  }
  if (!reading.generative) reading.reason = 'The patient has not agreed to generative processing.';
  else if (!reading.notes) reading.reason = 'The patient has not agreed to notes being read by a model.';
  return reading;
}

function denied(consent: Consent, provision: ConsentProvision, inherited: 'deny' | 'permit', now: Date): Subject[] {
  const type = provision.type ?? inherited;
  const text = said({ ...provision, provision: undefined });
  const nested = (provision.provision ?? []).filter((one) => isInForce(one, now));
  // A nested provision is the exception to the one around it.
  const excepted = nested
    .filter((one) => (one.type ?? opposite(type)) === 'permit')
    .flatMap((one) => subjectsOf(said(one)));
  const deeper = nested.flatMap((one) => denied(consent, one, opposite(type), now));
  if (type !== 'deny') return deeper;
  const named = subjectsOf(text);
  const isUnqualified =
    !provision.action?.length &&
    !provision.purpose?.length &&
    !provision.code?.length &&
    !provision.class?.length &&
    !provision.data?.length &&
    !provision.actor?.length &&
    !provision.securityLabel?.length;
  // A denial without bounds counts when the consent is about privacy or names the subject itself; an advance directive is neither.
  const about = said({ scope: consent.scope, category: consent.category, policyRule: consent.policyRule });
  const whole: Subject[] = isUnqualified
    ? subjectsOf(about).length > 0
      ? subjectsOf(about)
      : /privacy|infa|idscl|59284-0|57016-8/i.test(about)
        ? ['generative', 'notes', 'retention']
        : []
    : [];
  return [...[...named, ...whole].filter((subject) => !excepted.includes(subject)), ...deeper];
}

const opposite = (type: 'deny' | 'permit'): 'deny' | 'permit' => (type === 'deny' ? 'permit' : 'deny');
const said = (value: unknown): string => JSON.stringify(value ?? '');

/** "Generative use of notes" is about notes; without notes or keeping it is about the whole. */
function subjectsOf(text: string): Subject[] {
  const all = (Object.keys(words) as Subject[]).filter((subject) => words[subject].test(text));
  return all.length > 1 ? all.filter((subject) => subject !== 'generative') : all;
}

function isInForce({ period }: ConsentProvision, now: Date): boolean {
  const start = period?.start ? Date.parse(period.start) : -Infinity;
  // A period that ends on a day ends with that day.
  const end = period?.end ? Date.parse(period.end) + (period.end.length <= 10 ? 86_400_000 : 0) : Infinity;
  return !(start > now.getTime()) && !(end < now.getTime());
}
