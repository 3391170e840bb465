// Which drugs does a text name? The terminology says; this looks also behind the tricks by which a name slips past it.
import type { Coding, ConsultAction } from '../cds-hooks/contract.ts';

export interface NamedDrug {
  /** As our terminology writes it: what the screen shows. */
  text: string;
  coding?: Coding;
}

export interface ProposedAction {
  kind: ConsultAction['kind'];
  text: string;
  coding?: Coding;
}

export interface ConsultPorts {
  /** Every drug, brand or drug class that the text names. */
  namedDrugs(text: string): NamedDrug[];
  /** The guards that forbid an action for this chart. Throwing, or no answer in time, counts as forbidden. */
  checkAction(action: ProposedAction): ConsultAction['blockedBy'] | Promise<ConsultAction['blockedBy']>;
}

/** Endings that only drugs have. A word with one that the terminology does not know is an unknown drug, not an unknown word. */
const drugEnding =
  /\b[a-z]{2,}(?:cillin|mycin|micin|olol|pril|sartan|statin|conazole|nidazole|prazole|floxacin|xaban|gatran|parin|[a-z]umab|ximab|zumab|tinib|ciclib|navir|tegravir|ciclovir|cyclovir|triptan|gliptin|gliflozin|glutide|dipine|setron|azepam|azolam|barbital|caine|cycline|profen|coxib|dronate|tidine|oxetine|triptyline|ipramine|thiazide|semide|fibrate|terol|tropium|asone|olone|onide|idone|azine|apine|oxin|curium|curonium|plase|platin|rubicin|taxel|trexate|mustine|codone|morphone|fentanil|fentanyl)\b/i;
const notADrug = new Set([
  'plain',
  'cocaine',
  'creatinine',
  'urinary',
  'endotoxin',
  'cytotoxin',
  'exotoxin',
  'mycotoxin',
  'toxin',
  'neurotoxin',
  'enterotoxin',
  'verotoxin',
  'alone',
  'uterol',
  'cholesterol',
  'ritonone',
  'cortisone',
  'hormone',
]);

export function drugsIn(text: string, ports: Pick<ConsultPorts, 'namedDrugs'>): NamedDrug[] {
  const words = text
    .replace(/[^A-Za-zÀ-ÿ0-9\s'-]+/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  // "warf arin", "war-farin"
  const joined = words.slice(1).map((word, i) => `${words[i]}${word}`.replaceAll('-', ''));
  const unhyphened = words.filter((word) => word.includes('-')).map((word) => word.replaceAll('-', ''));
  const found = [text, ...[[...unhyphened, ...joined].join(' ; ')].filter(Boolean)].flatMap((form) =>
    ports.namedDrugs(form),
  );
  const known = new Map(found.map((drug) => [drug.text.toLowerCase(), drug]));
  if (known.size === 0) {
    for (const word of words)
      if (drugEnding.test(word) && !notADrug.has(word.toLowerCase())) known.set(word.toLowerCase(), { text: word });
  }
  return [...known.values()];
}

export const drugClass =
  /\b(?:NSAIDs?|anti-?inflammator(?:y|ies)|anticoagula(?:nts?|tion)|blood thinners?|anti-?platelets?|thrombolytics?|thrombolysis|opioids?|opiates?|beta[- ]?block(?:ers?|ade)|calcium channel blockers?|ACE inhibitors?|angiotensin receptor blockers?|statins?|(?:cortico|gluco)?-?steroids?|antibiotics?|penicillins?|cephalosporins?|macrolides?|(?:fluoro)?quinolones?|aminoglycosides?|sulfonamides?|antifungals?|antivirals?|benzodiazepines?|antidepressants?|SSRIs?|antipsychotics?|anticonvulsants?|diuretics?|nitrates?|insulins?|triptans?|vasopressors?|sedatives?|antiemetics?|proton pump inhibitors?|PPIs?|DOACs?|NOACs?|heparins?|vaccines?|contrast (?:agent|medium|media))\b/i;
