// Walks the chain: every hash, every number, every checkpoint's signature. Works on a live ledger and on an exported file.
import { type Digest, genesis, hashed, type LedgerRow, macOf, subtleDigest } from './ledger.ts';

export type Verified = {
  records: number;
  first?: number;
  last?: number;
  head?: string;
  checkpoints: number;
  signed: number;
} & ({ ok: true } | { ok: false; at: number; why: string });

export interface VerifyOptions {
  digest?: Digest;
  key?: string;
  /** A row that must still be there, noted down earlier: { seq, hash } of a checkpoint in the log. */
  anchor?: { seq: number; hash: string };
}

/** `pages` gives rows in order, the oldest first. */
export async function verifyLedger(
  pages: AsyncIterable<LedgerRow[]>,
  { digest = subtleDigest, key, anchor }: VerifyOptions = {},
): Promise<Verified> {
  const tally = {
    records: 0,
    checkpoints: 0,
    signed: 0,
    first: undefined as number | undefined,
    last: undefined as number | undefined,
    head: undefined as string | undefined,
  };
  let prev: Pick<LedgerRow, 'seq' | 'hash'> | undefined;
  let letGo: { through: number; hash: string } | undefined;
  let wasLetGo = false;
  const broken = (at: number, why: string): Verified => ({ ...tally, ok: false, at, why });

  for await (const rows of pages) {
    for (const row of rows) {
      const event = parsed(row.body);
      if (!event) return broken(row.seq, 'the record is not JSON');
      if (!prev) {
        tally.first = row.seq;
        if (row.seq === 1 ? row.prev_hash !== genesis : !(event.kind === 'checkpoint' && event.through === row.seq - 1))
          return broken(row.seq, 'the chain does not begin at its first record or at a checkpoint');
        if (row.seq > 1) letGo = { through: row.seq - 1, hash: row.prev_hash };
      } else if (row.seq !== prev.seq + 1)
        return broken(row.seq, `records ${prev.seq + 1} to ${row.seq - 1} are missing`);
      else if (row.prev_hash !== prev.hash) return broken(row.seq, 'the record does not follow the one before it');
      if ((await digest(hashed(row.prev_hash, row.seq, row.body))) !== row.hash)
        return broken(row.seq, 'the record was changed after it was written');
      if (event.kind === 'checkpoint') {
        if (event.through !== row.seq - 1 || event.hash !== row.prev_hash)
          return broken(row.seq, 'the checkpoint is about another record');
        tally.checkpoints += 1;
        if (event.mac !== undefined) tally.signed += 1;
        if (key && event.mac !== undefined && event.mac !== (await macOf(key, row.seq - 1, row.prev_hash)))
          return broken(row.seq, 'the checkpoint’s signature is not of this key');
        if (key && event.mac === undefined && tally.signed > 0) return broken(row.seq, 'the checkpoint is not signed');
      }
      if (event.kind === 'prune' && letGo && event.through === letGo.through && event.hash === letGo.hash)
        wasLetGo = true;
      if (anchor && row.seq === anchor.seq && row.hash !== anchor.hash)
        return broken(row.seq, 'the record is not the one that was noted down');
      prev = row;
      tally.records += 1;
      tally.last = row.seq;
      tally.head = row.hash;
    }
  }
  if (letGo && !wasLetGo)
    return broken(letGo.through + 1, 'earlier records are gone, and no record says that they were let go');
  if (anchor && (tally.last ?? 0) < anchor.seq) return broken(anchor.seq, 'the record that was noted down is gone');
  return { ...tally, ok: true };
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const event: unknown = JSON.parse(body);
    return typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A ledger's rows page by page. */
export async function* pagesOf(
  read: (query: { after: number; limit: number }) => Promise<LedgerRow[]>,
  size = 1000,
): AsyncGenerator<LedgerRow[]> {
  for (let after = 0; ; ) {
    const rows = await read({ after, limit: size });
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.seq;
  }
}
