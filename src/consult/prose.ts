// May these words of a model be shown at all? Each check looks at the text with its handles taken out, and answers with
// the reason to drop it. Nothing is repaired: a sentence that needs repair has shown that it cannot be trusted.
import { folded, readsLikeInstruction } from './injection.ts';

export type CheckId =
  | 'schema'
  | 'handles'
  | 'uncited'
  | 'characters'
  | 'link'
  | 'digits'
  | 'instruction'
  | 'directive'
  | 'address'
  | 'confidence'
  | 'language'
  | 'polarity'
  | 'finding'
  | 'note-evidence'
  | 'drugs'
  | 'guideline'
  | 'contradiction'
  | 'evidence'
  | 'duplicate'
  | 'condition'
  | 'action';

export interface Fault {
  check: CheckId;
  reason: string;
}

export const placeholder = /\{\{([ECG][1-9]\d{0,2})\}\}/g;
export const handlesIn = (text: string): string[] => [...text.matchAll(placeholder)].map((match) => match[1]!);
/** The words alone; a handle leaves a mark so that words on its two sides do not meet. */
export const withoutHandles = (text: string): string => text.replace(placeholder, ' _ ');

type Check = (words: string) => Fault | undefined;

const fault = (check: CheckId, reason: string): Fault => ({ check, reason });

// An allow-list of characters takes care of full-width and other digits, look-alike letters, marks without width,
// direction marks, markdown, HTML, mathematics and every script but Latin.
const allowed = /^[A-Za-zÀ-ÖØ-öø-ÿαβγ0-9_ .,;:()'’"“”\-–—/?+…]*$/;
export const checkCharacters: Check = (words) => {
  if (!allowed.test(words)) return fault('characters', 'holds a character that plain prose does not need');
  if (/^\s*(?:[-–—+]\s|\d+[.)]\s)|__|\b(?:\w ){4,}/.test(words.replaceAll(' _ ', ' ')))
    return fault('characters', 'is marked up or spaced out');
  return undefined;
};

export const checkLinks: Check = (words) => {
  const bare = words.replace(/\b(?:e\.g|i\.e|a\.m|p\.m|vs|cf)\./gi, '');
  return /[a-z0-9]\.[a-z]{2}|:\/|\/\/|\bwww\b|\bhttps?\b|\b(?:dot|punkt|punto|point) ?(?:com|org|net|io)\b|\b(?:mailto|tel|ftp|javascript|data|file|sms)\s*:|\bdot\b|\bcom\b/i.test(
    bare,
  )
    ? fault('link', 'holds a link or an address')
    : undefined;
};

/** Terms whose digit is part of the name. `stage` and `type` are looked at against the chart as well, by `checkStage`. */
const namesWithDigit =
  /\b(?:type [12](?![\d.])|stage [1-5][ab]?(?![\d.])|(?:vitamin )?B12|vitamin (?:B[126]|D[23]|K[12])|(?:Hb)?A1c|[SP]a?[pO]?O2|SpO2|PaO2|FiO2|P(?:a|et)?CO2|ETCO2|CO2|O2|HCO3|CHA2DS2-VASc|P2Y12|SGLT2|GLP-1|DPP-4|COVID-19|SARS-CoV-2|FEV1|CD4|HLA-B27|BRCA[12]|COX-2|CA-125|free T[34])\b/gi;

const numberWords =
  /\b(?:zero|nil|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourth|fifth|sixth|seventh|eighth|ninth|tenth|(?:first|second|third)[- ](?:degree|trimester|percentile|centile|decile|reading|class|grade|day|week)|one[- ]to[- ]|threescore|dozens?|twice|thrice|couple|pair|half(?!-life)|halved|quarters?|doubl(?:e[ds]?|ing)|tripl(?:e[ds]?|ing)|quadrupl\w+|\w+fold|zwei|drei|vier|f[uü]nf|sechs|sieben|acht|neun|zehn|zw[oö]lf|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce)\b|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion/i;
const counted =
  /\bone[- ](?:and|hours?|days?|weeks?|months?|years?|minutes?|doses?|tablets?|point|time|percent|third|in)\b|\bonce (?:daily|weekly|a |every|per )|\b(?:a |one )?(?:third|fifth|tenth) of\b/i;
const units =
  /\b(?:mg|mcg|ug|ng|kg|ml|dl|mmol|umol|meq|mosm|iu|bpm|mmhg|kpa|milligrams?|micrograms?|kilograms?|grams|millilit(?:er|re)s?|lit(?:er|re)s?|tablets?|capsules?|puffs?|percent(?:age)?|per cent|degrees|celsius|fahrenheit|bid|tid|qid|qds)\b/i;
const roman = /\b(?:X{1,3}(?:IX|IV|V?I{0,3})|IX|VI{1,3}|I{2,3}|xi{1,3}|xiv|xv|xx|ix|vi{1,3}|i{2,3})\b/g;
const romanNames = /\b(?:angiotensin|factor|nerves?|Mobitz|type|complex) $/i;

export const checkDigits: Check = (words) => {
  const rest = words.normalize('NFKC').replace(namesWithDigit, 'x');
  if (/\p{N}/u.test(rest)) return fault('digits', 'types a number instead of citing a fact');
  if (numberWords.test(rest) || counted.test(rest))
    return fault('digits', 'spells out a number instead of citing a fact');
  if (units.test(rest)) return fault('digits', 'types a unit instead of citing a fact');
  for (const match of rest.matchAll(roman)) {
    if (!romanNames.test(rest.slice(0, match.index))) return fault('digits', 'types a Roman number');
  }
  if (/\b(?:class|grade|degree|level|NYHA)\s+(?:I{1,3}|IV|V)\b/.test(rest))
    return fault('digits', 'types a Roman number');
  if (/\b(?:[VX]|IV)\s+(?:hours?|days?|weeks?|months?|years?|minutes?|doses?|times)\b/.test(rest))
    return fault('digits', 'types a Roman number');
  return undefined;
};

/** Times are rendered by code as well. */
export const checkDates: Check = (words) =>
  /\b(?:January|February|April|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|today|tonight|tomorrow|overnight|mornings?|evenings?|afternoons?|noon|midnight|ago|seconds|minutes?|hours?|hourly|days?|daily|weeks?|weekly|fortnights?|months?|monthly|years?|yearly|decades?|century)\b|\b(?:in|of|on|since|last|until|by) (?:March|May)\b|\blast (?:night|week|month|year)\b/i.test(
    words,
  )
    ? fault('digits', 'types a time instead of citing a fact')
    : undefined;

export const checkInstruction: Check = (words) =>
  readsLikeInstruction(words) ? fault('instruction', 'reads like an instruction') : undefined;

/** What to do belongs in coded actions, where the guards see it. */
export const checkDirective: Check = (words) =>
  /\b(?:give|start|administer|prescribe|initiate|commence|resume|restart|increase|uptitrate|titrate|dispense|inject|infuse|switch to|bolus|discontinue|withhold|stop (?:the|all|any)|discharged?|(?:send|sent|go|goes|going) (?:the patient )?home|avoid|withheld|hold (?:all|off|the|any)|skip|omit|override|overridden|disregard|ignore|anticoagulate|thrombolyse|thrombolyze|contraindicat\w+|no contraindications?|safe to|harmless|no (?:further )?(?:tests?|workup|work-up|treatment|monitoring) (?:is|are) (?:needed|necessary|required)|no follow-?up|nothing (?:serious|dangerous|to worry)|benign|can be (?:ignored|dismissed)|unnecessary|needless)\b/i.test(
    words,
  )
    ? fault('directive', 'tells what to do outside the coded actions')
    : undefined;

export const checkAddress: Check = (words) =>
  /\b(?:you|your|yours|yourself|we|our|ours|my|mine|myself|me|great question|good question|excellent|brilliant|amazing|impressive|congratulations|well done|doctor|thank(?:s| you)?|sorry|please|as an ai|happy to|glad to|of course|kudos|astute|insightful|genius)\b|\bI(?:'m|’m|'ve|’ve| (?:am|think|believe|agree|would|can|cannot|have|recommend|suggest|hope|apologi[sz]e))\b/i.test(
    words,
  )
    ? fault('address', 'speaks to the reader or about itself')
    : undefined;

/** "Rules it out" is a verdict; "would rule out", "does not exclude", "has yet to be excluded" are none. */
const rulesOut = (words: string): boolean =>
  [...words.matchAll(/\b(?:rul(?:es|ed|ing)? out|exclud(?:es|ed|ing))\b/gi)].some(
    ({ index }) =>
      !/\b(?:not|n't|cannot|never|nor|neither|without|would|could|might|may|must|should|to|until|unless|yet|help(?:s|ing)?|if|for|before|be|been)\b[\w\s]{0,18}$/i.test(
        words.slice(Math.max(0, index - 40), index),
      ),
  );

/** A model's own certainty is worth nothing, so it is not shown. */
export const checkConfidence: Check = (words) =>
  /\b(?:confident|confidence|certain|certainly|certainty|definite|definitely|definitive(?:ly)? diagnos\w+|undoubtedly|undeniabl[ey]|guarantee[ds]?|without (?:a |any )?doubt|no doubt|sure|surely|probability|odds|chances?|likelihood of|proven(?! otherwise)|proves|(?<!(?:would|could|might|may|to|can|helps?) )confirms? (?:the|a)\b|conclusive(?:ly)?|pathognomonic|clearly|obviously|(?:is|are|was) diagnostic|establish(?:es|ed)? (?:the|a) diagnosis|(?:most|very|highly|extremely|overwhelmingly) (?:likely|probabl[ey]|unlikely|improbable)|almost (?:always|never|certain\w*))\b/i.test(
    words,
  ) || rulesOut(words)
    ? fault('confidence', 'states its own certainty')
    : undefined;

const english = new Set(
  'the a an of and or with without is are was were be been has have had in on at to for from by as this that these those not no nor would could may might can if which while but than more most less least also both either against between because since during after before when where whether there it its their his her supports support suggests makes make raises lowers favours favors fits explains points toward towards separate test would should'.split(
    ' ',
  ),
);
const foreign = new Set(
  'der das und nicht ist ein eine einen mit f\u00fcr auf zu zur dem den des sich wird werden bei oder aber auch sofort keine le les et est une des du dans pour avec pas sur qui que sont cette ce ou el los las es un una por para con del al se lo y como sin il gli della di che per sono nel \u00e8 o os as e da do em n\u00e3o com uma het een van voor niet geen zijn wordt och att som inte jest nie na z w do bir ve i\u00e7in'.split(
    ' ',
  ),
);
const ambiguous = new Set([
  'as',
  'do',
  'des',
  'es',
  'o',
  'e',
  'y',
  'z',
  'w',
  'al',
  'le',
  'un',
  'per',
  'con',
  'den',
  'di',
  'du',
  'se',
  'ou',
  'da',
  'na',
  'van',
  'em',
  'los',
  'que',
  'ce',
  'el',
  'lo',
  'et',
  'zu',
  'est',
  'del',
  'des',
  'der',
  'los',
]);

export const checkLanguage: Check = (words) => {
  const all = words.toLowerCase().match(/[a-zà-ÿ]+/g) ?? [];
  const isForeign = all.filter((word) => foreign.has(word) && !english.has(word));
  const plainly = isForeign.filter((word) => !ambiguous.has(word));
  const englishCount = all.filter((word) => english.has(word)).length;
  const bad =
    plainly.length >= 2 ||
    isForeign.length > englishCount ||
    (plainly.length >= 1 && all.length < 8) ||
    (all.length >= 6 && englishCount === 0);
  return bad ? fault('language', 'is not in English') : undefined;
};

const everyText: Check[] = [
  checkCharacters,
  checkLinks,
  checkDigits,
  checkDates,
  checkInstruction,
  checkDirective,
  checkAddress,
  checkConfidence,
  checkLanguage,
];
/** A name or a short label need not be a sentence of English, but is held to all the rest. */
const everyLabel: Check[] = [
  checkCharacters,
  checkLinks,
  checkDigits,
  checkDates,
  checkInstruction,
  checkDirective,
  checkAddress,
  checkConfidence,
];

const first = (checks: Check[], text: string): Fault | undefined => {
  const words = withoutHandles(text);
  for (const check of checks) {
    const found = check(words);
    if (found) return found;
  }
  return undefined;
};

export const checkProse = (text: string): Fault | undefined => first(everyText, text);
export function checkLabel(text: string): Fault | undefined {
  if (/\{\{/.test(text)) return fault('characters', 'holds a handle where a name is wanted');
  if (text.trim() === '') return fault('characters', 'is empty');
  const found = first(everyLabel, text);
  if (found) return found;
  const plainly = (folded(text).match(/[a-zà-ÿ]+/g) ?? []).filter(
    (word) => foreign.has(word) && !ambiguous.has(word) && !english.has(word),
  );
  return plainly.length > 0 ? fault('language', 'is not in English') : undefined;
}
