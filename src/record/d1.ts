// The Sql port over Cloudflare D1.
import { Refused } from '../outcome.ts';
import type { Sql } from '../platform.ts';
import type { D1Database } from '../worker-types.ts';

export function d1(database: D1Database): Sql {
  return {
    all: <Row>(sql: string, ...values: unknown[]) =>
      orUnavailable(
        async () =>
          (
            await database
              .prepare(sql)
              .bind(...values)
              .all<Row>()
          ).results,
      ),
    run: (sql, ...values) =>
      orUnavailable(async () => {
        const { meta } = await database
          .prepare(sql)
          .bind(...values)
          .run();
        return { changes: meta.changes ?? 0 };
      }),
    batch: (statements) =>
      orUnavailable(async () => {
        if (statements.length > 0)
          await database.batch(statements.map(({ sql, values = [] }) => database.prepare(sql).bind(...values)));
      }),
  };
}

/** A statement or a value that is wrong is our mistake. All else is the store being away: overloaded, reset, full, unreachable. */
const ours =
  /SQLITE_(?:ERROR|CONSTRAINT|MISMATCH|RANGE|MISUSE|TOOBIG)|syntax error|no such column|constraint failed|datatype mismatch|D1_TYPE_ERROR|D1_COLUMN_NOTFOUND|Wrong number of parameter/i;

async function orUnavailable<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    // Tables that are not there yet: the migrations have not been applied.
    throw ours.test(message) && !message.includes('no such table') ? error : new Refused({ reason: 'not_recorded' });
  }
}
