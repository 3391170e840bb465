// Checks what a rule says and offers: blanks that something fills, a summary that fits, codes that exist, evidence that can be found.

import { fill, unfilled } from '../../cards/template.ts';
import { type Condition, isLeaf, leaves, type Rule, type RuleSuggestion } from '../../guards/rule.ts';
import { isToken, noSuch, type Vocabulary } from './check-condition.ts';
import type { Say } from './check-files.ts';
import { didYouMean, nearest } from './did-you-mean.ts';
import { namesFrom } from './fact-names.ts';
import type { Path } from './teach.ts';

export function checkCard(rule: Rule, vocabulary: Vocabulary, say: Say): void {
  // What stands in [[ ]] may be filled by another tier's question and left out here.
  const everywhere = [rule.when, ...rule.tiers.flatMap(({ when }) => (when ? [when] : []))];
  for (const [place, tier] of rule.tiers.entries()) {
    const at: Path = ['tiers', place];
    const conditions = [rule.when, ...(tier.when ? [tier.when] : [])];
    for (const key of ['summary', 'detail'] as const) {
      const own = tier[key];
      checkText(
        own ?? rule.card[key],
        own === undefined ? ['card', key] : [...at, key],
        key,
        conditions,
        everywhere,
        say,
      );
    }
    const own = tier.suggestions;
    const offered = own ?? rule.card.suggestions ?? [];
    for (const [index, suggestion] of offered.entries())
      checkSuggestion(suggestion, [...(own ? at : ['card']), 'suggestions', index], conditions, vocabulary, say);
    if (tier.indicator === 'critical' && offered.length === 0) {
      say(
        'error',
        [...at, 'indicator'],
        `the tier "${tier.id}" stops the clinician without offering a way out: a critical tier needs a suggestion`,
        '"suggestions": [{ "kind": "remove", "label": "Cancel the order for {{drug}}", "isRecommended": true }]',
      );
    }
    if (offered.filter(({ isRecommended }) => isRecommended).length > 1)
      say(
        'error',
        [...at, 'suggestions'],
        'at most one suggestion is the recommended one',
        '"isRecommended": true on one of them',
      );
  }
  checkEvidence(rule, say);
  checkInteraction(rule, vocabulary, say);
}

function checkText(
  text: string,
  at: Path,
  key: string,
  conditions: Condition[],
  everywhere: Condition[],
  say: Say,
): void {
  if ((text.match(/\[\[/g)?.length ?? 0) !== (text.match(/\]\]/g)?.length ?? 0))
    say('error', at, `"[[" and "]]" do not match in the ${key}`, '"… serious bleeding risk[[, INR {{inr}}]]"');
  if (
    (text.match(/\{\{/g)?.length ?? 0) !== (text.match(/\}\}/g)?.length ?? 0) ||
    /(?<!\{)\{(?!\{)|(?<!\})\}(?!\})/.test(text)
  ) {
    say(
      'error',
      at,
      `a blank is not written with two braces on each side in the ${key}`,
      '"{{precipitant}} with {{object}}"',
    );
    return;
  }
  const required = text.replace(/\[\[.*?\]\]/gs, '');
  for (const [part, asked] of [
    [required, conditions],
    [text, everywhere],
  ] as const) {
    const given = asked.flatMap(leaves).map(namesFrom);
    if (given.some((names) => names === undefined)) continue;
    const known = new Set(given.flatMap((names) => names ?? []));
    const wrong = [...part.matchAll(/\{\{\s*([A-Za-z0-9]+)\s*\}\}/g)]
      .map(([, name]) => name!)
      .find((name) => !known.has(name));
    if (!wrong) continue;
    // What stands in [[ ]] is left out then: superfluous, not wrong.
    say(
      part === required ? 'error' : 'warning',
      at,
      `nothing fills the blank {{${wrong}}} in the ${key}${didYouMean(wrong, known)} The questions asked here give ${[...known].map((word) => `{{${word}}}`).join(', ') || 'no words'}`,
      known.size ? `"{{${[...known][0]}}} …", or in [[ ]] what may be left out` : 'name the drug in plain words',
    );
    return;
  }
  if (/<[a-z/!]/i.test(text))
    say('error', at, `the ${key} holds HTML: cards are plain text and simple markdown`, '"**Stop** the order"');
  if (key === 'summary') {
    const longest = fill(
      text,
      new Proxy(
        {},
        {
          get: (_, name) =>
            typeof name === 'string'
              ? 'sulfamethoxazole'.slice(0, /^(object|precipitant|drug|other|problem)$/.test(name) ? 16 : 9)
              : undefined,
        },
      ) as Record<string, string>,
    );
    if (longest.length > 139)
      say(
        'error',
        at,
        `the summary has ${longest.length} characters once its blanks are filled; EHRs cut it at 140: say the danger only, the rest goes into "detail"`,
        '"{{precipitant}} with {{object}}: serious bleeding risk"',
      );
  }
}

function checkSuggestion(
  suggestion: RuleSuggestion,
  at: Path,
  conditions: Condition[],
  vocabulary: Vocabulary,
  say: Say,
): void {
  const { terminology } = vocabulary;
  const known = new Set(conditions.flatMap(leaves).flatMap((leaf) => namesFrom(leaf) ?? []));
  // The order that the suggestion changes always has a name.
  if (suggestion.kind !== 'order-test' && suggestion.kind !== 'order-drug') known.add('draft');
  const [blank] = unfilled(
    'label' in suggestion ? suggestion.label : suggestion.anyOf.map(({ label }) => label).join(' '),
    Object.fromEntries([...known].map((name) => [name, name])),
  );
  if (blank)
    say(
      'error',
      [...at, 'label'],
      `nothing fills the blank {{${blank}}} in this label${didYouMean(blank, known)}`,
      '"label": "Cancel the order for {{drug}}"',
    );
  if (suggestion.kind === 'replace') {
    const { drug, code } = suggestion.with;
    if (!terminology.isDrugToken(drug))
      say('error', [...at, 'with', 'drug'], noSuch('drugs', drug, vocabulary), '"drug": "acetaminophen"');
    const product = code === undefined ? undefined : terminology.products.rxnorm(code);
    const orderable = terminology.orderables().find((entry) => entry.ingredient === drug);
    const right = orderable
      ? `"code": "${orderable.code}", "display": "${orderable.display}"`
      : '"code": "313782", "display": "Acetaminophen 325 MG Oral Tablet"';
    if (code === undefined && !orderable)
      say(
        'warning',
        [...at, 'with'],
        `there is no orderable product of "${drug}", so this is never offered: name one by its RxNorm code`,
        right,
      );
    else if (code !== undefined && !product && !terminology.orderables().some((entry) => entry.code === code))
      say('error', [...at, 'with', 'code'], `RxNorm code ${code} is not one we know`, right);
    else if (product && terminology.isDrugToken(drug)) {
      const found = product.ingredients.flatMap((place) => terminology.names.ingredients[place]?.tokens ?? []);
      const groups = terminology.drug({ text: product.display });
      if (!found.includes(drug) && !('groups' in groups && groups.groups.has(drug)))
        say(
          'error',
          [...at, 'with', 'code'],
          `RxNorm code ${code} is "${product.display}", which is no ${drug}`,
          right,
        );
    }
    for (const [place, token] of (suggestion.unless ?? []).entries()) {
      if (
        !isToken('drugs', token, terminology) &&
        !isToken('conditions', token, terminology) &&
        !isToken('allergens', token, terminology)
      )
        say(
          'error',
          [...at, 'unless', place],
          `no drug, condition or allergen is called "${token}"${didYouMean(
            token,
            vocabulary.valueSets.map(({ id }) => id),
          )}`,
          '"unless": ["acetaminophen", "cirrhosis"]',
        );
    }
  }
  if (suggestion.kind === 'order-test') {
    const { system, code } = suggestion.test;
    if (system === 'http://loinc.org' && !panels.has(code) && !isLoinc(code))
      say(
        /^\d{1,7}-\d$/.test(code) ? 'warning' : 'error',
        [...at, 'test', 'code'],
        `"${code}" is no LOINC code: ${/^\d{1,7}-\d$/.test(code) ? 'its check digit is wrong' : 'it is digits, a dash and a check digit'}`,
        '"test": { "code": "6301-6", "display": "INR" }',
      );
    else if (
      system === 'http://loinc.org' &&
      !panels.has(code) &&
      !vocabulary.valueSets.some(
        ({ kind, members }) => kind === 'observations' && members.some((member) => member.code === code),
      ) &&
      vocabulary.valueSets.length
    )
      say(
        'warning',
        [...at, 'test', 'code'],
        `LOINC ${code} is in none of our observation value sets: its result would not be recognised when it comes back`,
        'add the code to a file in value-sets/observations',
      );
    if (system === 'http://snomed.info/sct' && !/^[1-9]\d{5,17}$/.test(code))
      say('error', [...at, 'test', 'code'], `"${code}" is no SNOMED CT code`, '"code": "77386006"');
  }
}

/** Panels and studies: what comes back from them has codes of its own. */
const panels = new Set([
  '51990-0',
  '58410-2',
  '24325-3',
  '24323-8',
  '11524-6',
  '57698-3',
  '24331-1',
  '24356-8',
  '24321-2',
]);

/** LOINC's last digit is a check digit over the others (mod 10, every second digit from the right doubled). */
export function isLoinc(code: string): boolean {
  const match = /^(\d{1,7})-(\d)$/.exec(code);
  if (!match) return false;
  const sum = [...match[1]!].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(match[2]);
}

function checkEvidence({ evidence }: Rule, say: Say): void {
  for (const [place, { citation, url }] of evidence.entries()) {
    if (url !== undefined && !url.startsWith('https://'))
      say(
        'error',
        ['evidence', place, 'url'],
        'the link must begin with https://',
        '"url": "https://pubmed.ncbi.nlm.nih.gov/19240698/"',
      );
    if (
      url === undefined &&
      !/\b(19|20)\d\d\b|section|table|label|doi|pmid|prescribing information|guid(e|ance|elines?)\b|list|practices?|algorithm|artifact|status/i.test(
        citation,
      )
    ) {
      say(
        'warning',
        ['evidence', place, 'citation'],
        'has no link, year, section or document by which one could find it',
        '"citation": "Lanza FL et al. Am J Gastroenterol 2009;104:728-738", "url": "https://pubmed.ncbi.nlm.nih.gov/19240698/"',
      );
    }
  }
}

/** What the rule is said to be about must be what it asks for. */
function checkInteraction({ interaction, kind, when, tiers }: Rule, vocabulary: Vocabulary, say: Say): void {
  if (kind === 'interaction' && !interaction) {
    say(
      'error',
      ['kind'],
      'an interaction rule says what interacts with what: "interaction" is missing',
      '"interaction": { "object": "warfarin", "precipitant": "nsaids", "consequence": "Bleeding", "mechanism": "…" }',
    );
    return;
  }
  if (!interaction) return;
  if (interaction.isOncLowPriority && tiers.some(({ indicator }) => indicator !== 'info')) {
    say(
      'error',
      ['tiers', tiers.findIndex(({ indicator }) => indicator !== 'info'), 'indicator'],
      'an interaction on the ONC non-interruptive list may not be above "info"',
      '"indicator": "info"',
    );
  }
  const pairs = leavesNamed(when, 'newlyCombines');
  if (pairs.length === 0) return;
  for (const side of ['object', 'precipitant'] as const) {
    const said = interaction[side];
    const asked = [...new Set(pairs.flatMap(({ params }) => [params?.object, params?.precipitant].flat().map(String)))];
    if (asked.includes(said)) continue;
    const near = /^[a-z0-9-]+$/.test(said) ? nearest(said, asked) : undefined;
    const isToken = vocabulary.terminology.isDrugToken(said);
    // Prose is free; a token must share a drug with what is asked for.
    if (!isToken && !near) continue;
    if (isToken && asked.some((token) => overlaps(said, token, vocabulary))) continue;
    const right = [...new Set(pairs.flatMap(({ params }) => [params?.[side]].flat().map(String)))];
    say(
      'error',
      ['interaction', side],
      `is "${said}", but the condition asks for ${right.map((token) => `"${token}"`).join(', ')}${near ? `, did you mean "${near}"?` : ''}`,
      `"${side}": "${near ?? right[0]}"`,
    );
  }
}

function overlaps(a: string, b: string, { terminology }: Vocabulary): boolean {
  const members = (token: string): ReadonlySet<number> => {
    const own = terminology.names.byToken.get(token);
    return own === undefined ? terminology.drugGroups.membersOf(token) : new Set([own]);
  };
  const [left, right] = [members(a), members(b)];
  return left.size === 0 || right.size === 0 || [...left].some((place) => right.has(place));
}

const leavesNamed = (condition: Condition, fact: string) =>
  leaves(condition).filter((leaf) => isLeaf(leaf) && leaf.fact === fact);
