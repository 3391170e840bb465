// The ledger: one append-only log in which every record holds the hash of the one before. One writer: records that arrive while
// a group is being written form the next group, so that an answer waits for the disk and the disk does not wait for answers.
import { Refused } from '../outcome.ts';
import type { Sql } from '../platform.ts';
import type { LedgerEvent } from './ledger-event.ts';
import { ledgerSchema } from './ledger-schema.ts';

export interface LedgerRow {
  seq: number;
  /** JSON of the event. */
  body: string;
  prev_hash: string;
  hash: string;
}

export interface LedgerQuery {
  patient?: string;
  /** ISO times; from is inclusive, until is not. */
  from?: string;
  until?: string;
  /** The record that shows this card. Looks into every body: give it a time as well. */
  card?: string;
  /** Rows after this one, the oldest first. */
  after?: number;
  /** Rows before this one, the newest first; the default. */
  before?: number;
  limit: number;
}

export interface Ledger {
  /** On disk when this resolves; refused as "not_recorded" when that cannot be had. */
  append(event: LedgerEvent): Promise<void>;
  read(query: LedgerQuery): Promise<LedgerRow[]>;
  /** Lets go of what is older, up to the last checkpoint before it; the rest stays verifiable. */
  prune(olderThan: Date): Promise<{ through: number }>;
  /** Everything taken so far is written, or was refused. */
  close(): Promise<void>;
}

export type Digest = (text: string) => string | Promise<string>;

export interface LedgerOptions {
  now: () => Date;
  digest?: Digest;
  /** Signs checkpoints. */
  key?: string;
  /** Keep no more than about so many records: for memory only. */
  most?: number;
  /** Runs something when the turn of the event loop has ended: what is recorded in one turn is then one group. */
  soon?: (act: () => void) => void;
  /** Told of each checkpoint: a log kept elsewhere then anchors the chain. */
  onCheckpoint?: (checkpoint: { through: number; hash: string }) => void;
}

export const genesis = '0'.repeat(64);
const mostInGroup = 256;
const mostWaiting = 10_000;
const recordsBetweenCheckpoints = 10_000;
const tries = 8;

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
export const subtleDigest: Digest = async (text) =>
  hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** What a record's hash is over. */
export const hashed = (prevHash: string, seq: number, body: string): string => `${prevHash}\n${seq}\n${body}`;

export async function macOf(key: string, through: number, hash: string): Promise<string> {
  const imported = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(key),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  return hex(
    await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(`curbside ledger\n${through}\n${hash}`)),
  );
}

interface Head {
  seq: number;
  hash: string;
  checkpoint?: { seq: number; day: string };
}

interface Waiting {
  event: LedgerEvent;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export function createLedger(
  sql: Sql,
  { now, digest = subtleDigest, key, most, soon = queueMicrotask, onCheckpoint }: LedgerOptions,
): Ledger {
  let ready: Promise<void> | undefined;
  let head: Head | undefined;
  const waiting: Waiting[] = [];
  let working: Promise<void> | undefined;
  let isForgetting = false;

  const open = (): Promise<void> => {
    ready ??= sql.batch(ledgerSchema.map((statement) => ({ sql: statement }))).catch((error) => {
      ready = undefined;
      throw error;
    });
    return ready;
  };

  async function readHead(): Promise<Head> {
    const [last] = await sql.all<Pick<LedgerRow, 'seq' | 'hash'>>(
      'SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1',
    );
    const [checkpoint] = await sql.all<{ seq: number; at: string }>(
      "SELECT seq, at FROM ledger WHERE kind = 'checkpoint' ORDER BY seq DESC LIMIT 1",
    );
    // Before the first checkpoint the first record stands in for it.
    const [since] = checkpoint
      ? [checkpoint]
      : await sql.all<{ seq: number; at: string }>('SELECT seq, at FROM ledger ORDER BY seq LIMIT 1');
    return {
      seq: last?.seq ?? 0,
      hash: last?.hash ?? genesis,
      ...(since && { checkpoint: { seq: since.seq, day: since.at.slice(0, 10) } }),
    };
  }

  async function linked(
    events: readonly LedgerEvent[],
    from: Head,
  ): Promise<{ rows: LedgerRow[]; to: Head; checkpoints: { through: number; hash: string }[] }> {
    const rows: LedgerRow[] = [];
    const checkpoints: { through: number; hash: string }[] = [];
    let { seq, hash, checkpoint } = from;
    const add = async (event: LedgerEvent): Promise<void> => {
      const body = JSON.stringify(event);
      const prev_hash = hash;
      seq += 1;
      hash = await digest(hashed(prev_hash, seq, body));
      rows.push({ seq, body, prev_hash, hash });
    };
    for (const event of events) {
      const day = event.at.slice(0, 10);
      if (checkpoint && (seq - checkpoint.seq >= recordsBetweenCheckpoints || day > checkpoint.day)) {
        const sealed = { through: seq, hash };
        await add({
          kind: 'checkpoint',
          at: event.at,
          ...sealed,
          ...(key && { mac: await macOf(key, sealed.through, sealed.hash) }),
        });
        checkpoint = { seq, day };
        checkpoints.push(sealed);
      }
      await add(event);
      checkpoint ??= { seq, day };
    }
    return { rows, to: { seq, hash, checkpoint }, checkpoints };
  }

  async function write(events: readonly LedgerEvent[]): Promise<void> {
    await open();
    for (let attempt = 1; ; attempt++) {
      head ??= await readHead();
      const { rows, to, checkpoints } = await linked(events, head);
      try {
        const insert = 'INSERT INTO ledger (seq, body, prev_hash, hash) VALUES (?, ?, ?, ?)';
        const valuesOf = ({ seq, body, prev_hash, hash }: LedgerRow) => [seq, body, prev_hash, hash];
        if (rows.length === 1) await sql.run(insert, ...valuesOf(rows[0]!));
        else await sql.batch(rows.map((row) => ({ sql: insert, values: valuesOf(row) })));
        head = to;
        for (const one of checkpoints) onCheckpoint?.(one);
        if (most !== undefined && checkpoints.length > 0) await forget(to.seq - most);
        return;
      } catch (error) {
        // Another process wrote first: the chain goes on from where it left it.
        head = undefined;
        if (attempt >= tries || !/UNIQUE|constraint/i.test(error instanceof Error ? error.message : '')) throw error;
      }
    }
  }

  /** Of a ledger that is only held in memory, the newest part: up to the last checkpoint at or before a record. */
  async function forget(before: number): Promise<void> {
    const [checkpoint] = await sql.all<{ body: string }>(
      "SELECT body FROM ledger WHERE kind = 'checkpoint' AND seq <= ? ORDER BY seq DESC LIMIT 1",
      before,
    );
    if (!checkpoint) return;
    const { through, hash } = JSON.parse(checkpoint.body) as { through: number; hash: string };
    const [first] = await sql.all<{ seq: number }>('SELECT seq FROM ledger ORDER BY seq LIMIT 1');
    if (!first || first.seq > through || isForgetting) return;
    isForgetting = true;
    const done = () => {
      isForgetting = false;
    };
    waiting.unshift({
      event: { kind: 'prune', at: now().toISOString(), through, hash },
      resolve: () => void sql.run('DELETE FROM ledger WHERE seq <= ?', through).then(done, done),
      reject: done,
    });
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, mostInGroup);
      try {
        await write(group.map(({ event }) => event));
        for (const { resolve } of group) resolve();
      } catch (error) {
        const refused = error instanceof Refused ? error : new Refused({ reason: 'not_recorded' });
        for (const { reject } of group) reject(refused);
      }
    }
    working = undefined;
  }

  const append = (event: LedgerEvent): Promise<void> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= mostWaiting) {
        reject(new Refused({ reason: 'not_recorded' }));
        return;
      }
      waiting.push({ event, resolve, reject });
      working ??= new Promise<void>(soon).then(work);
    });

  return {
    append,
    async read({ patient, from, until, card, after, before, limit }) {
      await open();
      const wheres: string[] = [];
      const values: (string | number)[] = [];
      const where = (text: string, value: string | number | undefined) => {
        if (value === undefined) return;
        wheres.push(text);
        values.push(value);
      };
      where('patient = ?', patient);
      where('at >= ?', from);
      where('at < ?', until);
      where("kind = 'hook' AND instr(body, ?) > 0", card && `"uuid":"${card}"`);
      where('seq > ?', after);
      where('seq < ?', before);
      return sql.all<LedgerRow>(
        `SELECT seq, body, prev_hash, hash FROM ledger ${wheres.length ? `WHERE ${wheres.join(' AND ')}` : ''} ORDER BY seq ${after === undefined ? 'DESC' : 'ASC'} LIMIT ?`,
        ...values,
        limit,
      );
    },
    async prune(olderThan) {
      await open();
      const [young] = await sql.all<{ seq: number }>(
        'SELECT seq FROM ledger WHERE at >= ? ORDER BY seq LIMIT 1',
        olderThan.toISOString(),
      );
      const [checkpoint] = await sql.all<{ seq: number; body: string }>(
        "SELECT seq, body FROM ledger WHERE kind = 'checkpoint' AND seq <= ? ORDER BY seq DESC LIMIT 1",
        young?.seq ?? Number.MAX_SAFE_INTEGER,
      );
      if (!checkpoint || checkpoint.seq <= 1) return { through: 0 };
      const { through, hash } = JSON.parse(checkpoint.body) as { through: number; hash: string };
      const [first] = await sql.all<{ seq: number }>('SELECT seq FROM ledger ORDER BY seq LIMIT 1');
      if (!first || first.seq > through) return { through: 0 };
      await append({ kind: 'prune', at: now().toISOString(), through, hash, olderThan: olderThan.toISOString() });
      await sql.run('DELETE FROM ledger WHERE seq <= ?', through);
      return { through };
    },
    async close() {
      while (working) await working;
    },
  };
}
