package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.BreakerSteering;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the lane writer does while breakers open and close, on each store. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class HeldRunsTest extends WriterContract {
  private static final long SWEEP_MS = LaneWriter.Pace.DEFAULT.sweepEveryMs();

  HeldRunsTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private void breaker(long version, BreakerPhase phase) {
    Long untilMs = phase == BreakerPhase.OPEN ? (Long) (now + 30_000) : null;
    Integer probes = phase == BreakerPhase.HALF_OPEN ? (Integer) 2 : null;
    BreakerKey key = new BreakerKey("queue:default");
    tell(new BreakerSnapshot(key, version, phase, now, untilMs, probes));
  }

  private void pause(long version) {
    BreakerSteering word =
        new BreakerSteering(
            BreakerSteering.Action.PAUSED, now, "ops", new ReasonCode("OPERATOR.PAUSED"), null);
    tell(
        new BreakerSnapshot(
            new BreakerKey("queue:default"), version, BreakerPhase.OPEN, now, null, null, word));
  }

  private void tell(BreakerSnapshot snapshot) {
    lanes
        .keySet()
        .forEach(lane -> deliver(Messages.breaker(operation(), namespace, snapshot), lane));
    drive();
  }

  private void sweep() {
    now += SWEEP_MS;
    drive();
  }

  private void checkReplay(RunId runId) {
    Lane lane = Lane.of(namespace, runId, 16);
    List<JournalRow> rows =
        subject.table().after(lane, 0, 1_000_000).stream()
            .filter(row -> row.namespace().equals(namespace))
            .filter(row -> row.envelope().runId().equals(runId))
            .toList();
    assertThat(Replay.verify(rows)).isInstanceOf(Replay.Result.Match.class);
  }

  private List<String> topics(RunId runId) {
    return subject.table().after(Lane.of(namespace, runId, 16), 0, 1_000_000).stream()
        .filter(row -> row.namespace().equals(namespace))
        .filter(row -> row.envelope().runId().equals(runId))
        .map(row -> row.envelope().topic())
        .toList();
  }

  @Test
  void anOpenBreakerHoldsWhatWaitsAndTheCommitThatClosesItGrantsIt() {
    submitAll(3);
    breaker(1, BreakerPhase.OPEN);
    assertThat(claim("c-1", 9)).isNull();

    breaker(2, BreakerPhase.CLOSED);

    assertThat(answered("c-1")).isNotEmpty();
    assertThat(topics(new RunId("run-0")))
        .containsSubsequence(
            "input.breaker_changed", "run.breaker.changed", "input.claim_task", "task.claimed");
    checkReplay(new RunId("run-0"));
  }

  @Test
  void aRunSubmittedWhileABreakerIsOpenIsHeldFromTheStart() {
    breaker(1, BreakerPhase.OPEN);
    submitAll(1);

    assertThat(claim("c-1", 1)).isNull();
    assertThat(topics(new RunId("run-0")))
        .containsExactly(
            "input.submit_run", "plan.wave.created", "run.breaker.changed", "task.assigned");
    checkReplay(new RunId("run-0"));
  }

  @Test
  void aRunSubmittedInTheBatchThatOpensTheBreakerIsToldToo() {
    RunId runId = new RunId("run-0");
    submit(runId);
    breaker(1, BreakerPhase.OPEN);

    assertThat(topics(runId)).endsWith("input.breaker_changed", "run.breaker.changed");
    assertThat(claim("c-1", 1)).isNull();
  }

  @Test
  void aHalfOpenBreakerGrantsAsManyAtATimeAsItHasProbes() {
    submitAll(4);
    breaker(1, BreakerPhase.OPEN);
    breaker(2, BreakerPhase.HALF_OPEN);

    List<Claim.GrantedTask> probes = claim("c-1", 9);
    assertThat(probes).hasSize(2);
    assertThat(claim("c-2", 9)).isNull();
    sweep();
    assertThat(answered("c-2")).isNull();

    pass(probes.getFirst());
    sweep();

    assertThat(answered("c-2")).hasSize(1);
    checkReplay(probes.getFirst().runId());
  }

  @Test
  void anOlderChangeThatComesAgainChangesNothing() {
    submitAll(1);
    breaker(1, BreakerPhase.OPEN);
    breaker(2, BreakerPhase.HALF_OPEN);
    breaker(3, BreakerPhase.CLOSED);
    breaker(1, BreakerPhase.OPEN);

    assertThat(claim("c-1", 1)).hasSize(1);
  }

  @Test
  void aNewOwnerHoldsWhatTheOldOneHeld() {
    submitAll(1);
    breaker(1, BreakerPhase.OPEN);

    own();
    assertThat(claim("c-1", 1)).isNull();
    submit(new RunId("run-after"));
    drive();
    assertThat(topics(new RunId("run-after"))).contains("run.breaker.changed");

    breaker(2, BreakerPhase.CLOSED);
    assertThat(answered("c-1")).hasSize(1);
  }

  @Test
  void moreRunsThanOnePageAreToldOneByOne() {
    Lane lane = Lane.of(namespace, new RunId("run-0"), 16);
    List<RunId> runs = new ArrayList<>();
    Stream.iterate(0, i -> i + 1)
        .map(i -> new RunId("run-" + i))
        .filter(id -> Lane.of(namespace, id, 16).equals(lane))
        .limit(450)
        .forEach(runs::add);
    runs.forEach(this::submit);
    drive();

    breaker(1, BreakerPhase.OPEN);

    assertThat(
            subject.table().after(lane, 0, 1_000_000).stream()
                .filter(row -> row.namespace().equals(namespace))
                .filter(row -> row.envelope().topic().equals("run.breaker.changed"))
                .map(row -> row.envelope().runId()))
        .containsExactlyInAnyOrderElementsOf(runs);
  }

  @Test
  void aPausedQueueHoldsRunsOfBeforeAndAfterUntilItIsResumed() {
    submit(new RunId("run-before"));
    pause(1);
    submit(new RunId("run-after"));
    drive();
    now += 3_600_000;
    sweep();
    assertThat(claim("c-1", 9)).isNull();

    own();
    submit(new RunId("run-later"));
    drive();
    assertThat(claim("c-2", 9)).isNull();
    assertThat(topics(new RunId("run-later"))).contains("run.breaker.changed");

    breaker(2, BreakerPhase.CLOSED);
    assertThat(answered("c-2")).isNotEmpty();
    checkReplay(new RunId("run-before"));
    checkReplay(new RunId("run-later"));
  }
}
