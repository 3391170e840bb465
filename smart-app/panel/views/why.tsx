// "Why this fired": the rule, its condition tree with the values it saw, and what it could not see.
import type { ComponentChildren } from 'preact';
import type { Card } from '../../../src/cds-hooks/contract.ts';
import { Markdown } from '../../shared/markdown-view.tsx';
import { howLongAgo } from '../../shared/times.ts';
import type { Why } from '../cards-state.ts';

/** `GET /why/{uuid}`, as far as it is shown. Another engine may leave any of it out. */
interface Answer {
  rule?: {
    title?: string;
    version?: string;
    steward?: string;
    lastReviewDate?: string;
    knownGaps?: string[] | string;
    evidence?: { citation?: string; shows?: string; url?: string }[];
  };
  when?: Branch;
  tier?: string;
  tiers?: { id: string; when?: Branch }[];
  gaps?: string[];
}

interface Branch {
  truth: 'true' | 'false' | 'unknown';
  kind: 'all' | 'any' | 'not' | 'fact';
  parts?: Branch[];
  fact?: string;
  params?: Record<string, unknown>;
  operator?: string;
  expected?: unknown;
  value?: boolean | number | string;
  because?: { text: string; when?: string; reference?: string }[];
  gap?: string;
}

export function WhyView({ why, card, now }: { why: Why; card: Card; now: Date }) {
  if (why.status === 'loading') return <p class="cap">Reading the rule</p>;
  if (why.status === 'failed') return <p class="refusal">Could not be read: {why.reason}</p>;
  const answer = why.why as Answer;
  const rule = answer.rule ?? {};
  const ours = card.extension?.['org.curbside.card'];
  const about = [
    `Version ${rule.version ?? ours?.ruleVersion ?? 'unknown'}`,
    rule.lastReviewDate ? `reviewed ${rule.lastReviewDate}` : '',
    rule.steward ?? '',
  ].filter(Boolean);
  const tier = answer.tiers?.find(({ id }) => id === (answer.tier ?? ours?.tier));
  return (
    <section class="why" aria-label="Why this fired">
      <h4>{rule.title ?? ours?.ruleId ?? card.source.label}</h4>
      <p class="cap">{about.join(', ')}</p>
      {answer.when && <Tree title="It fires when" branch={answer.when} now={now} />}
      {tier?.when && <Tree title={`It is at this level (${tier.id}) when`} branch={tier.when} now={now} />}
      {card.detail && <Markdown text={card.detail} />}
      <Lines
        title="Sources"
        lines={(rule.evidence ?? []).map(({ citation, shows }) => [citation, shows].filter(Boolean).join(': '))}
      />
      <Lines title="Not known here" lines={answer.gaps ?? []} />
      <Lines title="Where the rule may be wrong" lines={[rule.knownGaps ?? []].flat()} />
    </section>
  );
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  const said = lines.filter(Boolean);
  return said.length ? (
    <>
      <h4>{title}</h4>
      <ul class="plain">
        {said.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  ) : null;
}

const Tree = ({ title, branch, now }: { title: string; branch: Branch; now: Date }) => (
  <>
    <h4>{title}</h4>
    <ul class="tree">
      <Node branch={branch} now={now} />
    </ul>
  </>
);

const marks = { true: ['✓', 'y'], false: ['✗', 'x'], unknown: ['?', 'u'] } as const;
const groups = { all: 'all of', any: 'any of', not: 'not' } as const;

function Node({ branch, now, depth = 0 }: { branch: Branch; now: Date; depth?: number }): ComponentChildren {
  if (depth > 12) return null;
  const [mark, tone] = marks[branch.truth] ?? marks.unknown;
  return (
    <li>
      <span class={`m ${tone}`} aria-hidden="true">
        {mark}
      </span>
      <span class="sr">{branch.truth}: </span>
      {branch.kind === 'fact' ? question(branch) : groups[branch.kind]}
      {branch.gap && <span class="val">{branch.gap}</span>}
      {branch.because?.map(({ text, when, reference }) => (
        <span class="val" key={`${text} ${reference}`}>
          {[text, when && howLongAgo(when, now), reference].filter(Boolean).join(', ')}
        </span>
      ))}
      {branch.parts && branch.parts.length > 0 && (
        <ul>
          {branch.parts.map((part, at) => (
            <Node key={at} branch={part} now={now} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

const operators: Record<string, string> = {
  equal: 'is',
  notEqual: 'is not',
  in: 'is one of',
  notIn: 'is none of',
  lessThan: 'below',
  lessThanInclusive: 'at most',
  greaterThan: 'above',
  greaterThanInclusive: 'at least',
};

/** "newlyCombines" with its blanks reads "newly combines: warfarin, systemic-nsaids". */
function question({ fact = '', params = {}, operator = '', expected, value }: Branch): string {
  const words = fact.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  const blanks = Object.values(params).flat().map(String).join(', ');
  const asked = `${words}${blanks ? `: ${blanks}` : ''}`;
  if (typeof expected === 'boolean') return expected === (operator === 'equal') ? asked : `not ${asked}`;
  const saw = value === undefined || typeof value === 'boolean' ? '' : ` (${value})`;
  return `${asked} ${operators[operator] ?? operator} ${[expected].flat().join(', ')}${saw}`;
}
