-- What is left of what the audit purged, as audit-export told it, and its statements, so that the
-- proof of a purge lies elsewhere than where the purge was.

-- A tombstone is known by its digest: the audit gives an index again when it was put back.
CREATE TABLE tombstone (
  digest           text PRIMARY KEY,
  tombstone_index  bigint NOT NULL,
  namespace        text NOT NULL,
  document         text NOT NULL CHECK (encode(sha256(convert_to(document, 'UTF8')), 'hex') = digest),
  stored_at_ms     bigint NOT NULL
);
CREATE TRIGGER tombstone_is_immutable BEFORE UPDATE ON tombstone
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The last tombstone that was told. When the audit has another one in its place, or none, it was put
-- back, and is read from its beginning again.
CREATE TABLE tombstone_cursor (
  only_row         boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  tombstone_index  bigint NOT NULL DEFAULT 0,
  digest           text NOT NULL DEFAULT ''
);
INSERT INTO tombstone_cursor DEFAULT VALUES;

ALTER TABLE unsealed DROP CONSTRAINT unsealed_kind_check;
ALTER TABLE unsealed ADD CONSTRAINT unsealed_kind_check
  CHECK (kind IN ('RUN', 'REPLAY', 'TOMBSTONE'));

-- The subject of a tombstone's statement is its digest, by which it is found. Its run_id is empty, so
-- that it is not among the statements of the run, which a replica of the release before lists.
ALTER TABLE statement DROP CONSTRAINT statement_kind_check;
ALTER TABLE statement ADD CONSTRAINT statement_kind_check
  CHECK (kind IN ('PROVENANCE', 'RUN_GATE', 'VSA', 'REPLAY', 'TOMBSTONE'));

CREATE FUNCTION promise_statements_of_tombstones() RETURNS trigger LANGUAGE plpgsql
  SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO unsealed (kind, id, since_ms)
    SELECT 'TOMBSTONE', added.digest, added.stored_at_ms FROM added
    WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.subject = added.digest)
    ORDER BY added.tombstone_index
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER tombstone_is_sealed AFTER INSERT ON tombstone
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION promise_statements_of_tombstones();
