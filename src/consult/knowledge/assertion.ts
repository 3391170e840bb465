// Whether a phrase is stated, denied, past, somebody else's, doubted or only imagined. After NegEx and ConText
// (Chapman 2001, Harkema 2009): a cue opens a scope, and certain words close it.
import type { Word } from './words.ts';

export type Assertion = 'present' | 'negated' | 'history' | 'family' | 'uncertain' | 'hypothetical';

interface Cue {
  words: string[];
  as: Exclude<Assertion, 'present'>;
  /** How many words it reaches, and whether it passes commas freely. */
  reach: number;
  passesCommas: boolean;
}

const cues = (as: Cue['as'], reach: number, passesCommas: boolean, phrases: string): Cue[] =>
  phrases.split('|').map((phrase) => ({ words: phrase.split(' '), as, reach, passesCommas }));

const CUES: Cue[] = [
  ...cues(
    'negated',
    40,
    true,
    'denies|denied|denying|denies any|negative for|neg for|negative ros for|no complaints of|no reports of|does not report|doesnt report|did not report|does not endorse|no h/o|no history of|no hx of|never had|pertinent negatives|pertinent negatives include|ros negative for|(-)',
  ),
  ...cues(
    'negated',
    14,
    false,
    'no|without|w/o|nil|none of|absence of|absent|free of|lack of|lacks|lacking|no evidence of|no sign of|no signs of|neg|nor|rules out|ruled out for|zero|neither',
  ),
  ...cues('negated', 5, false, 'not|doesnt|didnt|dont|isnt|wasnt|hasnt|havent|arent|werent|never|hadnt'),
  ...cues(
    'history',
    30,
    true,
    'history of|h/o|hx of|hx|pmh|pmhx|phx|pmh of|past medical history|past medical history of|medical history|known history of|past history of|background of|background|bg|k/c/o|p/c/o|history includes|no longer|with a history of|history significant for|pmh significant for',
  ),
  ...cues('history', 5, false, 'previous|previously|prior|past|s/p|remote|childhood|old'),
  ...cues(
    'family',
    25,
    true,
    'family history of|family history|family hx of|family hx|fhx|fh of|fh|fhx of|runs in the family',
  ),
  ...[
    'mother',
    'father',
    'brother',
    'sister',
    'parent',
    'uncle',
    'aunt',
    'grandfather',
    'grandmother',
    'cousin',
    'dad',
    'mom',
    'mum',
    'son',
    'daughter',
  ].flatMap((who) =>
    cues(
      'family',
      10,
      false,
      [
        'had',
        'has',
        'with',
        'died of',
        'died from',
        'diagnosed with',
        'has a history of',
        'have',
        'suffers from',
        'who had',
        'had a',
      ]
        .map((did) => `${who} ${did}`)
        .join('|'),
    ),
  ),
  ...cues(
    'uncertain',
    6,
    false,
    '?|possible|possibly|probable|r/o|rule out|query|suspected|suspicion of|suspicious for|concern for|concerned for|concerned about|worried about|worry about|could this be|is this|might be|may be|may have|perhaps|questionable|unclear if|unsure if|not sure if|to exclude|exclude|evaluate for|eval for|vs|versus|likely|fear of|consider',
  ),
  ...cues(
    'hypothetical',
    12,
    false,
    'if|return if|in case of|should she develop|should he develop|return precautions for|return for|risk of|at risk of|at risk for|prophylaxis|prophylaxis for|to prevent|watch for|monitor for|advised about|educated about|counselled about',
  ),
];
const BY_FIRST = new Map<string, Cue[]>();
for (const cue of CUES) BY_FIRST.set(cue.words[0]!, [...(BY_FIRST.get(cue.words[0]!) ?? []), cue]);
for (const list of BY_FIRST.values()) list.sort((a, b) => b.words.length - a.words.length);

/** Sound like a denial and are none: "no relief", "not improving". */
const NOT_A_DENIAL = new Set(
  'no relief|no improvement|no better|no response|no change|no idea|no doubt|no matter|not only|not improving|not improved|not better|not relieved|not responding|not sure|not getting|not settling|not resolved|not resolving|not helped|no help|not just|not able|not taking|no longer able|not well|not himself|not herself|not themselves|not drinking|not eating|no effect|not controlled|not feeling|not making|not acting|not peeing|not passing|no other'.split(
    '|',
  ),
);
const CLOSES = new Set(
  'but|however|although|though|except|yet|aside|apart|presents|presented|presenting|complains|complaining|complained|c/o|reports|reported|reporting|endorses|endorsing|developed|develops|who|which|because|while|whereas|positive|+|pw|brought|arrives|came|comes|admits|noticed|notes|started|referred|seen|feels|today'.split(
    '|',
  ),
);
/** Begin a new statement after a comma or "and". */
const STARTS = new Set(
  'severe|sudden|suddenly|acute|acutely|new|worsening|worse|increasing|progressive|mild|moderate|intense|constant|intermittent|has|had|is|was|with|now|also|having|feeling|feels|started|productive|crushing|sharp|x|for|since|then|tender|tenderness|bp|hr|temp|t|rr|spo2|sats|febrile|afebrile|vitals|exam|on|looks|appears|found|fell|cant|cannot|unable|takes|taking|meds|medications|smoker|smokes|drinks|he|she|they|pt|patient|her|his|some|several|only|just|diffuse|left|right|bilateral|visual|gradual|gradually|associated|pain|unilateral|currently'.split(
    '|',
  ),
);
const DURATION = /^(?:\d+(?:\.\d+)?|one|two|three|four|five|six|seven|several|few|a)$/;
const TIME_UNIT =
  /^(?:h|hr|hrs|hour|hours|d|day|days|week|weeks|wk|wks|month|months|minute|minutes|min|mins|year|years|yr|yrs)$/;

const PERSON = /^(?:man|woman|lady|gentleman|male|female|boy|girl|infant|baby|child|patient|person|chap|m|f)$/;

/** For each word, everything that is said of it. */
export function assertionsOf(words: readonly Word[]): Set<Assertion>[] {
  const said: Set<Assertion>[] = words.map(() => new Set());
  for (let i = 0; i < words.length; i++) {
    const cue = cueAt(words, i);
    if (!cue) continue;
    if (cue.as === 'negated' && NOT_A_DENIAL.has(`${words[i]!.text} ${words[i + 1]?.text ?? ''}`)) continue;
    if (cue.as === 'negated' && isComparison(words, i + cue.words.length)) continue;
    if (cue.as === 'history' && isAboutNow(words, i, cue)) continue;
    const nothingElse = headingDenied(words, i, cue);
    if (nothingElse > 0) {
      i += nothingElse - 1;
      continue;
    }
    const from = i + cue.words.length;
    for (let j = from; j < words.length && j < from + cue.reach; j++) {
      if (closes(words, j, from, cue)) break;
      said[j]!.add(cue.as);
    }
    i = from - 1;
  }
  return said;
}

/** "never had a headache like this", "not had one this bad": says how bad it is, not that it is absent. */
function isComparison(words: readonly Word[], from: number): boolean {
  const after = words.slice(from, from + 8).map((word) => word.text);
  const end = after.findIndex((word) => word === '.' || word === ',' || CLOSES.has(word));
  const span = (end < 0 ? after : after.slice(0, end)).join(' ');
  return /\b(?:like (?:this|it|that)|(?:this|that|so|as) (?:bad|badly|severe|strong|intense|painful)|such)\b/.test(
    span,
  );
}

const HEADING =
  /^(?:(?:significant|relevant|other|known|previous|prior|past|regular|major|drug|chronic) )*(?:pmh|pmhx|phx|hx|(?:(?:medical|surgical) )?history|(?:medical )?problems|co-?morbidit(?:y|ies)|allerg(?:y|ies)|meds|medications?)(?= |$)(?! of)/;

/** "No past history", "PMH nil", "no known allergies": a heading with nothing under it says nothing of what follows. How many words it takes. */
function headingDenied(words: readonly Word[], i: number, { as, words: { length } }: Cue): number {
  const after = words
    .slice(i + length, i + length + 6)
    .map((word) => word.text)
    .join(' ');
  if (as === 'history') {
    const isHeading = HEADING.test(
      words
        .slice(i, i + length)
        .map((word) => word.text)
        .join(' '),
    );
    return isHeading && /^(?:nil|none|unremarkable|negative|noncontributory)(?: |$)/.test(after) ? length + 1 : 0;
  }
  if (as !== 'negated' || !/^(?:no|nil|without|none|denies)$/.test(words[i]!.text)) return 0;
  const heading = HEADING.exec(after)?.[0];
  return heading ? length + heading.split(' ').length : 0;
}

function cueAt(words: readonly Word[], i: number): Cue | undefined {
  return BY_FIRST.get(words[i]!.text)?.find((cue) => cue.words.every((word, k) => words[i + k]?.text === word));
}

/** "3 day history of cough", "history of worsening pain", "h/o fever for two days" tell of the present illness. */
function isAboutNow(words: readonly Word[], i: number, cue: Cue): boolean {
  const [first] = cue.words;
  const next = words[i + 1]?.text ?? '';
  // "67 year old man: chest pain", "an old lady": an age, not a time.
  if (first === 'old') return TIME_UNIT.test(words[i - 1]?.text ?? '') || PERSON.test(next);
  // "over the past two days", "prior to arrival", "previously well".
  if (first === 'past' && cue.words.length === 1)
    return DURATION.test(next) || TIME_UNIT.test(next) || next === 'couple';
  if (first === 'prior' || first === 'previously')
    return /^(?:to|well|healthy|fit|independent|asymptomatic|normal|undiagnosed)$/.test(next);
  if (!/^(?:history|h\/o|hx)$/.test(cue.words[0]!)) return false;
  const before = words.slice(Math.max(0, i - 3), i).map((word) => word.text);
  if (
    before.some(
      (word) =>
        TIME_UNIT.test(word) || /^(?:long|short|brief|acute|recent|gives|gave)$/.test(word) || /^\d+[hdw]$/.test(word),
    )
  )
    return true;
  const after = words.slice(i + cue.words.length, i + cue.words.length + 12).map((word) => word.text);
  if (STARTS.has(after[0] ?? '') || after[0] === 'recurrent') return after[0] !== 'recurrent';
  const end = after.findIndex((word) => word === '.' || word === ',' || CLOSES.has(word));
  const span = end < 0 ? after : after.slice(0, end);
  return span.some((word, k) => DURATION.test(word) && TIME_UNIT.test(span[k + 1] ?? '') && span[k + 2] !== 'ago');
}

function closes(words: readonly Word[], j: number, from: number, cue: Cue): boolean {
  const word = words[j]!.text;
  if (word === '.') return true;
  if (CLOSES.has(word) && j > from) return true;
  if (word === '+') return true;
  const previous = words[j - 1]?.text ?? '';
  if (cue.as === 'history' && j > from && (word === 'with' || (STARTS.has(word) && word !== 'on'))) return true;
  if (cue.as !== 'history' && j > from && /^(?:,|and)$/.test(previous) && STARTS.has(word)) return true;
  if (cue.as === 'negated' && j > from && (word === 'has' || word === 'had' || word === 'with')) return true;
  if (word === ',' && !cue.passesCommas) return cue.as !== 'negated' || !listGoesOn(words, j);
  return false;
}

/** "no fever, chills, or cough": the list goes on when a short item follows, more so when an "or" is still to come. */
function listGoesOn(words: readonly Word[], comma: number): boolean {
  let length = 0;
  for (let k = comma + 1; k < words.length; k++) {
    const word = words[k]!.text;
    if (word === '.' || CLOSES.has(word)) break;
    if (word === ',' || word === 'or' || word === 'nor') break;
    length++;
  }
  const next = words[comma + 1]?.text ?? '.';
  if (next === '.' || STARTS.has(next) || cueAt(words, comma + 1)) return false;
  let hasOr = false;
  for (let k = comma + 1; k < words.length && words[k]!.text !== '.' && !CLOSES.has(words[k]!.text); k++) {
    if (words[k]!.text === 'or' || words[k]!.text === 'nor') hasOr = true;
  }
  return hasOr ? length <= 4 : length <= 2;
}

const AFTER = /^(?:(?:is|was|are|were) )?(?:absent|denied|none|negative|not present|ruled out|neg)(?: |$)/;

/** What is said of the words from `start` to `end`, the more cautious reading first. */
export function assertionAt(
  words: readonly Word[],
  said: readonly Set<Assertion>[],
  start: number,
  end: number,
): Assertion {
  const here = said[start]!;
  const after = words
    .slice(end, end + 4)
    .map((word) => word.text)
    .join(' ');
  if (here.has('hypothetical')) return 'hypothetical';
  // "Mother had a clot": the hit may begin with the cue's own "had", which stands before its scope.
  if (here.has('family') || said[end - 1]?.has('family')) return 'family';
  if (here.has('negated') || AFTER.test(after)) return 'negated';
  if (here.has('history')) return 'history';
  if (here.has('uncertain')) return 'uncertain';
  return 'present';
}
