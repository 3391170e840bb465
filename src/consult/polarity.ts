// Does a sentence say of the facts it cites what the chart says? "Elevated {{E9}}" needs a high E9, "taking {{E4}}" an
// active order. A word that cannot be checked against the chart is not kept.
import type { EvidenceFact } from './packet.ts';
import { type Fault, placeholder } from './prose.ts';

type Agrees = (fact: EvidenceFact) => boolean;

interface Claim {
  id: string;
  words: RegExp;
  /** The kinds of fact the word speaks about; others in its clause are left alone. */
  about: Agrees;
  agrees: Agrees;
  /** What the word means after "not" or "without". */
  whenNegated?: Agrees;
}

const isObservation: Agrees = (fact) =>
  fact.kind === 'lab' || fact.kind === 'vital' || fact.kind === 'survey' || fact.kind === 'calculation';
const isMedication: Agrees = (fact) => fact.kind === 'medication';
const isCondition: Agrees = (fact) => fact.kind === 'problem' || fact.kind === 'allergy';
const isAnything: Agrees = () => true;
/** What the laboratory says of the value; of a filtration rate, which laboratories leave without a flag, what KDIGO says. */
const interpretationOf = ({ interpretation, kind, name, value }: EvidenceFact): string | undefined =>
  interpretation ??
  ((kind === 'lab' || kind === 'calculation') && /\be?gfr\b|glomerular/i.test(name) && value !== undefined
    ? value < 60
      ? 'low'
      : value >= 90
        ? 'normal'
        : undefined
    : undefined);
const reads =
  (...interpretations: string[]): Agrees =>
  (fact) =>
    interpretations.includes(interpretationOf(fact) ?? '');
const known: Agrees = (fact) => interpretationOf(fact) !== undefined;
const not =
  (agrees: Agrees): Agrees =>
  (fact) =>
    known(fact) && !agrees(fact);
const trending =
  (...trends: string[]): Agrees =>
  (fact) =>
    fact.trend !== undefined && trends.includes(fact.trend);

const high = reads('high', 'critical-high');
const low = reads('low', 'critical-low');
const normal = reads('normal', 'negative');
/** "High risk", "low threshold": a judgement, not a value. */
const judged =
  '(?![- ](?:risk|sensitivity|specificity|suspicion|threshold|likelihood|pre-?test|molecular|yield|back|criticality|grade|pressure system|index|clinical|concern|priority|energy|onset|course|progression|limits?\\b))';

const claims: Claim[] = [
  {
    id: 'high',
    words: new RegExp(
      `\\b(?:elevated|high|higher|raised|increased|supranormal|above (?:the )?(?:normal|upper|range|reference)|beyond|exceed(?:s|ed|ing)?|excessive|fast|rapid|(?:markedly|well|is|are|was) up)\\b${judged}`,
      'i',
    ),
    about: isObservation,
    agrees: high,
    whenNegated: not(high),
  },
  {
    id: 'low',
    words: new RegExp(
      `\\b(?:low|lower|lowered|reduced|decreased|depressed|subnormal|below (?:the )?(?:normal|lower|range|reference)|deficient|slow)\\b${judged}`,
      'i',
    ),
    about: isObservation,
    agrees: low,
    whenNegated: not(low),
  },
  {
    id: 'normal',
    words:
      /\b(?:normal|unremarkable|preserved|intact|adequate|satisfactory|reassuring|(?:with)?in (?:the )?(?:normal|reference) (?:limits|range|interval))\b/i,
    about: isObservation,
    agrees: normal,
    whenNegated: not(normal),
  },
  {
    id: 'abnormal',
    words: /\b(?:abnormal|deranged|out of range|impaired|impairment|poor|alarming|worrying|concerning)\b/i,
    about: isObservation,
    agrees: not(normal),
    whenNegated: normal,
  },
  {
    id: 'positive',
    words: /\b(?:positive|reactive|detected)\b/i,
    about: isObservation,
    agrees: reads('positive', 'high', 'critical-high', 'abnormal'),
    whenNegated: reads('negative', 'normal'),
  },
  {
    id: 'negative',
    words: /\b(?:negative|undetectable|non-?reactive)\b/i,
    about: isObservation,
    agrees: reads('negative', 'normal'),
    whenNegated: not(reads('negative', 'normal')),
  },
  { id: 'critical', words: /\bcritically\b/i, about: isObservation, agrees: reads('critical-high', 'critical-low') },
  {
    id: 'rising',
    words: /\b(?:rising|increasing|climbing|up-?trending|trending up|rose|rises)\b/i,
    about: isObservation,
    agrees: trending('rising'),
    whenNegated: trending('falling', 'steady'),
  },
  {
    id: 'falling',
    words: /\b(?:falling|decreasing|declining|dropping|down-?trending|trending down|fell|falls)\b/i,
    about: isObservation,
    agrees: trending('falling'),
    whenNegated: trending('rising', 'steady'),
  },
  {
    id: 'steady',
    words: /\b(?:stable|steady|unchanged|constant)\b/i,
    about: isObservation,
    agrees: trending('steady'),
    whenNegated: trending('rising', 'falling'),
  },
  {
    id: 'changing',
    words: /\b(?:worsening|improving|deteriorating|changing|normali[sz]ing|normali[sz]ed)\b/i,
    about: isObservation,
    agrees: trending('rising', 'falling'),
    whenNegated: trending('steady'),
  },
  {
    id: 'new',
    words: /\b(?:new|newly|new-onset|recent|recently|just)\b/i,
    about: isAnything,
    agrees: (fact) =>
      fact.status === 'draft' || (fact.status !== 'past' && fact.daysAgo !== undefined && fact.daysAgo <= 90),
    whenNegated: (fact) => (fact.daysAgo ?? 0) > 90,
  },
  {
    id: 'old',
    words: /\b(?:long-?standing|chronic(?:ally)?|old|remote|distant)\b/i,
    about: (fact) => isCondition(fact) || isMedication(fact),
    agrees: (fact) => (fact.daysAgo ?? 0) > 90,
  },
  {
    id: 'resolved',
    words: /\b(?:resolved|previous|previously|former|formerly|past|inactive|healed|cured)\b/i,
    about: isCondition,
    agrees: (fact) => fact.status === 'past',
    whenNegated: (fact) => fact.status === 'active',
  },
  {
    id: 'current',
    words: /\b(?:current|currently|active|ongoing|present|persistent|known|established|confirmed)\b/i,
    about: isCondition,
    agrees: (fact) => fact.status === 'active',
    whenNegated: (fact) => fact.status !== 'active',
  },
  {
    id: 'suspected',
    words: /\b(?:unconfirmed|suspected|provisional)\b/i,
    about: isCondition,
    agrees: (fact) => fact.status === 'unconfirmed',
  },
  {
    id: 'taking',
    words:
      /\b(?:taking|takes|took|receiving|receives|treated with|treatment with|therapy with|taken|maintained on|established on|on|uses|using|current|currently|active|ongoing|under)\b/i,
    about: isMedication,
    agrees: (fact) => fact.status === 'active',
    whenNegated: (fact) => fact.status !== 'active',
  },
  {
    id: 'ordered',
    words: /\b(?:ordered|drafted|proposed|unsigned|planned|about to (?:start|take))\b/i,
    about: isMedication,
    agrees: (fact) => fact.status === 'draft',
  },
  {
    id: 'stopped',
    words:
      /\b(?:stopped|discontinued|ceased|no longer (?:taking|on)|formerly|previous|previously|former|past|withdrawn)\b/i,
    about: isMedication,
    agrees: (fact) => fact.status === 'past' || fact.status === 'on-hold',
    whenNegated: (fact) => fact.status === 'active',
  },
  {
    id: 'tolerated',
    words:
      /\b(?:tolerat\w+|harmless\w*|without (?:harm|reaction|trouble)|mild|not an allergy|(?:was|been|is) given)\b/i,
    about: (fact) => fact.kind === 'allergy',
    agrees: () => false,
    whenNegated: () => true,
  },
  {
    id: 'refuted',
    words: /\b(?:refuted|excluded|ruled out|disproved|disproven)\b/i,
    about: isCondition,
    agrees: (fact) => fact.status === 'refuted',
  },
];

const negation =
  /\b(?:not|no|without|never|denies|denied|lacks?|lacking|absent|absence of|neither|nor|isn't|aren't|free of|non)\b[\w\s-]{0,24}$/i;
const hypothetical = /\b(?:would|could|might|may|if|whether|unless)\b/i;
/** Of these nothing may be said as if it were so. */
const notThere = new Set(['refuted', 'negated', 'family', 'entered-in-error']);

export function checkPolarity(text: string, factOf: (handle: string) => EvidenceFact | undefined): Fault | undefined {
  for (const clause of text.split(/[,;:.()–—]|\b(?:but|whereas|while|although|though|however)\b/i)) {
    const cited = [...clause.matchAll(placeholder)].flatMap((match) => {
      const fact = factOf(match[1]!);
      return fact ? [{ fact, at: match.index, end: match.index + match[0].length }] : [];
    });
    if (cited.length === 0) continue;
    const found = claimsIn(clause);
    for (const { claim, at, isNegated } of found) {
      if (
        claim.about === isObservation &&
        (ofProcess.test(clause.slice(at)) || processBefore.test(clause.slice(0, at)))
      )
        continue;
      const inScope = cited.filter(({ fact }) => claim.about(fact));
      // "Elevated {{E3}} with normal {{E4}}": each word goes with its neighbour, and with what an "and" ties to it.
      const scope = tiedTo(nearest(inScope, at), inScope, clause);
      const agrees = isNegated ? (claim.whenNegated ?? (() => false)) : claim.agrees;
      if (scope.length === 0 && claim.about === isObservation && !hypothetical.test(clause)) {
        return { check: 'polarity', reason: `says "${claim.id}" of something that is no measurement` };
      }
      const wrong = scope.find(({ fact }) => !agrees(fact));
      if (wrong)
        return {
          check: 'polarity',
          reason: `says "${isNegated ? 'not ' : ''}${claim.id}" of ${wrong.fact.name}, and the chart does not`,
        };
    }
    const fault = presence(clause, cited);
    if (fault) return fault;
  }
  return undefined;
}

/** "Reduced clearance", "excretion falls": said of a process, not of a value. */
const process =
  '(?:clearance|perfusion|flow|output|demand|supply|delivery|intake|absorption|excretion|production|preload|afterload|exchange|drive|reserve|breakdown|turnover|loss(?:es)?|secretion|uptake)';
const ofProcess = new RegExp(`^[\\w-]+ (?:renal |tissue |cardiac |blood |oxygen |coronary )?${process}\\b`, 'i');
const processBefore = new RegExp(`\\b${process} (?:is |are |was |may be )?$`, 'i');

function claimsIn(clause: string): { claim: Claim; at: number; isNegated: boolean }[] {
  const bare = clause.replace(placeholder, (handle) => '_'.repeat(handle.length));
  return claims.flatMap((claim) =>
    [...bare.matchAll(new RegExp(claim.words.source, 'gi'))].map((match) => ({
      claim,
      at: match.index,
      isNegated: negation.test(bare.slice(0, match.index).replace(/_+/g, '')),
    })),
  );
}

function nearest<Cited extends { at: number; end: number }>(cited: Cited[], at: number): Cited[] {
  const distance = (one: Cited) => (one.at > at ? one.at - at : at - one.end + 0.5);
  return [...cited].sort((a, b) => distance(a) - distance(b)).slice(0, 1);
}

/** The facts of a row: "{{E3}}, {{E4}} and {{E5}}". */
function tiedTo<Cited extends { at: number; end: number }>([one]: Cited[], all: Cited[], clause: string): Cited[] {
  if (!one) return [];
  const place = all.indexOf(one);
  const isTied = (i: number): boolean =>
    /^\s*(?:and|or|as well as|plus|\/)\s*(?:both\s+)?(?:the\s+|an?\s+)?$/i.test(
      clause.slice(all[i]!.end, all[i + 1]!.at),
    );
  let from = place;
  while (from > 0 && isTied(from - 1)) from--;
  let to = place;
  while (to < all.length - 1 && isTied(to)) to++;
  return all.slice(from, to + 1);
}

/** "No {{E6}}" of what is there; "{{E8}} suggests" of what was refuted or happened to the father. */
function presence(clause: string, cited: { fact: EvidenceFact; at: number; end: number }[]): Fault | undefined {
  for (const { fact, at, end } of cited) {
    const before = clause.slice(Math.max(0, at - 40), at);
    const isDenied =
      /\b(?:no|not|without|denies|denied|lacks?|absence of|never had|free of|never took|does not have)(?: (?:any|a|an|the|known|history of|evidence of|sign of|of))*\s*$/i.test(
        before,
      );
    const after = clause.slice(end);
    const isDeniedAfter =
      /^\s*(?:is|was|are|were|has been|has)\s+(?:(?:not|never|no longer)\s+(?:on|in|present|there|recorded|documented|known|taken|being|used|active|held|an?\s+(?:allergy|problem|diagnosis|medicine|finding)|part)|absent|missing|excluded)\b/i.test(
        after,
      );
    if (isDeniedAfter && fact.status === 'active')
      return { check: 'polarity', reason: `denies ${fact.name}, which the chart holds` };
    if (isDenied && !notThere.has(fact.status) && fact.interpretation !== 'negative')
      return { check: 'polarity', reason: `denies ${fact.name}, which the chart holds` };
    if (
      notThere.has(fact.status) &&
      !isDenied &&
      !/\b(?:refuted|negated|family|excluded|ruled out|not|no|denies)\b/i.test(clause)
    ) {
      return { check: 'polarity', reason: `speaks of ${fact.name} as present, and the chart does not` };
    }
  }
  return undefined;
}

/** Words for the person: a "he" for a woman is another patient's sentence. */
export function checkPerson(words: string, sex: 'female' | 'male' | undefined): Fault | undefined {
  const said = /\b(?:woman|female|she|her|hers|lady|girl|pregnan\w+|postpartum)\b/i.test(words)
    ? 'female'
    : /\b(?:man|male|he|his|him|gentleman|boy)\b/i.test(words)
      ? 'male'
      : undefined;
  return said !== undefined && sex !== undefined && said !== sex
    ? { check: 'polarity', reason: `speaks of a ${said} patient` }
    : undefined;
}

/** "Stage 3b" and "type 2" hold a digit by name; they must be the chart's all the same. */
export function checkStage(words: string, facts: readonly EvidenceFact[]): Fault | undefined {
  const texts = facts.filter((fact) => !notThere.has(fact.status)).map((fact) => fact.modelText.toLowerCase());
  for (const [, stage] of words.matchAll(/\bstage ([1-5][ab]?)/gi)) {
    const isSaid =
      texts.some((text) => text.includes(`stage ${stage!.toLowerCase()}`)) ||
      facts.some(
        (fact) =>
          /\bgfr\b|glomerular/i.test(fact.name) &&
          fact.value !== undefined &&
          stageOf(fact.value).startsWith(stage!.toLowerCase()),
      );
    if (!isSaid) return { check: 'digits', reason: 'says a stage that the chart does not' };
  }
  for (const [, type] of words.matchAll(/\btype ([12])\b/gi)) {
    const other = type === '1' ? '2' : '1';
    if (texts.some((text) => text.includes(`type ${other}`)) && !texts.some((text) => text.includes(`type ${type}`)))
      return { check: 'digits', reason: 'says a type that the chart does not' };
  }
  return undefined;
}

/** KDIGO 2024 by eGFR alone. */
const stageOf = (gfr: number): string =>
  gfr >= 90 ? '1' : gfr >= 60 ? '2' : gfr >= 45 ? '3a' : gfr >= 30 ? '3b' : gfr >= 15 ? '4' : '5';
