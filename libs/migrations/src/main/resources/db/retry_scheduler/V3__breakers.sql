-- A circuit breaker and the window it counts in. A row is made by the first result it guards.
CREATE TABLE breaker (
  breaker_id      text PRIMARY KEY,  -- namespace/key
  namespace       text NOT NULL,
  key             text NOT NULL,
  version         bigint NOT NULL,
  phase           text NOT NULL CHECK (phase IN ('CLOSED', 'OPEN', 'HALF_OPEN')),
  cause           text NOT NULL,
  since_ms        bigint NOT NULL,
  until_ms        bigint,
  passed          integer NOT NULL,
  observed_at_ms  bigint NOT NULL,
  slices          text NOT NULL,
  CHECK ((phase = 'OPEN') = (until_ms IS NOT NULL))
);
CREATE UNIQUE INDEX breaker_listing ON breaker (namespace, key);
CREATE INDEX breaker_due ON breaker (until_ms) WHERE phase = 'OPEN';
CREATE INDEX breaker_not_closed ON breaker (phase) WHERE phase <> 'CLOSED';

-- Every change of a breaker: the record, and until published_at_ms is set the outbox.
CREATE TABLE breaker_change (
  change_id        text PRIMARY KEY,  -- breaker_id@version
  breaker_id       text NOT NULL,
  namespace        text NOT NULL,
  key              text NOT NULL,
  version          bigint NOT NULL,
  phase            text NOT NULL,
  cause            text NOT NULL,
  since_ms         bigint NOT NULL,
  until_ms         bigint,
  probes           integer,
  policy_version   text NOT NULL,
  published_at_ms  bigint
);
CREATE UNIQUE INDEX breaker_change_listing ON breaker_change (breaker_id, version);
CREATE INDEX breaker_change_outbox ON breaker_change (breaker_id, version)
  WHERE published_at_ms IS NULL;

-- What guards the tasks of an open run; absent when the default queue's breaker guards all of them.
CREATE TABLE run_guards (
  run_uid  text PRIMARY KEY,
  guards   text NOT NULL
);
