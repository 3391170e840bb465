// XML as a tree: elements, attributes, text. No DTD, no entities beyond the five and character references, bounded depth: a
// document cannot make us fetch, expand or recurse.
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const deepest = 200;

/** The root, or why it cannot be read. Prefixes are dropped: C-CDA's own namespace is the only one that matters to us. */
export function readXml(source: string): Element | { problem: string } {
  if (/<!DOCTYPE|<!ENTITY/i.test(source)) return { problem: 'The document has a DTD: it was not read.' };
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open: Element[] = [root];
  const pattern =
    /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g;
  let end = 0;
  for (let found = pattern.exec(source); found; found = pattern.exec(source)) {
    if (found.index !== end) return { problem: 'The document is not well-formed XML.' };
    end = pattern.lastIndex;
    const [, cdata, closing, opening, attributes = '', empty, text] = found;
    const current = open.at(-1)!;
    if (cdata !== undefined) current.text += cdata;
    else if (text !== undefined) current.text += plain(text);
    else if (closing !== undefined) {
      if (open.length < 2 || current.name !== local(closing))
        return { problem: 'The document is not well-formed XML.' };
      open.pop();
    } else if (opening !== undefined) {
      const element: Element = { name: local(opening), attributes: {}, children: [], text: '' };
      for (const [, name, double, single] of attributes.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
        element.attributes[local(name!)] ??= plain(double ?? single ?? '');
      current.children.push(element);
      if (!empty) open.push(element);
      if (open.length > deepest) return { problem: `The document is nested deeper than ${deepest} levels.` };
    }
  }
  const [document] = root.children;
  return document && open.length === 1 && end === source.length
    ? document
    : { problem: 'The document is not well-formed XML.' };
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) =>
        name ? (entities[name] ?? whole) : character(Number.parseInt(hex ?? decimal, hex ? 16 : 10)),
      )
    : text;
const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

export const all = (element: Element | undefined, ...path: string[]): Element[] =>
  path.reduce(
    (held, name) => held.flatMap(({ children }) => children.filter((child) => child.name === name)),
    element ? [element] : [],
  );
export const one = (element: Element | undefined, ...path: string[]): Element | undefined => all(element, ...path)[0];
export const deepText = ({ text, children }: Element): string =>
  `${text} ${children.map(deepText).join(' ')}`.replace(/\s+/g, ' ').trim();

export function* everywhere(element: Element, name: string): Generator<Element> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* everywhere(child, name);
  }
}
