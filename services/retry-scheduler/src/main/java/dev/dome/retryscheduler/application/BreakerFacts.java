package dev.dome.retryscheduler.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.Breaker;
import dev.dome.kernel.BreakerSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What some journal rows say to breakers.
 *
 * @param guards the tasks of planned runs that more than the default queue's breaker guards
 * @param seen in the order of the rows
 * @param completedRuns runs whose guards go
 */
public record BreakerFacts(
    Map<RunUid, Map<TaskId, List<BreakerKey>>> guards, List<Seen> seen, Set<RunUid> completedRuns) {
  private static final BreakerKey DEFAULT_QUEUE = BreakerKey.ofQueue(new QueueName("default"));

  /** What guards a task that {@link #guards} does not name. */
  public static final List<BreakerKey> UNNAMED = List.of(DEFAULT_QUEUE);

  /** What a row says to a breaker. */
  public sealed interface Seen {
    RunUid runUid();

    NamespaceId namespace();
  }

  /** A run was told of a breaker, so this much was known of it before. */
  public record Told(RunUid runUid, NamespaceId namespace, BreakerSnapshot breaker)
      implements Seen {}

  /**
   * The end of an attempt.
   *
   * @param result null for an attempt that used up its time
   * @param probes the version of each half-open breaker that the attempt tried
   */
  public record AttemptEnd(
      RunUid runUid,
      NamespaceId namespace,
      TaskId taskId,
      long atMs,
      TaskResult result,
      Map<BreakerKey, Long> probes)
      implements Seen {

    /** What it means to one of the breakers that guard its task. */
    public Breaker.Observation by(BreakerKey key, List<BreakerKey> guards) {
      return result == null
          ? new Breaker.Observation(atMs, true, null, probes.get(key))
          : Breaker.Observation.of(
              result, atMs, Breaker.heedsRetryAfter(key, guards), probes.get(key));
    }
  }

  /** Reads rows in order. */
  public static BreakerFacts of(List<PublishedRow> rows) {
    BreakerFacts facts =
        new BreakerFacts(new LinkedHashMap<>(), new ArrayList<>(), new TreeSet<>());
    for (PublishedRow row : rows) {
      if (row.kind() == PublishedRow.Kind.EVENT) {
        facts.read(row);
      }
    }
    return facts;
  }

  private void read(PublishedRow row) {
    JsonNode payload = row.envelope().payload();
    switch (row.envelope().topic()) {
      case "plan.wave.created" -> planned(row.runUid(), payload.path("tasks"));
      case "task.result.raw" ->
          seen.add(end(row, Json.read(payload.required("result"), TaskResult.class)));
      case "task.timed_out" -> seen.add(end(row, null));
      case "run.breaker.changed" ->
          seen.add(
              new Told(
                  row.runUid(),
                  row.namespace(),
                  Json.read(payload.required("breaker"), BreakerSnapshot.class)));
      case "run.completed" -> completedRuns.add(row.runUid());
      default -> {}
    }
  }

  private void planned(RunUid runUid, JsonNode tasks) {
    Map<TaskId, List<BreakerKey>> named = new LinkedHashMap<>();
    for (JsonNode task : tasks) {
      List<BreakerKey> keys = new ArrayList<>();
      keys.add(BreakerKey.ofQueue(new QueueName(task.required("queue").asText())));
      task.path("breaker_keys").forEach(key -> keys.add(BreakerKey.ofKey(key.asText())));
      if (!keys.equals(UNNAMED)) {
        named.put(new TaskId(task.required("task_id").asText()), keys);
      }
    }
    if (!named.isEmpty()) {
      guards.put(runUid, named);
    }
  }

  private static AttemptEnd end(PublishedRow row, TaskResult result) {
    JsonNode payload = row.envelope().payload();
    Map<BreakerKey, Long> probes = new LinkedHashMap<>();
    for (JsonNode probe : payload.path("probes")) {
      probes.put(
          new BreakerKey(probe.required("key").asText()), probe.required("version").asLong());
    }
    return new AttemptEnd(
        row.runUid(),
        row.namespace(),
        new TaskId(payload.required("task_id").asText()),
        Timestamps.parse(row.envelope().ts()),
        result,
        probes);
  }

  /** Runs whose guards were stored with earlier rows, if they have any. */
  public Set<RunUid> unknownRuns() {
    Set<RunUid> unknown = new TreeSet<>();
    for (Seen one : seen) {
      if (one instanceof AttemptEnd end && !guards.containsKey(end.runUid())) {
        unknown.add(end.runUid());
      }
    }
    return unknown;
  }

  /** What guards a task, given the guards that were stored with earlier rows. */
  public List<BreakerKey> guardsOf(
      AttemptEnd end, Map<RunUid, Map<TaskId, List<BreakerKey>>> stored) {
    return Optional.ofNullable(guards.getOrDefault(end.runUid(), stored.get(end.runUid())))
        .map(tasks -> tasks.get(end.taskId()))
        .orElse(UNNAMED);
  }

  /** Whether there is anything but passes of attempts that were no probes: these change nothing. */
  public boolean mayChangeBreakers() {
    return seen.stream()
        .anyMatch(one ->
            switch (one) {
              case Told told -> true;
              case AttemptEnd end ->
                  end.result() == null
                      || end.result().status() != ResultStatus.PASS
                      || !end.probes().isEmpty();
            });
  }

  public boolean isEmpty() {
    return guards.isEmpty() && seen.isEmpty() && completedRuns.isEmpty();
  }
}
