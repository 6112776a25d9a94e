package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.TaskId;
import dev.dome.contracts.wire.Actor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** Whatever is asked of a run, in whatever order and by whomever, its invariants hold. */
class KernelPropertiesTest {
  private static final int KINDS = 17;

  @Property(tries = 300)
  void anyInputsInAnyOrderKeepTheInvariants(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 63) Integer> dependencyMasks,
      @ForAll @IntRange(min = 1, max = 3) int maxWorkers,
      @ForAll @Size(min = 30, max = 90) List<@IntRange(max = 1_000_000) Integer> seeds) {
    RunScript run =
        new RunScript().submit(Input.SourceKind.WORK_QUEUE, queueOf(dependencyMasks, maxWorkers));
    playAll(run, seeds);
    Statistics.collect(run.state().status());
    checkRecord(run);
  }

  /** A redriven run is a run like any other; what passed before it is settled and stays so. */
  @Property(tries = 300)
  void aRedriveKeepsTheInvariantsAndEveryCarriedResult(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(max = 63) Integer> dependencyMasks,
      @ForAll @IntRange(min = 1, max = 3) int maxWorkers,
      @ForAll @Size(min = 30, max = 90) List<@IntRange(max = 1_000_000) Integer> seeds) {
    RunScript old = givenUp(queueOf(dependencyMasks, maxWorkers), seeds);
    RunScript run = RunScript.redriveOf(old);
    List<TaskState> carried = run.state().tasks().stream().filter(TaskState::isPassed).toList();
    assertThat(carried)
        .extracting(TaskState::result)
        .isEqualTo(RunScript.redriveInput(old).redrive().carried());
    assertThat(run.state().tasks())
        .filteredOn(task -> !task.isPassed())
        .isNotEmpty()
        .allMatch(task -> task.attempt() == 1 && task.history().isEmpty());
    run.state().tasks().forEach(task -> checkTask(run.state(), task));
    playAll(run, seeds);
    Statistics.collect(run.state().status(), carried.size());
    for (TaskState task : carried) {
      TaskState after = run.state().task(task.plan().taskId()).orElseThrow();
      assertThat(after.result()).isEqualTo(task.result());
      assertThat(after.attempt()).isEqualTo(1);
    }
    checkRecord(run);
  }

  /** Every other ready task passes; the first of the others uses up its attempts. */
  private static RunScript givenUp(ObjectNode queue, List<Integer> seeds) {
    RunScript run = new RunScript().submit(Input.SourceKind.WORK_QUEUE, queue);
    int last = run.state().tasks().size() - 1;
    for (int i = 0; !run.state().status().isFinal(); i++) {
      List<TaskState> ready = run.state().dispatchable();
      if (ready.isEmpty()) {
        run.retryDue(
            run.state().tasks().stream()
                .filter(t -> t.retryDueAtMs() != null)
                .findFirst()
                .orElseThrow()
                .plan()
                .taskId()
                .value());
        continue;
      }
      TaskState task = ready.getFirst();
      String id = task.plan().taskId().value();
      boolean pass = task.attempt() == 1 && seeds.get(i % seeds.size()) % 3 != 0;
      run.claim(id);
      if (pass && !id.equals("t" + last)) {
        run.pass(id);
      } else {
        run.fail(id, "TRANSIENT.NETWORK");
      }
    }
    return run;
  }

  private static void playAll(RunScript run, List<Integer> seeds) {
    Leases leases = new Leases();
    for (int i = 0; i < seeds.size(); i++) {
      int move = scramble(seeds.get(i), i);
      RunState before = run.state();
      run.after(move % 977);
      run.play(inputOf(before, move), actorOf(move));
      checkStep(before, run, leases);
    }
  }

  /** The state survives being stored, and the inputs alone make every row again. */
  private static void checkRecord(RunScript run) {
    RunState restored = Json.read(Json.tree(run.state()), RunState.class);
    assertThat(restored.digest()).isEqualTo(run.state().digest());
    assertThat(Replay.verify(run.rows()))
        .isEqualTo(
            new Replay.Result.Match(
                run.state().digest(),
                run.rows().getLast().hash(),
                run.state().sequence(),
                run.state().status()));
  }

  /** Generated numbers are mostly small; this spreads them over every kind of move. */
  private static int scramble(int seed, int index) {
    int spread = (seed + 31 * index) * 0x9E3779B1;
    return (spread ^ spread >>> 15) & 0x3fffffff;
  }

  /** A task may depend on tasks before it, so every mask gives a graph without a cycle. */
  private static ObjectNode queueOf(List<Integer> masks, int maxWorkers) {
    Documents.Task[] tasks = new Documents.Task[masks.size()];
    for (int i = 0; i < tasks.length; i++) {
      int mask = masks.get(i);
      String[] dependencies =
          IntStream.range(0, i)
              .filter(bit -> (mask >> bit & 1) == 1)
              .mapToObj(bit -> "t" + bit)
              .toArray(String[]::new);
      Documents.Task task = Documents.task("t" + i, dependencies);
      tasks[i] = i % 2 == 0 ? task.within(1 + i) : task.oneAtATime("database");
    }
    return Documents.workQueue("queue-run", maxWorkers, tasks);
  }

  /** Most moves go for a task that can take them, the others for any task at all. */
  private static Input inputOf(RunState run, int move) {
    TaskState task = target(run, move);
    boolean forged = move / 7 % 11 == 0;
    AttemptId attemptId =
        task.attemptId() == null || forged
            ? AttemptId.derive(run.lane(), run.runUid(), move)
            : task.attemptId();
    long fence = move / 13 % 17 == 0 ? task.fence() - 1 : task.fence();
    TaskId id = task.plan().taskId();
    ReasonCode why = new ReasonCode("OPERATOR.CANCELLED");
    return switch (move % KINDS) {
      case 0, 1, 2 -> new Input.ClaimTask(id, task.plan().queue(), "c" + move, "w", null, null);
      case 3 -> new Input.StartTask(attemptId, fence);
      case 4, 5, 6, 7 -> new Input.ReportResult(attemptId, fence, resultOf(id, move));
      case 8 -> new Input.ReleaseTask(attemptId, fence, why);
      case 9 -> new Input.ExpireLease(attemptId, fence, move);
      case 10 -> new Input.RetryDue(id, task.attempt() - (forged ? 1 : 0));
      case 11 -> new Input.DecideApproval(verdict(move), why, "Seen", digest(run, forged));
      case 12 -> new Input.PauseRun(why, null);
      case 13 -> new Input.ResumeRun(why, null);
      case 14 -> new Input.TaskDeadlineDue(attemptId, fence);
      case 15 -> new Input.BreakerChanged(breakerOf(run, move));
      default ->
          move / 17 % 25 == 0
              ? new Input.CancelRun(why, null)
              : new Input.RunDeadlineDue(new ReasonCode("RUN.DEADLINE_EXCEEDED"));
    };
  }

  /** Most breakers are news to the run, and most of these close. */
  private static BreakerSnapshot breakerOf(RunState run, int move) {
    List<BreakerPhase> phases =
        List.of(
            BreakerPhase.CLOSED, BreakerPhase.OPEN, BreakerPhase.CLOSED, BreakerPhase.HALF_OPEN);
    long version = run.sequence() + move / 37 % 5 - 1;
    BreakerPhase phase = phases.get(move / 41 % 4);
    return phase == BreakerPhase.OPEN && move / 43 % 2 == 0
        ? Histories.paused("queue:default", version, version)
        : Histories.snapshot("queue:default", version, phase, version);
  }

  private static TaskState target(RunState run, int move) {
    List<TaskState> leased = run.tasks().stream().filter(TaskState::isLeased).toList();
    List<TaskState> delayed = run.tasks().stream().filter(t -> t.retryDueAtMs() != null).toList();
    List<TaskState> likely =
        switch (move % KINDS) {
          case 0, 1, 2 -> run.dispatchable();
          case 14 -> leased.stream().filter(t -> t.deadlineAtMs() != null).toList();
          case 10 -> delayed;
          default -> leased;
        };
    List<TaskState> from = move / 3 % 4 != 0 && !likely.isEmpty() ? likely : run.tasks();
    return from.get(move / KINDS % from.size());
  }

  private static TaskResult resultOf(TaskId id, int move) {
    int risk = move / 19 % 100;
    return switch (move / 5 % 9) {
      case 0 -> RunScript.result(id.value(), ResultStatus.FAIL, null, risk, null);
      case 1, 2 -> RunScript.result(id.value(), ResultStatus.FAIL, "TRANSIENT.NETWORK", risk, 9L);
      case 3 -> RunScript.result(id.value(), ResultStatus.BLOCKED, "EXEC.TIMEOUT", risk, null);
      default -> RunScript.result(id.value(), ResultStatus.PASS, null, risk, null);
    };
  }

  private static Verdict verdict(int move) {
    List<Verdict> verdicts = List.of(Verdict.APPROVE, Verdict.REJECT, Verdict.NEEDS_HUMAN);
    return verdicts.get(move / 23 % verdicts.size());
  }

  private static String digest(RunState run, boolean forged) {
    return run.gate() == null || forged
        ? "0".repeat(64)
        : CanonicalJson.sha256(Json.tree(run.gate()));
  }

  private static Actor actorOf(int move) {
    List<Actor> actors =
        List.of(RunScript.APPROVER, RunScript.SUBMITTER, RunScript.WORKER, RunScript.APPROVER);
    return actors.get(move / 29 % actors.size());
  }

  private static void checkStep(RunState before, RunScript run, Leases leases) {
    RunState after = run.state();
    checkFold(before, run);
    if (before.status().isFinal()) {
      assertThat(after).isSameAs(before);
      assertThat(run.last().entries()).isEmpty();
    }
    leases.apply(run.last().effects());
    assertThat(leases.open)
        .as("leases are those of the leased tasks")
        .isEqualTo(
            new HashSet<>(
                after.tasks().stream()
                    .filter(TaskState::isLeased)
                    .map(TaskState::attemptId)
                    .toList()));
    assertThat(leases.open.size()).isLessThanOrEqualTo(after.maxWorkers());
    after.tasks().forEach(task -> checkTask(after, task));
    checkWaiting(after);
  }

  /** Whoever asks why a run is not final gets a reason, since when, and what to do about it. */
  private static void checkWaiting(RunState run) {
    Set<WaitingOn.Exhausted> held =
        Set.of(new WaitingOn.Exhausted(LimitName.ofKey("database"), null));
    for (Set<WaitingOn.Exhausted> exhausted : List.of(Set.<WaitingOn.Exhausted>of(), held)) {
      Optional<WaitingOn> waiting = WaitingOn.of(run, exhausted);
      assertThat(waiting.isEmpty()).isEqualTo(run.status().isFinal());
      waiting.ifPresent(on -> {
        assertThat(ReasonCodes.standard().contains(on.reasonCode())).isTrue();
        assertThat(ReasonCodes.standard().get(on.reasonCode()).action()).isNotBlank();
        assertThat(on.sinceMs()).isBetween(RunScript.START_MS, Long.MAX_VALUE);
        assertThat(on.paused() != null)
            .isEqualTo(on.reasonCode().equals(KernelReasonCodes.BREAKER_PAUSED));
        if (on.blockingTask() != null) {
          assertThat(run.task(on.blockingTask()).orElseThrow().plan().queue())
              .isEqualTo(on.queue());
        }
      });
    }
  }

  /** The stepped state is the fold of the events, and no event made an illegal move. */
  private static void checkFold(RunState before, RunScript run) {
    RunState folded = before;
    long sequence = before.sequence();
    for (JournalEntry entry : run.last().entries()) {
      sequence++;
      assertThat(entry.envelope().sequence()).isEqualTo(sequence);
      if (entry.kind() == JournalEntry.Kind.INPUT) {
        continue;
      }
      Event event = Event.read(entry.envelope().topic(), entry.envelope().payload());
      RunState next =
          Kernel.evolve(
              folded, event, entry.envelope().sequence(), Timestamps.parse(entry.envelope().ts()));
      checkMoves(folded, next);
      checkDelay(event);
      folded = next;
    }
    assertThat(folded.digest()).isEqualTo(run.state().digest());
    assertThat(run.state().digest()).isEqualTo(CanonicalJson.sha256(Json.tree(run.state())));
  }

  private static void checkMoves(RunState before, RunState after) {
    for (int i = 0; i < before.tasks().size(); i++) {
      TaskStatus from = before.tasks().get(i).status();
      TaskStatus to = after.tasks().get(i).status();
      boolean legal =
          from == to
              || Arrays.stream(TaskSignal.values())
                  .anyMatch(s -> TaskTransitions.next(from, s).filter(to::equals).isPresent());
      assertThat(legal).as("%s to %s", from, to).isTrue();
    }
    boolean legal =
        before.status() == after.status()
            || Arrays.stream(RunSignal.values())
                .anyMatch(s ->
                    RunTransitions.next(before.status(), s)
                        .filter(after.status()::equals)
                        .isPresent());
    assertThat(legal).as("%s to %s", before.status(), after.status()).isTrue();
  }

  private static void checkDelay(Event event) {
    if (event instanceof Event.TaskRetryScheduled retry) {
      double backoffMs = 500 * Math.pow(2, retry.attempt() - 2);
      assertThat((double) retry.delayMs()).isBetween(backoffMs, backoffMs * 1.2);
    }
  }

  private static void checkTask(RunState run, TaskState task) {
    int maxAttempts = run.policies().retry().maxRetries() + 1;
    assertThat(task.attempt()).isBetween(1, maxAttempts);
    assertThat(task.history().size()).isLessThanOrEqualTo(maxAttempts);
    assertThat(task.isLeased()).isEqualTo(task.attemptId() != null);
    assertThat(task.deadlineAtMs() != null)
        .isEqualTo(task.isLeased() && task.plan().timeoutSeconds() != null);
    if (task.isLeased() || task.assigned() || task.isPassed()) {
      assertThat(task.plan().dependencies())
          .allMatch(id -> run.task(id).orElseThrow().isPassed() || run.status().isFinal());
    }
    if (run.status().isFinal()) {
      assertThat(task.isFinal()).isTrue();
    }
  }

  /** The lease rows a store would have. */
  private static final class Leases {
    private final Set<AttemptId> open = new HashSet<>();

    private void apply(List<Effect> effects) {
      for (Effect effect : effects) {
        switch (effect) {
          case Effect.GrantLease grant -> assertThat(open.add(grant.attemptId())).isTrue();
          case Effect.EndLease end -> assertThat(open.remove(end.attemptId())).isTrue();
        }
      }
    }
  }
}
