package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Effect;
import dev.dome.kernel.Input;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.PlannedTask;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Brings ready tasks and claims together inside one batch. Tasks go in dispatch order; a report
 * that asked for more work comes before the claims that are parked, which come in the order they
 * came. A claim is granted once: whoever asks by the same name after that gets the same tasks. Who
 * would get less than another replica has to give is sent there.
 */
final class Dispatcher {
  /** Before the key of a half-open breaker, the key of the permits to probe it. */
  private static final String PROBE = "breaker:";

  private final Ledger ledger;
  private final ReadyIndex ready;
  private final RemoteWork remote;
  private final HeldBack heldBack;
  private final BreakerHandler breakers;
  private final Store.Transaction transaction;
  private final BatchBudget budget;
  private final long nowMs;
  private final BiConsumer<RunUid, RuntimeException> failures;
  private final Map<ParkedClaim, List<Claim.GrantedTask>> granted = new LinkedHashMap<>();
  private final Map<ParkedClaim, String> moving = new LinkedHashMap<>();
  private final Map<Store.ClaimName, List<Claim.GrantedTask>> byName = new HashMap<>();
  private final Set<Scarce> taken = new HashSet<>();

  /** What permits are given for. */
  private record Scarce(NamespaceId namespace, String key) {
    static Scarce of(Store.Permit permit) {
      return new Scarce(permit.namespace(), permit.key());
    }
  }

  Dispatcher(
      Ledger ledger,
      ReadyIndex ready,
      RemoteWork remote,
      HeldBack heldBack,
      BreakerHandler breakers,
      Store.Transaction transaction,
      BatchBudget budget,
      long nowMs,
      BiConsumer<RunUid, RuntimeException> failures) {
    this.ledger = ledger;
    this.ready = ready;
    this.remote = remote;
    this.heldBack = heldBack;
    this.breakers = breakers;
    this.transaction = transaction;
    this.budget = budget;
    this.nowMs = nowMs;
    this.failures = failures;
  }

  /**
   * Adds what a reporting worker may do next to its answer. It is not sent elsewhere: it gets
   * nothing, and the claim that it makes then is.
   */
  void grantTo(Answer answer) {
    grantOnce(new ParkedClaim(answer.ask().claimNext(), null, false)).forEach(answer::grant);
  }

  /** Answers a parked claim if there is work for it. */
  void grantTo(ParkedClaim claim) {
    if (!claim.expired(nowMs)) {
      List<Claim.GrantedTask> tasks = grantOnce(claim);
      if (!tasks.isEmpty()) {
        granted.put(claim, tasks);
      }
    }
  }

  /** Whether nothing more is granted in this batch. */
  boolean spent() {
    return budget.spent();
  }

  /** Answers whoever waits for a claim that a report was granted. */
  void share(ParkedClaims parked) {
    byName.forEach(
        (name, tasks) -> parked.named(name).ifPresent(claim -> granted.put(claim, tasks)));
  }

  Map<ParkedClaim, List<Claim.GrantedTask>> granted() {
    return granted;
  }

  /** Parked claims that another replica should have, with its id. */
  Map<ParkedClaim, String> moving() {
    return moving;
  }

  private List<Claim.GrantedTask> grantOnce(ParkedClaim claim) {
    List<Claim.GrantedTask> earlier = byName.get(claim.name());
    if (earlier != null) {
      return earlier;
    }
    List<Claim.GrantedTask> tasks = grant(claim);
    if (!tasks.isEmpty()) {
      byName.put(claim.name(), tasks);
    }
    return tasks;
  }

  private List<Claim.GrantedTask> grant(ParkedClaim claim) {
    GrantedTasks tasks = new GrantedTasks(claim.request().maxTasks());
    while (!tasks.full() && !budget.spent()) {
      Optional<ReadyTask> first = ready.first(claim.key(), claim.request().offered());
      if (rather(claim, first, tasks) || first.isEmpty()) {
        break;
      }
      Claim.GrantedTask task = tryGrant(first.get(), claim.request(), tasks);
      if (task != null) {
        tasks.add(task);
      }
    }
    return tasks.all();
  }

  /** Whether another replica has something better than the first task here. */
  private boolean rather(ParkedClaim claim, Optional<ReadyTask> first, GrantedTasks tasks) {
    if (claim.moved()) {
      return false;
    }
    Optional<String> elsewhere = remote.better(claim, first, nowMs);
    if (elsewhere.isPresent() && claim.replyTo() != null && tasks.all().isEmpty()) {
      moving.put(claim, elsewhere.get());
    }
    return elsewhere.isPresent();
  }

  /**
   * The granted task, or null when it may not be granted. The index has moved on in both cases,
   * unless the claim is full.
   */
  private Claim.GrantedTask tryGrant(
      ReadyTask candidate, Claim.Request request, GrantedTasks tasks) {
    if (!ledger.has(candidate.runUid())) {
      load(candidate, request);
    }
    try {
      RunHead head = ledger.head(candidate.runUid());
      if (head != null) {
        head = informed(head, candidate);
      }
      if (head == null || !mayRun(head.state(), candidate)) {
        ready.remove(candidate);
        return null;
      }
      return hasRoomFor(candidate, head.state(), tasks) ? grant(head, candidate, request) : null;
    } catch (RuntimeException e) {
      if (e instanceof StoreException) {
        throw e;
      }
      ready.remove(candidate);
      failures.accept(candidate.runUid(), e);
      return null;
    }
  }

  /** Loads the run of the candidate and of those that come after it, in one round trip. */
  private void load(ReadyTask candidate, Claim.Request request) {
    Set<RunUid> missing = new HashSet<>();
    for (ReadyTask task : ready.alike(candidate)) {
      if (missing.size() >= Math.max(64, request.maxTasks())) {
        break;
      }
      if (!ledger.has(task.runUid())) {
        missing.add(task.runUid());
      }
    }
    transaction.runs(missing).forEach(ledger::loaded);
  }

  private RunHead informed(RunHead head, ReadyTask candidate) {
    Optional<TaskState> task = head.state().task(candidate.taskId());
    return task.isPresent() ? breakers.informed(head, task.get()) : head;
  }

  private static boolean hasRoomFor(ReadyTask candidate, RunState run, GrantedTasks tasks) {
    TaskState task = run.task(candidate.taskId()).orElseThrow();
    return tasks.hasRoomFor(task, inputs(run, task));
  }

  private static boolean mayRun(RunState run, ReadyTask candidate) {
    return run.dispatchable().stream()
        .anyMatch(task -> task.plan().taskId().equals(candidate.taskId()));
  }

  private Claim.GrantedTask grant(RunHead head, ReadyTask candidate, Claim.Request request) {
    RunState run = head.state();
    Input input =
        new Input.ClaimTask(
            candidate.taskId(),
            candidate.queue(),
            request.claimId(),
            request.workerId(),
            request.deploymentVersion(),
            request.actor().subject());
    PlannedTask plan = run.task(candidate.taskId()).orElseThrow().plan();
    List<BreakerSnapshot> halfOpen = run.guardsOf(plan, BreakerPhase.HALF_OPEN);
    Context context =
        new Context(
            Math.max(nowMs, run.changedAtMs()),
            request.actor(),
            Traces.of(request.traceparent(), run.runUid() + ":" + request.claimId()),
            null,
            null,
            halfOpen.isEmpty() ? null : halfOpen.stream().map(BreakerSnapshot::key).toList());
    if (!permitted(run, plan, halfOpen, () -> Kernel.step(run, input, context))) {
      heldBack.hold(candidate);
      ready.remove(candidate);
      return null;
    }
    Step step = ledger.apply(head, run.lane(), input, context);
    if (!(step.decision() instanceof Decision.Accepted)) {
      ready.remove(candidate);
      return null;
    }
    TaskState task = step.state().task(candidate.taskId()).orElseThrow();
    return describe(step.state(), task, nowMs + step.state().leaseTermMs(plan));
  }

  /** Whether the task needs no permit or got all; a permit is a row, so it counts across lanes. */
  private boolean permitted(
      RunState run, PlannedTask plan, List<BreakerSnapshot> halfOpen, Supplier<Step> step) {
    if (plan.concurrencyKey() == null && halfOpen.isEmpty()) {
      return true;
    }
    for (Effect effect : step.get().effects()) {
      if (effect instanceof Effect.GrantLease grant) {
        return acquire(permits(run, plan, halfOpen, grant.attemptId()), grant.attemptId());
      }
    }
    return true;
  }

  private static List<Store.Permit> permits(
      RunState run, PlannedTask plan, List<BreakerSnapshot> halfOpen, AttemptId attemptId) {
    List<Store.Permit> permits = new ArrayList<>();
    if (plan.concurrencyKey() != null) {
      permits.add(new Store.Permit(run.namespace(), plan.concurrencyKey(), attemptId));
    }
    for (BreakerSnapshot breaker : halfOpen) {
      permits.add(
          new Store.Permit(run.namespace(), PROBE + breaker.key(), breaker.probes(), attemptId));
    }
    return permits;
  }

  /** All of them or none; a key that was taken is not asked for again in this batch. */
  private boolean acquire(List<Store.Permit> permits, AttemptId attemptId) {
    if (permits.stream().map(Scarce::of).anyMatch(taken::contains)) {
      return false;
    }
    List<Store.Permit> acquired = transaction.acquire(permits, List.copyOf(ledger.ended()));
    if (acquired.size() == permits.size()) {
      return true;
    }
    permits.stream().filter(p -> !acquired.contains(p)).map(Scarce::of).forEach(taken::add);
    if (!acquired.isEmpty()) {
      transaction.acquire(List.of(), List.of(attemptId));
    }
    return false;
  }

  /** The task as its worker sees it. */
  static Claim.GrantedTask describe(RunState run, TaskState task, long leaseExpiresAtMs) {
    return new Claim.GrantedTask(
        run.runId(),
        task.plan().taskId(),
        task.attempt(),
        task.attemptId(),
        task.fence(),
        Timestamps.format(leaseExpiresAtMs),
        deadline(run, task),
        task.plan().goal(),
        inputs(run, task),
        Traces.parent(run.traceIdHex(), run.runUid().spanId(task.fence())));
  }

  /** When the attempt or its run times out, whichever is first; null when neither does. */
  private static String deadline(RunState run, TaskState task) {
    Long deadlineAtMs = run.deadlineAtMs();
    if (task.deadlineAtMs() != null) {
      deadlineAtMs =
          deadlineAtMs == null
              ? task.deadlineAtMs()
              : Long.valueOf(Math.min(deadlineAtMs, task.deadlineAtMs()));
    }
    return deadlineAtMs == null ? null : Timestamps.format(deadlineAtMs);
  }

  private static ObjectNode inputs(RunState run, TaskState task) {
    ObjectNode inputs = Json.mapper().createObjectNode();
    inputs.set("command", Json.tree(task.plan().command()));
    inputs.put("base_ref", run.baseRef());
    if (task.plan().taskSpec() != null) {
      inputs.set("task_spec", task.plan().taskSpec());
    }
    if (run.constraints() != null) {
      inputs.set("constraints", run.constraints());
    }
    if (task.plan().timeoutSeconds() != null) {
      inputs.put("timeout_seconds", task.plan().timeoutSeconds());
    }
    return inputs;
  }
}
