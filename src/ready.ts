// Whether requests can be answered. Nothing is answered without its record, so a server whose ledger or database cannot be
// written is not ready, although it is alive and reads well: after the first refusal it tries to write by itself, now and then,
// until it can.
import type { Platform } from './platform.ts';
import type { Ledger } from './record/ledger.ts';

export interface Readiness {
  /** A request was refused because what had to be written could not be. */
  noteRefusal(): void;
  /** What is missing; undefined when nothing is. */
  whyNot(): Promise<string | undefined>;
}

const betweenTriesMs = 3000;

export function createReadiness({ sql, elapsed, now }: Platform, ledger: Ledger): Readiness {
  let refusals = 0;
  let failed: { at: number; why: string } | undefined;
  let trying: Promise<string | undefined> | undefined;

  /** What is written is true and of use later: that so many were refused, which could not be said at the time. */
  async function tryToWrite(): Promise<string | undefined> {
    const count = refusals;
    const at = now().toISOString();
    const cannot = async (name: string, write: () => Promise<unknown>) =>
      write().then(
        () => [],
        () => [name],
      );
    const without = [
      ...(await cannot('ledger', () =>
        ledger.append({ kind: 'refusal', at, status: 503, reason: 'not_recorded', notWrittenBefore: count }),
      )),
      ...(await cannot('database', () =>
        sql.run(
          "INSERT INTO counted (day, what, name, times) VALUES (?, 'refused', 'not_recorded', ?) ON CONFLICT (day, what, name) DO UPDATE SET times = times + excluded.times",
          at.slice(0, 10),
          count,
        ),
      )),
    ];
    if (without.length === 0) {
      refusals -= count;
      failed = undefined;
      return undefined;
    }
    failed = { at: elapsed(), why: `the ${without.join(' and the ')} cannot be written` };
    return failed.why;
  }

  return {
    noteRefusal: () => {
      refusals += 1;
    },
    async whyNot() {
      try {
        await sql.all('SELECT 1');
      } catch {
        return 'the database does not answer';
      }
      if (refusals === 0) return undefined;
      if (failed && elapsed() - failed.at < betweenTriesMs) return failed.why;
      // Whoever asks meanwhile waits for the same try.
      trying ??= tryToWrite().finally(() => {
        trying = undefined;
      });
      return trying;
    },
  };
}
