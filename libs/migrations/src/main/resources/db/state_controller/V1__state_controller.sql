-- The state-controller's record. Runs in schema state_controller; its role may read and write these
-- tables and nothing else. Times are epoch milliseconds of the lane writer's clock unless the column
-- is a timestamptz, which PostgreSQL's clock judges.

-- Facts fixed when the database is made.
CREATE TABLE deployment (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  lane_count  integer NOT NULL CHECK (lane_count BETWEEN 1 AND 1024)
);
INSERT INTO deployment (lane_count) VALUES (16);

-- One writer per lane. Taking a lane over raises its epoch, which fences the writer before it.
CREATE TABLE lane (
  lane             integer PRIMARY KEY,
  epoch            bigint NOT NULL DEFAULT 0,
  owner            text,
  expires_at       timestamptz NOT NULL DEFAULT '-infinity'
);
-- Where each lane stands; apart from lane so that a writer's batch and a takeover lock different rows.
CREATE TABLE lane_cursor (
  lane               integer PRIMARY KEY REFERENCES lane,
  position           bigint NOT NULL DEFAULT 0,
  inbox_incarnation  text NOT NULL DEFAULT '',
  inbox_sequence     bigint NOT NULL DEFAULT 0
);
INSERT INTO lane (lane) SELECT generate_series(0, 15);
INSERT INTO lane_cursor (lane) SELECT lane FROM lane;

-- The replicas that are alive, so that lanes are shared out evenly among them.
CREATE TABLE replica (
  replica_id  text PRIMARY KEY,
  expires_at  timestamptz NOT NULL
);

-- How far the journal of a lane has been published to DOME_JOURNAL.
CREATE TABLE journal_publication (
  lane         integer PRIMARY KEY REFERENCES lane,
  incarnation  text NOT NULL DEFAULT '',
  position     bigint NOT NULL DEFAULT 0
);
INSERT INTO journal_publication (lane) SELECT lane FROM lane;

CREATE TABLE run (
  run_uid           text PRIMARY KEY,
  namespace         text NOT NULL,
  run_id            text NOT NULL,
  lane              integer NOT NULL,
  status            text NOT NULL,
  is_final          boolean NOT NULL,
  paused            boolean NOT NULL,
  sequence          bigint NOT NULL,
  head_hash         text NOT NULL,
  state_hash        text NOT NULL,
  decider_version   integer NOT NULL,
  policy_digest     text NOT NULL,
  retention_class   text NOT NULL DEFAULT 'standard',
  submitter         text NOT NULL,
  submission_hmac   text NOT NULL,
  hmac_key_id       text NOT NULL,
  reason_code       text,
  created_at_ms     bigint NOT NULL,
  changed_at_ms     bigint NOT NULL,
  last_writer_epoch bigint NOT NULL,
  UNIQUE (namespace, run_id)
);
CREATE INDEX run_open ON run (lane) WHERE NOT is_final;
CREATE INDEX run_listing ON run (namespace, created_at_ms DESC, run_id);

-- The journal: INPUT and EVENT rows, one gapless sequence per run and one gapless position per lane.
-- envelope is the canonical JSON text whose hash the chain carries; it is never rewritten.
CREATE TABLE journal (
  run_uid        text NOT NULL,
  sequence       bigint NOT NULL,
  namespace      text NOT NULL,
  lane           integer NOT NULL,
  lane_position  bigint NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('INPUT', 'EVENT')),
  topic          text NOT NULL,
  envelope       text NOT NULL,
  prev_hash      text NOT NULL,
  hash           text NOT NULL,
  writer_epoch   bigint NOT NULL,
  PRIMARY KEY (run_uid, sequence),
  UNIQUE (lane, lane_position)
);

-- Tasks as the read API and a new lane owner need them; derived from the journal in the same commit.
CREATE TABLE task (
  run_uid         text NOT NULL,
  task_id         text NOT NULL,
  plan_index      integer NOT NULL,
  namespace       text NOT NULL,
  lane            integer NOT NULL,
  queue           text NOT NULL,
  priority        integer NOT NULL,
  status          text NOT NULL,
  assigned        boolean NOT NULL,
  attempt         integer NOT NULL,
  state           text NOT NULL,
  PRIMARY KEY (run_uid, task_id)
);
CREATE INDEX task_ready ON task (lane) WHERE status = 'QUEUED' AND assigned;
CREATE INDEX task_queued ON task (namespace, queue) WHERE status = 'QUEUED';

-- One grant of one task. The row stays when the attempt is over (ended_at_ms), so that a late report
-- is told from an unknown one and a claim id is never granted twice, by any replica.
CREATE TABLE lease (
  attempt_id      text PRIMARY KEY,
  run_uid         text NOT NULL,
  task_id         text NOT NULL,
  namespace       text NOT NULL,
  lane            integer NOT NULL,
  queue           text NOT NULL,
  fence           bigint NOT NULL,
  version         bigint NOT NULL,
  claim_id        text NOT NULL,
  claim_ordinal   integer NOT NULL,
  worker_id       text NOT NULL,
  term_ms         bigint NOT NULL,
  expires_at_ms   bigint NOT NULL,
  progress        text,
  ended_at_ms     bigint
);
CREATE INDEX lease_expiry ON lease (lane, expires_at_ms) WHERE ended_at_ms IS NULL;
CREATE UNIQUE INDEX lease_claim ON lease (namespace, claim_id, claim_ordinal);

-- One slot of something scarce, held by an attempt.
CREATE TABLE permit (
  namespace   text NOT NULL,
  key         text NOT NULL,
  slot        integer NOT NULL,
  attempt_id  text NOT NULL,
  PRIMARY KEY (namespace, key, slot),
  UNIQUE (attempt_id, key)
);

-- The first answer to every key: rejections included for a key that the client chose, only an
-- accepted answer for a key derived from what the request is about.
CREATE TABLE idempotency (
  namespace     text NOT NULL,
  principal     text NOT NULL,
  operation     text NOT NULL,
  key           text NOT NULL,
  body_hmac     text NOT NULL,
  hmac_key_id   text NOT NULL,
  operation_id  text NOT NULL,
  outcome       text NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (namespace, principal, operation, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at_ms);

-- What became of each operation: the 202 URL. A repeat of a keyed request has a row of its own.
CREATE TABLE operation (
  namespace     text NOT NULL,
  operation_id  text NOT NULL,
  principal     text NOT NULL,
  outcome       text NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (namespace, operation_id)
);
CREATE INDEX operation_age ON operation (created_at_ms);

-- Reports that came too late: kept as evidence, never as state.
CREATE TABLE late_report (
  operation_id  text PRIMARY KEY,
  run_uid       text,
  namespace     text NOT NULL,
  attempt_id    text,
  reason_code   text NOT NULL,
  actor         text NOT NULL,
  body          text NOT NULL,
  received_at_ms bigint NOT NULL
);
CREATE INDEX late_report_run ON late_report (run_uid);

-- Inputs whose step threw. Each is stored once, with its cause, and never retried by itself.
CREATE TABLE poison (
  lane              integer NOT NULL,
  inbox_incarnation text NOT NULL,
  inbox_sequence    bigint NOT NULL,
  reason_code       text NOT NULL,
  cause             text NOT NULL,
  message           text NOT NULL,
  at_ms             bigint NOT NULL,
  PRIMARY KEY (lane, inbox_incarnation, inbox_sequence)
);
