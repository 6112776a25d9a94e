package dev.dome.statecontroller.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import dev.dome.kernel.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps leases alive, lets them run out and delays end, for one batch. */
final class LeaseHandler {
  static final Actor SYSTEM = new Actor("system:state-controller", List.of());
  private static final List<String> CANCEL = List.of("CANCEL");

  private final Ledger ledger;
  private final long nowMs;
  private final Map<AttemptId, Changes.Renewal> renewed = new LinkedHashMap<>();
  private final List<Reply> replies = new ArrayList<>();

  /** An answer to be sent after the commit. */
  record Reply(String replyTo, Claim.HeartbeatReply reply) {}

  LeaseHandler(Ledger ledger, long nowMs) {
    this.ledger = ledger;
    this.nowMs = nowMs;
  }

  /** Renews a lease; the first sign of life of a claimed task starts it. */
  void heartbeat(Command.HeartbeatAsked asked) {
    replies.add(new Reply(asked.replyTo(), answer(asked.heartbeat())));
  }

  private Claim.HeartbeatReply answer(Claim.Heartbeat heartbeat) {
    RunHead head = ledger.ofAttempt(heartbeat.attemptId());
    if (head == null || !head.state().namespace().equals(heartbeat.namespace())) {
      return new Claim.HeartbeatReply(
          404,
          null,
          List.of(),
          Outcomes.ATTEMPT_NOT_FOUND,
          "expected an attempt of this namespace");
    }
    TaskState task = head.state().taskOf(heartbeat.attemptId()).orElse(null);
    if (task == null || task.fence() != heartbeat.fence() || head.state().status().isFinal()) {
      return fenced();
    }
    if (task.status() == TaskStatus.CLAIMED && !start(head, heartbeat)) {
      return fenced();
    }
    long expiresAtMs = nowMs + head.state().leaseTermMs(task.plan());
    renewed.put(
        heartbeat.attemptId(),
        new Changes.Renewal(heartbeat.attemptId(), expiresAtMs, progress(heartbeat)));
    return new Claim.HeartbeatReply(200, Timestamps.format(expiresAtMs), List.of(), null, null);
  }

  private static Claim.HeartbeatReply fenced() {
    return new Claim.HeartbeatReply(
        409,
        null,
        CANCEL,
        Outcomes.ATTEMPT_FENCED,
        "expected the task's current attempt and fence but the lease is over");
  }

  private boolean start(RunHead head, Claim.Heartbeat heartbeat) {
    RunState run = head.state();
    Input input = new Input.StartTask(heartbeat.attemptId(), heartbeat.fence());
    Context context =
        new Context(
            Math.max(nowMs, run.changedAtMs()),
            heartbeat.actor(),
            Traces.of(heartbeat.traceparent(), heartbeat.attemptId().value()),
            null);
    Step step = ledger.apply(head, run.lane(), input, context);
    return !(step.decision() instanceof Decision.Rejected);
  }

  private static String progress(Claim.Heartbeat heartbeat) {
    return heartbeat.progress() == null
        ? null
        : new String(Json.write(heartbeat.progress()), StandardCharsets.UTF_8);
  }

  /**
   * Lets a lease run out whose row, read in this transaction, is over its time.
   *
   * @throws RuntimeException when the decision failed; nothing is kept then
   */
  void expire(Store.Lease lease) {
    if (renewed.containsKey(lease.attemptId()) || ledger.hasEnded(lease.attemptId())) {
      return;
    }
    RunHead head = ledger.head(lease.runUid());
    if (head != null && head.state().taskOf(lease.attemptId()).isPresent()) {
      RunState run = head.state();
      Input input = new Input.ExpireLease(lease.attemptId(), lease.fence(), lease.version());
      Context context =
          new Context(
              Math.max(nowMs, run.changedAtMs()),
              SYSTEM,
              Traces.of(null, lease.attemptId().value() + ":" + lease.version()),
              null);
      ledger.apply(head, run.lane(), input, context);
    }
    if (!ledger.hasEnded(lease.attemptId())) {
      ledger.endOrphan(lease.attemptId());
    }
  }

  /**
   * Ends a delay for which no wake-up came; the kernel knows one that is over already.
   *
   * @throws RuntimeException when the decision failed; nothing is kept then
   */
  void retry(Command.RetryOverdue overdue) {
    RunHead head = ledger.head(overdue.runUid());
    if (head != null) {
      RunState run = head.state();
      Context context =
          new Context(
              Math.max(nowMs, run.changedAtMs()),
              SYSTEM,
              Traces.of(null, overdue.runUid() + ":" + overdue.taskId() + ":" + overdue.attempt()),
              null);
      Input input = new Input.RetryDue(overdue.taskId(), overdue.attempt());
      ledger.apply(head, run.lane(), input, context);
    }
  }

  List<Changes.Renewal> renewals() {
    return List.copyOf(renewed.values());
  }

  List<Reply> replies() {
    return replies;
  }
}
