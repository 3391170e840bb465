// The ledger's one table, made where it is missing: in a SQLite file of its own, in a Durable Object, or beside the rest.
// Everything that is asked of a record is read out of its body, so that no column can say something else than what was hashed.
export const ledgerSchema = [
  `CREATE TABLE IF NOT EXISTS ledger (
    seq INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    prev_hash TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    at TEXT GENERATED ALWAYS AS (body ->> '$.at') VIRTUAL,
    kind TEXT GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL,
    patient TEXT GENERATED ALWAYS AS (body ->> '$.patient') VIRTUAL
  ) STRICT`,
  'CREATE INDEX IF NOT EXISTS ledger_patient ON ledger (patient, seq) WHERE patient IS NOT NULL',
  'CREATE INDEX IF NOT EXISTS ledger_at ON ledger (at)',
  `CREATE INDEX IF NOT EXISTS ledger_marks ON ledger (kind, seq) WHERE kind IN ('checkpoint', 'prune')`,
  `CREATE TRIGGER IF NOT EXISTS ledger_no_update BEFORE UPDATE ON ledger
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`,
  // Only what a "prune" record in the ledger itself has let go may be deleted.
  `CREATE TRIGGER IF NOT EXISTS ledger_no_delete BEFORE DELETE ON ledger
   WHEN OLD.seq > coalesce((SELECT CAST(body ->> '$.through' AS INTEGER) FROM ledger WHERE kind = 'prune' ORDER BY seq DESC LIMIT 1), 0)
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`,
];
