// Code systems as the world writes them, and the shapes of their codes.

export type CodeSystem = 'rxnorm' | 'ndc' | 'atc' | 'snomed' | 'icd10' | 'loinc' | 'ndfrt' | 'unii';

export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
export const SNOMED = 'http://snomed.info/sct';
export const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';
export const LOINC = 'http://loinc.org';
export const ATC = 'http://www.whocc.no/atc';
export const NDFRT = 'http://hl7.org/fhir/ndfrt';

const SYSTEMS: Record<string, CodeSystem> = {
  [RXNORM]: 'rxnorm',
  '2.16.840.1.113883.6.88': 'rxnorm',
  rxnorm: 'rxnorm',
  'http://hl7.org/fhir/sid/ndc': 'ndc',
  '2.16.840.1.113883.6.69': 'ndc',
  [ATC]: 'atc',
  '2.16.840.1.113883.6.73': 'atc',
  [SNOMED]: 'snomed',
  '2.16.840.1.113883.6.96': 'snomed',
  [ICD10CM]: 'icd10',
  'http://hl7.org/fhir/sid/icd-10': 'icd10',
  '2.16.840.1.113883.6.90': 'icd10',
  '2.16.840.1.113883.6.3': 'icd10',
  [LOINC]: 'loinc',
  '2.16.840.1.113883.6.1': 'loinc',
  [NDFRT]: 'ndfrt',
  'http://va.gov/terminology/medrt': 'ndfrt',
  '2.16.840.1.113883.3.26.1.5': 'ndfrt',
  '2.16.840.1.113883.6.209': 'ndfrt',
  'http://fdasis.nlm.nih.gov': 'unii',
};

/** `urn:oid:2.16.840.1.113883.6.88` and the URL are the same system; a local one is undefined. */
export function systemOf(system: string | undefined): CodeSystem | undefined {
  if (system === undefined) return undefined;
  const plain = system
    .trim()
    .toLowerCase()
    .replace(/^urn:oid:/, '')
    .replace(/^https:/, 'http:')
    .replace(/\/+$/, '');
  return SYSTEMS[plain];
}

/**
 * The 11-digit NDC without dashes, or undefined when the digits cannot be placed.
 * Dashes say which of the three segments is short (4-4-2, 5-3-2, 5-4-1); ten digits without dashes could be any of them.
 */
export function ndc11(code: string): string | undefined {
  const trimmed = code.trim();
  if (/^\d{11}$/.test(trimmed)) return trimmed;
  const parts = /^(\d{4,6})-(\d{3,4})(?:-(\d{1,2}))?$/.exec(trimmed);
  if (!parts) return undefined;
  const [, labeler = '', product = '', pack] = parts;
  const eleven = labeler.replace(/^0(?=\d{5}$)/, '').padStart(5, '0') + product.padStart(4, '0');
  return pack === undefined ? undefined : eleven + pack.padStart(2, '0');
}

/** The labeler and product (nine digits) of an NDC written with dashes or in eleven digits: the package hardly matters. */
export function ndc9(code: string): string | undefined {
  const whole = ndc11(code);
  if (whole) return whole.slice(0, 9);
  const parts = /^(\d{4,5})-(\d{3,4})$/.exec(code.trim());
  return parts ? parts[1]!.padStart(5, '0') + parts[2]!.padStart(4, '0') : undefined;
}

/** Ten bare digits: each way in which they could be an NDC. */
export function ndcCandidates(code: string): string[] {
  const digits = code.trim();
  if (!/^\d{10}$/.test(digits)) return [];
  return [`0${digits}`, `${digits.slice(0, 5)}0${digits.slice(5)}`, `${digits.slice(0, 9)}0${digits.slice(9)}`];
}
