package dev.dome.statecontroller.api;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.Outcome;
import dev.dome.devstack.DomeService;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import dev.dome.testkit.TestStack;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Writes rows as the lane writer does: one transaction per input. */
final class SeedStore {
  private final String url;
  private final String user;
  private final String password;

  SeedStore() {
    Map<String, String> configuration =
        TestStack.shared().configurationOf(DomeService.STATE_CONTROLLER);
    url = "jdbc:" + configuration.get("DOME_PG_URL");
    user = configuration.get("DOME_PG_USER");
    password = configuration.get("DOME_PG_PASSWORD");
  }

  void write(RunState state, String headHash, List<JournalRow> rows) {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      connection.setAutoCommit(false);
      for (JournalRow row : rows) {
        writeRow(connection, row);
      }
      writeRun(connection, state, headHash);
      for (int i = 0; i < state.tasks().size(); i++) {
        writeTask(connection, state, i, state.tasks().get(i));
      }
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError("the seed could not be stored", e);
    }
  }

  void writeOperation(String namespace, String operationId, Outcome outcome) {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      execute(
          connection,
          "INSERT INTO operation (namespace, operation_id, principal, outcome, created_at_ms)"
              + " VALUES (?, ?, 'alice', ?, 1)",
          namespace,
          operationId,
          new String(Json.write(outcome), StandardCharsets.UTF_8));
    } catch (SQLException e) {
      throw new AssertionError("the seed could not be stored", e);
    }
  }

  void writeLateReport(
      RunState run, String operationId, String attemptId, long receivedAtMs, String body) {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      execute(
          connection,
          "INSERT INTO late_report (operation_id, run_uid, namespace, attempt_id, reason_code,"
              + " actor, body, received_at_ms) VALUES (?, ?, ?, ?, 'ATTEMPT.FENCED',"
              + " '{\"subject\":\"eve\",\"roles\":[\"worker\"]}', ?, ?)",
          operationId,
          run.runUid().value(),
          run.namespace().value(),
          attemptId,
          body,
          receivedAtMs);
    } catch (SQLException e) {
      throw new AssertionError("the seed could not be stored", e);
    }
  }

  void writePoison(int lane, String incarnation, long sequence, String message) {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      execute(
          connection,
          "INSERT INTO poison (lane, inbox_incarnation, inbox_sequence, reason_code, cause,"
              + " message, at_ms) VALUES (?, ?, ?, 'INTERNAL.POISON', 'it broke', ?,"
              + " 1795000000000)",
          lane,
          incarnation,
          sequence,
          message);
    } catch (SQLException e) {
      throw new AssertionError("the seed could not be stored", e);
    }
  }

  void writeOperation(
      String namespace, Outcome outcome, InboxKind kind, String runId, String repeats) {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      execute(
          connection,
          "INSERT INTO operation (namespace, operation_id, principal, outcome, created_at_ms, kind,"
              + " run_id, repeats, key_fingerprint, key_derived, body_fingerprint)"
              + " VALUES (?, ?, 'alice', ?, 1, ?, ?, ?, 'f', true, 'k1:b')",
          namespace,
          outcome.operationId(),
          new String(Json.write(outcome), StandardCharsets.UTF_8),
          kind.name(),
          runId,
          repeats);
    } catch (SQLException e) {
      throw new AssertionError("the seed could not be stored", e);
    }
  }

  /** What a lane was told of a breaker. */
  void writeBreaker(String namespace, BreakerSnapshot breaker) {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      execute(
          connection,
          "INSERT INTO lane_breaker (lane, namespace, key, version, phase, since_ms, steering)"
              + " VALUES (0, ?, ?, ?, ?, ?, ?)",
          namespace,
          breaker.key().value(),
          breaker.version(),
          breaker.phase().name(),
          breaker.sinceMs(),
          new String(Json.write(breaker.steering()), StandardCharsets.UTF_8));
    } catch (SQLException e) {
      throw new AssertionError("the seed could not be stored", e);
    }
  }

  /** Makes a row one that another writer wrote. */
  void writtenUnder(long epoch, int lane, long lanePosition) {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      execute(
          connection,
          "UPDATE journal SET writer_epoch = ? WHERE lane = ? AND lane_position = ?",
          epoch,
          lane,
          lanePosition);
    } catch (SQLException e) {
      throw new AssertionError("the seed could not be changed", e);
    }
  }

  private static void writeRow(Connection connection, JournalRow row) throws SQLException {
    execute(
        connection,
        "INSERT INTO journal (run_uid, sequence, namespace, lane, lane_position, kind, topic,"
            + " envelope, prev_hash, hash, writer_epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        row.runUid().value(),
        row.envelope().sequence(),
        row.namespace().value(),
        row.lane().number(),
        row.lanePosition(),
        row.kind().name(),
        row.envelope().topic(),
        CanonicalJson.text(Json.tree(row.envelope())),
        row.prevHash(),
        row.hash());
  }

  private static void writeRun(Connection connection, RunState state, String headHash)
      throws SQLException {
    execute(
        connection,
        "INSERT INTO run (run_uid, namespace, run_id, lane, status, is_final, paused, sequence,"
            + " head_hash, state_hash, decider_version, policy_digest, submitter, submission_hmac,"
            + " hmac_key_id, reason_code, created_at_ms, changed_at_ms, redrive_of,"
            + " last_writer_epoch)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'hmac', 'key', ?, ?, ?, ?, 1)"
            + " ON CONFLICT (run_uid) DO UPDATE SET status = excluded.status,"
            + " is_final = excluded.is_final, paused = excluded.paused,"
            + " sequence = excluded.sequence, head_hash = excluded.head_hash,"
            + " state_hash = excluded.state_hash, reason_code = excluded.reason_code,"
            + " changed_at_ms = excluded.changed_at_ms",
        state.runUid().value(),
        state.namespace().value(),
        state.runId().value(),
        state.lane().number(),
        state.status().name(),
        state.status().isFinal(),
        state.paused(),
        state.sequence(),
        headHash,
        state.digest(),
        state.deciderVersion(),
        state.policies().digest(),
        state.submitter(),
        state.reasonCode() == null ? null : state.reasonCode().value(),
        state.createdAtMs(),
        state.changedAtMs(),
        state.redriveOf() == null ? null : state.redriveOf().value());
  }

  private static void writeTask(
      Connection connection, RunState state, int planIndex, TaskState task) throws SQLException {
    execute(
        connection,
        "INSERT INTO task (run_uid, task_id, plan_index, namespace, lane, queue, priority, status,"
            + " assigned, attempt, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (run_uid, task_id) DO UPDATE SET status = excluded.status,"
            + " assigned = excluded.assigned, attempt = excluded.attempt, state = excluded.state",
        state.runUid().value(),
        task.plan().taskId().value(),
        planIndex,
        state.namespace().value(),
        state.lane().number(),
        task.plan().queue().value(),
        task.plan().priority(),
        task.status().name(),
        task.assigned(),
        task.attempt(),
        new String(Json.write(task), StandardCharsets.UTF_8));
  }

  private static void execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
