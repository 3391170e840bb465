// Counts what the console shows and the cards do not tell: requests and their time, silent findings, AI statements. Kept by
// day, in memory for a moment and then in one statement, so that no answer waits for it.
import type { HookRequest } from '../cds-hooks/envelope.ts';
import type { RunRecord } from '../consult/request.ts';
import type { Guarded } from '../guards/check.ts';
import type { Platform } from '../platform.ts';

export interface Counts {
  hook(answered: { service: string; hook: string; ms: number; guarded: Guarded }): void;
  /** Lets the counts see how each consult's run ended. */
  runsOf<Consulting extends { record: (run: RunRecord) => Promise<void> }>(
    consulting: (request: HookRequest) => Consulting,
  ): (request: HookRequest) => Consulting;
  flush(): Promise<void>;
}

/** Upper ends of the classes in which times are counted: fine enough for a 95th centile. */
export const msClasses = [
  5, 10, 15, 20, 30, 40, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000,
  60_000,
];
const msClassOf = (ms: number): string => String(msClasses.find((end) => ms <= end) ?? msClasses.at(-1));
const gatheringMs = 250;

export function createCounts({ sql, now, waitUntil, log }: Platform): Counts {
  const pending = new Map<string, number>();
  let isGathering = false;

  function add(what: string, name: string, times = 1): void {
    if (times === 0) return;
    const key = JSON.stringify([now().toISOString().slice(0, 10), what, name]);
    pending.set(key, (pending.get(key) ?? 0) + times);
    if (isGathering) return;
    isGathering = true;
    waitUntil(
      new Promise((resolve) => setTimeout(resolve, gatheringMs)).then(() => {
        isGathering = false;
        return flush();
      }),
    );
  }

  async function flush(): Promise<void> {
    if (pending.size === 0) return;
    const rows = [...pending].map(([key, times]) => [...(JSON.parse(key) as string[]), times]);
    pending.clear();
    try {
      await sql.run(
        `INSERT INTO counted (day, what, name, times) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)
         WHERE true ON CONFLICT (day, what, name) DO UPDATE SET times = times + excluded.times`,
        JSON.stringify(rows),
      );
    } catch (error) {
      log({
        level: 'error',
        event: 'counts_not_written',
        rows: rows.length,
        kind: error instanceof Error ? error.name : 'unknown',
      });
    }
  }

  return {
    hook({ service, hook, ms, guarded }) {
      add('hook', `${service} ${hook}`);
      add('ms', msClassOf(ms));
      for (const { rule, tier } of guarded.findings)
        if (rule.status === 'silent') add('silent', `${rule.id} ${tier.indicator}`);
    },
    runsOf: (consulting) => (request) => {
      const held = consulting(request);
      return {
        ...held,
        record(run) {
          add('ai-run', [run.outcome, run.reason].filter(Boolean).join(' '));
          add('ai', 'shown', run.sentencesOut);
          add(
            'ai',
            'withheld',
            Object.values(run.dropped).reduce((sum, count) => sum + count, 0),
          );
          for (const [check, count] of Object.entries(run.dropped)) add('ai-check', check, count);
          add('ai', 'blocked-actions', run.blockedActions);
          add('ai', 'not-addressed', run.notAddressed);
          if (run.calls > 0) add('ai-ms', msClassOf(run.milliseconds));
          return held.record(run);
        },
      };
    },
    flush,
  };
}
