// The pages of the catalogue's site: an index, and a page for each rule. Plain HTML that needs no script and loads nothing from
// elsewhere.
import type { BurdenRow } from '../../../console/figures.ts';
import { leaves, type Rule, type RuleSuggestion, type Tier } from '../../../guards/rule.ts';
import type { Terminology } from '../../../terminology/terminology.ts';
import type { RuleCase } from '../cases.ts';
import { groupWords, inWords, nameOf, type Worded } from '../condition-words.ts';

export interface Entry {
  rule: Rule;
  cases: readonly RuleCase[];
  /** Names of the cases that do not come out as expected. */
  failing: readonly string[];
  /** What a server counted; absent where none was at hand. */
  burden?: BurdenRow;
}

export interface Site {
  entries: readonly Entry[];
  terminology: Terminology;
  /** The day on which it was written, YYYY-MM-DD. */
  today: string;
  hash: string;
  /** Days that the figures span; absent where there are none. */
  figuresDays?: number;
}

const levelWords = { critical: 'Stop', warning: 'Caution', info: 'Note' } as const;
const levels = ['critical', 'warning', 'info'] as const;
const statusWords: Record<Rule['status'], string> = {
  draft: 'Draft: asleep',
  silent: 'Silent: counted, never shown',
  active: 'Active',
  retired: 'Retired',
};
const reasonWords: Record<string, string> = {
  'benefit-outweighs-risk': 'Benefit outweighs the risk',
  'will-monitor': 'I will monitor',
  tolerates: 'Already tolerates it',
  'not-significant': 'Not significant for this patient',
  'alert-wrong': 'The alert is wrong',
};
const reviewAfterDays = 730;

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const text = (value: unknown): string => String(value).replace(/[&<>"']/g, (sign) => escapes[sign]!);

/** A card's words, their blanks marked. */
const template = (words: string): string =>
  text(words)
    .replace(/\[\[(.*?)\]\]/gs, '<span title="left out when it is not known">$1</span>')
    .replace(/\{\{\s*([A-Za-z0-9]+)\s*\}\}/g, '<var>$1</var>');

const page = (title: string, base: string, body: string, { today, hash }: Site, script = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' file:; script-src 'self' file:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="curbside rules site">
<title>${text(title)}</title>
<link rel="stylesheet" href="${base}style.css">
${script}</head>
<body>
<header><a href="${base}index.html">Catalogue of rules</a></header>
<main>
${body}
</main>
<footer>Written ${today} from rules ${text(hash)}. What a rule says here is its file; the file decides.</footer>
</body>
</html>
`;

export function indexPage(site: Site): string {
  const byKind = [...Map.groupBy(site.entries, ({ rule }) => rule.kind)].sort(([a], [b]) => a.localeCompare(b));
  const options = (given: readonly (readonly [string, string])[], all: string) =>
    [['', all] as const, ...given].map(([value, words]) => `<option value="${value}">${words}</option>`).join('');
  const statuses = [...new Set(site.entries.map(({ rule }) => rule.status))].map((name) => [name, name] as const);
  const body = `<h1>Catalogue of rules</h1>
<p>What Curbside decides, rule by rule: when it speaks, what it says, on which evidence, and what it is known to get wrong.</p>
<section aria-label="Find a rule">
<form class="find" role="search" hidden>
<label>Rule, drug, problem or source <input type="search" name="words" autocomplete="off"></label>
<label>Level <select name="level">${options(
    levels.map((level) => [level, levelWords[level]]),
    'Any level',
  )}</select></label>
<label>Status <select name="status">${options(statuses, 'Any status')}</select></label>
</form>
<p id="count" role="status">${site.entries.length} rules</p>
<nav aria-label="Kinds of rules"><ul class="kinds">
${byKind.map(([kind, entries]) => `<li><a href="#${kind}">${kind}</a> ${entries.length}</li>`).join('\n')}
</ul></nav>
</section>
${byKind.map(([kind, entries]) => kindSection(kind, entries, site)).join('\n')}`;
  return page(
    'Catalogue of rules',
    '',
    `${body}\n<script id="members" type="application/json">${members(site)}</script>`,
    site,
    '<script src="search.js" defer></script>\n',
  );
}

function kindSection(kind: string, entries: readonly Entry[], { terminology }: Site): string {
  const items = entries
    .toSorted((a, b) => a.rule.title.localeCompare(b.rule.title))
    .map(({ rule }) => {
      const tokens = tokensOf(rule);
      const words = tokens.flatMap((token) => [token, nameOf(token, terminology)]);
      const sources = rule.evidence.map(({ citation }) => citation);
      const held = levels.filter((level) => rule.tiers.some(({ indicator }) => indicator === level));
      return `<li data-status="${rule.status}" data-levels="${held.join(' ')}" data-words="${text([...words, ...sources, rule.steward].join(' '))}" data-sets="${text(tokens.filter((token) => terminology.valueSet(token)).join(' '))}"><a href="rule/${rule.id}.html">${text(rule.title)}</a> ${held.map(pill).join(' ')}${rule.status === 'active' ? '' : ` <span class="pill state">${rule.status}</span>`}<br><span class="quiet"><code>${rule.id}</code> ${rule.version}, reviewed ${rule.lastReviewDate}</span></li>`;
    });
  return `<section id="${kind}" data-kind="${kind}" aria-labelledby="${kind}-title">
<h2 id="${kind}-title">${kind}</h2>
<ul class="rules">
${items.join('\n')}
</ul>
</section>`;
}

/** Every word that fills a blank of a rule's questions: drugs, value sets, units. */
const tokensOf = ({ when, tiers }: Rule): string[] => [
  ...new Set(
    [when, ...tiers.flatMap((tier) => tier.when ?? [])]
      .flatMap(leaves)
      .flatMap(({ params = {} }) => Object.values(params).flat())
      .filter((token) => typeof token === 'string'),
  ),
];

/** The members of each value set by its id, so that "ibuprofen" finds the rules about NSAIDs. */
function members({ entries, terminology }: Site): string {
  const sets = [...new Set(entries.flatMap(({ rule }) => tokensOf(rule)))].flatMap((token) => {
    const set = terminology.valueSet(token);
    return set
      ? [[token, [...new Set(set.members.map(({ display }) => display.toLowerCase()))].join(' ')] as const]
      : [];
  });
  return JSON.stringify(Object.fromEntries(sets)).replaceAll('<', '\\u003c');
}

const pill = (level: Tier['indicator']): string => `<span class="pill ${level}">${levelWords[level]}</span>`;

export function rulePage(entry: Entry, site: Site): string {
  const { rule } = entry;
  const held = levels.filter((level) => rule.tiers.some(({ indicator }) => indicator === level));
  const ageInDays = (new Date(site.today).getTime() - new Date(rule.lastReviewDate).getTime()) / 86_400_000;
  const due = new Date(new Date(rule.lastReviewDate).getTime() + reviewAfterDays * 86_400_000)
    .toISOString()
    .slice(0, 10);
  const rows: [string, string][] = [
    ['Id', `<code>${rule.id}</code>`],
    ['Version', rule.version],
    ['Status', statusWords[rule.status]],
    ['Owner', text(rule.steward)],
    ['Last reviewed', rule.lastReviewDate],
    ['Review due', `${due}${ageInDays > reviewAfterDays ? ' <strong>(overdue)</strong>' : ''}`],
    ['Asked at', rule.hooks.join(', ')],
    ...(rule.hazard ? ([['Hazard', text(rule.hazard)]] as [string, string][]) : []),
    ...(rule.supersedes
      ? ([['Stands for', rule.supersedes.map((id) => `<a href="${id}.html">${id}</a>`).join(', ')]] as [
          string,
          string,
        ][])
      : []),
  ];
  const about = rule.interaction;
  const sections = [
    section(
      'At a glance',
      `<dl class="facts">${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`,
    ),
    ...(about
      ? [
          section(
            'What may happen',
            `<p>${text(about.consequence)}</p><p class="quiet">${text(about.mechanism)}</p>${about.isOncHighPriority ? '<p>On the ONC list of high-priority interactions.</p>' : ''}${about.isOncLowPriority ? '<p>On the ONC list of low-priority interactions: never above a note.</p>' : ''}`,
          ),
        ]
      : []),
    section('When it speaks', `<ul class="tree">${tree(inWords(rule.when, site.terminology))}</ul>`),
    section(
      rule.tiers.length === 1 ? 'How loud, and what the clinician reads' : 'How loud: the first that holds',
      rule.tiers.map((tier) => shownTier(tier, rule, site.terminology)).join('\n'),
    ),
    section('Evidence', `<ul>${rule.evidence.map(source).join('')}</ul>`),
    ...(rule.knownGaps?.length
      ? [section('Where it will be wrong', `<ul>${rule.knownGaps.map((gap) => `<li>${text(gap)}</li>`).join('')}</ul>`)]
      : []),
    section('Cases', shownCases(entry)),
    section('Figures', shownFigures(entry, site.figuresDays)),
  ];
  const heading = `<h1>${text(rule.title)}</h1>\n<p>${held.map(pill).join(' ')} <span class="pill state">${rule.status}</span> <span class="quiet">${rule.kind}</span></p>`;
  return page(`${rule.title} (${rule.id})`, '../', `${heading}\n${sections.join('\n')}`, site);
}

const section = (title: string, body: string): string => {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}\n</section>`;
};

function tree(worded: Worded): string {
  if (worded.kind !== 'question')
    return `<li><span class="quiet">${groupWords[worded.kind]}</span><ul>${worded.parts.map(tree).join('')}</ul></li>`;
  const { question, answer, ifUnknown } = worded;
  return `<li>${text(question)} <span class="answer">${text(answer)}</span>${ifUnknown ? ` <span class="quiet">(unknown counts as ${ifUnknown})</span>` : ''}</li>`;
}

function shownTier(tier: Tier, { card }: Rule, terminology: Terminology): string {
  const suggestions = tier.suggestions ?? card.suggestions ?? [];
  const reasons = card.overrideReasons?.map((reason) => reasonWords[reason] ?? reason).join('; ');
  return `<div class="tier"><h3>${pill(tier.indicator)} ${text(tier.id)}</h3>
${tier.when ? `<ul class="tree">${tree(inWords(tier.when, terminology))}</ul>` : '<p class="quiet">Whenever the rule speaks and no level above holds</p>'}
<blockquote><strong>${template(tier.summary ?? card.summary)}</strong>${template(tier.detail ?? card.detail)}</blockquote>
${suggestions.length ? `<p class="quiet">It offers</p><ul>${suggestions.map(offered).join('')}</ul>` : ''}
${reasons && tier.indicator === 'critical' ? `<p class="quiet">Reasons for an override: ${text(reasons)}</p>` : ''}
</div>`;
}

function offered(suggestion: RuleSuggestion): string {
  if (suggestion.kind === 'order-drug')
    return `<li>Order, the first that passes the guards: ${suggestion.anyOf.map(({ label, dose }) => `${template(label)} (${text(dose)})`).join('; ')}</li>`;
  const best = suggestion.isRecommended ? ' <span class="quiet">(recommended)</span>' : '';
  const what =
    suggestion.kind === 'replace'
      ? ` (${text(suggestion.with.display)}, ${text(suggestion.with.dose)})`
      : suggestion.kind === 'dose'
        ? ` (${text(suggestion.dose)})`
        : suggestion.kind === 'order-test'
          ? ` (${text(suggestion.test.display)}${suggestion.inDays === undefined ? '' : `, in ${suggestion.inDays} days`})`
          : '';
  return `<li>${template(suggestion.label)}${what}${best}</li>`;
}

const source = ({ citation, url, shows }: Rule['evidence'][number]): string =>
  `<li>${url?.startsWith('https://') ? `<a href="${text(url)}" rel="noopener noreferrer">${text(citation)}</a>` : text(citation)}${shows ? `<br><span class="quiet">${text(shows)}</span>` : ''}</li>`;

function shownCases({ cases, failing }: Entry): string {
  if (cases.length === 0) return '<p>It has no cases yet.</p>';
  const rows = cases.map(({ name, expect }) => {
    const expected =
      typeof expect === 'string' ? (expect === 'quiet' ? 'stays quiet' : 'is unknown') : `speaks: ${text(expect.tier)}`;
    return `<tr><td>${text(name)}</td><td>${expected}${failing.includes(name) ? ' <strong>(fails)</strong>' : ''}</td></tr>`;
  });
  return `<p class="quiet">${failing.length === 0 ? 'All pass.' : `${failing.length} of ${cases.length} fail.`}</p><div class="wide"><table><thead><tr><th scope="col">Case</th><th scope="col">Expected</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function shownFigures({ burden }: Entry, days: number | undefined): string {
  if (days === undefined)
    return '<p>No server’s figures were at hand when this page was written. The console shows them where the server is.</p>';
  if (!burden) return `<p>It has not spoken in ${days} days.</p>`;
  const { fired, per100, accepted, overridden, overrideRate, topReason, status } = burden;
  const rows = [
    [
      status === 'silent' ? 'Would have spoken' : 'Spoke',
      `${fired} times in ${days} days, ${per100.toFixed(2)} per 100 order checks`,
    ],
    ...(accepted + overridden > 0 ? [['Answered', `${accepted} suggestions taken, ${overridden} overridden`]] : []),
    ...(overrideRate === undefined ? [] : [['Override rate', `${Math.round(overrideRate)}%`]]),
    ...(topReason ? [['Most common reason', text(reasonWords[topReason] ?? topReason)]] : []),
  ];
  return `<dl class="facts">${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;
}
