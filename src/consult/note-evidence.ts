// Words quoted from a note: exact, found in the scrubbed text, said of this patient, and not denied.
import { readsLikeInstruction } from './injection.ts';
import type { Fault } from './prose.ts';

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
const fault = (reason: string): Fault => ({ check: 'note-evidence', reason });

const denied =
  /\b(?:no|not|denies|denied|denying|without|negative for|absence of|absent|never|ruled out|rules out|free of|nil|non|neither|nor|resolved|unlikely|doubt)\b[^.;\n]*$/i;
const ofKin =
  /\b(?:family history|fhx?|father|mother|brother|sister|son|daughter|parents?|sibling|aunt|uncle|cousin|grand(?:father|mother|parents?)|wife|husband|partner|maternal|paternal)\b/i;
const unsure =
  /\b(?:possible|possibly|query|\?|rule out|r\/o|suspected|if|should|risk of|in case|return if)\b[^.;\n]*$/i;

/** "Says her potassium is nine": what a person was told or believes of a measurement is no measurement. */
const hearsay =
  /\b(?:says?|said|states?|claims?|claimed|believes?|thinks?|insists?|convinced|told|reports? that)\b[^.;\n]*$/i;

/** Where the quote stands in its note: `affirmed` may support, `denied` may only count against. */
export function standingOfQuote(note: string, quote: string): 'affirmed' | 'denied' | 'kin' | 'unsure' | undefined {
  const text = plain(note);
  const wanted = plain(quote);
  const at = text.indexOf(wanted);
  if (at < 0 || /\w/.test(text[at - 1] ?? '') || /\w/.test(text[at + wanted.length] ?? '')) return undefined;
  const before =
    text
      .slice(0, at)
      .split(/[.;\n](?=\s)|\bbut\b/i)
      .at(-1) ?? '';
  const after = (text.slice(at + wanted.length).split(/[.;\n]/)[0] ?? '').slice(0, 60);
  if (ofKin.test(before) || ofKin.test(wanted)) return 'kin';
  if (
    denied.test(before) ||
    /^(?:no|not|denies|denied|without|never|nil)\b/i.test(wanted) ||
    /^\W*(?:is|was|are|were)?\s*(?:denied|absent|negative|not present|ruled out|excluded)\b/i.test(after)
  )
    return 'denied';
  if (/\d/.test(wanted) && hearsay.test(`${before} ${wanted}`.replace(/\d.*$/, ''))) return 'unsure';
  return unsure.test(before) ? 'unsure' : 'affirmed';
}

export function checkQuote(note: string | undefined, quote: string, side: 'for' | 'against'): Fault | undefined {
  if (note === undefined) return fault('quotes a note that was not given');
  if (plain(quote).length < 6 || !/\s/.test(plain(quote))) return fault('quotes too little to be checked');
  if (readsLikeInstruction(quote) || /[<>{}[\]|\\`*#@]|:\/\/|www\.|[a-z0-9]\.[a-z]{2}/i.test(quote))
    return fault('quotes something that is no finding');
  const standing = standingOfQuote(note, quote);
  if (standing === undefined) return fault('quotes words that the note does not hold');
  if (standing === 'kin') return fault('quotes what the note says of a relative');
  if (standing === 'denied' && side === 'for') return fault('quotes in support what the note denies');
  if (standing === 'unsure') return fault('quotes what the note only considers');
  return undefined;
}
