// A small, safe part of markdown, read into a tree that views turn into elements: paragraphs, emphasis, code, lists,
// tables and https links. There is no HTML, no image and no other scheme: what is not understood stays text.
// Work grows with the length of the text, whatever it holds.
import { withoutHiddenMarks } from './marks.ts';

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'emphasis'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; children: Inline[] };

export type Block =
  | { kind: 'paragraph' | 'heading'; children: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

const textLimit = 20_000;
const deepest = 4;

export function readMarkdown(source: string): Block[] {
  const isCut = source.length > textLimit;
  const lines = withoutHiddenMarks(source.slice(0, textLimit)).replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    if (paragraph.length) blocks.push({ kind: 'paragraph', children: readInline(paragraph.join(' ')) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!.trim();
    const item = listItem(line);
    if (!line || /^(?:-{3,}|\*{3,}|_{3,})$/.test(line)) {
      endParagraph();
    } else if (/^#{1,6} /.test(line)) {
      endParagraph();
      blocks.push({ kind: 'heading', children: readInline(line.replace(/^#{1,6} +/, '')) });
    } else if (item) {
      endParagraph();
      const last = blocks.at(-1);
      const continues =
        last?.kind === 'list' && last.isOrdered === item.isOrdered && listItem(lines[at - 1]?.trim() ?? '');
      if (continues) last.items.push(readInline(item.text));
      else blocks.push({ kind: 'list', isOrdered: item.isOrdered, items: [readInline(item.text)] });
    } else if (line.includes('|') && isTableRule(lines[at + 1]?.trim() ?? '')) {
      endParagraph();
      const head = cells(line);
      const rows: Inline[][][] = [];
      for (at += 2; at < lines.length && lines[at]!.includes('|'); at++) {
        const row = cells(lines[at]!.trim());
        rows.push(head.map((_, column) => row[column] ?? []));
      }
      at--;
      blocks.push({ kind: 'table', head, rows });
    } else {
      paragraph.push(line);
    }
  }
  endParagraph();
  if (isCut) blocks.push({ kind: 'paragraph', children: [{ kind: 'text', text: 'Shortened here.' }] });
  return blocks;
}

function listItem(line: string): { isOrdered: boolean; text: string } | undefined {
  const found = /^(?:([-*+])|\d{1,9}[.)]) +(.*)$/.exec(line);
  return found ? { isOrdered: !found[1], text: found[2]! } : undefined;
}

const isTableRule = (line: string) => line.includes('-') && /^[\s|:-]+$/.test(line);

const cells = (line: string) =>
  line
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split('|')
    .slice(0, 12)
    .map((cell) => readInline(cell.trim()));

export function readInline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const endPlain = () => {
    if (plain) found.push({ kind: 'text', text: plain });
    plain = '';
  };
  // A mark without its partner is looked for once, not again at every later mark of the same kind.
  const missing = new Set<string>();
  const partner = (mark: string, from: number) => {
    if (missing.has(mark)) return -1;
    const end = text.indexOf(mark, from);
    if (end < 0) missing.add(mark);
    return end;
  };
  for (let at = 0; at < text.length; ) {
    const sign = text[at]!;
    if (sign === '\\' && at + 1 < text.length && /[!-/:-@[-`{-~]/.test(text[at + 1]!)) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    if (sign === '`') {
      const end = partner('`', at + 1);
      if (end > at + 1) {
        endPlain();
        found.push({ kind: 'code', text: text.slice(at + 1, end) });
        at = end + 1;
        continue;
      }
    }
    if ((sign === '*' || sign === '_') && depth < deepest) {
      const mark = text[at + 1] === sign ? sign + sign : sign;
      const isInsideWord = sign === '_' && /\w/.test(text[at - 1] ?? ' ');
      const end = isInsideWord ? -1 : partner(mark, at + mark.length + 1);
      if (end > 0 && text[at + mark.length] !== ' ' && text[end - 1] !== ' ') {
        endPlain();
        const children = readInline(text.slice(at + mark.length, end), depth + 1);
        found.push({ kind: mark.length === 2 ? 'strong' : 'emphasis', children });
        at = end + mark.length;
        continue;
      }
    }
    if (sign === '!' && text[at + 1] === '[') {
      // Images are never fetched; their words stay.
      const middle = partner('](', at + 2);
      const end = middle < 0 ? -1 : partner(')', middle + 2);
      if (end > 0) {
        plain += text.slice(at + 2, middle);
        at = end + 1;
        continue;
      }
    }
    if (sign === '[' && depth < deepest) {
      const middle = partner('](', at + 1);
      const end = middle < 0 ? -1 : partner(')', middle + 2);
      const label = middle < 0 ? '' : text.slice(at + 1, middle);
      const href = end < 0 ? undefined : safeHref(text.slice(middle + 2, end));
      if (href && label && !label.includes('[')) {
        endPlain();
        found.push({ kind: 'link', href, children: readInline(label, deepest) });
        at = end + 1;
        continue;
      }
    }
    plain += sign;
    at++;
  }
  endPlain();
  return found;
}

/** https only, without a user name, and really parsed as such. */
export function safeHref(text: string): string | undefined {
  const address = text.trim().split(/\s/)[0] ?? '';
  if (!/^https:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' && !url.username && !url.password ? url.href : undefined;
}
