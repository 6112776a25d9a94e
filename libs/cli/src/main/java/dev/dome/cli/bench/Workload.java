package dev.dome.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.contracts.Json;
import java.time.Duration;
import java.util.List;

/** What the runs of a measurement are, and what their workers do. */
public sealed interface Workload {
  /** Bytes of a result's notes. */
  int RESULT_BYTES = 512;

  /** Names it in reports and run ids. */
  String label();

  /** A run whose tasks are all in the queue. */
  ObjectNode document(String runId, String queue);

  /** What a worker makes of one task. */
  default Result perform(TaskContext task) {
    return done();
  }

  /** How many tasks of one run may be worked at once. */
  default int maxWorkers() {
    return 1;
  }

  /** Others that were measured at it. */
  default List<Peer> peers() {
    return List.of();
  }

  /** W3: three tasks that do nothing, one after the other. */
  record Chain() implements Workload {
    private static final int LENGTH = 3;

    @Override
    public String label() {
      return "w3";
    }

    @Override
    public ObjectNode document(String runId, String queue) {
      ObjectNode document = queueDocument(runId, maxWorkers());
      for (int i = 1; i <= LENGTH; i++) {
        task(document, "step-" + i, queue, i == 1 ? List.of() : List.of("step-" + (i - 1)));
      }
      return document;
    }

    @Override
    public List<Peer> peers() {
      return Peer.AT_W3;
    }
  }

  /**
   * W3R: as W3, but the middle task fails once for a passing reason. The retry waits at least
   * {@link #DELAY}; the shipped policy may make it longer.
   */
  record RetriedChain() implements Workload {
    static final Duration DELAY = Duration.ofMillis(100);
    private static final Chain CHAIN = new Chain();

    @Override
    public String label() {
      return "w3r";
    }

    @Override
    public ObjectNode document(String runId, String queue) {
      return CHAIN.document(runId, queue);
    }

    @Override
    public Result perform(TaskContext task) {
      return task.taskId().equals("step-2") && task.attempt() == 1
          ? Result.retry("TRANSIENT.NETWORK").withRetryAfter(DELAY)
          : done();
    }
  }

  /**
   * One task, then many at once, then one that waits for all of them.
   *
   * @param width how many
   */
  record FanOut(int width) implements Workload {
    @Override
    public String label() {
      return "fanout";
    }

    @Override
    public ObjectNode document(String runId, String queue) {
      ObjectNode document = queueDocument(runId, maxWorkers());
      task(document, "split", queue, List.of());
      List<String> parts =
          java.util.stream.IntStream.range(0, width).mapToObj(i -> "part-" + i).toList();
      parts.forEach(part -> task(document, part, queue, List.of("split")));
      task(document, "join", queue, parts);
      return document;
    }

    @Override
    public int maxWorkers() {
      return width;
    }
  }

  /**
   * Another system's figures, as they were measured on a machine of 2 cores with clients and
   * databases on it, medians of windows of 20 s, ±20 % between repeats; ranges span repeats.
   */
  record Peer(String name, String runsPerSecond, String aloneMs) {
    static final String REMARK =
        "Peers were measured on a 2-core machine that also held clients and databases; compare only"
            + " with a machine like it. Clients ran in this process, on the measured machine.";

    private static final List<Peer> AT_W3 =
        List.of(
            new Peer("db-scheduler 16.12 on PostgreSQL (a library)", "682", "106 / 119"),
            new Peer("Restate 1.7.12, one handler with three steps", "544–662", "8–10 / 19–30"),
            new Peer("DBOS 5.3 on PostgreSQL, in-process", "256–326", "12–15 / 20–38"),
            new Peer("Restate 1.7.12, three service calls (like for like)", "240", "26 / 46"),
            new Peer("DBOS 5.3 on PostgreSQL, queue", "196", "104 / 206"),
            new Peer("Zeebe 8.6, one partition", "134", "17 / 53"),
            new Peer("Conductor 3.32 on PostgreSQL", "22", "251 / 393"));
  }

  private static Result done() {
    return Result.pass().withNotes("no-op ".repeat(RESULT_BYTES / 6));
  }

  private static ObjectNode queueDocument(String runId, int maxWorkers) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.2");
    document.put("version", "0.2.0");
    document.put("run_id", runId);
    document.put("base_ref", "main");
    document.put("max_workers", maxWorkers);
    document.putArray("tasks");
    return document;
  }

  private static void task(
      ObjectNode document, String taskId, String queue, List<String> dependencies) {
    ObjectNode task = document.withArray("tasks").addObject();
    task.put("task_id", taskId);
    task.put("goal", "Do nothing, as " + taskId + ".");
    task.put("status", "QUEUED");
    task.put("queue", queue);
    ArrayNode after = task.putArray("dependencies");
    dependencies.forEach(after::add);
  }
}
