package dev.dome.kernel;

import java.util.Comparator;

/** The deterministic order in which ready tasks are granted. */
public final class DispatchOrder {
  /** Within a run: priority (9 first), payload digest, task id. */
  static final Comparator<TaskState> WITHIN_RUN =
      Comparator.comparingInt((TaskState t) -> -t.plan().priority())
          .thenComparing(t -> t.plan().payloadDigest())
          .thenComparing(t -> t.plan().taskId());

  /** Across runs: priority (9 first), creation of the run, payload digest, task id. */
  public static final Comparator<Candidate> ACROSS_RUNS =
      Comparator.comparingInt((Candidate c) -> -c.priority())
          .thenComparingLong(Candidate::runCreatedAtMs)
          .thenComparing(Candidate::payloadDigest)
          .thenComparing(Candidate::taskId)
          .thenComparing(Candidate::runUid);

  private DispatchOrder() {}

  /** What the order of a ready task depends on. */
  public record Candidate(
      int priority, long runCreatedAtMs, String payloadDigest, String taskId, String runUid) {}
}
