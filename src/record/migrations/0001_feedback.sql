-- What was shown and what became of it. Times are ISO 8601 in UTC.
CREATE TABLE cards (
  uuid TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  hook TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  rule_version TEXT NOT NULL,
  tier TEXT NOT NULL,
  indicator TEXT NOT NULL,
  rules_hash TEXT NOT NULL,
  shown_at TEXT NOT NULL,
  reasons TEXT NOT NULL
) STRICT;
CREATE INDEX cards_rule ON cards (rule_id, shown_at);

-- The condition trees of cards that were written together, with their values, sealed; kept for as long as "why" may be asked.
CREATE TABLE reasons (
  id TEXT PRIMARY KEY,
  sealed TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX reasons_expiry ON reasons (expires_at);

CREATE TABLE feedback (
  card TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'overridden')),
  at TEXT NOT NULL,
  service TEXT NOT NULL,
  suggestions TEXT NOT NULL,
  reason TEXT,
  -- A clinician's free text may name the patient: sealed.
  comment TEXT,
  received_at TEXT NOT NULL,
  PRIMARY KEY (card, outcome, at)
) STRICT;
