package dev.dome.statecontroller.application.read;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.kernel.RunState;
import dev.dome.kernel.WaitingOn;
import java.util.List;
import java.util.Optional;

/**
 * A run as the API shows it. Times are RFC 3339 UTC; fields that need the whole history are absent
 * in lists.
 *
 * @param position where the run stands; give its sequence as {@code min_position} to read at least
 *     this much
 * @param headHash hash of the journal row at that position
 * @param gateDigest what an approval must name: SHA-256 over the canonical gate decision
 * @param redriveOf the run that this one redrives, if any
 * @param redrivenAs the runs that redrive this one, oldest first; absent when there is none
 * @param waitingOn why the run is not final yet; absent once it is
 */
public record RunView(
    String runId,
    String runUid,
    String namespace,
    String status,
    boolean paused,
    String submitter,
    String reasonCode,
    String createdAt,
    String changedAt,
    String deadlineAt,
    String baseRef,
    String documentSha256,
    String redriveOf,
    List<String> redrivenAs,
    Integer maxWorkers,
    int deciderVersion,
    String policyDigest,
    String traceIdHex,
    TaskCounts tasks,
    String gateDigest,
    Waiting waitingOn,
    Position position,
    String headHash,
    String stateHash) {

  /** A point in the run's history. */
  public record Position(String runId, long sequence) {}

  /**
   * What an open run waits on.
   *
   * @param blockingTask the task that is waited for, absent when the run as a whole waits
   * @param until when the wait ends by itself, if it does
   * @param breaker the breaker that holds the task, absent when none does
   * @param paused who paused that breaker, absent unless somebody did
   * @param limit what has no room for the task: {@code max_workers}, or the name of a limit; absent
   *     unless it waits for room
   * @param pollersLastSeen when a worker of the queue was last heard of, absent when none is known
   */
  public record Waiting(
      String reasonCode,
      String blockingTask,
      String queue,
      String since,
      String until,
      String breaker,
      PauseView paused,
      String limit,
      String pollersLastSeen) {

    /**
     * Of a wait.
     *
     * @param pollersLastSeenMs epoch milliseconds, or null
     */
    static Waiting of(WaitingOn waiting, Long pollersLastSeenMs) {
      return new Waiting(
          waiting.reasonCode().value(),
          waiting.blockingTask() == null ? null : waiting.blockingTask().value(),
          waiting.queue() == null ? null : waiting.queue().value(),
          Timestamps.format(waiting.sinceMs()),
          waiting.untilMs() == null ? null : Timestamps.format(waiting.untilMs()),
          waiting.breaker() == null ? null : waiting.breaker().value(),
          PauseView.of(waiting.paused()),
          waiting.limit(),
          pollersLastSeenMs == null ? null : Timestamps.format(pollersLastSeenMs));
    }
  }

  /** The run of a row. */
  public static RunView of(RunRecord run) {
    return new RunView(
        run.runId().value(),
        run.runUid().value(),
        run.namespace().value(),
        run.status().name(),
        run.paused(),
        run.submitter(),
        text(run.reasonCode()),
        Timestamps.format(run.createdAtMs()),
        Timestamps.format(run.changedAtMs()),
        null,
        null,
        null,
        text(run.redriveOf()),
        null,
        null,
        run.deciderVersion(),
        run.policyDigest(),
        null,
        null,
        null,
        null,
        new Position(run.runId().value(), run.sequence()),
        run.headHash(),
        run.stateHash());
  }

  /**
   * The run of a row and of the state folded up to that row's sequence.
   *
   * @param waiting what it waits on, empty when it is final
   * @param pollersLastSeenMs epoch milliseconds at which a worker of the queue it waits for was
   *     last heard of, or null
   */
  public static RunView of(
      RunRecord run,
      RunState state,
      List<RunRecord> redrives,
      Optional<WaitingOn> waiting,
      Long pollersLastSeenMs) {
    return new RunView(
        run.runId().value(),
        run.runUid().value(),
        run.namespace().value(),
        state.status().name(),
        state.paused(),
        state.submitter(),
        text(state.reasonCode()),
        Timestamps.format(state.createdAtMs()),
        Timestamps.format(state.changedAtMs()),
        state.deadlineAtMs() == null ? null : Timestamps.format(state.deadlineAtMs()),
        state.baseRef(),
        state.documentSha256(),
        text(state.redriveOf()),
        redrives.isEmpty() ? null : redrives.stream().map(r -> r.runId().value()).toList(),
        state.maxWorkers(),
        state.deciderVersion(),
        run.policyDigest(),
        state.traceIdHex(),
        TaskCounts.of(state.tasks()),
        state.gate() == null ? null : CanonicalJson.sha256(Json.tree(state.gate())),
        waiting.map(on -> Waiting.of(on, pollersLastSeenMs)).orElse(null),
        new Position(run.runId().value(), run.sequence()),
        run.headHash(),
        run.stateHash());
  }

  private static String text(RunId runId) {
    return runId == null ? null : runId.value();
  }

  private static String text(ReasonCode code) {
    return code == null ? null : code.value();
  }
}
