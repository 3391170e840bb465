// When do two lists name the same condition? By id where both have one, else by name: "PE", "acute pulmonary embolism"
// and "Pulmonary embolus" are one. Used for the agreement of knowledge base, model and clinician.
import type { Coding, ConsultRules } from '../cds-hooks/contract.ts';

export interface Condition {
  id?: string;
  text: string;
  coding?: Coding;
  names?: readonly string[];
}

const abbreviations: Record<string, string> = {
  aaa: 'abdominal aortic aneurysm',
  acs: 'acute coronary syndrome',
  af: 'atrial fibrillation',
  aki: 'acute kidney injury',
  ami: 'myocardial infarction',
  cap: 'pneumonia',
  ccf: 'heart failure',
  chf: 'heart failure',
  cva: 'stroke',
  copd: 'chronic obstructive pulmonary disease',
  'covid-19': 'covid',
  dka: 'diabetic ketoacidosis',
  dvt: 'deep vein thrombosis',
  gerd: 'gastroesophageal reflux',
  gord: 'gastroesophageal reflux',
  gca: 'giant cell arteritis',
  hf: 'heart failure',
  hhs: 'hyperosmolar hyperglycemic state',
  ibs: 'irritable bowel syndrome',
  ich: 'intracerebral hemorrhage',
  mi: 'myocardial infarction',
  nstemi: 'myocardial infarction',
  pe: 'pulmonary embolism',
  pid: 'pelvic inflammatory disease',
  pud: 'peptic ulcer',
  sah: 'subarachnoid hemorrhage',
  sbo: 'small bowel obstruction',
  stemi: 'myocardial infarction',
  tia: 'transient ischemic attack',
  urti: 'upper respiratory infection',
  uti: 'urinary tract infection',
  vte: 'venous thromboembolism',
  'heart attack': 'myocardial infarction',
  'blood clot in the lung': 'pulmonary embolism',
  'acid reflux': 'gastroesophageal reflux',
  'panic attack': 'panic disorder',
};
const filler = new Set(
  'a an the of in to with and or acute severe mild moderate possible probable suspected likely new onset due disease disorder syndrome type rule out ro query unspecified community acquired exacerbation decompensated congestive'.split(
    ' ',
  ),
);
const synonyms: Record<string, string> = {
  embolus: 'embolism',
  emboli: 'embolism',
  thromboembolism: 'embolism',
  infarct: 'infarction',
  heart: 'cardiac',
  failure: 'failure',
  renal: 'kidney',
  hepatic: 'liver',
  bleeding: 'hemorrhage',
  bleed: 'hemorrhage',
  venous: 'vein',
  ulceration: 'ulcer',
  tract: '',
  rupture: 'ruptured',
  dissecting: 'dissection',
  myocarditis: 'myocarditis',
};

const british = (text: string): string =>
  text
    .replace(/ae/g, 'e')
    .replace(/oe(?=[dsm])/g, 'e')
    .replace(/gastro-?(?=esoph)/g, 'gastro')
    .replace(/ou?r\b/g, 'or')
    .replace(/ischaem/g, 'ischem');

function wordsOf(name: string): Set<string> {
  const plain = british(
    name
      .normalize('NFKD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
      .replace(/\([^)]*\)/g, ' ')
      .replace(/['’]s\b/g, '')
      .replace(/[^a-z0-9-]+/g, ' ')
      .trim(),
  );
  const spelled = abbreviations[plain] ?? plain;
  const words = spelled
    .split(/[\s-]+/)
    .flatMap((word) => (abbreviations[word] ?? word).split(/[\s-]+/))
    .map((word) => synonyms[word] ?? word);
  const kept = words.filter((word) => word !== '' && !filler.has(word));
  return new Set(kept.length > 0 ? kept : words);
}

/** All words of one name in the other, or two thirds shared. */
function sameName(a: string, b: string): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  if (left.size === 0 || right.size === 0) return false;
  const shared = [...left].filter((word) => right.has(word)).length;
  // One general word ("failure", "pain") in common says nothing; a single-word name must be met whole.
  const smaller = Math.min(left.size, right.size);
  if (shared === smaller && (smaller > 1 || left.size === right.size)) return true;
  return shared / (left.size + right.size - shared) >= 0.67;
}

export function isSameCondition(a: Condition, b: Condition): boolean {
  if (a.id !== undefined && b.id !== undefined) return a.id === b.id;
  if (a.coding?.code !== undefined && a.coding.code === b.coding?.code && a.coding.system === b.coding.system)
    return true;
  const [left, right] = [namesOf(a), namesOf(b)];
  return left.some((one) => right.some((other) => sameName(one, other)));
}

const namesOf = (condition: Condition): string[] => [
  condition.text,
  ...(condition.names ?? []),
  ...(condition.id ? [condition.id.replaceAll('-', ' ')] : []),
];

export const findCondition = <C extends Condition>(list: readonly C[], wanted: Condition): C | undefined =>
  list.find((one) => one.id !== undefined && one.id === wanted.id) ?? list.find((one) => isSameCondition(one, wanted));

/** Named by two or more of the sources, or by one alone. Names are those of the first source that has them. */
export function agreementOf(
  knowledge: readonly Condition[],
  clinician: readonly Condition[],
  model?: readonly Condition[],
): NonNullable<ConsultRules['agreement']> {
  const all: { condition: Condition; by: Set<string> }[] = [];
  for (const [source, list] of [
    ['knowledge', knowledge],
    ['model', model ?? []],
    ['clinician', clinician],
  ] as const) {
    for (const condition of list) {
      const known = all.find((one) => isSameCondition(one.condition, condition));
      if (known) known.by.add(source);
      else all.push({ condition, by: new Set([source]) });
    }
  }
  const only = (source: string) =>
    all.filter(({ by }) => by.size === 1 && by.has(source)).map(({ condition }) => condition.text);
  return {
    both: all.filter(({ by }) => by.size > 1).map(({ condition }) => condition.text),
    onlyKnowledge: only('knowledge'),
    onlyClinician: only('clinician'),
    ...(model ? { onlyModel: only('model') } : {}),
  };
}
