-- How often something happened on a day, for the console: hook requests, their time, silent findings, AI statements. No patient in it.
CREATE TABLE counted (
  day TEXT NOT NULL,
  what TEXT NOT NULL,
  name TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (day, what, name)
) STRICT;

-- Cards whose "the alert is wrong" somebody has dealt with.
CREATE TABLE dealt_with (
  card TEXT PRIMARY KEY,
  how TEXT NOT NULL CHECK (how IN ('rule-changed', 'data-mended', 'alert-was-right')),
  at TEXT NOT NULL
) STRICT;
