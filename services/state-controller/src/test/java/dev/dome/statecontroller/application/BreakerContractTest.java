package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.BreakerSteering;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store promises about breakers and the runs they guard. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class BreakerContractTest extends StoreContract {
  BreakerContractTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private Store.LaneBreaker breaker(String key, long version, BreakerPhase phase, String toldUpTo) {
    Long untilMs = phase == BreakerPhase.OPEN ? (Long) (now + 30_000) : null;
    Integer probes = phase == BreakerPhase.HALF_OPEN ? (Integer) 2 : null;
    return new Store.LaneBreaker(
        lane,
        namespace,
        new BreakerSnapshot(new BreakerKey(key), version, phase, now, untilMs, probes),
        toldUpTo);
  }

  private void keep(Store.LaneBreaker... breakers) {
    Draft draft = draft();
    draft.breakers.addAll(List.of(breakers));
    commit(draft);
  }

  private List<Store.LaneBreaker> known() {
    return find(wanted -> wanted.opening().add(lane)).opened().get(lane).breakers().stream()
        .filter(known -> known.namespace().equals(namespace))
        .toList();
  }

  private List<RunUid> guarded(Store.LaneBreaker breaker, int max) {
    try (Store.Transaction transaction = begin()) {
      return transaction.guarded(breaker, max);
    }
  }

  /** So many runs of one task on one lane, by uid. */
  private List<RunState> runsOnOneLane(int count) {
    List<RunState> runs = new ArrayList<>();
    Draft draft = draft();
    Stream.iterate(0, i -> i + 1)
        .map(i -> new RunId("run-" + i))
        .filter(id -> Lane.of(namespace, id, 16).equals(lane))
        .limit(count)
        .forEach(id -> runs.add(draft.submit(namespace, id, 1, "s")));
    commit(draft);
    runs.sort((a, b) -> a.runUid().compareTo(b.runUid()));
    return runs;
  }

  @Test
  void theNewestOfABreakerIsKept() {
    Store.LaneBreaker open = breaker("queue:default", 1, BreakerPhase.OPEN, "");
    Store.LaneBreaker half = breaker("queue:default", 2, BreakerPhase.HALF_OPEN, null);
    Store.LaneBreaker key = breaker("key:host:x", 7, BreakerPhase.CLOSED, null);
    keep(open, key);
    keep(half);

    assertThat(known()).containsExactlyInAnyOrder(half, key);
  }

  @Test
  void guardedRunsComeByUidAndInPages() {
    List<RunUid> runs = runsOnOneLane(3).stream().map(RunState::runUid).toList();
    Store.LaneBreaker first = breaker("queue:default", 1, BreakerPhase.OPEN, "");
    Store.LaneBreaker next = breaker("queue:default", 1, BreakerPhase.OPEN, runs.get(1).value());

    assertThat(guarded(first, 2)).isEqualTo(runs.subList(0, 2));
    assertThat(guarded(next, 2)).isEqualTo(runs.subList(2, 3));
    assertThat(guarded(breaker("queue:gpu", 1, BreakerPhase.OPEN, ""), 2)).isEmpty();
  }

  @Test
  void neitherFinalRunsNorThoseOfOthersAreGuarded() {
    RunState run = runsOnOneLane(1).getFirst();
    Store.LaneBreaker open = breaker("queue:default", 1, BreakerPhase.OPEN, "");
    Store.LaneBreaker others =
        new Store.LaneBreaker(lane, new NamespaceId("other-" + namespace), open.breaker(), "");
    assertThat(guarded(open, 9)).containsExactly(run.runUid());
    assertThat(guarded(others, 9)).isEmpty();

    Draft draft = draft();
    draft.steer(run, new Input.CancelRun(Draft.BY_OPERATOR, "enough"));
    commit(draft);

    assertThat(guarded(open, 9)).isEmpty();
  }

  @Test
  void whoPausedABreakerIsKept() {
    BreakerSteering word =
        new BreakerSteering(
            BreakerSteering.Action.PAUSED, now, "ops", new ReasonCode("OPERATOR.PAUSED"), null);
    Store.LaneBreaker paused =
        new Store.LaneBreaker(
            lane,
            namespace,
            new BreakerSnapshot(
                new BreakerKey("queue:default"), 3, BreakerPhase.OPEN, now, null, null, word),
            null);
    keep(paused);

    assertThat(known()).containsExactly(paused);
  }
}
