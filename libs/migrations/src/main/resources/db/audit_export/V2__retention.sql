-- How long what is kept, what is held beyond that, and what is left of what was deleted. The records
-- lie in partitions by retention class and month, in a schema of their own that no service may
-- enter: by the root table above them, records are added and read, and by purge() below, and by
-- nothing else, they go. Times are epoch milliseconds, months such as 202611, both in UTC.

CREATE SCHEMA audit_export_parts;

-- What was recorded so far, and what a replica of the release before adds until it is replaced, is
-- in the partition of month 0 until settle() has moved it to where it belongs.
ALTER TABLE audit_record SET SCHEMA audit_export_parts;

-- All records of a run are in one partition, that of its first record; access decisions and acts
-- are in that of their own month. document of an act is the canonical JSON that its hash is of.
CREATE TABLE audit_record (
  log_index        bigint NOT NULL,
  kind             text NOT NULL,
  namespace        text NOT NULL,
  at_ms            bigint NOT NULL,
  run_id           text,
  actor            text,
  topic            text,
  reason_codes     text NOT NULL,
  document         text NOT NULL,
  lane             integer,
  lane_position    bigint,
  run_uid          text,
  sequence         bigint,
  row_kind         text,
  prev_hash        text,
  hash             text,
  incarnation      text,
  stream_sequence  bigint,
  ordinal          integer,
  service          text,
  retention_class  text NOT NULL DEFAULT 'standard',
  month            integer NOT NULL DEFAULT 0,
  CONSTRAINT audit_record_kind CHECK (kind IN ('JOURNAL', 'ACCESS', 'ADMIN')),
  CONSTRAINT audit_record_journal CHECK ((kind = 'JOURNAL') = (lane IS NOT NULL
    AND lane_position IS NOT NULL AND run_uid IS NOT NULL AND row_kind IS NOT NULL)),
  CONSTRAINT audit_record_chain CHECK ((kind = 'ACCESS') = (sequence IS NULL
    AND prev_hash IS NULL AND hash IS NULL)),
  CONSTRAINT audit_record_access CHECK ((kind = 'ACCESS') = (incarnation IS NOT NULL
    AND stream_sequence IS NOT NULL AND ordinal IS NOT NULL AND service IS NOT NULL))
) PARTITION BY LIST (retention_class);

-- A unique index of a partitioned table holds within one partition only. That suffices for a run,
-- whose records are all in one. That no index of the log and no lane position is given twice is
-- kept by log_head and the cursors, which move under their row's lock in the records' transaction.
CREATE UNIQUE INDEX audit_record_log_index ON audit_record (log_index, retention_class, month);
CREATE UNIQUE INDEX audit_record_run_row
  ON audit_record (run_uid, sequence, retention_class, month);
CREATE INDEX audit_record_listing ON audit_record (namespace, log_index);
CREATE INDEX audit_record_run ON audit_record (namespace, run_id, log_index);
CREATE INDEX audit_record_actor ON audit_record (namespace, actor, log_index);
CREATE INDEX audit_record_time ON audit_record (namespace, at_ms);

ALTER TABLE audit_export_parts.audit_record
  ADD COLUMN retention_class text NOT NULL DEFAULT 'standard',
  ADD COLUMN month integer NOT NULL DEFAULT 0;
ALTER TABLE audit_export_parts.audit_record
  ADD CONSTRAINT audit_record_kind CHECK (kind IN ('JOURNAL', 'ACCESS', 'ADMIN')),
  ADD CONSTRAINT audit_record_journal CHECK ((kind = 'JOURNAL') = (lane IS NOT NULL
    AND lane_position IS NOT NULL AND run_uid IS NOT NULL AND row_kind IS NOT NULL)),
  ADD CONSTRAINT audit_record_chain CHECK ((kind = 'ACCESS') = (sequence IS NULL
    AND prev_hash IS NULL AND hash IS NULL)),
  ADD CONSTRAINT audit_record_access CHECK ((kind = 'ACCESS') = (incarnation IS NOT NULL
    AND stream_sequence IS NOT NULL AND ordinal IS NOT NULL AND service IS NOT NULL)),
  ADD CONSTRAINT audit_record_unplaced CHECK (retention_class = 'standard' AND month = 0);

-- How many days after its month, and after its own last record, a run that has ended is kept; for
-- ever without a number. Only the migrations' user sets them. A number that became smaller counts a week later, so
-- that a slip can be seen and taken back before anything is gone.
CREATE TABLE retention_class (
  name             text PRIMARY KEY CHECK (name ~ '^[a-z][a-z-]{0,30}$'),
  days             integer CHECK (days BETWEEN 1 AND 36500),
  shortened_at_ms  bigint NOT NULL DEFAULT 0,
  CHECK (name <> 'administration' OR days IS NULL)
);
INSERT INTO retention_class (name) VALUES ('standard'), ('administration');

-- Which class a namespace was given, and since when: a run has the one of its first record's time.
CREATE TABLE namespace_retention (
  namespace        text NOT NULL,
  set_at_ms        bigint NOT NULL,
  retention_class  text NOT NULL REFERENCES retention_class,
  set_by           text NOT NULL,
  PRIMARY KEY (namespace, set_at_ms)
);

-- Where the records of a run are, from its first one until they are purged.
CREATE TABLE run_retention (
  run_uid          text PRIMARY KEY,
  namespace        text NOT NULL,
  run_id           text NOT NULL,
  retention_class  text NOT NULL,
  month            integer NOT NULL
);
CREATE INDEX run_retention_month ON run_retention (retention_class, month);

-- What must not be purged: a run, or a namespace where run_id is null. A released hold stays.
CREATE TABLE legal_hold (
  namespace       text NOT NULL,
  hold_id         text NOT NULL CHECK (hold_id ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  run_id          text,
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500 AND reason !~ '[[:cntrl:]]'),
  authority       text NOT NULL
    CHECK (length(authority) BETWEEN 1 AND 500 AND authority !~ '[[:cntrl:]]'),
  placed_by       text NOT NULL,
  placed_at_ms    bigint NOT NULL,
  released_by     text,
  released_at_ms  bigint,
  release_reason  text CHECK (length(release_reason) BETWEEN 1 AND 500
    AND release_reason !~ '[[:cntrl:]]'),
  PRIMARY KEY (namespace, hold_id),
  CHECK ((released_at_ms IS NULL) = (released_by IS NULL)
    AND (released_at_ms IS NULL) = (release_reason IS NULL))
);
CREATE INDEX legal_hold_in_force ON legal_hold (namespace, run_id) WHERE released_at_ms IS NULL;

-- What is left of a purged run, or of a namespace's access decisions of a month. document is
-- canonical JSON and digest its SHA-256; record_hashes are those of the run's rows in order, whose
-- digest the document names.
CREATE TABLE tombstone (
  tombstone_index  bigint PRIMARY KEY,
  namespace        text NOT NULL,
  run_id           text,
  run_uid          text,
  first_sequence   bigint,
  document         text NOT NULL,
  digest           text NOT NULL,
  record_hashes    text[] NOT NULL
);
CREATE INDEX tombstone_listing ON tombstone (namespace, tombstone_index);
CREATE INDEX tombstone_run ON tombstone (namespace, run_id, tombstone_index);

-- Of each namespace, the last act in its chain: see record_act().
CREATE TABLE act_head (
  namespace  text PRIMARY KEY,
  sequence   bigint NOT NULL,
  hash       text NOT NULL
);

-- What a purge is about to remove; empty between two purges.
CREATE TABLE audit_export_parts.doomed (
  namespace   text NOT NULL,
  run_uid     text,
  run_id      text,
  first_seq   bigint,
  last_seq    bigint,
  records     bigint NOT NULL,
  first_at    bigint NOT NULL,
  last_at     bigint NOT NULL,
  prev_hash   text,
  head_hash   text,
  chained     boolean,
  hashes      text[] NOT NULL
);

-- ------------------------------------------------------------------- What the functions below share
-- None of these is granted to anybody: the functions further below call them as their owner.

CREATE FUNCTION clock_ms() RETURNS bigint LANGUAGE sql VOLATILE
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- A time that lies ahead is a wrong clock's and counts as now; one before 1970 as 1970.
CREATE FUNCTION month_of(at_ms bigint) RETURNS integer LANGUAGE sql VOLATILE
RETURN to_char(to_timestamp(greatest(0, least(at_ms, clock_ms())) / 1000.0) AT TIME ZONE 'UTC',
  'YYYYMM')::integer;

-- When a month is over.
CREATE FUNCTION month_end_ms(month integer) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN (extract(epoch FROM make_timestamptz(month / 100, month % 100, 1, 0, 0, 0, 'UTC')
  AT TIME ZONE 'UTC' + interval '1 month') * 1000)::bigint;

CREATE FUNCTION rfc3339(at_ms bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN to_char(to_timestamp(at_ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

CREATE FUNCTION sha256_hex(content text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN encode(sha256(convert_to(content, 'UTF8')), 'hex');

-- RFC 8785 of an object of texts, booleans and whole numbers; what is null is left out.
CREATE FUNCTION canonical(object jsonb) RETURNS text LANGUAGE sql IMMUTABLE
RETURN (SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || value::text, ','
    ORDER BY key COLLATE "C"), '') || '}'
  FROM jsonb_each(object) WHERE jsonb_typeof(value) <> 'null');

CREATE FUNCTION class_of(of_namespace text, at_ms bigint) RETURNS text LANGUAGE sql STABLE
RETURN coalesce((SELECT n.retention_class FROM namespace_retention n
  WHERE n.namespace = of_namespace AND n.set_at_ms <= at_ms
  ORDER BY n.set_at_ms DESC LIMIT 1), 'standard');

CREATE FUNCTION is_held(of_namespace text, of_run text) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM legal_hold h WHERE h.namespace = of_namespace
  AND h.released_at_ms IS NULL AND (h.run_id IS NULL OR h.run_id = of_run));

CREATE FUNCTION part_name(class text, month integer) RETURNS text LANGUAGE sql IMMUTABLE
RETURN class || '_' || month;

-- A table is made and then attached: to make it as a partition would lock out readers.
CREATE FUNCTION attach_part(class text, month integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE audit_export_parts.%I ATTACH PARTITION audit_export_parts.%I'
    ' FOR VALUES FROM (%s) TO (%s)', class, part_name(class, month), month, month + 1);
END $$;

CREATE FUNCTION ensure_part(class text, month integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(format('audit_export_parts.%I', part_name(class, month))) IS NULL THEN
    EXECUTE format('CREATE TABLE audit_export_parts.%I (LIKE audit_export.audit_record INCLUDING ALL)',
      part_name(class, month));
    PERFORM attach_part(class, month);
  END IF;
END $$;

CREATE FUNCTION ensure_class(class text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(format('audit_export_parts.%I', class)) IS NULL THEN
    EXECUTE format('CREATE TABLE audit_export_parts.%I (LIKE audit_export.audit_record'
      ' INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (month)', class);
    EXECUTE format('ALTER TABLE audit_export.audit_record ATTACH PARTITION audit_export_parts.%I'
      ' FOR VALUES IN (%L)', class, class);
  END IF;
END $$;

-- Records an act of administration in the order of the log and in the chain of its namespace: each
-- act names its number and the hash of the one before it, so none can be left out unseen by whoever
-- knows a later one. Holds the log's head until the commit, as whoever adds records does.
CREATE FUNCTION record_act(of_namespace text, about_run text, by_actor text, what text, detail jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  next_index bigint;
  last act_head;
  now_ms bigint := clock_ms();
  act text;
BEGIN
  UPDATE log_head SET size = size + 1 RETURNING size - 1 INTO next_index;
  SELECT * INTO last FROM act_head WHERE namespace = of_namespace;
  act := canonical(detail || jsonb_build_object('namespace', of_namespace, 'run_id', about_run,
    'actor', by_actor, 'act', what, 'at', rfc3339(now_ms),
    'sequence', coalesce(last.sequence, 0) + 1, 'prev_hash', coalesce(last.hash, repeat('0', 64))));
  PERFORM ensure_part('administration', month_of(now_ms));
  INSERT INTO audit_record (log_index, kind, namespace, at_ms, run_id, actor, topic, reason_codes,
    document, sequence, prev_hash, hash, retention_class, month)
  VALUES (next_index, 'ADMIN', of_namespace, now_ms, about_run, by_actor, what, '', act,
    coalesce(last.sequence, 0) + 1, coalesce(last.hash, repeat('0', 64)), sha256_hex(act),
    'administration', month_of(now_ms));
  INSERT INTO act_head VALUES (of_namespace, coalesce(last.sequence, 0) + 1, sha256_hex(act))
  ON CONFLICT (namespace) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash;
END $$;

-- Acts come from the functions below, which record what they do; the service's role makes up none.
CREATE FUNCTION refuse_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'dome_audit_export' THEN
    RAISE EXCEPTION 'permission denied: acts are recorded by what they do'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_record_act BEFORE INSERT ON audit_record
  FOR EACH ROW WHEN (NEW.kind = 'ADMIN') EXECUTE FUNCTION refuse_act();

DO $$
BEGIN
  PERFORM ensure_class('standard');
  PERFORM ensure_class('administration');
END $$;
ALTER TABLE audit_export_parts.standard
  ATTACH PARTITION audit_export_parts.audit_record FOR VALUES FROM (0) TO (1);

-- -------------------------------------------------------------- What the service's role may call

-- Where records are to be put, one answer for each in their order; partitions that are missing are
-- made. Whoever calls it holds the log's head.
CREATE FUNCTION place(namespaces text[], uids text[], runs text[], times bigint[])
RETURNS TABLE (ordinality bigint, retention_class text, month integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  part record;
BEGIN
  PERFORM FROM log_head FOR UPDATE;
  INSERT INTO run_retention
  SELECT first.uid, first.ns, first.run, class_of(first.ns, coalesce(before.at_ms, first.at)),
    month_of(coalesce(before.at_ms, first.at))
  FROM (SELECT DISTINCT ON (r.uid) r.uid, r.ns, r.run, r.at
    FROM unnest(uids, namespaces, runs, times) WITH ORDINALITY AS r (uid, ns, run, at, n)
    WHERE r.uid IS NOT NULL
    ORDER BY r.uid, r.n) first
  LEFT JOIN LATERAL (SELECT u.at_ms FROM audit_export_parts.audit_record u
    WHERE u.run_uid = first.uid ORDER BY u.sequence LIMIT 1) before ON true
  WHERE NOT EXISTS (SELECT FROM run_retention known WHERE known.run_uid = first.uid);
  FOR part IN
    SELECT DISTINCT p.class, p.of_month FROM places(namespaces, uids, times) p
  LOOP
    PERFORM ensure_part(part.class, part.of_month);
  END LOOP;
  RETURN QUERY SELECT p.n, p.class, p.of_month FROM places(namespaces, uids, times) p ORDER BY p.n;
END $$;

CREATE FUNCTION places(namespaces text[], uids text[], times bigint[])
RETURNS TABLE (n bigint, class text, of_month integer) LANGUAGE sql STABLE AS $$
  SELECT r.n, coalesce(known.retention_class, audit_export.class_of(r.ns, r.at)),
    coalesce(known.month, audit_export.month_of(r.at))
  FROM unnest(namespaces, uids, times) WITH ORDINALITY AS r (ns, uid, at, n)
  LEFT JOIN audit_export.run_retention known ON known.run_uid = r.uid
$$;

-- Moves some records of month 0 to their place, the first ones of the log first; says how many.
CREATE FUNCTION settle(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  before bigint;
  moved integer;
BEGIN
  IF NOT EXISTS (SELECT FROM audit_export_parts.audit_record) THEN
    RETURN 0;
  END IF;
  PERFORM FROM log_head FOR UPDATE;
  SELECT max(log_index) + 1 INTO before FROM
    (SELECT log_index FROM audit_export_parts.audit_record ORDER BY log_index LIMIT most) first;
  PERFORM place(array_agg(namespace ORDER BY log_index), array_agg(run_uid ORDER BY log_index),
    array_agg(run_id ORDER BY log_index), array_agg(at_ms ORDER BY log_index))
  FROM audit_export_parts.audit_record WHERE log_index < before;
  WITH gone AS (
    DELETE FROM audit_export_parts.audit_record WHERE log_index < before RETURNING *)
  INSERT INTO audit_record
  SELECT g.log_index, g.kind, g.namespace, g.at_ms, g.run_id, g.actor, g.topic, g.reason_codes,
    g.document, g.lane, g.lane_position, g.run_uid, g.sequence, g.row_kind, g.prev_hash, g.hash,
    g.incarnation, g.stream_sequence, g.ordinal, g.service,
    coalesce(r.retention_class, class_of(g.namespace, g.at_ms)), coalesce(r.month, month_of(g.at_ms))
  FROM gone g LEFT JOIN run_retention r USING (run_uid);
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END $$;

-- SET, SAME when it has that class already, or UNKNOWN.
CREATE FUNCTION set_namespace_class(of_namespace text, class text, by_actor text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  now_ms bigint;
  had text;
BEGIN
  PERFORM FROM log_head FOR UPDATE;
  now_ms := clock_ms();
  had := class_of(of_namespace, now_ms);
  IF class = 'administration' OR NOT EXISTS (SELECT FROM retention_class WHERE name = class) THEN
    RETURN 'UNKNOWN';
  END IF;
  IF had = class THEN
    RETURN 'SAME';
  END IF;
  -- Two changes within a millisecond: the later one is in force.
  INSERT INTO namespace_retention
  SELECT of_namespace, greatest(now_ms, coalesce(max(set_at_ms) + 1, 0)), class, by_actor
  FROM namespace_retention WHERE namespace = of_namespace;
  PERFORM record_act(of_namespace, NULL, by_actor, 'audit.retention.set',
    jsonb_build_object('retention_class', class, 'before', had));
  RETURN 'SET';
END $$;

-- PLACED; SAME when it is in force with these words; TAKEN when the id is another hold's.
CREATE FUNCTION place_hold(of_namespace text, id text, of_run text, why text, by_authority text,
  by_actor text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  found_hold legal_hold;
BEGIN
  PERFORM FROM log_head FOR UPDATE;
  SELECT * INTO found_hold FROM legal_hold WHERE namespace = of_namespace AND hold_id = id;
  IF FOUND THEN
    RETURN CASE WHEN found_hold.released_at_ms IS NULL AND found_hold.reason = why
      AND found_hold.authority = by_authority AND found_hold.run_id IS NOT DISTINCT FROM of_run
      THEN 'SAME' ELSE 'TAKEN' END;
  END IF;
  INSERT INTO legal_hold (namespace, hold_id, run_id, reason, authority, placed_by, placed_at_ms)
  VALUES (of_namespace, id, of_run, why, by_authority, by_actor, clock_ms());
  PERFORM record_act(of_namespace, of_run, by_actor, 'audit.hold.placed',
    jsonb_build_object('hold_id', id, 'reason', why, 'authority', by_authority));
  RETURN 'PLACED';
END $$;

-- RELEASED; ALREADY when it was before; NONE when there is no such hold.
CREATE FUNCTION release_hold(of_namespace text, id text, why text, by_actor text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  found_hold legal_hold;
BEGIN
  PERFORM FROM log_head FOR UPDATE;
  SELECT * INTO found_hold FROM legal_hold WHERE namespace = of_namespace AND hold_id = id;
  IF NOT FOUND THEN
    RETURN 'NONE';
  ELSIF found_hold.released_at_ms IS NOT NULL THEN
    RETURN 'ALREADY';
  END IF;
  UPDATE legal_hold SET released_by = by_actor, released_at_ms = clock_ms(), release_reason = why
  WHERE namespace = of_namespace AND hold_id = id;
  PERFORM record_act(of_namespace, found_hold.run_id, by_actor, 'audit.hold.released',
    jsonb_build_object('hold_id', id, 'reason', why));
  RETURN 'RELEASED';
END $$;

-- The partitions of classes that have an end, the first to end first. is_due says that the time is
-- over, runs and access_records what a purge would remove now, held_runs what it would keep.
CREATE FUNCTION purgeable() RETURNS TABLE (retention_class text, month integer, days integer,
  expires_at_ms bigint, is_due boolean, runs bigint, access_records bigint, held_runs bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  part record;
  cutoff bigint;
BEGIN
  FOR part IN
    SELECT c.name, c.days, substring(leaf.relname FROM '[0-9]+$')::integer AS of_month,
      c.shortened_at_ms, leaf.relname AS leaf
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
    cutoff := clock_ms() - days * 86400000::bigint;
    IF is_due THEN
      EXECUTE format('SELECT count(*) FILTER (WHERE last <= $1 AND ended AND NOT held),'
        ' count(*) FILTER (WHERE held) FROM (SELECT max(at_ms) AS last,'
        ' bool_or(topic = ''run.completed'') AS ended,'
        ' bool_or(audit_export.is_held(namespace, run_id)) AS held'
        ' FROM audit_export_parts.%I WHERE kind = ''JOURNAL'' GROUP BY run_uid) r', part.leaf)
        INTO runs, held_runs USING cutoff;
      EXECUTE format('SELECT count(*) FROM audit_export_parts.%I WHERE kind = ''ACCESS'''
        ' AND NOT audit_export.is_held(namespace, run_id)', part.leaf) INTO access_records;
    ELSE
      runs := 0;
      access_records := 0;
      held_runs := 0;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

-- ------------------------------------------------------------------ What the purging role may call

-- Removes what has expired of one class and month, and is not held, and leaves tombstones and an act
-- in each namespace concerned. It is the only way by which records go, so it trusts no caller: it
-- reads the clock, the days and the holds itself. outcome is PURGED; NOTHING when all of it is kept;
-- NOT_EXPIRED; UNSETTLED while month 0 is not empty; BUSY while another purge is under way.
--
-- What stays is copied while records go on being added. Only for the exchange of the partitions is
-- the log's head held. Whoever added to the partition or changed a hold meanwhile ends the purge.
CREATE FUNCTION purge(class text, of_month integer, by_actor text, by_authority text, why text)
RETURNS TABLE (outcome text, runs bigint, records bigint, kept_records bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp
SET lock_timeout = '10s' AS $$
DECLARE
  policy retention_class;
  leaf text := part_name(class, of_month);
  successor text := leaf || '_next';
  boundary bigint;
  holds text;
  cutoff bigint;
  now_ms bigint;
  first_tombstone bigint;
  of_namespace record;
BEGIN
  -- Under a snapshot of the whole transaction, neither a hold nor a record that came since is seen.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'expected a transaction that is read committed but it is %',
      current_setting('transaction_isolation') USING ERRCODE = 'invalid_transaction_state';
  END IF;
  IF length(why) NOT BETWEEN 1 AND 500 OR why ~ '[[:cntrl:]]' OR by_authority ~ '[[:cntrl:]]'
      OR length(by_authority) NOT BETWEEN 1 AND 500 OR length(by_actor) NOT BETWEEN 1 AND 255
      OR num_nulls(why, by_authority, by_actor) > 0 THEN
    RAISE EXCEPTION 'expected an actor, an authority and a reason' USING ERRCODE = 'check_violation';
  END IF;
  outcome := 'BUSY';
  runs := 0;
  records := 0;
  kept_records := 0;
  IF NOT pg_try_advisory_xact_lock(hashtext('dome.audit.purge')) THEN
    RETURN NEXT;
    RETURN;
  END IF;
  now_ms := clock_ms();
  SELECT * INTO policy FROM retention_class WHERE name = class;
  cutoff := now_ms - policy.days * 86400000::bigint;
  outcome := 'NOT_EXPIRED';
  IF policy.days IS NULL OR of_month < 197001 OR month_end_ms(of_month) > cutoff
      OR policy.shortened_at_ms + 604800000 > now_ms THEN
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := 'NOTHING';
  IF to_regclass(format('audit_export_parts.%I', leaf)) IS NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;
  -- What is committed now has a smaller index. It is read before month 0 is looked at, so that what
  -- is moved out of there from now on is seen to have been added.
  SELECT size INTO boundary FROM log_head;
  IF EXISTS (SELECT FROM audit_export_parts.audit_record) THEN
    outcome := 'UNSETTLED';
    RETURN NEXT;
    RETURN;
  END IF;

  holds := holds_now();
  DELETE FROM audit_export_parts.doomed;
  EXECUTE format(
    'INSERT INTO audit_export_parts.doomed
     SELECT min(namespace), run_uid, min(run_id), min(sequence), max(sequence), count(*), min(at_ms),
       max(at_ms), (array_agg(prev_hash ORDER BY sequence))[1],
       (array_agg(hash ORDER BY sequence DESC))[1], bool_and(follows),
       array_agg(hash ORDER BY sequence)
     FROM (SELECT *, coalesce(prev_hash = lag(hash) OVER run
         AND sequence = lag(sequence) OVER run + 1, true) AS follows
       FROM audit_export_parts.%1$I WHERE kind = ''JOURNAL'' AND log_index < $1
       WINDOW run AS (PARTITION BY run_uid ORDER BY sequence)) r
     WHERE NOT EXISTS (SELECT FROM audit_export.held_runs(%1$L) h WHERE h = r.run_uid)
     GROUP BY run_uid
     HAVING max(at_ms) <= $2 AND bool_or(topic = ''run.completed'')', leaf)
    USING boundary, cutoff;
  EXECUTE format(
    'INSERT INTO audit_export_parts.doomed
     SELECT namespace, NULL, NULL, NULL, NULL, count(*), min(at_ms), max(at_ms), NULL, NULL, NULL,
       array_agg(audit_export.sha256_hex(document) ORDER BY log_index)
     FROM audit_export_parts.%I
     WHERE kind = ''ACCESS'' AND log_index < $1 AND NOT audit_export.is_held(namespace, run_id)
     GROUP BY namespace', leaf)
    USING boundary;
  IF NOT EXISTS (SELECT FROM audit_export_parts.doomed) THEN
    RETURN NEXT;
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE audit_export_parts.%I (LIKE audit_export.audit_record INCLUDING ALL)',
    successor);
  EXECUTE format(
    'INSERT INTO audit_export_parts.%I SELECT r.* FROM audit_export_parts.%I r
     WHERE CASE WHEN r.kind = ''JOURNAL'' THEN NOT EXISTS (
         SELECT FROM audit_export_parts.doomed d WHERE d.run_uid = r.run_uid)
       ELSE audit_export.is_held(r.namespace, r.run_id) END', successor, leaf);
  GET DIAGNOSTICS kept_records = ROW_COUNT;

  PERFORM FROM log_head FOR UPDATE;
  IF holds_now() IS DISTINCT FROM holds OR was_added_to(leaf, boundary)
      OR policy IS DISTINCT FROM (SELECT c FROM retention_class c WHERE c.name = class) THEN
    RAISE EXCEPTION 'a hold or a class was changed or a record was added meanwhile; nothing is purged'
      USING ERRCODE = 'serialization_failure';
  END IF;
  SELECT coalesce(max(tombstone_index), -1) + 1 INTO first_tombstone FROM tombstone;
  INSERT INTO tombstone
  SELECT d.tombstone_index, d.namespace, d.run_id, d.run_uid, d.first_seq, d.document,
    sha256_hex(d.document), CASE WHEN d.run_uid IS NULL THEN '{}' ELSE d.hashes END
  FROM (SELECT first_tombstone - 1 + row_number() OVER (ORDER BY namespace, run_uid) AS tombstone_index,
      namespace, run_id, run_uid, first_seq, hashes,
      canonical(jsonb_build_object(
        'kind', CASE WHEN run_uid IS NULL THEN 'ACCESS' ELSE 'RUN' END,
        'namespace', namespace, 'run_id', run_id, 'run_uid', run_uid,
        'first_sequence', first_seq, 'last_sequence', last_seq, 'records', w.records,
        'prev_hash', prev_hash, 'head_hash', head_hash, 'chained', chained,
        'records_sha256', sha256_hex(array_to_string(hashes, E'\n') || E'\n'),
        'first_at', rfc3339(first_at), 'last_at', rfc3339(last_at),
        'retention_class', class, 'days', policy.days, 'month', month_text(of_month),
        'authority', by_authority, 'reason', why, 'purged_by', by_actor,
        'purged_at', rfc3339(now_ms))) AS document
    FROM audit_export_parts.doomed w) d;
  FOR of_namespace IN
    SELECT t.namespace AS name, count(t.run_uid) AS runs, count(*) AS tombstones,
      sha256_hex(string_agg(t.digest, E'\n' ORDER BY t.tombstone_index) || E'\n') AS digest,
      min(t.tombstone_index) AS first, max(t.tombstone_index) AS last,
      sum((t.document::jsonb ->> 'records')::bigint)::bigint AS records
    FROM tombstone t WHERE t.tombstone_index >= first_tombstone
    GROUP BY t.namespace ORDER BY t.namespace
  LOOP
    runs := runs + of_namespace.runs;
    records := records + of_namespace.records;
    PERFORM record_act(of_namespace.name, NULL, by_actor, 'audit.purged', jsonb_build_object(
      'retention_class', class, 'days', policy.days, 'month', month_text(of_month),
      'runs', of_namespace.runs, 'records', of_namespace.records,
      'tombstones', of_namespace.tombstones, 'first_tombstone', of_namespace.first,
      'last_tombstone', of_namespace.last, 'tombstones_sha256', of_namespace.digest,
      'authority', by_authority, 'reason', why));
  END LOOP;
  DELETE FROM run_retention r USING audit_export_parts.doomed d WHERE r.run_uid = d.run_uid;
  DELETE FROM audit_export_parts.doomed;
  EXECUTE format('ALTER TABLE audit_export_parts.%I DETACH PARTITION audit_export_parts.%I',
    class, leaf);
  EXECUTE format('DROP TABLE audit_export_parts.%I', leaf);
  IF kept_records > 0 THEN
    EXECUTE format('ALTER TABLE audit_export_parts.%I RENAME TO %I', successor, leaf);
    PERFORM attach_part(class, of_month);
  ELSE
    EXECUTE format('DROP TABLE audit_export_parts.%I', successor);
  END IF;
  outcome := 'PURGED';
  RETURN NEXT;
END $$;

CREATE FUNCTION month_text(month integer) RETURNS text LANGUAGE sql IMMUTABLE
RETURN month / 100 || '-' || lpad((month % 100)::text, 2, '0');

CREATE FUNCTION holds_now() RETURNS text LANGUAGE sql VOLATILE
RETURN (SELECT count(*) || ' ' || count(released_at_ms) FROM legal_hold);

-- The runs of a partition that are held by any of their rows: one that was forged into a run under
-- another name does not lift its hold.
CREATE FUNCTION held_runs(leaf text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT DISTINCT r.run_uid FROM audit_export_parts.%I r'
    ' JOIN audit_export.legal_hold h ON h.namespace = r.namespace AND h.released_at_ms IS NULL'
    ' AND (h.run_id IS NULL OR h.run_id = r.run_id) WHERE r.kind = ''JOURNAL''', leaf);
END $$;

CREATE FUNCTION was_added_to(leaf text, boundary bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  added boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM audit_export_parts.%I WHERE log_index >= $1)', leaf)
    INTO added USING boundary;
  RETURN added;
END $$;

-- --------------------------------------------------------------------- What only the owner may call

-- Makes a class, or sets how long it keeps; null is for ever.
CREATE FUNCTION set_class(class text, keep_days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit_export, pg_temp AS $$
DECLARE
  had retention_class;
BEGIN
  PERFORM FROM log_head FOR UPDATE;
  SELECT * INTO had FROM retention_class WHERE name = class;
  IF FOUND AND had.days IS NOT DISTINCT FROM keep_days THEN
    RETURN;
  END IF;
  INSERT INTO retention_class (name, days) VALUES (class, keep_days)
  ON CONFLICT (name) DO UPDATE SET days = excluded.days,
    shortened_at_ms = CASE WHEN excluded.days < coalesce(had.days, 1000000) THEN clock_ms()
      ELSE retention_class.shortened_at_ms END;
  PERFORM ensure_class(class);
  PERFORM record_act('dome-system', NULL, 'database:' || session_user, 'audit.class.set',
    jsonb_build_object('retention_class', class, 'days', keep_days, 'before', had.days));
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit_export FROM PUBLIC;
