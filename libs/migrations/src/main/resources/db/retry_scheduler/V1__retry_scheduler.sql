-- The retry-scheduler's record. Runs in schema retry_scheduler; its role may read and write these
-- tables and nothing else. Times are epoch milliseconds.

-- Lane position of the last journal row whose effect is here; moved in the transaction of the effect.
CREATE TABLE lane_cursor (
  lane      integer PRIMARY KEY,
  position  bigint NOT NULL DEFAULT 0 CHECK (position >= 0)
);

-- A wake-up that a run has been promised. Rows of a run go when the run completes.
CREATE TABLE timer (
  timer_id     text PRIMARY KEY,
  run_uid      text NOT NULL,
  run_id       text NOT NULL,
  namespace    text NOT NULL,
  lane         integer NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('RETRY', 'RUN_DEADLINE', 'APPROVAL_EXPIRY')),
  task_id      text,
  attempt      integer,
  due_at_ms    bigint NOT NULL,
  fired_at_ms  bigint,
  CHECK ((kind = 'RETRY') = (task_id IS NOT NULL AND attempt IS NOT NULL))
);
CREATE INDEX timer_due ON timer (due_at_ms) WHERE fired_at_ms IS NULL;
CREATE INDEX timer_run ON timer (run_uid);
CREATE INDEX timer_listing ON timer (namespace, due_at_ms, timer_id);
