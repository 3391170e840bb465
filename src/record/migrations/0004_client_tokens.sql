-- The jti of every client token until it expires: a token is good for one call, on whichever instance it arrives.
CREATE TABLE client_tokens (
  jti TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX client_tokens_expiry ON client_tokens (expires_at);
