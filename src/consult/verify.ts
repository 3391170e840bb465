// Checks a model's candidate against the chart, claim by claim, and renders what passes. Pure but for the two ports:
// the same answer and chart always give the same items. What fails is dropped, with the check that dropped it.
import type { ConsultAction, ConsultEvidence, ConsultItem, ConsultWithheld } from '../cds-hooks/contract.ts';
import type { Candidate } from './answer.ts';
import { type Condition, findCondition } from './conditions.ts';
import { defanged } from './defanged.ts';
import { type ConsultPorts, drugClass, drugsIn, type NamedDrug } from './drug-names.ts';
import { checkFindings } from './findings.ts';
import { checkGuideline } from './guideline.ts';
import type { KnowledgeResult, OfferedCondition, Passage } from './knowledge-result.ts';
import { checkQuote } from './note-evidence.ts';
import type { EvidenceFact } from './packet.ts';
import { strangeName, strangeWord, wordsOf } from './plain-words.ts';
import { checkPerson, checkPolarity, checkStage } from './polarity.ts';
import { checkLabel, checkProse, type Fault, handlesIn, placeholder, withoutHandles } from './prose.ts';

export interface Ground {
  /** What the model was given, by handle: E and C. Nothing else may be cited. */
  evidence: ReadonlyMap<string, EvidenceFact>;
  /** Scrubbed notes the model was given, by handle. */
  notes: ReadonlyMap<string, string>;
  passages: ReadonlyMap<string, Passage>;
  offered: readonly OfferedCondition[];
  knowledge: KnowledgeResult;
  /** Tests of the knowledge base, with their codes. */
  tests: readonly ConsultAction[];
  question?: string;
  sex?: 'female' | 'male';
  ageInYears?: number;
  ports: ConsultPorts;
}

export interface Verified {
  item?: ConsultItem;
  withheld: ConsultWithheld[];
  sentencesIn: number;
}

const LONGEST_SENTENCE = 320;

export async function verifyCandidate(
  candidate: Candidate,
  ground: Ground,
  seen: readonly Condition[] = [],
): Promise<Verified> {
  const withheld: ConsultWithheld[] = [];
  const drop = (text: string, { check, reason }: Fault) =>
    void withheld.push({ type: 'withheld', text: defanged(text, ground), reason, check });
  const rejected = (fault: Fault): Verified => {
    drop(candidate.name ?? candidate.condition, fault);
    return { withheld, sentencesIn: candidate.sentences.length };
  };

  const condition = conditionOf(candidate, ground);
  if ('check' in condition) return rejected(condition);
  if (findCondition(seen, condition))
    return rejected({ check: 'duplicate', reason: 'names a condition a second time' });

  const isHeld = findCondition(ground.knowledge.mustNotMiss, condition) !== undefined;
  const own = findCondition(
    ground.knowledge.items.map((item) => ({ ...item.candidate, item })),
    condition,
  )?.item;
  const side = (handles: readonly string[], which: 'for' | 'against') =>
    [...new Set(handles)].flatMap((handle) => {
      const fault = checkEvidence(handle, which, candidate, ground, own);
      if (!fault) return [evidenceOf(handle, candidate, ground)];
      drop(handle, fault);
      return [];
    });
  const against = side(candidate.against, 'against');
  const support = side(candidate.for, 'for').filter((one) => !against.some((other) => other.handle === one.handle));
  const missing = missingOf(candidate, ground, drop);
  const isOnlyHeld = isHeld && candidate.band === 'must-exclude' && missing.length > 0;
  if (support.length + against.length === 0 && !isOnlyHeld)
    return rejected({ check: 'evidence', reason: 'has no evidence that the chart bears out' });
  if (support.length === 0 && candidate.for.length > 0 && !isHeld)
    return rejected({ check: 'evidence', reason: 'has no support that the chart bears out' });

  const actions = await actionsOf(candidate, ground, drop);
  const allowed = new Set(
    actions
      .filter((action) => action.kind === 'drug' && action.blockedBy.length === 0)
      .map((action) => action.text.toLowerCase()),
  );
  const sentences: ConsultItem['sentences'] = [];
  for (const text of candidate.sentences) {
    const fault =
      checkSentence(text, ground, condition, allowed) ??
      (sentences.some((one) => one.text === rendered(text, ground))
        ? ({ check: 'duplicate', reason: 'says the same twice' } satisfies Fault)
        : undefined);
    if (fault) drop(text, fault);
    else sentences.push({ text: rendered(text, ground), handles: [...new Set(handlesIn(text))] });
  }

  const flags: string[] = [];
  const guideline = candidate.guideline.flatMap((handle) => {
    const passage = ground.passages.get(handle);
    if (!passage || checkGuideline(passage, condition, actions, ground)) return [];
    return [{ handle, text: passage.text, citation: passage.citation, ...(passage.url ? { url: passage.url } : {}) }];
  });
  if (guideline.length === 0 && (actions.length > 0 || candidate.guideline.length > 0)) flags.push('no local source');
  let { band } = candidate;
  const refuted = refutationOf(condition, ground);
  if (refuted) {
    flags.push(`contradicted: ${refuted.reason}`);
    const fact = refuted.handle === undefined ? undefined : ground.evidence.get(refuted.handle);
    if (fact && !against.some((one) => one.handle === fact.handle))
      against.push({ handle: fact.handle, text: fact.text, reference: fact.reference });
    band = 'plausible';
  } else if (band === 'leading' && against.length + missing.length === 0) {
    flags.push('nothing named that speaks against it');
    band = 'plausible';
  }
  if (actions.some((action) => action.blockedBy.length > 0)) flags.push('an action is blocked');

  const strength = Math.min(3, support.length) as 0 | 1 | 2 | 3;
  const { id, text, coding } = condition;
  return {
    withheld,
    sentencesIn: candidate.sentences.length,
    item: {
      type: 'item',
      source: 'model',
      candidate: { ...(id ? { id } : {}), text, ...(coding ? { coding } : {}), band },
      strength,
      for: support,
      against,
      missing,
      sentences,
      actions,
      ...(guideline.length > 0 ? { guideline } : {}),
      flags,
    },
  };
}

/** All that a sentence must pass, in the order of the cheapest first. */
export function checkSentence(
  text: string,
  ground: Ground,
  condition: Condition,
  allowedDrugs: ReadonlySet<string> = new Set(),
): Fault | undefined {
  if (text.length > LONGEST_SENTENCE) return { check: 'schema', reason: 'is too long' };
  const handles = handlesIn(text);
  const strange = handles.find((handle) => !ground.evidence.has(handle) && !ground.passages.has(handle));
  if (strange) return { check: 'handles', reason: 'cites evidence that does not exist' };
  if (handles.length === 0) return checkProse(text) ?? { check: 'uncited', reason: 'cites nothing' };
  const words = withoutHandles(text);
  const facts = [...ground.evidence.values()];
  const own = [condition.text, ...(condition.names ?? [])].join(' ; ');
  return (
    checkProse(text) ??
    checkDrugs(words, ground, allowedDrugs, (kind) =>
      handles.some((handle) => ground.evidence.get(handle)?.kind === kind),
    ) ??
    checkStage(words, facts) ??
    checkPerson(words, ground.sex) ??
    checkPolarity(text, (handle) => ground.evidence.get(handle)) ??
    checkFindings(text, facts, heardIn(ground), own) ??
    checkWords(words, ground, own, ...allowedDrugs)
  );
}

const ANALYTE =
  '(?:potassium|calcium|magnesium|phosphate|sodium|bicarbonate|glucose|oxygen|urea|cortisol|thyroid|albumin|iron|fibrinogen|lithium)';
/** "Potassium excretion", "a high calcium": what is measured, which the terminology knows as drugs. */
const analytes = new RegExp(
  `\\b(?:serum|plasma|urine|urinary|blood|high|low|raised|elevated|rising|falling|normal|abnormal|adrenal) ${ANALYTE}\\b(?! (?:chloride|gluconate|sul\\w+|supplement\\w*|replacement|infusion|therapy|tablets?))|\\b${ANALYTE} (?:levels?|excretion|loads?|balance|concentrations?|results?|values?|shifts?|handling|homeostasis|metabolism|saturation|supply|demand|delivery|uptake|deficit|excess|function|disease|exchange)\\b`,
  'gi',
);
const withoutAnalytes = (words: string): string => words.replace(analytes, ' _ ');

function checkDrugs(
  words: string,
  ground: Ground,
  allowed: ReadonlySet<string>,
  cites: (kind: string) => boolean = () => false,
): Fault | undefined {
  if (drugsIn(withoutAnalytes(words), ground.ports).some((drug) => !allowed.has(drug.text.toLowerCase())))
    return { check: 'drugs', reason: 'names a drug that is no action cleared by the guards' };
  // A class is fine for a drug of the chart ("as an ACE inhibitor, {{E5}} …"); by itself it is advice past the guards.
  if (drugClass.test(words) && allowed.size === 0 && !cites('medication') && !cites('allergy'))
    return { check: 'drugs', reason: 'names a class of drugs that is no action cleared by the guards' };
  return undefined;
}

/** The words of a chart, of the question and of what the knowledge base offers for it; a sentence may use them freely. */
const given = new WeakMap<ReadonlyMap<string, EvidenceFact>, ReadonlySet<string>>();

function wordsOfGround({ evidence, passages, offered, knowledge, tests }: Ground): ReadonlySet<string> {
  const known = given.get(evidence);
  if (known) return known;
  const texts = [
    ...[...evidence.values()].filter(({ kind }) => kind !== 'note').flatMap(({ text, name }) => [text, name]),
    ...[...passages.values()].flatMap(({ title, text, population }) => [title, text, population]),
    ...offered.flatMap(({ text, names }) => [text, ...(names ?? [])]),
    ...knowledge.presentations.map(({ title }) => title),
    ...knowledge.items.flatMap(({ missing }) => missing.map(({ text }) => text)),
    ...tests.map(({ text }) => text),
  ];
  const words = new Set(texts.flatMap(wordsOf));
  given.set(evidence, words);
  return words;
}

const strangeness: Fault = { check: 'language', reason: 'holds a word that plain clinical prose does not need' };

export function checkWords(text: string, ground: Ground, ...more: string[]): Fault | undefined {
  const own = new Set(more.flatMap(wordsOf));
  return strangeWord(text, [wordsOfGround(ground), own]) === undefined ? undefined : strangeness;
}

/** What a label names (a test, a disease) may be of its own kind as well. */
const checkName = (text: string, ground: Ground): Fault | undefined =>
  strangeName(text, [wordsOfGround(ground)]) === undefined ? undefined : strangeness;

const heardIn = (ground: Ground): string =>
  [ground.question ?? '', ...ground.notes.values()]
    .join('\n')
    .replace(/\b(?:no|not|denies|denied|without|negative for|family history)\b[^.;,\n]*/gi, ' ');

/** Handles become the chart's words. The question and notes are only pointed to: their words are not ours. */
export const rendered = (text: string, ground: Ground): string =>
  text.replace(placeholder, (_, handle: string) => {
    const fact = ground.evidence.get(handle);
    if (fact?.kind === 'question') return 'the question';
    return fact?.text ?? ground.passages.get(handle)?.title ?? '';
  });

function conditionOf(candidate: Candidate, ground: Ground): Condition | Fault {
  const offered = ground.offered.find((one) => one.id === candidate.condition);
  if (offered) return offered;
  const name = candidate.condition === 'other' ? candidate.name : candidate.condition.replaceAll('-', ' ');
  if (!name) return { check: 'condition', reason: 'gives no name' };
  const fault = checkLabel(name);
  if (fault) return fault;
  const known = findCondition(ground.offered, { text: name });
  if (known) return known;
  if (candidate.condition !== 'other') return { check: 'condition', reason: 'is not on the list that was offered' };
  if (name.split(/\s+/).length > 8) return { check: 'condition', reason: 'is no name of a condition' };
  if (drugsIn(name, ground.ports).length > 0)
    return { check: 'drugs', reason: 'names a drug that is no action cleared by the guards' };
  return checkName(name, ground) ?? { text: name };
}

function checkEvidence(
  handle: string,
  which: 'for' | 'against',
  candidate: Candidate,
  ground: Ground,
  own: ConsultItem | undefined,
): Fault | undefined {
  const fact = ground.evidence.get(handle);
  if (!fact) return { check: 'handles', reason: 'cites evidence that does not exist' };
  if (which === 'for' && ['refuted', 'negated', 'family'].includes(fact.status))
    return { check: 'polarity', reason: `takes ${fact.name} as present, and the chart does not` };
  if (
    which === 'for' &&
    own?.against.some((one) => one.handle === handle) &&
    !own.for.some((one) => one.handle === handle)
  )
    return { check: 'polarity', reason: `takes ${fact.name} as support, and the knowledge base counts it against` };
  if (fact.kind !== 'note') return undefined;
  const quotes = candidate.quotes.filter((one) => one.handle === handle);
  if (quotes.length === 0) return { check: 'note-evidence', reason: 'cites a note without its words' };
  for (const { quote } of quotes) {
    const fault = checkQuote(ground.notes.get(handle), quote, which);
    if (fault) return fault;
    if (drugsIn(quote, ground.ports).length > 0) return { check: 'drugs', reason: 'quotes a drug from a note' };
  }
  return undefined;
}

function evidenceOf(handle: string, candidate: Candidate, ground: Ground): ConsultEvidence {
  const fact = ground.evidence.get(handle)!;
  const quotes =
    fact.kind === 'note'
      ? candidate.quotes
          .filter((one) => one.handle === handle)
          .map(({ quote }) => `“${quote.replace(/\s+/g, ' ').trim()}”`)
      : [];
  return {
    handle,
    text:
      quotes.length > 0 ? `${quotes.join(', ')} (${fact.text})` : fact.kind === 'question' ? 'The question' : fact.text,
    ...(fact.reference ? { reference: fact.reference } : {}),
  };
}

function missingOf(
  candidate: Candidate,
  ground: Ground,
  drop: (text: string, fault: Fault) => void,
): ConsultItem['missing'] {
  return candidate.missing.flatMap(({ datum, wouldChange }) => {
    const fault =
      checkLabel(datum) ??
      checkProse(wouldChange) ??
      (/\{\{/.test(wouldChange)
        ? ({ check: 'handles', reason: 'cites evidence for what is missing' } satisfies Fault)
        : undefined) ??
      checkDrugs(`${datum} ; ${wouldChange}`, ground, new Set()) ??
      checkName(datum, ground) ??
      checkWords(wouldChange, ground, datum);
    if (fault) {
      drop(`${datum}: ${wouldChange}`, fault);
      return [];
    }
    const test = findCondition(
      ground.tests.map((one) => ({ ...one, id: undefined })),
      { text: datum },
    );
    return [{ text: datum, wouldChange, ...(test?.coding ? { coding: test.coding } : {}) }];
  });
}

async function actionsOf(
  candidate: Candidate,
  ground: Ground,
  drop: (text: string, fault: Fault) => void,
): Promise<ConsultAction[]> {
  const actions: ConsultAction[] = [];
  for (const { kind, target, handles } of candidate.actions) {
    const drugs = drugsIn(target, ground.ports);
    const fault =
      handles.length === 0 || handles.some((handle) => !ground.evidence.has(handle) && !ground.passages.has(handle))
        ? ({ check: 'handles', reason: 'is an action without evidence' } satisfies Fault)
        : (checkLabel(target) ??
          faultOfDrugs(kind, drugs) ??
          (kind === 'drug' ? undefined : checkName(target, ground)));
    if (fault) {
      drop(target, fault);
      continue;
    }
    const offered =
      kind === 'drug'
        ? undefined
        : findCondition(
            ground.tests.filter((one) => one.kind === kind),
            { text: target },
          );
    const action =
      kind === 'drug'
        ? { kind, ...drugs[0]! }
        : { kind, text: offered?.text ?? target, ...(offered?.coding ? { coding: offered.coding } : {}) };
    if (actions.some((one) => one.text === action.text)) continue;
    actions.push({ ...action, blockedBy: await guarded(action, ground.ports), ...doneAlready(action, ground) });
  }
  return actions;
}

function faultOfDrugs(kind: ConsultAction['kind'], drugs: NamedDrug[]): Fault | undefined {
  if (kind !== 'drug')
    return drugs.length > 0
      ? { check: 'drugs', reason: 'names a drug in an action that is not for a drug' }
      : undefined;
  if (drugs.length === 0) return { check: 'drugs', reason: 'names no drug that is known' };
  if (drugs.length > 1) return { check: 'drugs', reason: 'names more than one drug' };
  return drugs[0]!.coding === undefined ? { check: 'drugs', reason: 'names no drug that is known' } : undefined;
}

/** A guard that fails to answer forbids. */
export async function guarded(
  action: Pick<ConsultAction, 'kind' | 'text' | 'coding'>,
  ports: ConsultPorts,
): Promise<ConsultAction['blockedBy']> {
  try {
    return await ports.checkAction(action);
  } catch {
    return [{ ruleId: 'not-checked', summary: 'The guards could not check this.' }];
  }
}

const RECENT_HOURS = 48;

function doneAlready(
  action: Pick<ConsultAction, 'kind' | 'coding'>,
  ground: Ground,
): Pick<ConsultAction, 'alreadyDone'> {
  if (action.kind !== 'test' || action.coding?.code === undefined) return {};
  const done = [...ground.evidence.values()].find(
    (fact) =>
      fact.daysAgo !== undefined &&
      fact.daysAgo * 24 <= RECENT_HOURS &&
      ['lab', 'vital', 'procedure'].includes(fact.kind) &&
      fact.codings.some((coding) => coding.code === action.coding!.code),
  );
  return done ? { alreadyDone: `Done: ${done.text}` } : {};
}

const ofOneSex: [RegExp, 'female' | 'male'][] = [
  [
    /ectopic|pregnan|ovari|uterine|endometri|pre-?eclampsia|eclampsia|placent|cervical cancer|pelvic inflammatory|vaginal|postpartum/i,
    'female',
  ],
  [/testic|prostat|epididym|penile|priapism|scrot/i, 'male'],
];

function refutationOf(condition: Condition, ground: Ground): { reason: string; handle?: string } | undefined {
  const byRule = ground.knowledge.refuted?.find((one) => one.id === condition.id);
  if (byRule) return byRule;
  const item =
    condition.id === undefined ? undefined : ground.knowledge.items.find((one) => one.candidate.id === condition.id);
  const flag = item?.flags?.find((one) => one.startsWith('Refuted: '));
  if (item && flag) return { reason: flag.slice(9), handle: item.against[0]?.handle };
  const sex = ofOneSex.find(([words]) => words.test(condition.text))?.[1];
  if (sex === undefined || ground.sex === undefined || sex === ground.sex) return undefined;
  return {
    reason: `the record says ${ground.sex}`,
    handle: [...ground.evidence.values()].find((fact) => fact.kind === 'patient')?.handle,
  };
}
