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
const isClosed = (act: Element | undefined): boolean => /^(?:completed|aborted|cancelled)$/.test(status(act) ?? '');
const isWithdrawn = (act: Element | undefined): boolean => status(act) === 'nullified';
const isNegated = (element: Element): boolean => element.attributes.negationInd === 'true';
const first = (entry: Element, name: string): Element | undefined => everywhere(entry, name).next().value ?? undefined;

/** SNOMED CT for anything of a kind: denied, they say that there is none. */
const anyDrug = new Set(['410942007', '763158003', '373873005']);
const anySubstance = new Set(['105590001', ...anyDrug]);
const anyProblem = new Set(['55607006', '64572001', '404684003', '160245001']);
const isAny = (concept: ReturnType<typeof conceptOf>, codes: ReadonlySet<string>): boolean =>
  !concept || concept.coding.some(({ code }) => codes.has(String(code)));

/** A course of changing doses is a cluster of administrations; everything else is one. */
export function drugOf(entry: Element, subject: Json): Read[] {
  const given = [
    ...all(entry, 'substanceAdministration'),
    ...all(entry, 'organizer', 'component', 'substanceAdministration'),
  ];
  if (given.length === 0) return [{ problem: 'an entry that is no administration' }];
  return given.map((one) => administrationOf(one, subject));
}

function administrationOf(given: Element, subject: Json): Read {
  const material = one(given, 'consumable', 'manufacturedProduct', 'manufacturedMaterial');
  const named = (words: string | undefined) => (words?.trim() ? { coding: [], text: words.trim() } : undefined);
  const sig = all(given, 'entryRelationship', 'substanceAdministration')
    .filter(({ children }) => children.some(({ attributes }) => attributes.root === freeTextSig))
    .map((instructions) => one(instructions, 'text')?.text.trim())
    .find(Boolean);
  const medication =
    conceptOf(one(material, 'code')) ?? named(one(material, 'name')?.text) ?? named(sig ?? one(given, 'text')?.text);
  if (isNegated(given))
    return isAny(medication, anyDrug)
      ? { none: true }
      : { problem: `${medication!.text ?? 'a medication'}: said not to be taken` };
  if (!medication) return { problem: 'a medication without a name' };
  // A mixture without a code of its own: its drugs are its ingredients.
  const ingredients = all(material, 'ingredient', 'ingredientSubstance', 'code').flatMap(
    (code) => conceptOf(code) ?? [],
  );
  const isMixture = medication.coding.length === 0 && ingredients.length > 0;
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
  // One point in time, no interval and done: it was given once, and is not being taken.
  const isGivenOnce = state === 'completed' && !period && !one(interval, 'low') && low !== undefined;
  // Otherwise "completed" in a list of medications is the act of recording; whether the drug is over stands in its end.
  const stands =
    state === 'aborted' || state === 'cancelled'
      ? 'stopped'
      : state === 'suspended' || state === 'held'
        ? 'on-hold'
        : state === 'nullified'
          ? 'entered-in-error'
          : isGivenOnce
            ? 'completed'
            : 'active';
  return {
    resource: {
      resourceType: 'MedicationRequest',
      status: stands,
      intent: 'order',
      subject,
      ...(isMixture
        ? {
            contained: [
              {
                resourceType: 'Medication',
                id: 'mixture',
                ingredient: ingredients.map((itemCodeableConcept) => ({ itemCodeableConcept })),
              },
            ],
            medicationReference: { reference: '#mixture', display: medication.text },
          }
        : { medicationCodeableConcept: medication }),
      ...(low && { authoredOn: low }),
      ...(high && { dispenseRequest: { validityPeriod: { end: high } } }),
      dosageInstruction: [
        {
          ...(sig && { text: sig }),
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
  };
}

const freeTextSig = '2.16.840.1.113883.10.20.22.4.147';

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
  if (isNegated(observation) && !isAny(code, anySubstance))
    return [{ problem: `${code!.text ?? 'a substance'}: said to be tolerated` }];
  if (isNegated(observation) || noKnown.has(one(observation, 'value')?.attributes.code ?? '')) return [{ none: true }];
  if (!code) return [{ problem: 'an allergy without a name' }];
  // Reactions belong to the observation; some writers hang them on the act around it.
  const related = [observation, act].flatMap((holder) => all(holder, 'entryRelationship', 'observation'));
  const template = (element: Element, root: string): boolean =>
    all(element, 'templateId').some(({ attributes }) => attributes.root === root);
  const severities = related
    .flatMap((child) => [child, ...everywhere(child, 'observation')])
    .filter((child) => template(child, '2.16.840.1.113883.10.20.22.4.8'))
    .map((child) => one(child, 'value')?.attributes.code ?? '');
  const worst = ['severe', 'moderate', 'mild'];
  const severity = severities
    .flatMap(
      (word) =>
        ({
          '255604002': 'mild',
          '371923003': 'mild',
          '6736007': 'moderate',
          '371924009': 'moderate',
          '24484000': 'severe',
          '399166001': 'severe',
        })[word] ?? [],
    )
    .sort((a, b) => worst.indexOf(a) - worst.indexOf(b))[0];
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
        clinicalStatus: { coding: [{ code: isClosed(act) || end(observation) ? 'resolved' : 'active' }] },
        verificationStatus: { coding: [{ code: isWithdrawn(act) ? 'entered-in-error' : 'confirmed' }] },
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
    const code = conceptOf(one(observation, 'value'));
    if (isNegated(observation) || code?.coding.some((coding) => coding.code === '160245001'))
      return isAny(code, anyProblem)
        ? { none: true }
        : { problem: `${code!.text ?? 'a problem'}: said not to be there` };
    if (!code) return { problem: 'a problem without a name' };
    const said = [...everywhere(observation, 'observation')].find(
      (child) => one(child, 'code')?.attributes.code === '33999-4',
    );
    const standing = one(said, 'value')?.attributes.code;
    const isOver = standing === '413322009' || standing === '73425007' || isClosed(act) || Boolean(end(observation));
    return {
      resource: {
        resourceType: 'Condition',
        subject,
        clinicalStatus: { coding: [{ code: isOver ? 'resolved' : 'active' }] },
        verificationStatus: { coding: [{ code: isWithdrawn(act) ? 'entered-in-error' : 'confirmed' }] },
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
    const pregnancy = pregnancyOf(observation, subject);
    if (pregnancy) return pregnancy;
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

/** The Pregnancy Observation asserts its value and denies it by negationInd: as the LOINC question that FHIR asks. */
function pregnancyOf(observation: Element, subject: Json): Read | undefined {
  const value = one(observation, 'value');
  if (value?.attributes.code !== '77386006' || one(observation, 'code')?.attributes.code !== 'ASSERTION')
    return undefined;
  const at = start(observation);
  const [code, display] = isNegated(observation) ? ['60001007', 'Not pregnant'] : ['77386006', 'Pregnancy'];
  return {
    resource: {
      resourceType: 'Observation',
      status: 'final',
      subject,
      category: observationCategory('social-history'),
      code: { coding: [{ system: 'http://loinc.org', code: '82810-3', display: 'Pregnancy status' }] },
      ...(at && { effectiveDateTime: at }),
      valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code, display }] },
    },
  };
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
