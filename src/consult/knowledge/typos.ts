// Slips of hurried fingers, put right toward a short list of words that matter: a letter left out, doubled, swapped with
// its neighbour, or the wrong vowel. A wrong consonant is another word ("bleeding", "building") and is left alone.

const TERMS =
  'abdomen|abdominal|alcohol|amoxicillin|anaphylaxis|anticoagulated|antibiotics|appendicitis|appetite|apixaban|asthmatic|ataxia|bleeding|blisters|blurred|breath|breathing|breathless|cellulitis|cirrhosis|clammy|collapsed|colicky|confused|confusion|consciousness|constipated|constipation|convulsion|coughing|cramping|cyanosed|dehydrated|depressed|depression|diabetes|diabetic|diaphoretic|diarrhea|discharge|distended|dizziness|drowsy|dysphagia|dyspnea|dysuria|edema|epigastric|exertion|fainted|fainting|fatigue|febrile|fracture|frequency|headache|headaches|heartburn|hematemesis|hematuria|hemiparesis|hemoptysis|hypertension|hypotension|hypotensive|hypoxic|ibuprofen|infection|inflammation|insulin|itching|jaundice|jaundiced|lethargic|lightheaded|lithium|malaise|melena|meningitis|metformin|methotrexate|migraine|morphine|nausea|nauseated|nauseous|neutropenic|numbness|orthopnea|overdose|painful|palpitations|pancreatitis|paralysis|paresthesia|periumbilical|petechiae|photophobia|photophobic|pleuritic|pneumonia|postpartum|prednisolone|prednisone|pregnancy|pregnant|progressive|radiates|radiating|retention|seizure|seizures|sensation|shivering|shoulder|shortness|spinning|sputum|stiffness|suddenly|sugars|suicidal|surgery|sweating|sweats|swelling|swollen|symptoms|syncope|tachycardia|tachycardic|tenderness|testicle|testicular|tightness|tingling|tremor|unconscious|unilateral|unsteady|urinary|urinating|urination|urticaria|vertigo|vomited|vomiting|vomits|warfarin|weakness|wheeze|wheezing|wheezy'.split(
    '|',
  );
const KNOWN = new Set(TERMS);
/** True words that lie one slip from a term. */
const TRUE_WORDS = new Set(
  'camping|abdominals|alcoholic|asthmatics|blister|breathe|breaths|colic|confuse|confuses|cramps|discharged|discharges|edematous|exertional|fainter|faints|fractures|fractured|infections|migraines|morphia|nauseate|palpitation|paralyzed|pregnancies|radiated|radiate|sensations|shivers|shoulders|surgeries|surge|sweaty|symptom|syncopal|tenders|tender|testicles|tremors|urinate|urinates|wheezes|wheezed|progress|progression|progressed|frequent|frequently|infected|infective|sugar|stiff|shorten|swells|swell|overdosed|overdoses|insulins|insular|retentive|radiation|vomit|vomitus|vomitous|selling|inflection|destined|building|weakens|weaknesses|shortens|distend|distends|fairness|parallels|collapses|breathes'.split(
    '|',
  ),
);

const skeleton = (word: string): string =>
  word[0] +
  word
    .slice(1)
    .replace(/[aeiouy]/g, '')
    .replace(/(.)\1+/g, '$1');

const bySkeleton = new Map<string, string[]>();
for (const term of TERMS) bySkeleton.set(skeleton(term), [...(bySkeleton.get(skeleton(term)) ?? []), term]);
const byInitial = new Map<string, string[]>();
for (const term of TERMS) byInitial.set(term[0]!, [...(byInitial.get(term[0]!) ?? []), term]);

const cache = new Map<string, string>();
const MOST_CACHED = 5000;

/** The term that a mistyped word stands for, or the word itself: `typed('vomitting')` is "vomiting". */
export function typed(word: string): string {
  if (word.length < 6 || word.length > 16 || KNOWN.has(word) || TRUE_WORDS.has(word) || !/^[a-z]+$/.test(word))
    return word;
  const before = cache.get(word);
  if (before !== undefined) return before;
  const found = termFor(word) ?? word;
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(word, found);
  return found;
}

function termFor(word: string): string | undefined {
  const sameConsonants = (bySkeleton.get(skeleton(word)) ?? []).filter((term) => differences(word, term) <= 2);
  if (sameConsonants.length === 1 && skeleton(word).length >= 4) return sameConsonants[0];
  const near = (byInitial.get(word[0]!) ?? []).filter((term) => isOneSlip(word, term));
  return near.length === 1 ? near[0] : undefined;
}

/** Letters put in, left out or changed (Levenshtein). */
function differences(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** One letter left out or put in inside the word, or two neighbours swapped; endings are grammar and not slips. */
function isOneSlip(word: string, term: string): boolean {
  if (word.length === term.length) {
    const first = [...word].findIndex((letter, i) => letter !== term[i]);
    return (
      first > 0 &&
      word[first] === term[first + 1] &&
      word[first + 1] === term[first] &&
      word.slice(first + 2) === term.slice(first + 2)
    );
  }
  const [short, long] = word.length < term.length ? [word, term] : [term, word];
  if (long.length - short.length !== 1 || short.at(-1) !== long.at(-1)) return false;
  const first = [...long].findIndex((letter, i) => letter !== short[i]);
  return first > 0 && long.slice(first + 1) === short.slice(first);
}
