-- The sandbox authorization server: launch handles and codes (taken once, by DELETE … RETURNING), revoked tokens, its signing key.
CREATE TABLE sandbox_grants (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('launch', 'code')),
  body TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sandbox_grants_expiry ON sandbox_grants (expires_at);

CREATE TABLE sandbox_revoked (
  jti TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sandbox_keys (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  jwk TEXT NOT NULL
) STRICT;
