-- The audit's record. Runs in schema audit_export. Its role may add and read records but never
-- change or remove one; only the three cursors below may be updated. Times are epoch milliseconds.

-- Lane position of the last journal row that is recorded; moved in the transaction of its record.
CREATE TABLE lane_cursor (
  lane      integer PRIMARY KEY,
  position  bigint NOT NULL DEFAULT 0 CHECK (position >= 0)
);

-- The last message of DOME_ACCESS whose decisions are recorded.
CREATE TABLE access_cursor (
  only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  incarnation  text NOT NULL DEFAULT '',
  sequence     bigint NOT NULL DEFAULT 0
);
INSERT INTO access_cursor DEFAULT VALUES;

-- How many records there are. Whoever adds some holds this row until the commit, so that the order
-- of the log is the order of the commits and no reader ever passes a record that comes later.
CREATE TABLE log_head (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  size      bigint NOT NULL DEFAULT 0
);
INSERT INTO log_head DEFAULT VALUES;

-- One journal row or one access decision. document is the envelope's canonical JSON, whose hash the
-- run's chain carries, or the decision's. reason_codes is ' CODE CODE ', empty for none.
CREATE TABLE audit_record (
  log_index        bigint PRIMARY KEY,
  kind             text NOT NULL CHECK (kind IN ('JOURNAL', 'ACCESS')),
  namespace        text NOT NULL,
  at_ms            bigint NOT NULL,
  run_id           text,
  actor            text,
  topic            text,
  reason_codes     text NOT NULL,
  document         text NOT NULL,
  lane             integer,
  lane_position    bigint,
  run_uid          text,
  sequence         bigint,
  row_kind         text CHECK (row_kind IN ('INPUT', 'EVENT')),
  prev_hash        text,
  hash             text,
  incarnation      text,
  stream_sequence  bigint,
  ordinal          integer,
  service          text,
  UNIQUE (lane, lane_position),
  UNIQUE (run_uid, sequence),
  UNIQUE (incarnation, stream_sequence, ordinal),
  CHECK ((kind = 'JOURNAL') = (lane IS NOT NULL AND lane_position IS NOT NULL
    AND run_uid IS NOT NULL AND sequence IS NOT NULL AND row_kind IS NOT NULL
    AND prev_hash IS NOT NULL AND hash IS NOT NULL)),
  CHECK ((kind = 'ACCESS') = (incarnation IS NOT NULL AND stream_sequence IS NOT NULL
    AND ordinal IS NOT NULL AND service IS NOT NULL))
);
CREATE INDEX audit_record_listing ON audit_record (namespace, log_index);
CREATE INDEX audit_record_run ON audit_record (namespace, run_id, log_index);
CREATE INDEX audit_record_actor ON audit_record (namespace, actor, log_index);
CREATE INDEX audit_record_time ON audit_record (namespace, at_ms);
