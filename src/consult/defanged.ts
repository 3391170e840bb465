// What was withheld may be shown struck through. Its numbers, links, drugs, orders and strange words are taken
// out first, so that it can do no harm there either.
import { type ConsultPorts, drugsIn } from './drug-names.ts';
import { folded, readsLikeInstruction } from './injection.ts';
import type { EvidenceFact } from './packet.ts';
import { strangeName } from './plain-words.ts';
import { checkAddress, checkLinks, placeholder } from './prose.ts';

interface Ground {
  evidence: ReadonlyMap<string, EvidenceFact>;
  ports: Pick<ConsultPorts, 'namedDrugs'>;
}

const LONGEST = 240;

export function defanged(text: string, { evidence, ports }: Ground): string {
  const nameOf = (handle: string): string => evidence.get(handle)?.name ?? 'evidence that does not exist';
  if (/^[ECG]\d+$/.test(text)) return nameOf(text);
  const words = text.replace(placeholder, ' _ ');
  if (readsLikeInstruction(words)) return '(an instruction)';
  if (checkAddress(words)) return '(words to the reader)';
  const plain = words
    .normalize('NFKC')
    .replace(/\S*(?::\/|\/\/|@|\bwww\b|[a-z0-9]\.[a-z]{2})\S*/gi, '(link)')
    .replace(/(?<!\p{L})\S*[^\s\p{L}_(]*\p{N}\S*/gu, '(number)')
    .replace(/[^A-Za-zÀ-ÖØ-öø-ÿ_ .,;:()'’–—-]+/g, ' ');
  if (checkLinks(plain.replaceAll('(link)', ''))) return '(a link)';
  // A script we cannot read leaves nothing but its punctuation.
  if (!/[a-z]{3}/i.test(plain) || /[^\p{Script=Latin}\P{L}]/u.test(folded(words))) return '(not readable)';
  const withoutDrugs = plain
    .split(/(\s+)/)
    .map((word) => (drugsIn(word, ports).length > 0 ? '(drug)' : word))
    .join('');
  if (drugsIn(withoutDrugs.replaceAll('(drug)', ''), ports).length > 0) return '(names a drug)';
  // A word that is neither plain nor of medicine may be an address, a brand or a code.
  const withoutStrange = withoutDrugs.replace(/(?<!\()\b[A-Za-zÀ-ÿ'’]{2,}(?!\))\b/g, (word) =>
    strangeName(word) === undefined ? word : '(word)',
  );
  // The chart's own names come last, so that none of the above mistakes them.
  const handles = [...text.matchAll(placeholder)].map((match) => match[1]!);
  return withoutStrange
    .replace(/_/g, () => {
      const handle = handles.shift();
      return handle === undefined ? ' ' : nameOf(handle);
    })
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST);
}
