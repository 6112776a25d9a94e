-- Statements of runs and replays, and the transparency log that holds a digest of each.

-- What the run came to, as its ledger had it: the predicate of its run-gate statement. Manifests of
-- before there were statements have none.
ALTER TABLE manifest ADD COLUMN run_gate text;

-- What awaits its statements. A row goes when they are stored, in the same transaction; the order is
-- that of the log, and no cursor passes a row that commits late.
CREATE TABLE unsealed (
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('RUN', 'REPLAY')),
  id         text NOT NULL,
  since_ms   bigint NOT NULL,
  UNIQUE (kind, id)
);

-- One log of this database: how far it has grown, who may grow it, and what was last published.
CREATE TABLE log_head (
  origin      text PRIMARY KEY,
  size        bigint NOT NULL CHECK (size >= 0),
  root        bytea NOT NULL CHECK (octet_length(root) = 32),
  epoch       bigint NOT NULL DEFAULT 0,
  holder      text NOT NULL DEFAULT '',
  until_ms    bigint NOT NULL DEFAULT 0,
  checkpoint  text,
  checkpoint_size bigint NOT NULL DEFAULT 0 CHECK (checkpoint_size <= size)
);

-- Tiles as C2SP tlog-tiles has them, level -1 for bundles of entries. A tile grows at its end until
-- it is full, and what it had stays; compression would find nothing in hashes.
CREATE TABLE log_tile (
  level  smallint NOT NULL CHECK (level BETWEEN -1 AND 7),
  index  bigint NOT NULL CHECK (index >= 0),
  body   bytea NOT NULL,
  PRIMARY KEY (level, index)
);
ALTER TABLE log_tile ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF octet_length(NEW.body) < octet_length(OLD.body)
     OR substr(NEW.body, 1, octet_length(OLD.body)) <> OLD.body THEN
    RAISE EXCEPTION 'a tile of the log only grows';
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is in the log stays';
END
$$;
CREATE TRIGGER log_tile_stays BEFORE DELETE ON log_tile
  FOR EACH ROW EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER log_tile_only_grows BEFORE UPDATE ON log_tile
  FOR EACH ROW EXECUTE FUNCTION refuse_rewrite();

-- A signed statement; the bytes are what the signature is of. log_index is its leaf.
CREATE TABLE statement (
  log_index     bigint PRIMARY KEY CHECK (log_index >= 0),
  kind          text NOT NULL CHECK (kind IN ('PROVENANCE', 'RUN_GATE', 'VSA', 'REPLAY')),
  subject       text NOT NULL,
  namespace     text NOT NULL,
  run_id        text NOT NULL,
  payload       bytea NOT NULL,
  key_id        text NOT NULL,
  signature     bytea NOT NULL,
  sealed_at_ms  bigint NOT NULL,
  UNIQUE (subject, kind)
);
CREATE INDEX statement_by_run ON statement (namespace, run_id, log_index);
CREATE FUNCTION refuse_statement_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a signed statement is never changed';
END
$$;
CREATE TRIGGER statement_is_immutable BEFORE UPDATE ON statement
  FOR EACH ROW EXECUTE FUNCTION refuse_statement_change();
CREATE TRIGGER statement_stays BEFORE DELETE ON statement
  FOR EACH ROW EXECUTE FUNCTION refuse_removal();

-- Whoever stores a manifest or a replay promises its statements in the same transaction. A manifest
-- that is made again after a loss has its statements already; a replay that nobody asked for and that
-- matches is what its run's statements stand on.
CREATE FUNCTION promise_statements_of_manifests() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO unsealed (kind, id, since_ms)
    SELECT 'RUN', added.run_uid, added.stored_at_ms FROM added
    WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.subject = added.run_uid)
    ORDER BY added.stored_at_ms
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER manifest_is_sealed AFTER INSERT ON manifest
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION promise_statements_of_manifests();

CREATE FUNCTION promise_statements_of_replays() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO unsealed (kind, id, since_ms)
    SELECT 'REPLAY', added.replay_id, added.verified_at_ms FROM added
    WHERE added.requested_by <> 'dome-provenance' OR added.result = 'DIFFERENCE'
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER replay_is_sealed AFTER INSERT ON replay
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION promise_statements_of_replays();

INSERT INTO unsealed (kind, id, since_ms)
  SELECT 'RUN', run_uid, stored_at_ms FROM manifest ORDER BY stored_at_ms, run_uid;
INSERT INTO unsealed (kind, id, since_ms)
  SELECT 'REPLAY', replay_id, verified_at_ms FROM replay
  WHERE requested_by <> 'dome-provenance' OR result = 'DIFFERENCE'
  ORDER BY verified_at_ms, replay_id;
