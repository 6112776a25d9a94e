package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A namespace with much work and many workers does not keep another one waiting. */
class FairGrantsTest {
  private static final int MANY = 200;
  private static final List<NamespaceId> BUSY =
      List.of(new NamespaceId("a-busy"), new NamespaceId("z-busy"));
  private static final NamespaceId CALM = new NamespaceId("m-calm");

  private final MemoryStore store = new MemoryStore(16);
  private final Recorder said = new Recorder();
  private final Mailbox mailbox = new Mailbox(10_000, 1 << 26);
  private long now = 1_800_000_000_000L;
  private long sequence;
  private LaneWriter writer;

  /** One grant fills a batch. */
  @BeforeEach
  void own() {
    LaneWriter.Pace usual = LaneWriter.Pace.DEFAULT;
    writer =
        new LaneWriter(
            "r-1",
            new LaneWriter.Ports(said, store, said, said, said, () -> now),
            mailbox,
            TestPolicies::standard,
            said,
            new LaneWriter.Pace(
                10_000,
                usual.cacheWeight(),
                usual.sweepEveryMs(),
                usual.outageMs(),
                usual.hintEveryMs(),
                usual.maxBackoffMs(),
                new BatchBudget.Limits(1_000, 1, 1 << 20)));
    Map<Lane, Long> lanes = store.takeOver();
    lanes.forEach((lane, epoch) -> mailbox.offer(new Command.LaneGained(lane, epoch)));
    drive();
  }

  private void drive() {
    while (writer.turn() != LaneWriter.Turn.IDLE) {
      assertThat(said.failures).isEmpty();
    }
  }

  private void submit(NamespaceId namespace, int number) {
    RunId runId = new RunId("run-" + number);
    Lane lane = Lane.of(namespace, runId, 16);
    mailbox.offer(
        new Command.Delivery(
            lane,
            said.readers.get(lane),
            "life",
            ++sequence,
            Json.write(
                Messages.submit("op-" + sequence, namespace, runId, Messages.chain(runId, 1)))));
    drive();
  }

  private void claim(NamespaceId namespace, String id) {
    mailbox.offer(new Command.ClaimAsked(Messages.claim(namespace, id, 1, now + 600_000), id));
  }

  private int batchesUntilAnswered(String id) {
    for (int batches = 1; batches <= MANY; batches++) {
      now += LaneWriter.Pace.DEFAULT.sweepEveryMs();
      writer.turn();
      if (said.claims.containsKey(id)) {
        return batches;
      }
    }
    throw new AssertionError("not answered within " + MANY + " batches");
  }

  @Test
  void aCalmNamespaceIsGrantedWithinOneRoundOfTheBusyOnes() {
    for (int i = 0; i < MANY; i++) {
      for (NamespaceId busy : BUSY) {
        submit(busy, i);
      }
    }
    for (int i = 0; i < MANY; i++) {
      for (NamespaceId busy : BUSY) {
        claim(busy, busy + "-" + i);
      }
    }
    drive();
    for (int i = 0; i < 5; i++) {
      submit(CALM, i);
      claim(CALM, "calm-" + i);

      assertThat(batchesUntilAnswered("calm-" + i)).isLessThanOrEqualTo(BUSY.size() + 1);
    }
    assertThat(said.claims.keySet()).anyMatch(id -> id.startsWith("a-busy"));
    assertThat(said.claims.keySet()).anyMatch(id -> id.startsWith("z-busy"));
  }
}
