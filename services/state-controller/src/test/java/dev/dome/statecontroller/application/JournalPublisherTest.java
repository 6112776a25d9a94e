package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.kernel.JournalRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What goes out when the writer hands over only some of what it committed. */
class JournalPublisherTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("outbox");
  private static final RunId RUN = new RunId("run-1");

  private final Lane lane = Lane.of(NAMESPACE, RUN, 16);
  private final MemoryStore store = new MemoryStore(16);
  private final SimulatedStream stream =
      new SimulatedStream(new Faults(), new Violations(), PlantedBug.NONE);
  private final JournalPublisher publisher = new JournalPublisher(store, stream);

  private List<JournalRow> committed() {
    Map<Lane, Long> epochs = store.takeOver();
    Map<Lane, LaneState> lanes = new TreeMap<>();
    epochs.forEach((owned, epoch) -> lanes.put(owned, new LaneState(owned, epoch)));
    Draft draft = new Draft(lanes, new RunCache(100), 1_800_000_000_000L);
    draft.submit(NAMESPACE, RUN, 2, "s-1");
    try (Store.Transaction transaction =
        store.begin(
            epochs,
            new Store.Wanted(
                0, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), null))) {
      transaction.commit(draft.changes());
    }
    return store.after(lane, 0, 100);
  }

  @Test
  void rowsOfACommitWhoseAnswerWasLostGoOutFromTheTableInTheirPlace() {
    publisher.open(lane, 1);
    publisher.round();
    List<JournalRow> rows = committed();
    assertThat(rows).hasSizeGreaterThan(2);
    publisher.committed(lane, rows.subList(0, 1));
    publisher.committed(lane, rows.subList(2, rows.size()));

    publisher.round();
    publisher.round();

    assertThat(stream.of(lane)).isEqualTo(rows);
  }

  @Test
  void rowsWaitForTheNextRound() throws InterruptedException {
    publisher.open(lane, 1);
    publisher.round();
    publisher.await(0);
    List<JournalRow> rows = committed();
    publisher.committed(lane, rows);

    assertThat(publisher.await(0)).isFalse();
    publisher.hurry();
    assertThat(stream.of(lane)).isEmpty();

    publisher.round();
    assertThat(stream.of(lane)).isEqualTo(rows);
  }

  @Test
  void aRetryDoesNotWaitForTheNextRound() throws InterruptedException {
    publisher.open(lane, 1);
    publisher.round();
    publisher.await(0);
    List<JournalRow> rows = withRetry(committed());
    publisher.committed(lane, rows);

    assertThat(publisher.await(0)).isTrue();
    publisher.hurry();
    assertThat(stream.of(lane)).isEqualTo(rows);
  }

  /** The last of them tells of a retry. */
  private static List<JournalRow> withRetry(List<JournalRow> rows) {
    JournalRow last = rows.getLast();
    EventEnvelope envelope = last.envelope();
    EventEnvelope retry =
        new EventEnvelope(
            envelope.schemaVersion(),
            envelope.sequence(),
            envelope.eventId(),
            envelope.ts(),
            "task.retry.scheduled",
            envelope.runId(),
            envelope.payload());
    List<JournalRow> changed = new ArrayList<>(rows.subList(0, rows.size() - 1));
    changed.add(
        new JournalRow(
            last.runUid(),
            last.namespace(),
            last.lane(),
            last.lanePosition(),
            last.kind(),
            retry,
            last.prevHash(),
            last.hash()));
    return changed;
  }

  @Test
  void aStreamThatWasMadeAnewGetsTheWholeJournal() {
    publisher.open(lane, 1);
    List<JournalRow> rows = committed();
    publisher.round();
    publisher.round();
    publisher.record();
    stream.recreate();

    publisher.checkIncarnation();
    publisher.round();

    assertThat(stream.of(lane)).isEqualTo(rows);
  }

  @Test
  void aLaneThatIsOpenedFirstDoesNotHideThatTheStreamWasMadeAnew() {
    publisher.open(lane, 1);
    List<JournalRow> rows = committed();
    publisher.round();
    publisher.round();
    publisher.record();
    stream.recreate();

    publisher.open(new Lane((lane.number() + 1) % 16), 1);
    publisher.round();
    publisher.checkIncarnation();
    publisher.round();
    publisher.round();

    assertThat(stream.of(lane)).isEqualTo(rows);
  }

  private void setBack(long after) {
    Map<Lane, Long> epochs = store.takeOver();
    Draft draft = new Draft(new TreeMap<>(), new RunCache(100), 1_800_000_000_000L);
    draft.rewinds.add(new Changes.Rewind(lane, after));
    try (Store.Transaction transaction =
        store.begin(
            epochs,
            new Store.Wanted(
                0, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), null))) {
      transaction.commit(draft.changes());
    }
  }

  /** Everything that was appended, repeats included. */
  private static final class Appends implements JournalStream {
    private final List<JournalRow> rows = new ArrayList<>();

    @Override
    public CompletableFuture<Boolean> append(Lane lane, List<JournalRow> appended) {
      rows.addAll(appended);
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public String incarnation() {
      return "journal";
    }
  }

  @Test
  void aLaneThatIsSetBackIsPublishedAgainFromThereOn() {
    Appends appends = new Appends();
    JournalPublisher owner = new JournalPublisher(store, appends);
    owner.open(lane, 1);
    List<JournalRow> rows = committed();
    owner.round();
    owner.round();
    owner.record();

    setBack(2);
    owner.rewound(lane);
    owner.round();
    owner.round();
    owner.record();

    List<JournalRow> twice = new ArrayList<>(rows);
    twice.addAll(rows.subList(2, rows.size()));
    assertThat(appends.rows).isEqualTo(twice);
    assertThat(store.published(Set.of(lane)).get(lane).position()).isEqualTo(rows.size());
  }

  @Test
  void aPublisherThatHasNotHeardOfItDoesNotUndoThatALaneIsSetBack() {
    Appends appends = new Appends();
    JournalPublisher stopped = new JournalPublisher(store, appends);
    stopped.open(lane, 1);
    List<JournalRow> rows = committed();
    stopped.round();
    setBack(0);
    stopped.round();

    stopped.record();

    assertThat(store.published(Set.of(lane)).get(lane).position()).isZero();
    JournalPublisher next = new JournalPublisher(store, appends);
    next.open(lane, 2);
    next.round();
    assertThat(appends.rows).hasSize(2 * rows.size());
  }
}
