-- Secrets the server made for itself where none were configured. One row per purpose; SESSION_KEYS wins over it.
CREATE TABLE keys (
  purpose TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
