/** The known word nearest to a misspelt one, if any is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, word.length / 3) + 1;
  const wanted = word.toLowerCase();
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue;
    const far = distance(wanted, candidate.toLowerCase(), least);
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

export const didYouMean = (word: string, known: Iterable<string>): string => {
  const near = nearest(word, known);
  return near === undefined ? '' : `, did you mean "${near}"?`;
};

function distance(a: string, b: string, enough: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + Number(left !== right)));
    if (Math.min(...next) >= enough) return enough;
    row = next;
  }
  return row[b.length]!;
}
