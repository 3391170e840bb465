// Patterns for the identifiers of the Safe Harbor list (45 CFR 164.514(b)(2)) that no record told us about. They would
// rather take out too much.

export interface IdentifierPattern {
  /** The number of the list. */
  kind: number;
  pattern: RegExp;
  put: string;
}

const month =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const units = '(?:mg|mcg|g|kg|ml|l|u|iu|unt|units?|cells?|meq|mmol|copies|steps|kcal|bpm|mm|cm|[/x%])';
/** Cues in lower case, capitalised or in capitals; the `i` flag would make every word a capitalised one. */
const cue = (words: string): string =>
  words
    .split('|')
    .flatMap((word) => [
      word,
      word.charAt(0).toUpperCase() + word.slice(1),
      word.replace(/(?<![(?\\])[a-z]+/g, (letters) => letters.toUpperCase()),
    ])
    .join('|');
const labelled = (labels: string) =>
  new RegExp(
    `\\b(?:${labels})\\b\\.?\\s*(?:(?:no|number|num|nr|id|#)\\.?)?\\s*(?:is\\b|was\\b)?\\s*[:#=]?\\s*(?=[\\w-]*\\d)[A-Z0-9][A-Z0-9./-]{2,}(?: \\d[\\w-]*)*`,
    'gi',
  );

/** In this order: what is longest and surest first. */
export const identifierPatterns: IdentifierPattern[] = [
  { kind: 17, pattern: /\bdata:[a-z]+\/[a-z0-9.+-]+;base64,\S+/gi, put: '[image]' },
  {
    kind: 6,
    pattern:
      /[\p{L}\p{N}._%+-]+\s?(?:@|\(at\)|\[at\]| at )\s?[\p{L}\p{N}-]+(?:(?:\.| dot |\(dot\)|\[dot\])[\p{L}\p{N}-]+)+/giu,
    put: '[e-mail]',
  },
  {
    kind: 14,
    pattern:
      /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|io|info|biz|health|uk|de|fr|app|me)\b(?:\/\S*)?/gi,
    put: '[link]',
  },
  {
    kind: 17,
    pattern:
      /\b[\w-]+\.(?:jpe?g|png|gif|tiff?|bmp|heic|dcm|webp|pdf|mp[34]|wav)\b|\b(?:full-?face |facial |patient )?(?:photo(?:graph)?|image|selfie|headshot|portrait)\s*(?:file|id|ref|no|number|name)\s*[:#]?\s*\S+/gi,
    put: '[image]',
  },
  {
    kind: 15,
    pattern:
      /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?:::?[0-9a-f]{1,4})*|\b(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:?)*|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi,
    put: '[network address]',
  },
  { kind: 7, pattern: /\b\d{3}[-. ]\d{2}[-. ]\d{4}\b/g, put: '[number]' },
  { kind: 7, pattern: labelled('ssn|social security|national insurance|nhs'), put: '[number]' },
  {
    kind: 8,
    pattern: labelled(
      'mrn|mr#|medical record|record|chart|hospital|patient id|patient|case|encounter|visit|accession|specimen',
    ),
    put: '[number]',
  },
  {
    kind: 9,
    pattern: labelled('member|beneficiary|policy|subscriber|insurance|group|plan|medicare|medicaid|mbi|hicn|payer'),
    put: '[number]',
  },
  { kind: 10, pattern: labelled('account|acct|iban|card|credit card|bank|billing|invoice|claim'), put: '[number]' },
  {
    kind: 11,
    pattern: labelled('license|licence|certificate|lic|cert|dea|npi|passport|permit|registration'),
    put: '[number]',
  },
  {
    kind: 12,
    pattern: labelled('vin|plate|license plate|licence plate|vehicle|tag|registration plate'),
    put: '[number]',
  },
  { kind: 12, pattern: /\b(?=[A-HJ-NPR-Z0-9]*\d)(?=[A-HJ-NPR-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}\b/g, put: '[number]' },
  {
    kind: 12,
    pattern: /\b(?:license |licence |registration )?plates?\b[\s:#]*(?:no\.?\s*)?[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,5}\b/gi,
    put: '[number]',
  },
  { kind: 13, pattern: /\(01\)\s?\d{6,}(?:\s?\(\d\d\)\s?[\w-]+)*/g, put: '[number]' },
  { kind: 13, pattern: labelled('serial|sn|s\\/n|udi|device|implant|pacemaker|lot|model|ref'), put: '[number]' },
  {
    kind: 16,
    pattern:
      /\b(?:finger-?\s?prints?|voice-?\s?prints?|retinal? (?:scan|template)|iris (?:scan|code|template)|biometric|palm-?\s?print|face-?\s?id|facial template|dna profile)\b(?:[\s:#=]*(?:id|hash|template|code|ref|no|number|is)\b)*[\s:#=]*(?=\S*\d)\S+/gi,
    put: '[biometric]',
  },
  {
    kind: 4,
    pattern:
      /(?:\b(?:phone|tel|telephone|cell|mobile|fax|call|pager|contact)\b[\s.:#]*)?(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,4}\)[\s.-]?|\b\d{2,4}[\s.-])\d{3,4}[\s.-]?\d{3,5}(?:\s?(?:x|ext\.?)\s?\d+)?\b/gi,
    put: '[phone]',
  },
  {
    kind: 4,
    pattern: /\+\d[\d\s().-]{7,}\d|\b(?:phone|tel|telephone|cell|mobile|fax|pager)\b[\s.:#]*[\d(+][\d\s().-]{4,}\d/gi,
    put: '[phone]',
  },
  {
    kind: 3,
    pattern: new RegExp(
      `\\b(?:\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${month}(?:,? ?'?\\d{2,4})?|${month}\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? ?'?\\d{2,4})?\\b|${month},? (?:19|20)\\d\\d)\\b`,
      'gi',
    ),
    put: '[date]',
  },
  {
    kind: 3,
    pattern:
      /\b(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01]))?(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?![\d.])|\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d\b|\b\d{1,2}[-/](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/]\d{2,4}\b/gi,
    put: '[date]',
  },
  {
    kind: 3,
    pattern: /\b(?:on|since|dated?|dob|born|d\.o\.b\.?|seen|admitted|discharged)\s*:?\s*\d{1,2}\/\d{1,2}\b/gi,
    put: '[date]',
  },
  {
    kind: 3,
    pattern: new RegExp(`\\b(?:(?:19|20)\\d\\d|'\\d\\d)\\b(?!\\s?${units}\\b)(?![.,]\\d)`, 'gi'),
    put: '[year]',
  },
  { kind: 3, pattern: /\b(?:9\d|1[0-2]\d)(?=[\s-]?(?:years?|yrs?|yo|y\/o|y\.o\.|year-old)\b)/gi, put: '90+' },
  { kind: 3, pattern: /\b(aged?|age is|age:)\s*(?:9\d|1[0-2]\d)\b/gi, put: '$1 90+' },
  {
    kind: 2,
    pattern:
      /\b\d{1,6}[A-Z]?\s+(?:[NSEW]\.?\s+)?(?:[\p{Lu}][\p{L}'.-]*\s+){1,4}(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|way|terrace|circle|square|sq|highway|hwy|parkway|close|crescent|apt|suite)\b\.?(?:,?\s*(?:apt|suite|unit|#)\.?\s*\w+)?/giu,
    put: '[place]',
  },
  { kind: 2, pattern: /\bP\.?\s?O\.?\s+box\s+\d+/gi, put: '[place]' },
  {
    kind: 2,
    pattern:
      /\b[\p{Lu}][\p{L}'.-]+(?:\s[\p{Lu}][\p{L}'.-]+)?,\s*[A-Z]{2}(?:\s+\d{5}(?:-\d{4})?)?\b|\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b|\bzip(?: code)?\s*:?\s*\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b/gu,
    put: '[place]',
  },
  {
    kind: 2,
    pattern:
      /\b((?:lives?|living|resid(?:es|ing)|resident|home|moved|travell?ed|native|comes|from|address|born) (?:is |of |in |at |to |from |near )*)(?:[\p{Lu}][\p{L}'-]+(?:[ ,]+(?=[\p{Lu}]))?){1,4}/gu,
    put: '$1[place]',
  },
  {
    kind: 1,
    pattern:
      /\b((?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Nurse|Sister|Father|Rev|Sir|Judge|Sgt|Capt)\.?\s+)(?:[\p{Lu}][\p{L}'’.-]*(?:\s+(?=[\p{Lu}]))?){1,4}/gu,
    put: '$1[name]',
  },
  { kind: 2, pattern: /(\[place\](?:,| in| of| near)+ )[\p{Lu}][\p{L}'-]+(?: [\p{Lu}][\p{L}'-]+)*/gu, put: '[place]' },
  {
    kind: 1,
    pattern: new RegExp(
      `\\b((?:${cue('patient name|patient|name|pt|signed|seen by|dictated by|attending|author|provider|pcp|referred by|reviewed by|called|contact|next of kin|nok|guardian|daughter|son|wife|husband|spouse|partner|mother|father|brother|sister|friend|neighbour|neighbor|caregiver|carer|interpreter|witness|employer|works at|works for|employed at|employed by')})(?: (?:is|was|named|called))?\\s*[:,]?\\s+)(?:\\p{Lu}[\\p{L}'’-]+\\.?(?:,?\\s+(?=\\p{Lu}))?){1,4}`,
      'gu',
    ),
    put: '$1[name]',
  },
  {
    kind: 18,
    pattern: new RegExp(
      `\\b(?=[A-Z0-9-]*\\d[A-Z0-9-]*\\d[A-Z0-9-]*\\d)(?=[0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*\\b(?!\\s?${units}\\b)`,
      'g',
    ),
    put: '[number]',
  },
  { kind: 18, pattern: new RegExp(`\\b\\d{6,}\\b(?!\\s?${units}(?:\\b|\\s|$))`, 'gi'), put: '[number]' },
  {
    kind: 18,
    pattern:
      /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=\S*\d)(?=\S*[a-z])[A-Za-z0-9_+/=-]{16,}\b/gi,
    put: '[number]',
  },
];

/** After everything: what still looks like an identifier blocks the text. */
export const residualPatterns: RegExp[] = [
  /@/,
  /:\/\/|\bwww\./i,
  /(?:\d[ .()/-]{0,2}){7,}/,
  /\b[A-Za-z0-9+/_-]{28,}\b/,
  /\b(?:ssn|mrn|dob|passport)\b\W{0,3}\w*\d/i,
];
