-- Housekeeping looks at open runs and at queued tasks slice by slice, in the order of these indexes, so
-- that a pass costs the same however many there are.
DROP INDEX run_open;
CREATE INDEX run_open ON run (lane, run_uid) WHERE NOT is_final;
DROP INDEX task_ready;
CREATE INDEX task_waiting ON task (lane, run_uid, task_id) WHERE status = 'QUEUED';
CREATE INDEX lease_live ON lease (run_uid) WHERE ended_at_ms IS NULL;
