// The Sql port over node:sqlite. Migrations are the same files that D1 applies.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Refused } from '../outcome.ts';
import type { Sql, SqlValue, Statement } from '../platform.ts';

const migrationsFolder = new URL('./migrations/', import.meta.url);

export interface SqliteStore extends Sql {
  close(): void;
}

/** `:memory:` keeps nothing; otherwise `curbside.sqlite` in the folder, made if need be. */
export function openSqlite(folder: string): SqliteStore {
  const isMemory = folder === ':memory:';
  if (!isMemory) mkdirSync(folder, { recursive: true });
  // A wait for another process's write stops this one, so it is short.
  const database = openDatabase(isMemory ? ':memory:' : join(folder, 'curbside.sqlite'), { busyMs: 500 });
  migrate(database);
  return sqlOver(database);
}

export function openDatabase(path: string, { busyMs }: { busyMs: number }): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA foreign_keys = ON;`);
  // FULL: what was acknowledged survives a power cut, not only a crash.
  if (path !== ':memory:') database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return database;
}

export function sqlOver(database: DatabaseSync): SqliteStore {
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
      return orUnavailable(() => prepare(sql).all(...values) as Row[]);
    },
    async run(sql, ...values) {
      return orUnavailable(() => ({ changes: Number(prepare(sql).run(...values).changes) }));
    },
    async batch(statements: Statement[]) {
      orUnavailable(() => {
        database.exec('BEGIN IMMEDIATE');
        try {
          // A statement is prepared when its turn comes: the one before may make its table.
          for (const { sql, values = [] } of statements) prepare(sql).run(...values);
          database.exec('COMMIT');
        } catch (error) {
          // A full disk may have rolled back already.
          if (database.isTransaction) database.exec('ROLLBACK');
          throw error;
        }
      });
    },
    close: () => database.close(),
  };
}

/** Busy, locked, read-only, I/O error, corrupt, full, cannot open: the store is away. Anything else is our mistake. */
const away = new Set([5, 6, 8, 10, 11, 13, 14]);

function orUnavailable<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    throw errcode !== undefined && away.has(errcode & 0xff) ? new Refused({ reason: 'not_recorded' }) : error;
  }
}

function migrate(database: DatabaseSync): void {
  const files = readdirSync(migrationsFolder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
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
