import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, readInline, readMarkdown, safeHref } from '../../../smart-app/shared/markdown.ts';
import { cleaned, withoutHiddenMarks } from '../../../smart-app/shared/marks.ts';

const inlines = (blocks: Block[]): Inline[] =>
  blocks.flatMap((block) =>
    block.kind === 'list'
      ? block.items.flat()
      : block.kind === 'table'
        ? [...block.head, ...block.rows.flat()].flat()
        : block.children,
  );
const flat = (parts: Inline[]): Inline[] =>
  parts.flatMap((part) => ('children' in part ? [part, ...flat(part.children)] : [part]));
const textOf = (parts: Inline[]): string =>
  parts.map((part) => ('children' in part ? textOf(part.children) : part.text)).join('');

describe('markdown', () => {
  it('reads paragraphs, emphasis, lists, tables and links', () => {
    expect(readMarkdown('One **two** *three*\nfour\n\n- a\n- b\n\n1. c\n\n| h | i |\n|---|---|\n| 1 | 2 |')).toEqual([
      {
        kind: 'paragraph',
        children: [
          { kind: 'text', text: 'One ' },
          { kind: 'strong', children: [{ kind: 'text', text: 'two' }] },
          { kind: 'text', text: ' ' },
          { kind: 'emphasis', children: [{ kind: 'text', text: 'three' }] },
          { kind: 'text', text: ' four' },
        ],
      },
      { kind: 'list', isOrdered: false, items: [[{ kind: 'text', text: 'a' }], [{ kind: 'text', text: 'b' }]] },
      { kind: 'list', isOrdered: true, items: [[{ kind: 'text', text: 'c' }]] },
      {
        kind: 'table',
        head: [[{ kind: 'text', text: 'h' }], [{ kind: 'text', text: 'i' }]],
        rows: [[[{ kind: 'text', text: '1' }], [{ kind: 'text', text: '2' }]]],
      },
    ]);
    expect(readInline('see [the label](https://example.org/a)')[1]).toEqual({
      kind: 'link',
      href: 'https://example.org/a',
      children: [{ kind: 'text', text: 'the label' }],
    });
  });

  it('keeps numbers, ranges and names with underscores as they are', () => {
    for (const text of ['2 * 3 * 4', 'warfarin_tmp_smx', 'K 5.3 (3.5-5.0)', 'a < b && c > d', '5 mg * ']) {
      expect(textOf(readInline(text))).toBe(text);
    }
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>',
    'http://example.org',
    '//example.org',
    '/console',
    'https://',
    'https://user:secret@example.org',
    ' vbscript:x',
    'https:example.org',
  ])('makes no link of %j', (address) => {
    expect(safeHref(address)).toBeUndefined();
    expect(flat(readInline(`[x](${address})`)).some(({ kind }) => kind === 'link')).toBe(false);
  });

  it('leaves HTML as text and an image as its words', () => {
    expect(textOf(readInline('<img src=x onerror=alert(1)>'))).toBe('<img src=x onerror=alert(1)>');
    expect(readInline('![a picture](https://evil.example/x.png)')).toEqual([{ kind: 'text', text: 'a picture' }]);
  });

  it('takes out marks that reorder or hide text', () => {
    expect(withoutHiddenMarks('a\u202Eb\u2066c\u200Fd\u0000e\u200Bf\u061C')).toBe('abcdef');
    expect(withoutHiddenMarks('line\nnext\ttab')).toBe('line\nnext\ttab');
    expect(cleaned({ a: ['x\u202Ey'], resource: { text: 'x\u202Ey' } })).toEqual({
      a: ['xy'],
      resource: { text: 'x\u202Ey' },
    });
  });

  it('only ever links to https, loses no words, and never throws', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '](',
      '*',
      '**',
      '_',
      '`',
      '|',
      '-',
      '\n',
      '!',
      '\\',
      '<b>',
      'https://a.example/',
      'javascript:',
      'word',
      ' ',
      '#',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 60 }), (pieces) => {
        const parts = flat(inlines(readMarkdown(pieces.join(''))));
        for (const part of parts) if (part.kind === 'link') expect(part.href).toMatch(/^https:\/\//);
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,80}$/), (text) => {
        expect(textOf(readInline(text))).toBe(text);
      }),
    );
  });

  it.each([['*'], ['_'], ['['], ['`'], [']('], ['**_['], ['![']])(
    'reads a hundred thousand times %j and comes to an end',
    (mark) => {
      expect(readMarkdown(mark.repeat(100_000)).length).toBeGreaterThan(0);
    },
  );
});
