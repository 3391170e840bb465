// "Why this fired": the rule, its condition tree with the values it saw, and what it could not see.
import type { ComponentChildren } from 'preact';
import type { Card } from '../../../src/cds-hooks/contract.ts';
import { Markdown } from '../../shared/markdown-view.tsx';
import type { Why } from '../cards-state.ts';

export function WhyView({ why, card }: { why: Why; card: Card }) {
  if (why.status === 'loading') return <p class="cap">Reading the rule</p>;
  if (why.status === 'failed') return <p class="refusal">Could not be read: {why.reason}</p>;
  const rule = (why.why.rule ?? why.why) as Record<string, unknown>;
  const tree = why.why.tree ?? why.why.trace ?? why.why.condition ?? why.why.conditions;
  const ours = card.extension?.['org.curbside.card'];
  const about = [
    `Version ${String(rule.version ?? ours?.ruleVersion ?? 'unknown')}`,
    rule.lastReviewDate ? `reviewed ${String(rule.lastReviewDate)}` : '',
    rule.steward ? String(rule.steward) : '',
  ].filter(Boolean);
  const gaps = [rule.knownGaps, why.why.gaps].flat().filter((one): one is string => typeof one === 'string');
  const evidence = listOf(rule.evidence ?? why.why.evidence);
  return (
    <section class="why" aria-label="Why this fired">
      <h4>{String(rule.title ?? ours?.ruleId ?? 'The rule')}</h4>
      <p class="cap">{about.join(', ')}</p>
      {tree !== undefined && (
        <ul class="tree">
          <Node node={tree} />
        </ul>
      )}
      {card.detail && <Markdown text={card.detail} />}
      {evidence.length > 0 && (
        <ul class="plain">
          {evidence.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {gaps.length > 0 && (
        <>
          <h4>Where it may be wrong</h4>
          <ul class="plain">
            {gaps.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function listOf(evidence: unknown): string[] {
  return [evidence].flat().flatMap((one) => {
    if (typeof one === 'string') return [one];
    const { citation, shows, text } = (one ?? {}) as Record<string, unknown>;
    const said = [citation ?? text, shows].filter((part) => typeof part === 'string').join(': ');
    return said ? [said] : [];
  });
}

const marks = { true: ['✓', 'y', 'true'], false: ['✗', 'x', 'false'], unknown: ['?', 'u', 'unknown'] } as const;

type Branch = Record<string, unknown>;

/** Read with tolerance: `all`, `any`, `not` hold children; a leaf has a question, a value and a reference. */
function Node({ node, depth = 0 }: { node: unknown; depth?: number }): ComponentChildren {
  if (!node || typeof node !== 'object' || depth > 8) return null;
  const branch = node as Branch;
  const kind = (['all', 'any', 'not'] as const).find((one) => branch[one] !== undefined);
  const children = [kind ? branch[kind] : (branch.children ?? branch.conditions ?? [])].flat();
  const said = branch.result ?? branch.outcome ?? branch.truth;
  const [mark, tone, word] =
    marks[said === true || said === 'true' ? 'true' : said === false || said === 'false' ? 'false' : 'unknown'];
  const label =
    branch.text ??
    branch.question ??
    branch.label ??
    (kind ? { all: 'all of', any: 'any of', not: 'not' }[kind] : (branch.fact ?? branch.operator));
  const value = [branch.value ?? branch.saw ?? branch.reason, branch.reference]
    .filter((part) => part !== undefined && part !== null && typeof part !== 'object')
    .join(', ');
  return (
    <li>
      <span class={`m ${tone}`} aria-hidden="true">
        {mark}
      </span>
      <span class="sr">{word}: </span>
      {String(label ?? '')}
      {value && <span class="val">{value}</span>}
      {children.length > 0 && (
        <ul>
          {children.map((child, at) => (
            <Node key={at} node={child} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}
