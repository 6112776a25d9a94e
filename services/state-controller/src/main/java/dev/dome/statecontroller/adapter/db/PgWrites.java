package dev.dome.statecontroller.adapter.db;

import dev.dome.contracts.Json;
import dev.dome.statecontroller.application.Changes;
import dev.dome.statecontroller.application.Store;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What a batch writes: one statement for each table, whatever the number of rows. */
final class PgWrites {
  private static final String JOURNAL =
      """
      INSERT INTO journal (run_uid, sequence, namespace, lane, lane_position, kind, topic, envelope,
        prev_hash, hash, writer_epoch)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::int[], $5::bigint[],
        $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[])
      """;
  private static final String RUN =
      """
      INSERT INTO run (run_uid, namespace, run_id, lane, status, is_final, paused, sequence,
        head_hash, state_hash, decider_version, policy_digest, submitter, submission_hmac,
        hmac_key_id, reason_code, created_at_ms, changed_at_ms, last_writer_epoch, redrive_of)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::bool[],
        $7::bool[], $8::bigint[], $9::text[], $10::text[], $11::int[], $12::text[], $13::text[],
        $14::text[], $15::text[], $16::text[], $17::bigint[], $18::bigint[], $19::bigint[],
        $20::text[])
      ON CONFLICT (run_uid) DO UPDATE SET status = excluded.status, is_final = excluded.is_final,
        paused = excluded.paused, sequence = excluded.sequence, head_hash = excluded.head_hash,
        state_hash = excluded.state_hash, reason_code = excluded.reason_code,
        changed_at_ms = excluded.changed_at_ms, last_writer_epoch = excluded.last_writer_epoch
      """;
  private static final String TASK =
      """
      INSERT INTO task (run_uid, task_id, plan_index, namespace, lane, queue, priority, status,
        assigned, attempt, state)
      SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::int[], $6::text[],
        $7::int[], $8::text[], $9::bool[], $10::int[], $11::text[])
      ON CONFLICT (run_uid, task_id) DO UPDATE SET status = excluded.status,
        assigned = excluded.assigned, attempt = excluded.attempt, state = excluded.state
      """;
  private static final String GRANTED =
      """
      INSERT INTO lease (attempt_id, run_uid, task_id, namespace, lane, queue, fence, version,
        claim_id, claim_ordinal, worker_id, term_ms, expires_at_ms)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[],
        $7::bigint[], $8::bigint[], $9::text[], $10::int[], $11::text[], $12::bigint[],
        $13::bigint[])
      """;
  private static final String RENEWED =
      """
      UPDATE lease l SET version = l.version + 1, expires_at_ms = r.expires_at_ms,
        progress = coalesce(r.progress, l.progress)
      FROM unnest($1::text[], $2::bigint[], $3::text[]) AS r(attempt_id, expires_at_ms, progress)
      WHERE l.attempt_id = r.attempt_id AND l.ended_at_ms IS NULL
      """;
  private static final String ENDED =
      """
      UPDATE lease l SET ended_at_ms = e.at_ms
      FROM unnest($1::text[], $2::bigint[]) AS e(attempt_id, at_ms)
      WHERE l.attempt_id = e.attempt_id AND l.ended_at_ms IS NULL
      """;
  private static final String PERMITS = "DELETE FROM permit WHERE attempt_id = ANY($1)";
  private static final String ANSWERS =
      """
      INSERT INTO idempotency (namespace, principal, operation, key, body_hmac, hmac_key_id,
        operation_id, outcome, created_at_ms)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::bigint[])
      """;
  private static final String OPERATIONS =
      """
      INSERT INTO operation (namespace, operation_id, principal, outcome, created_at_ms, kind,
        run_id, repeats, key_fingerprint, key_derived, body_fingerprint)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[],
        $6::text[], $7::text[], $8::text[], $9::text[], $10::bool[], $11::text[])
      ON CONFLICT DO NOTHING
      """;
  private static final String LATE =
      """
      INSERT INTO late_report (operation_id, run_uid, namespace, attempt_id, reason_code, actor,
        body, received_at_ms)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::bigint[])
      ON CONFLICT DO NOTHING
      """;
  private static final String POISON =
      """
      INSERT INTO poison (lane, inbox_incarnation, inbox_sequence, reason_code, cause, message,
        at_ms)
      SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
        $7::bigint[])
      """;
  private static final String CURSORS =
      """
      UPDATE lane_cursor c SET position = n.position, inbox_incarnation = n.incarnation,
        inbox_sequence = n.sequence
      FROM unnest($1::int[], $2::bigint[], $3::text[], $4::bigint[])
        AS n(lane, position, incarnation, sequence)
      WHERE c.lane = n.lane
      """;

  private static final String REWINDS =
      """
      UPDATE journal_publication p SET position = least(p.position, r.after),
        rewind = p.rewind + 1
      FROM unnest($1::int[], $2::bigint[]) AS r(lane, after)
      WHERE p.lane = r.lane
      """;

  private static final Comparator<Changes.AnswerRow> BY_KEY =
      Comparator.comparing((Changes.AnswerRow row) -> row.key().namespace())
          .thenComparing(row -> row.key().principal())
          .thenComparing(row -> row.key().operation())
          .thenComparing(row -> row.key().key());

  private PgWrites() {}

  /** Sends everything at once; the futures are in the order of the statements. */
  static List<Future<?>> send(SqlConnection connection, Changes changes) {
    List<Future<?>> sent = new ArrayList<>();
    put(sent, connection, JOURNAL, changes.journal(), PgWrites::journal);
    put(sent, connection, RUN, changes.runs(), PgWrites::runs);
    put(sent, connection, TASK, changes.tasks(), PgWrites::tasks);
    put(sent, connection, GRANTED, changes.granted(), PgWrites::granted);
    put(sent, connection, RENEWED, changes.renewed(), PgWrites::renewed);
    put(sent, connection, ENDED, changes.ended(), PgWrites::ended);
    put(sent, connection, PERMITS, changes.ended(), PgWrites::permits);
    put(sent, connection, PgLimits.PERMITS, changes.permits(), PgLimits::permits);
    put(sent, connection, PgLimits.RATES, changes.rates(), PgLimits::rates);
    put(sent, connection, ANSWERS, changes.answers(), PgWrites::answers);
    put(sent, connection, OPERATIONS, changes.operations(), PgWrites::operations);
    put(sent, connection, LATE, changes.lateReports(), PgWrites::late);
    put(sent, connection, POISON, changes.poison(), PgWrites::poison);
    put(sent, connection, CURSORS, changes.lanes(), PgWrites::cursors);
    put(sent, connection, REWINDS, changes.rewinds(), PgWrites::rewinds);
    put(sent, connection, PgBreakers.WRITE, changes.breakers(), PgBreakers::columns);
    return sent;
  }

  private static <T> void put(
      List<Future<?>> sent,
      SqlConnection connection,
      String sql,
      List<T> rows,
      Function<List<T>, Tuple> columns) {
    if (!rows.isEmpty()) {
      sent.add(connection.preparedQuery(sql).execute(columns.apply(rows)));
    }
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static Tuple journal(Collection<Changes.JournalLine> lines) {
    return Columns.of(lines)
        .text(line -> line.row().runUid().value())
        .bigint(line -> line.row().envelope().sequence())
        .text(line -> line.row().namespace().value())
        .integer(line -> line.row().lane().number())
        .bigint(line -> line.row().lanePosition())
        .text(line -> line.row().kind().name())
        .text(line -> line.row().envelope().topic())
        .text(Changes.JournalLine::envelopeText)
        .text(line -> line.row().prevHash())
        .text(line -> line.row().hash())
        .bigint(Changes.JournalLine::epoch)
        .tuple();
  }

  private static Tuple runs(Collection<Changes.RunRow> rows) {
    return Columns.of(rows)
        .text(row -> row.state().runUid().value())
        .text(row -> row.state().namespace().value())
        .text(row -> row.state().runId().value())
        .integer(row -> row.state().lane().number())
        .text(row -> row.state().status().name())
        .bool(row -> row.state().status().isFinal())
        .bool(row -> row.state().paused())
        .bigint(row -> row.state().sequence())
        .text(Changes.RunRow::headHash)
        .text(Changes.RunRow::stateHash)
        .integer(row -> row.state().deciderVersion())
        .text(Changes.RunRow::policyDigest)
        .text(row -> row.state().submitter())
        .text(Changes.RunRow::submissionHmac)
        .text(Changes.RunRow::hmacKeyId)
        .text(row -> row.state().reasonCode() == null ? null : row.state().reasonCode().value())
        .bigint(row -> row.state().createdAtMs())
        .bigint(row -> row.state().changedAtMs())
        .bigint(Changes.RunRow::epoch)
        .text(row -> row.state().redriveOf() == null ? null : row.state().redriveOf().value())
        .tuple();
  }

  private static Tuple tasks(Collection<Changes.TaskRow> rows) {
    return Columns.of(rows)
        .text(row -> row.runUid().value())
        .text(row -> row.state().plan().taskId().value())
        .integer(Changes.TaskRow::planIndex)
        .text(row -> row.namespace().value())
        .integer(row -> row.lane().number())
        .text(row -> row.state().plan().queue().value())
        .integer(row -> row.state().plan().priority())
        .text(row -> row.state().status().name())
        .bool(row -> row.state().assigned())
        .integer(row -> row.state().attempt())
        .text(row -> json(row.state()))
        .tuple();
  }

  private static Tuple granted(Collection<Store.Lease> leases) {
    return Columns.of(leases)
        .text(lease -> lease.attemptId().value())
        .text(lease -> lease.runUid().value())
        .text(Store.Lease::taskId)
        .text(lease -> lease.namespace().value())
        .integer(lease -> lease.lane().number())
        .text(Store.Lease::queue)
        .bigint(Store.Lease::fence)
        .bigint(Store.Lease::version)
        .text(Store.Lease::claimId)
        .integer(Store.Lease::ordinal)
        .text(Store.Lease::workerId)
        .bigint(Store.Lease::termMs)
        .bigint(Store.Lease::expiresAtMs)
        .tuple();
  }

  private static Tuple renewed(Collection<Changes.Renewal> renewals) {
    return Columns.of(renewals)
        .text(renewal -> renewal.attemptId().value())
        .bigint(Changes.Renewal::expiresAtMs)
        .text(Changes.Renewal::progress)
        .tuple();
  }

  private static Tuple ended(Collection<Changes.EndedLease> ended) {
    return Columns.of(ended)
        .text(lease -> lease.attemptId().value())
        .bigint(Changes.EndedLease::endedAtMs)
        .tuple();
  }

  private static Tuple permits(Collection<Changes.EndedLease> ended) {
    return Columns.of(ended).text(lease -> lease.attemptId().value()).tuple();
  }

  private static Tuple answers(Collection<Changes.AnswerRow> rows) {
    return Columns.of(rows.stream().sorted(BY_KEY).toList())
        .text(row -> row.key().namespace().value())
        .text(row -> row.key().principal())
        .text(row -> row.key().operation())
        .text(row -> row.key().key())
        .text(Changes.AnswerRow::bodyHmac)
        .text(Changes.AnswerRow::hmacKeyId)
        .text(row -> row.outcome().operationId())
        .text(row -> json(row.outcome()))
        .bigint(Changes.AnswerRow::createdAtMs)
        .tuple();
  }

  private static Tuple operations(Collection<Changes.OperationRow> rows) {
    return Columns.of(rows)
        .text(row -> row.namespace().value())
        .text(row -> row.outcome().operationId())
        .text(Changes.OperationRow::principal)
        .text(row -> json(row.outcome()))
        .bigint(Changes.OperationRow::createdAtMs)
        .text(row -> row.kind().name())
        .text(row -> row.runId() == null ? null : row.runId().value())
        .text(Changes.OperationRow::repeats)
        .text(row -> row.key() == null ? null : row.key().fingerprint())
        .bool(row -> row.key() == null ? null : row.key().derived())
        .text(row -> row.key() == null ? null : row.key().bodyFingerprint())
        .tuple();
  }

  private static Tuple late(Collection<Changes.LateReport> reports) {
    return Columns.of(reports)
        .text(Changes.LateReport::operationId)
        .text(report -> report.runUid() == null ? null : report.runUid().value())
        .text(report -> report.namespace().value())
        .text(report -> report.attemptId() == null ? null : report.attemptId().value())
        .text(Changes.LateReport::reasonCode)
        .text(report -> json(report.actor()))
        .text(Changes.LateReport::body)
        .bigint(Changes.LateReport::receivedAtMs)
        .tuple();
  }

  private static Tuple poison(Collection<Changes.PoisonRow> rows) {
    return Columns.of(rows)
        .integer(row -> row.lane().number())
        .text(Changes.PoisonRow::incarnation)
        .bigint(Changes.PoisonRow::sequence)
        .text(Changes.PoisonRow::reasonCode)
        .text(Changes.PoisonRow::cause)
        .text(Changes.PoisonRow::message)
        .bigint(Changes.PoisonRow::atMs)
        .tuple();
  }

  private static Tuple rewinds(Collection<Changes.Rewind> rewinds) {
    return Columns.of(rewinds)
        .integer(rewind -> rewind.lane().number())
        .bigint(Changes.Rewind::after)
        .tuple();
  }

  private static Tuple cursors(Collection<Changes.LaneRow> rows) {
    return Columns.of(rows)
        .integer(row -> row.lane().number())
        .bigint(Changes.LaneRow::position)
        .text(row -> row.cursor().incarnation())
        .bigint(row -> row.cursor().sequence())
        .tuple();
  }
}
