// Fills a rule's words with the names its facts gave. `[[…]]` is left out when a blank inside it has no name.

const blank = /\{\{\s*([A-Za-z0-9]+)\s*\}\}/g;

/** `fill('{{object}} with {{precipitant}}[[, INR {{inr}}]]', { object: 'warfarin', precipitant: 'ibuprofen' })` */
export function fill(template: string, names: Record<string, string>): string {
  return template
    .replace(/\[\[(.*?)\]\]/gs, (_, part: string) =>
      [...part.matchAll(blank)].every(([, name]) => names[name!]) ? part : '',
    )
    .replace(blank, (_, name: string) => names[name] || 'this drug')
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}

/** The blanks a text cannot do without and that `names` does not fill. */
export function unfilled(template: string, names: Record<string, string>): string[] {
  return [...template.replace(/\[\[.*?\]\]/gs, '').matchAll(blank)]
    .map(([, name]) => name!)
    .filter((name) => !names[name]);
}

/** One line, first letter large, at most `limit` characters, cut at a word. CDS Hooks: a summary has fewer than 140. */
export function asSummary(text: string, limit = 139): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const capital = line.charAt(0).toUpperCase() + line.slice(1);
  if (capital.length <= limit) return capital;
  const cut = capital.slice(0, limit - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > limit / 2 ? cut.slice(0, space) : cut).replace(/[,;:\s]+$/, '')}…`;
}

/** Words from a chart, safe inside GitHub markdown: no markup, no HTML, no line breaks. */
export const plain = (text: string): string => (asItIs.test(text) ? text : escaped(text));

/** Letters, digits and quiet punctuation, one space at a time: what nearly every name on a chart is made of. */
const asItIs = /^[A-Za-z0-9.,;:()/%'+=?&-]+(?: [A-Za-z0-9.,;:()/%'+=?&-]+)*$/;

const escaped = (text: string): string =>
  text
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f]/gu, ' ')
    .replace(/([\\`*_{}[\]<>#|!~])/g, '\\$1')
    .replace(/\s+/g, ' ')
    .trim();
