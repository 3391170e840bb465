// The Sql port over Cloudflare D1.
import type { Sql } from '../platform.ts';
import type { D1Database } from '../worker-types.ts';

export function d1(database: D1Database): Sql {
  return {
    async all<Row>(sql: string, ...values: unknown[]) {
      return (
        await database
          .prepare(sql)
          .bind(...values)
          .all<Row>()
      ).results;
    },
    async run(sql, ...values) {
      const { meta } = await database
        .prepare(sql)
        .bind(...values)
        .run();
      return { changes: meta.changes ?? 0 };
    },
    async batch(statements) {
      if (statements.length > 0)
        await database.batch(statements.map(({ sql, values = [] }) => database.prepare(sql).bind(...values)));
    },
  };
}
