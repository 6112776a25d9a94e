-- provenance's record. Runs in schema provenance; its role may read and write these tables and
-- nothing else. Times are epoch milliseconds, digests SHA-256 in hexadecimal.

-- Lane position of the last journal row whose effect is here; moved in the transaction of the effect.
CREATE TABLE lane_cursor (
  lane      integer PRIMARY KEY,
  position  bigint NOT NULL DEFAULT 0 CHECK (position >= 0)
);

-- A run that ended, as its run.completed row said when it came. It awaits its manifest until settled.
CREATE TABLE completed_run (
  run_uid          text PRIMARY KEY,
  namespace        text NOT NULL,
  run_id           text NOT NULL,
  sequence         bigint NOT NULL CHECK (sequence >= 1),
  head_hash        text NOT NULL CHECK (head_hash ~ '^[0-9a-f]{64}$'),
  completed_at_ms  bigint NOT NULL,
  settled          boolean NOT NULL DEFAULT false,
  attempts         integer NOT NULL DEFAULT 0,
  due_at_ms        bigint NOT NULL
);
CREATE INDEX completed_run_awaiting ON completed_run (due_at_ms) WHERE NOT settled;
CREATE INDEX completed_run_by_id ON completed_run (namespace, run_id, completed_at_ms DESC);

-- The run.manifest artifact: the bytes are what their digest is of, and never change.
CREATE TABLE manifest (
  run_uid       text PRIMARY KEY REFERENCES completed_run,
  sha256        text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  body          bytea NOT NULL CHECK (encode(sha256(body), 'hex') = sha256),
  stored_at_ms  bigint NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a stored manifest is never changed';
END
$$;
CREATE TRIGGER manifest_is_immutable BEFORE UPDATE ON manifest
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What replaying a run's inputs found, whoever asked for it.
CREATE TABLE replay (
  replay_id       text PRIMARY KEY,
  namespace       text NOT NULL,
  run_id          text NOT NULL,
  requested_by    text NOT NULL,
  verified_at_ms  bigint NOT NULL,
  result          text NOT NULL CHECK (result IN ('MATCH', 'DIFFERENCE')),
  sequence        bigint NOT NULL,
  run_uid         text,
  status          text,
  complete        boolean,
  head_hash       text,
  state_sha256    text,
  what            text,
  recorded        text,
  derived         text,
  CHECK ((result = 'MATCH') = (run_uid IS NOT NULL AND status IS NOT NULL AND complete IS NOT NULL
                               AND head_hash IS NOT NULL AND state_sha256 IS NOT NULL)),
  CHECK ((result = 'DIFFERENCE') = (what IS NOT NULL AND recorded IS NOT NULL AND derived IS NOT NULL))
);
CREATE INDEX replay_listing ON replay (namespace, verified_at_ms DESC, replay_id DESC);
