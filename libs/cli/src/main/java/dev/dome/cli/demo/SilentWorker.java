package dev.dome.cli.demo;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.WorkerCalls;
import dev.dome.client.model.Grant;
import java.time.Duration;

/**
 * A worker that takes a task, shows that it is alive once, and then says nothing until somebody
 * else has done its work: what a killed or cut-off process looks like from outside.
 */
final class SilentWorker {
  private static final String QUEUE = "handover";
  private static final int WAIT_SECONDS = 10;

  private final WorkerCalls calls;
  private final Grant held;

  private SilentWorker(WorkerCalls calls, Grant held) {
    this.calls = calls;
    this.held = held;
  }

  /**
   * Takes the task of a run that was just submitted.
   *
   * @throws IllegalStateException when the queue has no task in time
   */
  static SilentWorker takeFrom(DomeClient client, String runId) {
    WorkerCalls calls = client.worker();
    WorkerCalls.ClaimRequest claim =
        new WorkerCalls.ClaimRequest(
            QUEUE, "silent-" + runId, "demo-silent-worker", null, 1, WAIT_SECONDS);
    Grant grant =
        calls.claim(claim).tasks().stream()
            .filter(task -> task.runId().equals(runId))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no task of " + runId + " in " + QUEUE));
    calls.heartbeat(grant.attemptId(), grant.fence(), null);
    return new SilentWorker(calls, grant);
  }

  Grant held() {
    return held;
  }

  /** Reports success after all; the answer is the refusal, if there is one. */
  DomeException reportLate() {
    try {
      calls.result(held, Result.pass().withNotes("back again"), Duration.ofSeconds(30), null);
    } catch (DomeException refusal) {
      return refusal;
    }
    throw new IllegalStateException("a report under an old fence was accepted");
  }
}
