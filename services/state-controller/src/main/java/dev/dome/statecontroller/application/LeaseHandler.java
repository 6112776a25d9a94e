package dev.dome.statecontroller.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunState;
import dev.dome.kernel.RunStatus;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import dev.dome.kernel.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps leases alive, lets them run out and delays end, for one batch. */
final class LeaseHandler {
  static final Actor SYSTEM = new Actor("system:state-controller", List.of());
  private static final List<String> CANCEL = List.of(Claim.CANCEL);
  private static final List<String> DRAIN = List.of(Claim.DRAIN);

  private final Ledger ledger;
  private final Map<AttemptId, Store.Lease> leases;
  private final Drains drains;
  private final Sightings sightings;
  private final long nowMs;
  private final Map<AttemptId, Changes.Renewal> renewed = new LinkedHashMap<>();
  private final List<Reply> replies = new ArrayList<>();

  /** An answer to be sent after the commit. */
  record Reply(String replyTo, Claim.HeartbeatReply reply) {}

  /**
   * Handles leases in a batch.
   *
   * @param leases rows of attempts that no cached run holds
   * @param drains whose heartbeats are answered with that
   */
  LeaseHandler(
      Ledger ledger,
      Map<AttemptId, Store.Lease> leases,
      Drains drains,
      Sightings sightings,
      long nowMs) {
    this.ledger = ledger;
    this.leases = leases;
    this.drains = drains;
    this.sightings = sightings;
    this.nowMs = nowMs;
  }

  /**
   * Renews a lease; the first sign of life of a claimed task starts it. Who held a task until its
   * run was cancelled or expired is told to stop.
   */
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
    if (endedWithItsRun(head.state(), heartbeat)) {
      return new Claim.HeartbeatReply(200, Timestamps.format(nowMs), CANCEL, null, null);
    }
    TaskState task = head.state().taskOf(heartbeat.attemptId()).orElse(null);
    if (task == null || task.fence() != heartbeat.fence() || head.state().status().isFinal()) {
      return fenced();
    }
    if (!task.maySpeak(heartbeat.actor())) {
      return notClaimer();
    }
    if (task.status() == TaskStatus.CLAIMED && !start(head, heartbeat)) {
      return fenced();
    }
    long expiresAtMs = nowMs + head.state().leaseTermMs(task.plan());
    renewed.put(
        heartbeat.attemptId(),
        new Changes.Renewal(heartbeat.attemptId(), expiresAtMs, progress(heartbeat)));
    return new Claim.HeartbeatReply(
        200,
        Timestamps.format(expiresAtMs),
        directives(head.state().namespace(), task),
        null,
        null);
  }

  private List<String> directives(NamespaceId namespace, TaskState task) {
    sightings.alive(namespace, task.plan().queue(), task.workerId(), nowMs);
    return drains.covers(namespace, task.plan().queue(), task.workerId()) ? DRAIN : List.of();
  }

  /**
   * Whether the fence was good until the end of the run ended it. An attempt that was over before,
   * by a report, its deadline or its lease, was superseded and stays fenced.
   */
  private boolean endedWithItsRun(RunState run, Claim.Heartbeat heartbeat) {
    if (run.status() != RunStatus.CANCELLED && run.status() != RunStatus.EXPIRED) {
      return false;
    }
    RunHead before = ledger.headBefore(run.runUid());
    Optional<TaskState> heldBefore =
        before == null ? Optional.empty() : before.state().taskOf(heartbeat.attemptId());
    if (heldBefore.isPresent()) {
      return heldBefore.get().fence() == heartbeat.fence() && !hasFinished(run, heartbeat);
    }
    Store.Lease lease = leases.get(heartbeat.attemptId());
    return lease != null
        && lease.fence() == heartbeat.fence()
        && lease.ended()
        && lease.endedAtMs() >= run.changedAtMs()
        && !hasFinished(run, heartbeat);
  }

  private static boolean hasFinished(RunState run, Claim.Heartbeat heartbeat) {
    return run.tasks().stream()
        .flatMap(task -> task.history().stream())
        .anyMatch(finished -> heartbeat.attemptId().equals(finished.attemptId()));
  }

  private static Claim.HeartbeatReply fenced() {
    return new Claim.HeartbeatReply(
        409,
        null,
        List.of(),
        Outcomes.ATTEMPT_FENCED,
        "expected the task's current attempt and fence but the lease is over");
  }

  private static Claim.HeartbeatReply notClaimer() {
    return new Claim.HeartbeatReply(
        403,
        null,
        List.of(),
        Outcomes.ATTEMPT_NOT_CLAIMER,
        "expected the principal that claimed the attempt but was another one");
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
