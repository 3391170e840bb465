// <cds-card>: one CDS Hooks card, whoever wrote it, shown safely. Text never becomes markup; links are https and open elsewhere.
//
//   const element = document.createElement('cds-card');
//   element.card = card;
//   element.addEventListener('cds-accept', ({ detail }) => detail.suggestion.actions …);
//
// Events, which bubble: cds-accept {card, suggestion}, cds-override {card, reason, comment}, cds-link {card, link}. cds-link can be
// prevented: a SMART link is the EHR's to launch.
import type { Card, CardLink, Coding, Suggestion } from '../../src/cds-hooks/contract.ts';
import { type Block, type Inline, readMarkdown, safeHref } from '../shared/markdown.ts';

export interface CdsCardEvents {
  'cds-accept': CustomEvent<{ card: Card; suggestion: Suggestion }>;
  'cds-override': CustomEvent<{ card: Card; reason?: Coding; comment?: string }>;
  'cds-link': CustomEvent<{ card: Card; link: CardLink }>;
}

const words: Record<Card['indicator'], string> = { critical: 'Stop', warning: 'Caution', info: 'Note' };

const style = `
:host { display: block; font: 15px/1.45 system-ui, sans-serif; color: #1d2b33; }
article { border: 1px solid #b9c6cc; border-left: 5px solid #4b6b7a; border-radius: 6px; padding: 12px 16px; background: #fff; overflow-wrap: anywhere; }
article.critical { border-left-color: #b3261e; } article.warning { border-left-color: #b26a00; }
h3 { margin: 0 0 6px; font-size: 16px; } .word { font-weight: 700; margin-right: 6px; } .critical .word { color: #b3261e; } .warning .word { color: #8a5200; }
.source { font-size: 13px; color: #4d5f68; } table { border-collapse: collapse; } td, th { border: 1px solid #b9c6cc; padding: 2px 8px; text-align: left; }
.bar { display: flex; flex-wrap: wrap; gap: 8px; margin: 10px 0 6px; } button, select, input { font: inherit; padding: 5px 12px; border: 1px solid #4b6b7a; border-radius: 6px; background: #fff; color: inherit; }
button.recommended { background: #1f5f7a; border-color: #1f5f7a; color: #fff; } button:disabled { opacity: .5; } details { margin-top: 6px; }
:focus-visible { outline: 3px solid #1f5f7a; outline-offset: 2px; }`;

export class CdsCard extends HTMLElement {
  #card: Card | undefined;
  readonly #root = this.attachShadow({ mode: 'open' });

  get card(): Card | undefined {
    return this.#card;
  }

  set card(card: Card | undefined) {
    this.#card = card;
    const sheet = make('style', style);
    this.#root.replaceChildren(...(card ? [sheet, this.#article(card)] : []));
  }

  #article(card: Card): HTMLElement {
    const heading = make('h3', make('span', words[card.indicator] ?? 'Note', { class: 'word' }), card.summary);
    const article = make('article', heading, { class: card.indicator in words ? card.indicator : 'info' });
    if (card.detail) article.append(...readMarkdown(card.detail).map(blockElement));
    const suggestions = card.suggestions ?? [];
    if (suggestions.length > 0)
      article.append(make('div', ...suggestions.map((suggestion) => this.#fix(card, suggestion)), { class: 'bar' }));
    const links = (card.links ?? []).flatMap((link) => this.#link(card, link) ?? []);
    if (links.length > 0) article.append(make('div', ...links, { class: 'bar' }));
    if (card.overrideReasons?.length) article.append(this.#override(card, card.overrideReasons));
    article.append(make('p', sourceOf(card), { class: 'source' }));
    return article;
  }

  #fix(card: Card, suggestion: Suggestion): HTMLElement {
    const clears =
      card.extension?.['org.curbside.card']?.fixes?.find((fix) => fix.suggestion === suggestion.uuid)?.clears.length ??
      0;
    const button = make('button', `${suggestion.label}${clears > 1 ? ` (clears ${clears} cards)` : ''}`, {
      type: 'button',
      class: suggestion.isRecommended ? 'recommended' : '',
    });
    button.addEventListener('click', () =>
      this.#decided('cds-accept', { card, suggestion }, card.selectionBehavior === 'any' ? button : undefined),
    );
    return button;
  }

  #link(card: Card, link: CardLink): HTMLElement | undefined {
    // A launch may be on this machine; anything else that is not https is not shown.
    const href =
      safeHref(link.url) ??
      (link.type === 'smart' && /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\//.test(link.url) ? link.url : undefined);
    if (!href) return undefined;
    const anchor = make('a', link.label, { href, target: '_blank', rel: 'noopener noreferrer' });
    anchor.addEventListener('click', (event) => {
      if (!this.#tell('cds-link', { card, link }) || link.type === 'smart') event.preventDefault();
    });
    return anchor;
  }

  #override(card: Card, reasons: Coding[]): HTMLElement {
    const choice = make(
      'select',
      ...reasons.map(({ code, display }) => make('option', display ?? code ?? '', { value: code ?? '' })),
      { 'aria-label': 'Reason' },
    ) as HTMLSelectElement;
    const comment = make('input', {
      'aria-label': 'Comment',
      placeholder: 'Comment',
      maxlength: '500',
    }) as HTMLInputElement;
    const keep = make('button', 'Keep the order', { type: 'button' });
    keep.addEventListener('click', () => {
      const reason = reasons.find(({ code }) => code === choice.value);
      this.#decided('cds-override', {
        card,
        ...(reason && { reason }),
        ...(comment.value.trim() && { comment: comment.value.trim() }),
      });
    });
    return make('details', make('summary', 'Override'), make('div', choice, comment, keep, { class: 'bar' }));
  }

  /** One decision a card; where any may be chosen, each once. */
  #decided(name: keyof CdsCardEvents, detail: object, only?: HTMLElement): void {
    if (!this.#tell(name, detail)) return;
    for (const button of only ? [only] : this.#root.querySelectorAll('button')) button.setAttribute('disabled', '');
  }

  #tell(name: keyof CdsCardEvents, detail: object): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

function sourceOf({ source }: Card): Node {
  const href = source.url ? safeHref(source.url) : undefined;
  return href
    ? make('a', source.label, { href, target: '_blank', rel: 'noopener noreferrer' })
    : document.createTextNode(source.label);
}

/** An element from text, nodes and, last, attributes. Strings become text nodes, never markup. */
function make(name: string, ...given: (string | Node | Record<string, string>)[]): HTMLElement {
  const element = document.createElement(name);
  for (const part of given) {
    if (typeof part === 'string' || part instanceof Node) element.append(part);
    else for (const [key, value] of Object.entries(part)) if (value) element.setAttribute(key, value);
  }
  return element;
}

function blockElement(block: Block): HTMLElement {
  if (block.kind === 'list')
    return make(block.isOrdered ? 'ol' : 'ul', ...block.items.map((item) => make('li', ...item.map(inlineNode))));
  if (block.kind === 'table') {
    const row = (cells: Inline[][], name: string) =>
      make('tr', ...cells.map((cell) => make(name, ...cell.map(inlineNode))));
    return make(
      'table',
      make('thead', row(block.head, 'th')),
      make('tbody', ...block.rows.map((cells) => row(cells, 'td'))),
    );
  }
  return make(
    'p',
    ...(block.kind === 'heading'
      ? [make('strong', ...block.children.map(inlineNode))]
      : block.children.map(inlineNode)),
  );
}

function inlineNode(part: Inline): Node {
  if (part.kind === 'text') return document.createTextNode(part.text);
  if (part.kind === 'code') return make('code', part.text);
  if (part.kind === 'link')
    return make('a', ...part.children.map(inlineNode), {
      href: part.href,
      target: '_blank',
      rel: 'noopener noreferrer',
    });
  return make(part.kind === 'strong' ? 'strong' : 'em', ...part.children.map(inlineNode));
}

if (!customElements.get('cds-card')) customElements.define('cds-card', CdsCard);

declare global {
  interface HTMLElementTagNameMap {
    'cds-card': CdsCard;
  }
}
