// Entries of C-CDA sections as FHIR resources. Codes keep their OIDs, which the terminology knows.
import type { Json } from '../fhir/reading.ts';
import { momentOf, observationCategory } from './mapped.ts';
import { all, type Element, everywhere, one } from './xml.ts';

/** A resource; an entry that says that there is nothing; or one that cannot be read. */
export type Read = { resource: Json } | { none: true } | { problem: string };

/** code with its translations, and the words for it. */
function conceptOf(element: Element | undefined): { coding: Json[]; text?: string } | undefined {
  if (!element) return undefined;
  const coding = [element, ...all(element, 'translation')].flatMap(
    ({ attributes: { code, codeSystem, displayName } }): Json[] =>
      code
        ? [
            {
              code,
              ...(codeSystem && { system: `urn:oid:${codeSystem}` }),
              ...(displayName && { display: displayName }),
            },
          ]
        : [],
  );
  const display = coding.map(({ display }) => display).find((word) => typeof word === 'string');
  const text =
    element.attributes.displayName ||
    one(element, 'originalText')?.text.replace(/\s+/g, ' ').trim() ||
    (display as string | undefined);
  return coding.length > 0 || text ? { coding, ...(text && { text }) } : undefined;
}

const start = (element: Element | undefined): string | undefined =>
  momentOf(one(element, 'effectiveTime', 'low')?.attributes.value ?? one(element, 'effectiveTime')?.attributes.value);
const end = (element: Element | undefined): string | undefined =>
  momentOf(one(element, 'effectiveTime', 'high')?.attributes.value);
const status = (element: Element | undefined): string | undefined => one(element, 'statusCode')?.attributes.code;
const isNegated = (element: Element): boolean => element.attributes.negationInd === 'true';
const first = (entry: Element, name: string): Element | undefined => everywhere(entry, name).next().value ?? undefined;

export function drugOf(entry: Element, subject: Json): Read[] {
  const given = one(entry, 'substanceAdministration');
  if (!given) return [{ problem: 'an entry that is no administration' }];
  const material = one(given, 'consumable', 'manufacturedProduct', 'manufacturedMaterial');
  const medication =
    conceptOf(one(material, 'code')) ??
    (one(material, 'name')?.text.trim() ? { coding: [], text: one(material, 'name')!.text.trim() } : undefined);
  if (isNegated(given))
    return medication ? [{ problem: `${medication.text ?? 'a medication'}: said not to be taken` }] : [{ none: true }];
  if (!medication) return [{ problem: 'a medication without a name' }];
  const times = all(given, 'effectiveTime');
  const interval = times.find((time) => one(time, 'low') || time.attributes.value);
  const period = times.map((time) => one(time, 'period')).find(Boolean);
  const low = momentOf(one(interval, 'low')?.attributes.value ?? interval?.attributes.value);
  const high = momentOf(one(interval, 'high')?.attributes.value);
  const dose = one(given, 'doseQuantity');
  const every = Number(period?.attributes.value);
  const unit = period?.attributes.unit;
  const route = conceptOf(one(given, 'routeCode'));
  const state = status(given);
  return [
    {
      resource: {
        resourceType: 'MedicationRequest',
        // "completed" in a list of medications is the act of recording; whether the drug is over stands in its end.
        status: state === 'aborted' ? 'stopped' : state === 'suspended' ? 'on-hold' : 'active',
        intent: 'order',
        subject,
        medicationCodeableConcept: medication,
        ...(low && { authoredOn: low }),
        ...(high && { dispenseRequest: { validityPeriod: { end: high } } }),
        dosageInstruction: [
          {
            ...(route && { route }),
            ...(dose?.attributes.value && {
              doseAndRate: [
                {
                  doseQuantity: {
                    value: Number(dose.attributes.value),
                    unit: dose.attributes.unit ?? '1',
                    code: dose.attributes.unit ?? '1',
                  },
                },
              ],
            }),
            ...(every > 0 && unit && { timing: { repeat: { frequency: 1, period: every, periodUnit: unit } } }),
            ...(one(given, 'precondition') && { asNeededBoolean: true }),
          },
        ],
      },
    },
  ];
}

/** SNOMED CT: allergy to substance or drug, and the codes by which "no known" is said. */
const noKnown = new Set(['716186003', '409137002', '428607008', '429625007', '160244002']);

export function allergyOf(entry: Element, patient: Json): Read[] {
  const act = one(entry, 'act');
  const observation = one(act, 'entryRelationship', 'observation') ?? one(entry, 'observation');
  if (!observation) return [{ problem: 'an allergy without its observation' }];
  const code =
    conceptOf(first(observation, 'playingEntity') && one(first(observation, 'playingEntity'), 'code')) ??
    (first(observation, 'playingEntity') && one(first(observation, 'playingEntity'), 'name')?.text.trim()
      ? { coding: [], text: one(first(observation, 'playingEntity'), 'name')!.text.trim() }
      : undefined);
  if (isNegated(observation) && code) return [{ problem: `${code.text ?? 'a substance'}: said to be tolerated` }];
  if (isNegated(observation) || noKnown.has(one(observation, 'value')?.attributes.code ?? '')) return [{ none: true }];
  if (!code) return [{ problem: 'an allergy without a name' }];
  const related = all(observation, 'entryRelationship', 'observation');
  const template = (element: Element, root: string): boolean =>
    all(element, 'templateId').some(({ attributes }) => attributes.root === root);
  const severities = [...everywhere(observation, 'observation')]
    .filter((child) => template(child, '2.16.840.1.113883.10.20.22.4.8'))
    .map((child) => one(child, 'value')?.attributes.code ?? '');
  const severity = severities
    .map(
      (word) =>
        ({
          '255604002': 'mild',
          '371923003': 'mild',
          '6736007': 'moderate',
          '371924009': 'moderate',
          '24484000': 'severe',
          '399166001': 'severe',
        })[word],
    )
    .find(Boolean);
  const manifestation = related
    .filter((child) => template(child, '2.16.840.1.113883.10.20.22.4.9'))
    .flatMap((child) => conceptOf(one(child, 'value')) ?? []);
  const criticality = [...everywhere(observation, 'observation')]
    .filter((child) => template(child, '2.16.840.1.113883.10.20.22.4.145'))
    .map((child) => one(child, 'value')?.attributes.code)[0];
  return [
    {
      resource: {
        resourceType: 'AllergyIntolerance',
        patient,
        clinicalStatus: { coding: [{ code: status(act) === 'completed' || end(observation) ? 'resolved' : 'active' }] },
        verificationStatus: { coding: [{ code: 'confirmed' }] },
        ...(criticality && { criticality }),
        code,
        ...(start(observation) && { recordedDate: start(observation) }),
        ...((manifestation.length > 0 || severity) && { reaction: [{ manifestation, ...(severity && { severity }) }] }),
      },
    },
  ];
}

export function conditionOf(entry: Element, subject: Json): Read[] {
  const act = one(entry, 'act');
  const observations = act ? all(act, 'entryRelationship', 'observation') : all(entry, 'observation');
  if (observations.length === 0) return [{ problem: 'a problem without its observation' }];
  return observations.map((observation): Read => {
    if (isNegated(observation)) return { none: true };
    const code = conceptOf(one(observation, 'value'));
    if (!code) return { problem: 'a problem without a name' };
    const said = [...everywhere(observation, 'observation')].find(
      (child) => one(child, 'code')?.attributes.code === '33999-4',
    );
    const standing = one(said, 'value')?.attributes.code;
    const isOver =
      standing === '413322009' || standing === '73425007' || status(act) === 'completed' || Boolean(end(observation));
    return {
      resource: {
        resourceType: 'Condition',
        subject,
        clinicalStatus: { coding: [{ code: isOver ? 'resolved' : 'active' }] },
        verificationStatus: { coding: [{ code: 'confirmed' }] },
        code,
        ...(start(observation) && { onsetDateTime: start(observation) }),
        ...(end(observation) && { abatementDateTime: end(observation) }),
      },
    };
  });
}

export function observationsOf(entry: Element, subject: Json): Read[] {
  const organizer = one(entry, 'organizer');
  const observations = organizer ? all(organizer, 'component', 'observation') : all(entry, 'observation');
  if (observations.length === 0) return [{ problem: 'an entry without a result' }];
  return observations.map((observation): Read => {
    const code = conceptOf(one(observation, 'code'));
    const name = code?.text ?? String(code?.coding[0]?.code ?? 'without a name');
    if (isNegated(observation)) return { none: true };
    if (!code) return { problem: 'a result without a name' };
    const value = one(observation, 'value');
    const type = (value?.attributes.type ?? '').replace(/^.*:/, '');
    const shown = shownValue(type, value);
    if (!shown)
      return {
        problem: `${name}: ${value ? (value.attributes.nullFlavor ? `no value (${value.attributes.nullFlavor})` : `a value of type ${type || 'unknown'} that cannot be read`) : 'no value'}`,
      };
    const state = status(observation);
    if (state === 'aborted' || state === 'cancelled' || state === 'held')
      return { problem: `${name}: status ${state} is no result` };
    const at =
      momentOf(
        one(observation, 'effectiveTime')?.attributes.value ??
          one(observation, 'effectiveTime', 'low')?.attributes.value,
      ) ??
      momentOf(
        one(organizer, 'effectiveTime')?.attributes.value ?? one(organizer, 'effectiveTime', 'low')?.attributes.value,
      );
    const flag = one(observation, 'interpretationCode')?.attributes.code;
    return {
      resource: {
        resourceType: 'Observation',
        status: state === 'active' ? 'preliminary' : 'final',
        subject,
        category: observationCategory('laboratory'),
        code,
        ...shown,
        ...(at && { effectiveDateTime: at }),
        ...(flag && { interpretation: [{ coding: [{ code: flag }] }] }),
      },
    };
  });
}

function shownValue(type: string, value: Element | undefined): Json | undefined {
  if (!value || value.attributes.nullFlavor) return undefined;
  const { value: written, unit } = value.attributes;
  if (type === 'PQ' || type === 'REAL' || type === 'INT')
    return written !== undefined && written.trim() !== '' && Number.isFinite(Number(written))
      ? {
          valueQuantity: {
            value: Number(written),
            ...(unit && { unit, code: unit, system: 'http://unitsofmeasure.org' }),
          },
        }
      : undefined;
  if (type === 'CD' || type === 'CE' || type === 'CO' || type === 'CV') {
    const code = conceptOf(value);
    return code && { valueCodeableConcept: code };
  }
  if (type === 'ST' || type === 'ED') return value.text.trim() ? { valueString: value.text.trim() } : undefined;
  if (type === 'IVL_PQ') {
    // "< 5": one end of an interval is a value with a comparator; two ends are no value.
    const low = one(value, 'low')?.attributes;
    const high = one(value, 'high')?.attributes;
    const side = low?.value && !high?.value ? low : high?.value && !low?.value ? high : undefined;
    return (
      side && {
        valueQuantity: {
          value: Number(side.value),
          ...(side.unit && { unit: side.unit, code: side.unit }),
          comparator: side === low ? '>' : '<',
        },
      }
    );
  }
  return undefined;
}

export function procedureOf(entry: Element, subject: Json): Read[] {
  const done = one(entry, 'procedure') ?? one(entry, 'observation') ?? one(entry, 'act');
  if (done && isNegated(done)) return [{ none: true }];
  const code = conceptOf(one(done, 'code'));
  if (!done || !code) return [{ problem: 'a procedure without a name' }];
  const state = status(done);
  return [
    {
      resource: {
        resourceType: 'Procedure',
        subject,
        status:
          state === 'aborted' || state === 'cancelled' ? 'not-done' : state === 'active' ? 'in-progress' : 'completed',
        code,
        ...(start(done) && { performedDateTime: start(done) }),
      },
    },
  ];
}

export function immunizationOf(entry: Element, patient: Json): Read[] {
  const given = one(entry, 'substanceAdministration');
  if (!given || isNegated(given)) return [{ none: true }];
  const vaccineCode = conceptOf(one(given, 'consumable', 'manufacturedProduct', 'manufacturedMaterial', 'code'));
  if (!vaccineCode) return [{ problem: 'an immunization without a name' }];
  const at = momentOf(
    one(given, 'effectiveTime')?.attributes.value ?? one(given, 'effectiveTime', 'low')?.attributes.value,
  );
  return [
    {
      resource: {
        resourceType: 'Immunization',
        status: 'completed',
        patient,
        vaccineCode,
        ...(at && { occurrenceDateTime: at }),
      },
    },
  ];
}
