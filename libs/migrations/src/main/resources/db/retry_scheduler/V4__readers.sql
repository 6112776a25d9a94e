-- Replicas that live, and which of them reads which lane of the journal. Both by the database's
-- clock. Nothing rests on them but who reads: cursors decide what has its effect.
CREATE TABLE reader (
  replica_id  text PRIMARY KEY,
  expires_at  timestamptz NOT NULL
);
CREATE TABLE reader_lane (
  lane        integer PRIMARY KEY,
  owner       text,
  expires_at  timestamptz NOT NULL DEFAULT '-infinity'
);
