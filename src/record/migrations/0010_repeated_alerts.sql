-- Alerts shown at order-select, for clients that ask not to see them again at order-sign. Hashes only.
CREATE TABLE shown_alerts (
  alert TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX shown_alerts_expiry ON shown_alerts (expires_at);
