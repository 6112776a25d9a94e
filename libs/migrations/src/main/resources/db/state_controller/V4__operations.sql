-- What each operation was, so that auditors can hold answers against the journal. Rows of before have
-- no kind. Keys are known by their SHA-256, bodies by their keyed digest.
ALTER TABLE operation
  ADD COLUMN kind text,
  ADD COLUMN run_id text,
  ADD COLUMN repeats text,  -- the operation that used the key first
  ADD COLUMN key_fingerprint text,
  ADD COLUMN key_derived boolean,
  ADD COLUMN body_fingerprint text;
CREATE INDEX operation_run ON operation (namespace, run_id, operation_id) WHERE run_id IS NOT NULL;
