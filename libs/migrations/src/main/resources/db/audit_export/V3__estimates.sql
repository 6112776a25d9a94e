-- What has an end can be listed without counting more than a caller waits for. How many records a
-- partition has is then what the database's own statistics say, and the answer says so.

-- As many records as the statistics know of; before there are any, as many as its pages may hold.
CREATE FUNCTION about_records(leaf text) RETURNS bigint LANGUAGE sql STABLE
RETURN (SELECT CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint
    ELSE pg_relation_size(c.oid) / 500 END
  FROM pg_class c WHERE c.relname = leaf AND c.relnamespace = 'audit_export_parts'::regnamespace);

-- As purgeable(), but that no more than so many records are counted in all. Of a partition beyond
-- that, estimated_records is about how many it has, runs is how many have records there, be they to
-- be purged or kept, and access_records and held_runs are null; estimated_records is null otherwise.
CREATE FUNCTION purgeable_within(most bigint) RETURNS TABLE (retention_class text, month integer,
  days integer, expires_at_ms bigint, is_due boolean, runs bigint, access_records bigint,
  held_runs bigint, estimated_records bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  part record;
  has bigint;
  budget bigint := most;
BEGIN
  FOR part IN
    SELECT c.name, c.days, substring(leaf.relname FROM '[0-9]+$')::integer AS of_month,
      c.shortened_at_ms, leaf.relname::text AS leaf
    FROM retention_class c
    JOIN pg_class parent ON parent.relname = c.name
      AND parent.relnamespace = 'audit_export_parts'::regnamespace
    JOIN pg_inherits i ON i.inhparent = parent.oid
    JOIN pg_class leaf ON leaf.oid = i.inhrelid
    WHERE c.days IS NOT NULL AND leaf.relname ~ '_[0-9]{6}$'
    ORDER BY month_end_ms(substring(leaf.relname FROM '[0-9]+$')::integer) + c.days * 86400000::bigint
  LOOP
    retention_class := part.name;
    month := part.of_month;
    days := part.days;
    expires_at_ms := greatest(month_end_ms(month) + days * 86400000::bigint,
      part.shortened_at_ms + 604800000);
    is_due := expires_at_ms <= clock_ms();
    runs := 0;
    access_records := 0;
    held_runs := 0;
    estimated_records := NULL;
    has := CASE WHEN is_due THEN about_records(part.leaf) ELSE 0 END;
    IF has > budget THEN
      SELECT count(*) INTO runs FROM run_retention r
      WHERE r.retention_class = part.name AND r.month = part.of_month;
      access_records := NULL;
      held_runs := NULL;
      estimated_records := has;
    ELSIF is_due THEN
      budget := budget - has;
      SELECT c.runs, c.access_records, c.held_runs INTO runs, access_records, held_runs
      FROM counted(part.leaf, clock_ms() - part.days * 86400000::bigint) c;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

-- What a purge would remove of a partition, and how many runs it would keep because they are held.
CREATE FUNCTION counted(leaf text, cutoff bigint)
RETURNS TABLE (runs bigint, access_records bigint, held_runs bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
  EXECUTE format('SELECT count(*) FILTER (WHERE last <= $1 AND ended AND h.run_uid IS NULL),'
    ' count(h.run_uid) FROM (SELECT run_uid, max(at_ms) AS last,'
    ' bool_or(topic = ''run.completed'') AS ended'
    ' FROM audit_export_parts.%1$I WHERE kind = ''JOURNAL'' GROUP BY run_uid) r'
    ' LEFT JOIN audit_export.held_runs(%1$L) h (run_uid) USING (run_uid)', leaf)
    INTO runs, held_runs USING cutoff;
  EXECUTE format('SELECT count(*) FROM audit_export_parts.%I WHERE kind = ''ACCESS'''
    ' AND NOT audit_export.is_held(namespace, run_id)', leaf) INTO access_records;
  RETURN NEXT;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit_export FROM PUBLIC;
