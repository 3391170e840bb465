// A C-CDA document as a CDS Hooks request: what a summary of care says of the patient, section by section. Entries that cannot
// be read, and sections with words but no entries, are listed.
import type { Json } from '../fhir/reading.ts';
import {
  allergyOf,
  conditionOf,
  drugOf,
  immunizationOf,
  observationsOf,
  procedureOf,
  type Read,
} from './ccda-entries.ts';
import { bundleOf, idOf, isVitalSign, type Mapped, momentOf } from './mapped.ts';
import { all, deepText, type Element, everywhere, one, readXml } from './xml.ts';

interface Section {
  part: keyof Mapped['prefetch'];
  read: (entry: Element, subject: Json) => Read[];
}

/** By the LOINC code of the section: R1.1, R2.1 and the companion guide share them. */
const sections: Record<string, Section> = {
  '48765-2': { part: 'allergies', read: allergyOf },
  '10160-0': { part: 'medications', read: drugOf },
  '29549-3': { part: 'medications', read: drugOf },
  '10183-2': { part: 'medications', read: drugOf },
  '42346-7': { part: 'medications', read: drugOf },
  '75311-1': { part: 'medications', read: drugOf },
  '11450-4': { part: 'problems', read: conditionOf },
  '30954-2': { part: 'labs', read: observationsOf },
  '8716-3': { part: 'vitals', read: observationsOf },
  '29762-2': { part: 'socialHistory', read: observationsOf },
  '47519-4': { part: 'procedures', read: procedureOf },
  '11369-6': { part: 'immunizations', read: immunizationOf },
};

/** Words that an entry only points to stand in the section's narrative: they are put where they are meant. */
function resolveReferences(document: Element): void {
  const words = new Map<string, string>();
  const walk = (element: Element): void => {
    if (element.attributes.ID) words.set(element.attributes.ID, deepText(element).slice(0, 300));
    element.children.forEach(walk);
  };
  walk(document);
  for (const name of ['originalText', 'text'])
    for (const pointing of everywhere(document, name)) {
      const target = one(pointing, 'reference')?.attributes.value?.replace(/^#/, '');
      if (target && !pointing.text.trim()) pointing.text = words.get(target) ?? '';
    }
}

export function mapDocument(source: string): Mapped | { problem: string } {
  const document = readXml(source.replace(/^\ufeff/, '').trim());
  if ('problem' in document) return document;
  if (document.name !== 'ClinicalDocument')
    return { problem: `The body is no C-CDA document: its root is "${document.name.slice(0, 40)}".` };
  const role = one(document, 'recordTarget', 'patientRole');
  const patient = one(role, 'patient');
  const id = idOf(
    all(role, 'id')
      .map(({ attributes }) => attributes.extension ?? (attributes.nullFlavor ? undefined : attributes.root))
      .find(Boolean),
  );
  if (!patient || !id) return { problem: 'The document names no patient: recordTarget/patientRole has no id.' };
  const subject = { reference: `Patient/${id}` };
  const gender = { F: 'female', M: 'male', UN: 'other' }[
    one(patient, 'administrativeGenderCode')?.attributes.code ?? ''
  ];
  const birthDate = momentOf(one(patient, 'birthTime')?.attributes.value)?.slice(0, 10);

  resolveReferences(document);
  const held = new Map<keyof Mapped['prefetch'], Json[]>();
  const notMapped: string[] = [];
  const written = [...all(document, 'component', 'structuredBody', 'component', 'section')];
  for (let section = written.shift(); section; section = written.shift()) {
    written.push(...all(section, 'component', 'section'));
    const title =
      one(section, 'title')?.text.trim() || one(section, 'code')?.attributes.displayName || 'without a title';
    const known = sections[one(section, 'code')?.attributes.code ?? ''];
    const entries = all(section, 'entry');
    if (!known) {
      if (entries.length > 0 || deepText(section).length > title.length) notMapped.push(`section ${title}: not read`);
      continue;
    }
    // A section without information is not an empty one.
    if (section.attributes.nullFlavor) {
      notMapped.push(`section ${title}: no information (${section.attributes.nullFlavor})`);
      continue;
    }
    const words = one(section, 'text');
    if (entries.length === 0 && words && deepText(words))
      notMapped.push(`section ${title}: only words, no entries: "${deepText(words).slice(0, 120)}"`);
    if (entries.length === 0) continue;
    const list = held.get(known.part) ?? [];
    for (const read of entries.flatMap((entry) => known.read(entry, subject))) {
      if ('problem' in read) notMapped.push(`${title}: ${read.problem}`);
      else {
        // "None" makes a list known to be empty; entries that cannot be read do not.
        held.set(known.part, list);
        if ('resource' in read) list.push({ id: `${known.part}-${list.length + 1}`, ...read.resource });
      }
    }
  }
  // Some systems file vital signs under results.
  const labs = held.get('labs');
  if (labs?.some(isVitalSign)) {
    held.set('vitals', [...(held.get('vitals') ?? []), ...labs.filter(isVitalSign)]);
    held.set(
      'labs',
      labs.filter((entry) => !isVitalSign(entry)),
    );
  }
  const encounter = idOf(one(document, 'componentOf', 'encompassingEncounter', 'id')?.attributes.extension);
  return {
    hook: 'patient-view',
    context: { patientId: id, ...(encounter && { encounterId: encounter }) },
    prefetch: {
      patient: { resourceType: 'Patient', id, ...(gender && { gender }), ...(birthDate && { birthDate }) },
      ...Object.fromEntries([...held].map(([part, list]) => [part, bundleOf(list)])),
    },
    notMapped,
    notKnown: one(document, 'component', 'nonXMLBody')
      ? ['The document holds no entries but a file (nonXMLBody), which is not read']
      : [],
  };
}
