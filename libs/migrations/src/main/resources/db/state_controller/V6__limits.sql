-- The limits that operators set. What has no row here has its default: a concurrency key one slot, a
-- queue and a named rate no limit.
CREATE TABLE task_limit (
  namespace         text NOT NULL,
  name              text NOT NULL,  -- queue:<name>, key:<text> or rate:<name>
  max_concurrent    integer CHECK (max_concurrent >= 1),
  rate_permits      integer CHECK (rate_permits >= 1),
  rate_per_seconds  integer CHECK (rate_per_seconds >= 1),
  rate_burst        integer CHECK (rate_burst >= 1),
  changed_at_ms     bigint NOT NULL,
  changed_by        text NOT NULL,
  PRIMARY KEY (namespace, name),
  CHECK (max_concurrent IS NOT NULL OR rate_permits IS NOT NULL),
  CHECK ((rate_permits IS NULL) = (rate_per_seconds IS NULL)),
  CHECK ((rate_permits IS NULL) = (rate_burst IS NULL))
);

-- Rises with every change of task_limit, so that replicas read that table only when it changed.
CREATE TABLE limit_version (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version   bigint NOT NULL
);
INSERT INTO limit_version (version) VALUES (0);

-- The theoretical arrival time of each rate that was ever used (GCRA), on PostgreSQL's clock.
CREATE TABLE rate (
  namespace  text NOT NULL,
  name       text NOT NULL,
  tat_us     bigint NOT NULL,
  PRIMARY KEY (namespace, name)
);

-- The advisory lock of a limit. Whoever counts what is taken of it and takes more holds it until the
-- end of the transaction. Two limits that share a number only wait for each other.
CREATE FUNCTION limit_lock(namespace text, key text) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN hashtextextended(namespace || '/' || key, 0);

-- Keys that users name have a prefix of their own now, so that they are never those of probes.
UPDATE permit SET key = 'key:' || key
WHERE key NOT LIKE 'breaker:queue:%' AND key NOT LIKE 'breaker:key:%';
