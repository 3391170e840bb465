// The Sql port over node:sqlite. Migrations are the same files that D1 applies.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Sql, SqlValue, Statement } from '../platform.ts';

const migrationsFolder = new URL('./migrations/', import.meta.url);

export interface SqliteStore extends Sql {
  close(): void;
}

/** `:memory:` keeps nothing; otherwise `curbside.sqlite` in the folder, made if need be. */
export function openSqlite(folder: string): SqliteStore {
  const isMemory = folder === ':memory:';
  if (!isMemory) mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(isMemory ? ':memory:' : join(folder, 'curbside.sqlite'));
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;');
  // FULL: what was acknowledged survives a power cut, not only a crash.
  if (!isMemory) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  migrate(database);

  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
  return {
    async all<Row>(sql: string, ...values: SqlValue[]) {
      return prepare(sql).all(...values) as Row[];
    },
    async run(sql, ...values) {
      return { changes: Number(prepare(sql).run(...values).changes) };
    },
    async batch(statements: Statement[]) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { sql, values = [] } of statements) prepare(sql).run(...values);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

function migrate(database: DatabaseSync): void {
  const files = readdirSync(migrationsFolder).filter((name) => name.endsWith('.sql')).sort();
  const [row] = database.prepare('PRAGMA user_version').all() as { user_version: number }[];
  for (const [place, name] of files.entries()) {
    if (place < row!.user_version) continue;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(readFileSync(new URL(name, migrationsFolder), 'utf8'));
      database.exec(`PRAGMA user_version = ${place + 1}`);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}
