package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Outcome;
import dev.dome.statecontroller.application.InboxCursor;
import dev.dome.statecontroller.application.Store;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What a batch reads. Statements whose keys are empty are not sent. */
final class PgReads {
  private static final String ANSWERS =
      """
      SELECT i.namespace, i.principal, i.operation, i.key, i.body_hmac, i.hmac_key_id, i.outcome
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS k(ns, principal, op, key)
      JOIN idempotency i ON i.namespace = k.ns AND i.principal = k.principal
        AND i.operation = k.op AND i.key = k.key
      """;
  private static final String OPERATIONS =
      """
      SELECT o.namespace, o.operation_id, o.outcome
      FROM unnest($1::text[], $2::text[]) AS k(ns, id)
      JOIN operation o ON o.namespace = k.ns AND o.operation_id = k.id
      """;
  private static final String RUN_NAMES =
      """
      SELECT r.namespace, r.run_id, r.run_uid
      FROM unnest($1::text[], $2::text[]) AS k(ns, id)
      JOIN run r ON r.namespace = k.ns AND r.run_id = k.id
      """;
  private static final String LEASE =
      """
      SELECT l.attempt_id, l.run_uid, l.task_id, l.namespace, l.lane, l.queue, l.fence, l.version,
        l.claim_id, l.claim_ordinal, l.worker_id, l.term_ms, l.expires_at_ms,
        l.ended_at_ms
      FROM lease l
      """;
  private static final String ATTEMPTS = LEASE + "WHERE l.attempt_id = ANY($1)";
  private static final String CLAIMS =
      LEASE
          + """
          JOIN unnest($1::text[], $2::text[]) AS k(ns, id)
            ON l.namespace = k.ns AND l.claim_id = k.id
          ORDER BY l.namespace, l.claim_id, l.claim_ordinal
          """;
  private static final String EXPIRED =
      LEASE
          + """
          WHERE l.lane = ANY($1) AND l.ended_at_ms IS NULL AND l.expires_at_ms <= $2
          ORDER BY l.expires_at_ms, l.attempt_id LIMIT 500
          """;
  private static final String EXTEND =
      """
      UPDATE lease SET version = version + 1, expires_at_ms = greatest(expires_at_ms, $2 + term_ms)
      WHERE lane = ANY($1) AND ended_at_ms IS NULL
      """;
  private static final String CURSORS =
      """
      SELECT lane, position, inbox_incarnation, inbox_sequence FROM lane_cursor
      WHERE lane = ANY($1)
      """;
  private static final String READY =
      """
      SELECT t.lane, t.run_uid, t.task_id, t.namespace, t.queue, t.priority, r.created_at_ms,
        t.state::json -> 'plan' ->> 'payload_digest', t.state::json -> 'plan' ->> 'requires'
      FROM task t JOIN run r ON r.run_uid = t.run_uid
      WHERE t.lane = ANY($1) AND t.status = 'QUEUED' AND t.assigned AND NOT r.is_final
        AND NOT r.paused
      """;
  private static final String RUNS =
      "SELECT run_uid, head_hash, submission_hmac, hmac_key_id FROM run WHERE run_uid = ANY($1)";
  private static final String EVENTS =
      """
      SELECT run_uid, envelope FROM journal WHERE run_uid = ANY($1) AND kind = 'EVENT'
      ORDER BY run_uid, sequence
      """;

  private PgReads() {}

  /** Sends every read at once; the fence was sent before them and is awaited first. */
  static Store.Found find(
      SqlConnection connection, Store.Wanted wanted, Supplier<Set<Lane>> fence) {
    var answers =
        ask(
            connection,
            ANSWERS,
            wanted.answers(),
            keys ->
                keys.text(k -> k.namespace().value())
                    .text(Store.AnswerKey::principal)
                    .text(Store.AnswerKey::operation)
                    .text(Store.AnswerKey::key));
    var operations =
        ask(
            connection,
            OPERATIONS,
            wanted.operations(),
            keys -> keys.text(k -> k.namespace().value()).text(Store.OperationName::operationId));
    var runs =
        ask(
            connection,
            RUN_NAMES,
            wanted.runs(),
            keys -> keys.text(k -> k.namespace().value()).text(k -> k.runId().value()));
    var attempts =
        ask(connection, ATTEMPTS, wanted.attempts(), keys -> keys.text(AttemptId::value));
    var claims =
        ask(
            connection,
            CLAIMS,
            wanted.claims(),
            keys -> keys.text(k -> k.namespace().value()).text(Store.ClaimName::claimId));
    var expired = expired(connection, wanted);
    var limits = limits(connection, wanted);
    Set<Lane> held = fence.get();
    List<Store.Lease> overdue = leases(expired);
    overdue.removeIf(lease -> !held.contains(lease.lane()));
    return new Store.Found(
        held,
        open(connection, wanted, held),
        answers(answers),
        operations(operations),
        runNames(runs),
        byAttempt(attempts),
        byClaim(claims),
        overdue,
        PgLimits.known(rows(limits)));
  }

  private interface Keys<T> {
    Columns<T> of(Columns<T> columns);
  }

  private static <T> Future<RowSet<Row>> ask(
      SqlConnection connection, String sql, Collection<T> keys, Keys<T> columns) {
    return keys.isEmpty()
        ? null
        : connection.preparedQuery(sql).execute(columns.of(Columns.of(keys)).tuple());
  }

  private static Iterable<Row> rows(Future<RowSet<Row>> future) {
    return future == null ? List.of() : Failures.await(future);
  }

  private static Future<RowSet<Row>> expired(SqlConnection connection, Store.Wanted wanted) {
    return wanted.sweep().isEmpty()
        ? null
        : connection.preparedQuery(EXPIRED).execute(lanes(wanted.sweep()).addLong(wanted.nowMs()));
  }

  private static Future<RowSet<Row>> limits(SqlConnection connection, Store.Wanted wanted) {
    return wanted.limitsKnown() == null
        ? null
        : connection.preparedQuery(PgLimits.CHANGED).execute(Tuple.of(wanted.limitsKnown()));
  }

  private static Tuple lanes(Set<Lane> lanes) {
    return Columns.of(lanes).integer(Lane::number).tuple();
  }

  /** Only lanes that are held, because their leases gain a term. */
  private static Map<Lane, Store.OpenedLane> open(
      SqlConnection connection, Store.Wanted wanted, Set<Lane> held) {
    List<Lane> opening = wanted.opening().stream().filter(held::contains).toList();
    Map<Lane, Store.OpenedLane> opened = new HashMap<>();
    if (opening.isEmpty()) {
      return opened;
    }
    Set<Lane> lanes = Set.copyOf(opening);
    Future<?> extended =
        connection.preparedQuery(EXTEND).execute(lanes(lanes).addLong(wanted.nowMs()));
    Future<RowSet<Row>> cursors = connection.preparedQuery(CURSORS).execute(lanes(lanes));
    Future<RowSet<Row>> ready = connection.preparedQuery(READY).execute(lanes(lanes));
    Future<RowSet<Row>> breakers = connection.preparedQuery(PgBreakers.READ).execute(lanes(lanes));
    Failures.await(extended);
    for (Row row : Failures.await(cursors)) {
      opened.put(
          new Lane(row.getInteger(0)),
          new Store.OpenedLane(
              row.getLong(1),
              new InboxCursor(row.getString(2), row.getLong(3)),
              new ArrayList<>(),
              new ArrayList<>()));
    }
    for (Row row : Failures.await(ready)) {
      opened.get(new Lane(row.getInteger(0))).ready().add(PgUpkeep.readyTask(row));
    }
    for (Row row : Failures.await(breakers)) {
      Store.LaneBreaker breaker = PgBreakers.breaker(row);
      opened.get(breaker.lane()).breakers().add(breaker);
    }
    return opened;
  }

  private static Map<Store.AnswerKey, Store.FirstAnswer> answers(Future<RowSet<Row>> future) {
    Map<Store.AnswerKey, Store.FirstAnswer> answers = new HashMap<>();
    for (Row row : rows(future)) {
      answers.put(
          new Store.AnswerKey(
              new NamespaceId(row.getString(0)),
              row.getString(1),
              row.getString(2),
              row.getString(3)),
          new Store.FirstAnswer(row.getString(4), row.getString(5), outcome(row.getString(6))));
    }
    return answers;
  }

  private static Map<Store.OperationName, Outcome> operations(Future<RowSet<Row>> future) {
    Map<Store.OperationName, Outcome> operations = new HashMap<>();
    for (Row row : rows(future)) {
      operations.put(
          new Store.OperationName(new NamespaceId(row.getString(0)), row.getString(1)),
          outcome(row.getString(2)));
    }
    return operations;
  }

  private static Outcome outcome(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), Outcome.class);
  }

  private static Map<Store.RunName, RunUid> runNames(Future<RowSet<Row>> future) {
    Map<Store.RunName, RunUid> names = new HashMap<>();
    for (Row row : rows(future)) {
      names.put(
          new Store.RunName(new NamespaceId(row.getString(0)), new RunId(row.getString(1))),
          new RunUid(row.getString(2)));
    }
    return names;
  }

  private static Map<AttemptId, Store.Lease> byAttempt(Future<RowSet<Row>> future) {
    Map<AttemptId, Store.Lease> leases = new HashMap<>();
    leases(future).forEach(lease -> leases.put(lease.attemptId(), lease));
    return leases;
  }

  private static Map<Store.ClaimName, List<Store.Lease>> byClaim(Future<RowSet<Row>> future) {
    Map<Store.ClaimName, List<Store.Lease>> leases = new HashMap<>();
    for (Store.Lease lease : leases(future)) {
      leases
          .computeIfAbsent(
              new Store.ClaimName(lease.namespace(), lease.claimId()), k -> new ArrayList<>())
          .add(lease);
    }
    return leases;
  }

  private static List<Store.Lease> leases(Future<RowSet<Row>> future) {
    List<Store.Lease> leases = new ArrayList<>();
    rows(future).forEach(row -> leases.add(lease(row)));
    return leases;
  }

  private static Store.Lease lease(Row row) {
    return new Store.Lease(
        new AttemptId(row.getString(0)),
        new RunUid(row.getString(1)),
        row.getString(2),
        new NamespaceId(row.getString(3)),
        new Lane(row.getInteger(4)),
        row.getString(5),
        row.getLong(6),
        row.getLong(7),
        row.getString(8),
        row.getInteger(9),
        row.getString(10),
        row.getLong(11),
        row.getLong(12),
        row.getLong(13));
  }

  static List<Store.StoredRun> runs(SqlConnection connection, Set<RunUid> runUids) {
    Future<RowSet<Row>> events =
        connection.preparedQuery(EVENTS).execute(Columns.of(runUids).text(RunUid::value).tuple());
    Future<RowSet<Row>> runs =
        connection.preparedQuery(RUNS).execute(Columns.of(runUids).text(RunUid::value).tuple());
    Map<String, List<EventEnvelope>> byRun = new LinkedHashMap<>();
    for (Row row : Failures.await(events)) {
      byRun
          .computeIfAbsent(row.getString(0), k -> new ArrayList<>())
          .add(Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), EventEnvelope.class));
    }
    List<Store.StoredRun> stored = new ArrayList<>();
    for (Row row : Failures.await(runs)) {
      stored.add(
          new Store.StoredRun(
              new RunUid(row.getString(0)),
              row.getString(1),
              row.getString(2),
              row.getString(3),
              byRun.getOrDefault(row.getString(0), List.of())));
    }
    return stored;
  }
}
