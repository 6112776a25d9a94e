package dev.dome.statecontroller.application;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Input;
import dev.dome.kernel.PlannedTask;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Brings ready tasks and claims together inside one batch. Tasks go in dispatch order; a report
 * that asked for more work comes before the claims that are parked, which come in the order they
 * came. A claim is granted once: whoever asks by the same name after that gets the same tasks.
 */
final class Dispatcher {
  /** Candidates whose limits are asked for together, beyond as many as were asked for. */
  private static final int AHEAD = 32;

  private static final int MAX_AHEAD = 256;

  private final Ledger ledger;
  private final ReadyIndex ready;
  private final Limiter limiter;
  private final BreakerHandler breakers;
  private final Store.Transaction transaction;
  private final BatchBudget budget;
  private final long nowMs;
  private final BiConsumer<RunUid, RuntimeException> failures;
  private final Map<ParkedClaim, List<Claim.GrantedTask>> granted = new LinkedHashMap<>();
  private final Map<Store.ClaimName, List<Claim.GrantedTask>> byName = new HashMap<>();
  private final Supplier<Map<QueueKey, Integer>> asked;

  /**
   * Grants of one batch.
   *
   * @param asked how many tasks of each queue the batch's claims would take
   */
  Dispatcher(
      Ledger ledger,
      ReadyIndex ready,
      Limiter limiter,
      BreakerHandler breakers,
      Store.Transaction transaction,
      BatchBudget budget,
      long nowMs,
      Supplier<Map<QueueKey, Integer>> asked,
      BiConsumer<RunUid, RuntimeException> failures) {
    this.ledger = ledger;
    this.ready = ready;
    this.limiter = limiter;
    this.breakers = breakers;
    this.transaction = transaction;
    this.budget = budget;
    this.nowMs = nowMs;
    this.asked = asked;
    this.failures = failures;
  }

  /** Adds what a reporting worker may do next to its answer. */
  void grantTo(Answer answer) {
    grantOnce(answer.ask().claimNext()).forEach(answer::grant);
  }

  /** Answers parked claims as long as there is work for them. */
  void grantTo(List<ParkedClaim> claims) {
    for (ParkedClaim claim : claims) {
      if (!claim.expired(nowMs)) {
        List<Claim.GrantedTask> tasks = grantOnce(claim.request());
        if (!tasks.isEmpty()) {
          granted.put(claim, tasks);
        }
      }
    }
  }

  /** Answers whoever waits for a claim that a report was granted. */
  void share(ParkedClaims parked) {
    byName.forEach(
        (name, tasks) -> parked.named(name).ifPresent(claim -> granted.put(claim, tasks)));
  }

  Map<ParkedClaim, List<Claim.GrantedTask>> granted() {
    return granted;
  }

  private List<Claim.GrantedTask> grantOnce(Claim.Request request) {
    Store.ClaimName name = Store.ClaimName.of(request);
    List<Claim.GrantedTask> earlier = byName.get(name);
    if (earlier != null) {
      return earlier;
    }
    List<Claim.GrantedTask> tasks = grant(request);
    if (!tasks.isEmpty()) {
      byName.put(name, tasks);
    }
    return tasks;
  }

  private List<Claim.GrantedTask> grant(Claim.Request request) {
    QueueKey key = new QueueKey(request.namespace(), request.queue());
    GrantedTasks tasks = new GrantedTasks(request.maxTasks());
    while (!tasks.full() && !budget.spent() && !limiter.stops(key)) {
      var waiting = ready.of(key);
      if (waiting.isEmpty()) {
        break;
      }
      Claim.GrantedTask task = tryGrant(waiting.first(), request, tasks);
      if (task != null) {
        tasks.add(task);
      }
    }
    return tasks.all();
  }

  /**
   * The granted task, or null when it may not be granted. The index has moved on in both cases,
   * unless the claim is full or the limiter stops the queue.
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
    for (ReadyTask task : ready.of(candidate.key())) {
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
    List<Limits.Need> needs = limiter.needs(run, plan);
    if (!limiter.admits(candidate, needs, this::ahead)) {
      return null;
    }
    List<BreakerSnapshot> halfOpen = run.guardsOf(plan, BreakerPhase.HALF_OPEN);
    Context context =
        new Context(
            Math.max(nowMs, run.changedAtMs()),
            request.actor(),
            Traces.of(request.traceparent(), run.runUid() + ":" + request.claimId()),
            null,
            null,
            halfOpen.isEmpty() ? null : halfOpen.stream().map(BreakerSnapshot::key).toList());
    Step step = ledger.apply(head, run.lane(), input, given(context, needs));
    if (!(step.decision() instanceof Decision.Accepted)) {
      ready.remove(candidate);
      return null;
    }
    TaskState task = step.state().task(candidate.taskId()).orElseThrow();
    limiter.took(needs, task.attemptId());
    return describe(step.state(), task, nowMs + step.state().leaseTermMs(plan));
  }

  /** With the slots that the grant takes, if any; those of probes the context has already. */
  private static Context given(Context context, List<Limits.Need> needs) {
    List<String> slotsOf =
        needs.stream()
            .filter(need -> need.slots() != null && !need.key().isOfProbes())
            .map(need -> need.key().key())
            .toList();
    return slotsOf.isEmpty() ? context : context.with(slotsOf);
  }

  /** The limits of the tasks that the batch's claims may come to, of the first ones first. */
  private Set<LimitKey> ahead() {
    List<ReadyTask> candidates = new ArrayList<>();
    asked
        .get()
        .forEach((queue, tasks) ->
            ready.of(queue).stream()
                .limit(Math.min(MAX_AHEAD, tasks + AHEAD))
                .forEach(candidates::add));
    List<ReadyTask> first = candidates.subList(0, Math.min(MAX_AHEAD, candidates.size()));
    Set<RunUid> missing =
        first.stream()
            .map(ReadyTask::runUid)
            .filter(runUid -> !ledger.has(runUid))
            .collect(Collectors.toSet());
    if (!missing.isEmpty()) {
      transaction.runs(missing).forEach(ledger::loaded);
    }
    Set<LimitKey> limits = new LinkedHashSet<>();
    first.forEach(candidate -> limitsOf(candidate).forEach(need -> limits.add(need.key())));
    return limits;
  }

  private List<Limits.Need> limitsOf(ReadyTask candidate) {
    try {
      RunHead head = ledger.head(candidate.runUid());
      return head == null
          ? List.of()
          : head.state()
              .task(candidate.taskId())
              .map(task -> limiter.needs(head.state(), task.plan()))
              .orElse(List.of());
    } catch (IllegalStateException e) {
      // A run that does not fold fails again, and is reported, when it is its turn.
      return List.of();
    }
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
