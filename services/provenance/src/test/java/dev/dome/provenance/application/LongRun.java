package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Actor;
import dev.dome.kernel.Context;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.PolicySet;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import io.smallrye.mutiny.Uni;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * The ledger of a run of many tasks, each of which passes at its third attempt. The real kernel
 * makes its rows as they are asked for, and nobody keeps them: it can be read once.
 */
final class LongRun implements LedgerSource {
  static final NamespaceId NAMESPACE = new NamespaceId("team-long");
  static final RunId RUN_ID = new RunId("long-run");

  private static final int PAGE = 500;
  private static final int ATTEMPTS = 3;
  private static final QueueName QUEUE = new QueueName("default");
  private static final Lane LANE = new Lane(5);
  private static final TelemetryRef TRACE = new TelemetryRef("a".repeat(32), "b".repeat(16));
  private static final Actor SUBMITTER = new Actor("ada", List.of("submitter"));
  private static final Actor WORKER = new Actor("worker-1", List.of("worker"));
  private static final PolicySet POLICIES =
      new PolicySet(
          "0.3.0",
          new PolicySet.Retry(ATTEMPTS - 1, 500, 60_000),
          new PolicySet.Gate(60, 20, 60, 0.7),
          new PolicySet.Lease(30_000),
          new PolicySet.Approval(604_800_000));

  private final int tasks;
  private final Deque<JsonNode> rows = new ArrayDeque<>();
  private final List<WeakReference<JsonNode>> given = new ArrayList<>();
  private long nowMs = 1_795_000_000_000L;
  private long sequence;
  private String headHash = JournalRow.GENESIS;
  private RunState state;
  private int task;
  private int attempt = 1;

  LongRun(int tasks) {
    this.tasks = tasks;
  }

  @Override
  public Uni<Page> page(NamespaceId namespace, RunId runId, long after) {
    List<JsonNode> page = new ArrayList<>();
    while (page.size() < PAGE && (!rows.isEmpty() || advance())) {
      page.add(rows.removeFirst());
    }
    given.add(new WeakReference<>(page.getFirst()));
    boolean more = !rows.isEmpty() || task < tasks;
    return Uni.createFrom()
        .item(new Page(page, more ? OptionalLong.of(after + page.size()) : OptionalLong.empty()));
  }

  /** How many pages given out before the last two are still held by somebody. */
  long pagesHeld() {
    return given.subList(0, Math.max(0, given.size() - 2)).stream()
        .filter(page -> page.get() != null)
        .count();
  }

  CompletedRun completed() {
    return new CompletedRun(state.runUid(), NAMESPACE, RUN_ID, sequence, headHash, nowMs);
  }

  long rowCount() {
    return sequence;
  }

  /** One attempt of one task more; false when there is none. */
  private boolean advance() {
    if (state == null) {
      submit();
      return true;
    }
    if (task == tasks) {
      return false;
    }
    TaskId id = new TaskId("t-" + task);
    play(new Input.ClaimTask(id, QUEUE, "c-" + sequence, "w", "v1", null));
    TaskState claimed = state.task(id).orElseThrow();
    boolean pass = attempt == ATTEMPTS;
    play(new Input.ReportResult(claimed.attemptId(), claimed.fence(), result(id, pass)));
    if (pass) {
      task++;
      attempt = 1;
    } else {
      attempt++;
      nowMs = state.task(id).orElseThrow().retryDueAtMs();
      play(new Input.RetryDue(id, attempt));
    }
    return true;
  }

  private void submit() {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.2").put("version", "0.2.0");
    document.put("run_id", RUN_ID.value()).put("base_ref", "main").put("max_workers", 1);
    ArrayNode list = document.putArray("tasks");
    for (int i = 0; i < tasks; i++) {
      list.addObject().put("task_id", "t-" + i).put("goal", "g").put("status", "QUEUED");
    }
    Input.SubmitRun input =
        new Input.SubmitRun(
            RunUid.derive(NAMESPACE, RUN_ID, "submission"),
            NAMESPACE,
            RUN_ID,
            LANE,
            Input.SourceKind.WORK_QUEUE,
            document,
            CanonicalJson.sha256(document),
            null,
            null,
            null,
            null);
    play(input, new Context(nowMs, SUBMITTER, TRACE, POLICIES));
  }

  private TaskResult result(TaskId id, boolean pass) {
    ObjectNode evidence = Json.mapper().createObjectNode();
    evidence
        .putArray("artifacts")
        .addObject()
        .put("path", "log.txt")
        .put("sha256", CanonicalJson.sha256(Json.tree(id + ":" + attempt)))
        .put("bytes", 10);
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        id,
        pass ? ResultStatus.PASS : ResultStatus.FAIL,
        null,
        null,
        null,
        pass ? null : new ReasonCode("TRANSIENT.NETWORK"),
        null,
        null,
        null,
        null,
        null,
        5L,
        evidence,
        null);
  }

  private void play(Input input) {
    nowMs += 10;
    play(input, new Context(nowMs, WORKER, TRACE, null));
  }

  private void play(Input input, Context context) {
    Step step = Kernel.step(state, input, context);
    if (step.entries().isEmpty()) {
      throw new AssertionError("the run's own input left nothing: " + step.decision());
    }
    for (JournalEntry entry : step.entries()) {
      JournalRow row =
          JournalRow.seal(entry, step.state().runUid(), NAMESPACE, LANE, ++sequence, headHash);
      headHash = row.hash();
      rows.add(Json.tree(row));
    }
    state = step.state();
  }
}
