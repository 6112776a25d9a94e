package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxMessage;
import org.junit.jupiter.api.Test;

/** A commit that is durable although its answer was lost, on a lane that has no other after it. */
class LostCommitTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("quiet");
  private static final RunId RUN = new RunId("run-1");

  private final Faults faults = new Faults();
  private final MemoryStore store = new MemoryStore(16);
  private final FaultyStore faulty = new FaultyStore(store, store, faults);
  private final SimulatedStream stream =
      new SimulatedStream(faults, new Violations(), PlantedBug.NONE);
  private final JournalPublisher publisher = new JournalPublisher(faulty, stream);
  private final Recorder said = new Recorder();
  private final Mailbox mailbox = new Mailbox(100, 1 << 20);
  private final LaneWriter writer =
      new LaneWriter(
          "replica",
          new LaneWriter.Ports(said, faulty, publisher, said, said, () -> 1_800_000_000_000L),
          mailbox,
          TestPolicies::standard,
          said,
          LaneWriter.Pace.DEFAULT);

  @Test
  void itsRowsAreSeenByWhoFollowsTheJournal() {
    Lane lane = Lane.of(NAMESPACE, RUN, 16);
    store.takeOver().forEach((owned, epoch) -> mailbox.offer(new Command.LaneGained(owned, epoch)));
    writer.turn();
    publisher.round();
    InboxMessage message = Messages.submit("op-1", NAMESPACE, RUN, Messages.chain(RUN, 1));
    mailbox.offer(
        new Command.Delivery(lane, said.readers.get(lane), "life-1", 1, Json.write(message)));
    faults.failStoreIn(2, StoreException.Kind.UNKNOWN, true);
    assertThat(writer.turn()).isEqualTo(LaneWriter.Turn.FAILED);
    faults.calm();

    writer.turn();
    publisher.round();

    assertThat(store.after(lane, 0, 100)).isNotEmpty();
    assertThat(stream.of(lane)).isEqualTo(store.after(lane, 0, 100));
  }
}
