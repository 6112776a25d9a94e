-- A timer of an attempt's deadline names the lease it may end.
ALTER TABLE timer
  ADD COLUMN attempt_id text,
  ADD COLUMN fence bigint,
  DROP CONSTRAINT timer_kind_check,
  DROP CONSTRAINT timer_check,
  ADD CONSTRAINT timer_kind_check
    CHECK (kind IN ('RETRY', 'TASK_DEADLINE', 'RUN_DEADLINE', 'APPROVAL_EXPIRY')),
  ADD CONSTRAINT timer_task_check
    CHECK ((kind IN ('RETRY', 'TASK_DEADLINE')) = (task_id IS NOT NULL AND attempt IS NOT NULL)),
  ADD CONSTRAINT timer_lease_check
    CHECK ((kind = 'TASK_DEADLINE') = (attempt_id IS NOT NULL AND fence IS NOT NULL));
CREATE INDEX timer_attempt ON timer (attempt_id) WHERE attempt_id IS NOT NULL;

-- A task that was given up, as its run's journal says. The row stays when its run is long final.
CREATE TABLE dead_letter (
  dead_letter_id   text PRIMARY KEY,
  namespace        text NOT NULL,
  run_uid          text NOT NULL,
  run_id           text NOT NULL,
  task_id          text NOT NULL,
  queue            text NOT NULL,
  reason_code      text NOT NULL,
  cause            text,
  attempts         integer NOT NULL,
  attempt_history  text NOT NULL,
  dead_at_ms       bigint NOT NULL
);
CREATE INDEX dead_letter_listing ON dead_letter (namespace, dead_at_ms DESC, dead_letter_id);
CREATE INDEX dead_letter_run ON dead_letter (namespace, run_id);

-- A run that tries a dead letter's task again. Lanes are read independently of each other, so the
-- row may come before that of its dead letter.
CREATE TABLE redrive (
  dead_letter_id  text NOT NULL,
  run_uid         text NOT NULL,
  run_id          text NOT NULL,
  namespace       text NOT NULL,
  actor           text NOT NULL,
  reason_code     text NOT NULL,
  comment         text NOT NULL,
  at_ms           bigint NOT NULL,
  PRIMARY KEY (dead_letter_id, run_uid)
);
