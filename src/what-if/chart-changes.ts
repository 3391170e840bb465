// Observe and diagnose. A list that could not be had stays unknown: adding to it would make it look complete.
import type { Resource } from '@medplum/fhirtypes';
import { convertUnit } from '../calculators/units.ts';
import { readChart } from '../chart/read.ts';
import type { ChartPart, ChartSource } from '../chart/types.ts';
import { conceptText, number, text } from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';
import { type Change, type ChangeContext, type Changed, conceptIn, imagined } from './change.ts';
import { implausible, isMeasured, sameTest } from './known-results.ts';

const asked =
  'an observation needs "code" (a LOINC coding), a "value" and a UCUM "unit", such as {"do":"observe","code":{"system":"http://loinc.org","code":"98979-8"},"value":28,"unit":"mL/min/{1.73_m2}"}';

export function observe(change: Change, source: ChartSource, { original, knowledge }: ChangeContext): Changed {
  const concept = conceptIn(change.code);
  const coding = concept?.coding?.find(({ system, code }) => code && (!system || system === 'http://loinc.org'));
  if (!coding?.code) return { reason: concept?.coding?.length ? `the code is not from LOINC: ${asked}` : asked };
  const value = number(change.value);
  const words = text(change.value);
  const unit = text(change.unit);
  if (value === undefined && (words === undefined || isMeasured(coding.code, knowledge)))
    return { reason: `"value" is missing or not a number: ${asked}` };
  if (value !== undefined && !unit)
    return {
      reason: `"unit" is missing: give the UCUM unit of the value ("1" for a ratio such as INR); it is not guessed`,
    };
  const wrong = value !== undefined ? implausible(coding.code, value, unit!, knowledge) : undefined;
  if (wrong) return { reason: wrong };

  // One thought a test: a later one takes the place of an earlier one, whichever of the test's codes it used.
  const codes = sameTest(coding.code, knowledge);
  const thoughts = new Set([...codes].map((code) => `${imagined}${code}`));
  const { source: bare, hadThought } = withoutObservations(source, thoughts, original);
  if (hadThought && value !== undefined && isOnChart(original, [...codes], value, unit!, knowledge)) return bare;

  const observation = {
    resourceType: 'Observation',
    id: `${imagined}${coding.code}`,
    status: 'final',
    code: {
      coding: [{ ...coding, system: 'http://loinc.org' }],
      ...(conceptText(concept) && { text: conceptText(concept) }),
    },
    subject: { reference: `Patient/${source.patientId}` },
    effectiveDateTime: source.now.toISOString(),
    ...(value !== undefined
      ? { valueQuantity: { value, unit, code: unit, system: 'http://unitsofmeasure.org' } }
      : { valueString: words }),
  } as unknown as Resource;
  // It goes where a list is known, so that an unknown one is not taken for a list of one result.
  const part = observationParts.find((name) => Array.isArray(bare.parts[name])) ?? 'surveys';
  const held = bare.parts[part];
  return { ...bare, parts: { ...bare.parts, [part]: [observation, ...(held && !isUnknown(held) ? held : [])] } };
}

const observationParts = ['labs', 'vitals', 'surveys'] as const satisfies readonly ChartPart[];

function withoutObservations(
  source: ChartSource,
  ids: ReadonlySet<string>,
  original: ChartSource,
): { source: ChartSource; hadThought: boolean } {
  let hadThought = false;
  const parts = { ...source.parts };
  for (const part of observationParts) {
    const held = parts[part];
    if (!held || isUnknown(held)) continue;
    const kept = held.filter(({ id }) => !ids.has(id ?? ''));
    if (kept.length === held.length) continue;
    hadThought = true;
    // A part that was unknown before it held a thought is unknown again.
    const wasKnown = Array.isArray(original.parts[part]);
    parts[part] = kept.length === 0 && !wasKnown ? original.parts[part] : kept;
  }
  return { source: { ...source, parts }, hadThought };
}

/** Setting a value back to what the chart says undoes the thought, date and all: it is not a fresh measurement. */
function isOnChart(
  original: ChartSource,
  codes: string[],
  value: number,
  unit: string,
  { terminology }: ChangeContext['knowledge'],
): boolean {
  const found = readChart(original, terminology).observations(codes);
  const newest = isUnknown(found) ? undefined : found.find(({ quantity }) => quantity)?.quantity;
  if (!newest) return false;
  const same = convertUnit(value, unit, newest.code ?? newest.unit ?? '1');
  return same !== undefined && Math.abs(same - newest.value) <= 1e-9 * Math.max(1, Math.abs(newest.value));
}

export function diagnose(change: Change, source: ChartSource, { knowledge }: ChangeContext): Changed {
  const concept = conceptIn(change.code);
  if (!concept)
    return {
      reason:
        'a diagnosis needs "code", a coding such as {"system":"http://snomed.info/sct","code":"49436004"}, or its name',
    };
  const held = source.parts.problems;
  if (!held || isUnknown(held))
    return { reason: 'the problem list could not be read: one problem added to it would make it look complete' };
  const groups = knowledge.terminology.problemGroups(concept);
  if (groups.size === 0)
    return {
      reason: `"${(conceptText(concept) ?? '').slice(0, 80)}" is not a diagnosis that any rule or model here knows: nothing would change. Give a SNOMED CT or ICD-10-CM code`,
    };
  const { problems } = readChart(source, knowledge.terminology);
  const isThere =
    !isUnknown(problems) &&
    problems.some(
      (problem) => problem.standing === 'active' && [...groups].every((group) => problem.groups.has(group)),
    );
  if (isThere) return source;
  const word = concept.coding?.[0]?.code ?? concept.text ?? 'problem';
  const condition = {
    resourceType: 'Condition',
    id: `${imagined}${word
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 40)}`,
    clinicalStatus: { coding: [{ code: 'active' }] },
    subject: { reference: `Patient/${source.patientId}` },
    code: { coding: concept.coding, ...(concept.text && { text: concept.text }) },
    recordedDate: source.now.toISOString(),
  } as unknown as Resource;
  return { ...source, parts: { ...source.parts, problems: [condition, ...held] } };
}
