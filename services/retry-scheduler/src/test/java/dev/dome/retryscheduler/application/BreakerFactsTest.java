package dev.dome.retryscheduler.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.TaskId;
import dev.dome.kernel.Breaker;
import dev.dome.retryscheduler.JournalWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BreakerFactsTest {
  private static final BreakerKey GPU = new BreakerKey("queue:gpu");
  private static final BreakerKey HOST = new BreakerKey("key:host:x");

  private static JournalWriter run() {
    return new JournalWriter(new NamespaceId("tenant-a"), "run-1", new Lane(1));
  }

  @Test
  void onlyTasksThatMoreThanTheDefaultQueueGuardsAreKept() {
    JournalWriter run = run().plannedOn("gpu", "a", "host:x").plannedOn("default", "b");

    BreakerFacts facts = BreakerFacts.of(run.rows());

    assertThat(facts.guards())
        .isEqualTo(Map.of(run.runUid(), Map.of(new TaskId("a"), List.of(GPU, HOST))));
  }

  @Test
  void aPauseIsForTheKeyAndTheFailureForBoth() {
    JournalWriter run = run().plannedOn("gpu", "a", "host:x").failed("a", 1_000, 9_000L);
    BreakerFacts facts = BreakerFacts.of(run.rows());
    BreakerFacts.AttemptEnd end = (BreakerFacts.AttemptEnd) facts.seen().getFirst();
    List<BreakerKey> guards = facts.guardsOf(end, Map.of());

    assertThat(end.by(GPU, guards)).isEqualTo(new Breaker.Observation(1_000, true, null, null));
    assertThat(end.by(HOST, guards)).isEqualTo(new Breaker.Observation(1_000, true, 9_000L, null));
    assertThat(facts.unknownRuns()).isEmpty();
  }

  @Test
  void anAttemptThatTimedOutIsAFailureAndItsProbesAreNamed() {
    JournalWriter run = run().timedOut("a", 1_000, "queue:default", 4);
    BreakerFacts facts = BreakerFacts.of(run.rows());
    BreakerFacts.AttemptEnd end = (BreakerFacts.AttemptEnd) facts.seen().getFirst();

    assertThat(facts.unknownRuns()).containsExactly(run.runUid());
    assertThat(facts.guardsOf(end, Map.of())).isEqualTo(BreakerFacts.UNNAMED);
    assertThat(end.by(BreakerFacts.UNNAMED.getFirst(), BreakerFacts.UNNAMED))
        .isEqualTo(new Breaker.Observation(1_000, true, null, 4L));
  }
}
