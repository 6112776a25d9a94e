package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store promises about lanes: the fence, the cursor, the positions, the journal. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class LaneContractTest extends StoreContract {
  private static final String LIFE = "life-1";

  LaneContractTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private Map<Lane, Long> staleEpochs() {
    Map<Lane, Long> stale = new TreeMap<>(epochs());
    stale.replaceAll((owned, epoch) -> epoch - 1);
    return stale;
  }

  @Test
  void aStaleEpochHoldsNothingAndOpensNothing() {
    Draft draft = draft();
    AttemptId attempt =
        draft.claim(draft.submit(namespace, runId, 1, "s-1"), "claim-" + namespace).attemptId();
    commit(draft);
    now += TERM_MS;
    Store.Wanted all =
        wanted(wanted -> {
          wanted.opening().addAll(lanes.keySet());
          wanted.sweep().addAll(lanes.keySet());
        });

    try (Store.Transaction transaction = subject.store().begin(staleEpochs(), all)) {
      assertThat(transaction.found().held()).isEmpty();
      assertThat(transaction.found().opened()).isEmpty();
      assertThat(transaction.found().expired()).isEmpty();
    }
    assertThat(find(wanted -> wanted.attempts().add(attempt)).attempts().get(attempt).version())
        .isOne();
  }

  @Test
  void aStaleEpochWritesNothing() {
    Draft draft = draft();
    RunState run = draft.submit(namespace, runId, 1, "s-1");
    draft.cursors.put(lane, new InboxCursor(LIFE + namespace, 7));

    StoreException.Kind kind;
    try (Store.Transaction stale = subject.store().begin(staleEpochs(), wanted(wanted -> {}))) {
      kind = kindOf(stale, draft.changes());
    }

    assertThat(kind).isEqualTo(StoreException.Kind.REFUSED);
    assertThat(load(Set.of(run.runUid()))).isEmpty();
    assertThat(opened().cursor()).isEqualTo(lanes.get(lane).cursor);
  }

  @Test
  void everyKindOfRowIsRefusedOutsideTheHeldLanes() {
    RunState run = submitted(2);
    Draft claim = draft();
    TaskState held = claim.claim(run, "claim-" + namespace);
    commit(claim);
    Draft cursor = draft();
    cursor.cursors.put(lane, new InboxCursor(LIFE, 9));
    Draft rows = draft();
    rows.steer(folded(run.runUid()), new Input.CancelRun(Draft.BY_OPERATOR, "enough"));
    Draft renewal = draft();
    renewal.renewed.add(new Changes.Renewal(held.attemptId(), now + 1, null));
    Draft poison = draft();
    poison.poison.add(
        new Changes.PoisonRow(lane, "l-" + namespace, 1, "INTERNAL.POISON", "c", "m", now));
    Draft rewind = draft();
    rewind.rewinds.add(new Changes.Rewind(lane, 0));
    Map<Lane, Long> others = new TreeMap<>(epochs());
    others.remove(lane);

    for (Draft draft : List.of(cursor, rows, renewal, poison, rewind)) {
      try (Store.Transaction other = subject.store().begin(others, wanted(wanted -> {}))) {
        assertThat(kindOf(other, draft.changes())).isEqualTo(StoreException.Kind.REFUSED);
      }
    }
    assertThat(folded(run.runUid()).sequence()).isEqualTo(cacheSequence(run));
    assertThat(subject.poison("l-" + namespace)).isZero();
  }

  private long cacheSequence(RunState run) {
    return cache.get(run.runUid()).state().sequence();
  }

  private static StoreException.Kind kindOf(Store.Transaction transaction, Changes changes) {
    try {
      transaction.commit(changes);
    } catch (StoreException e) {
      return e.kind();
    }
    throw new AssertionError("the store took what it had to refuse");
  }

  @Test
  void nobodyTakesALaneOverWhileATransactionHoldsIt() {
    try (Store.Transaction transaction = begin()) {
      assertThat(transaction.found().held()).hasSize(16);
      assertThat(subject.takeOver()).isEmpty();
    }
    assertThat(takeEveryLane()).hasSize(16);
  }

  @Test
  void aNewOwnerFindsTheCursorAndThePositionOfTheLastCommit() {
    Draft draft = draft();
    draft.submit(namespace, runId, 1, "s-1");
    draft.cursors.put(lane, new InboxCursor(LIFE, 41));
    long before = lanes.get(lane).position;
    commit(draft);

    own();

    assertThat(lanes.get(lane).cursor).isEqualTo(new InboxCursor(LIFE, 41));
    assertThat(lanes.get(lane).position).isGreaterThan(before);
  }

  @Test
  void whatIsNotCommittedWasNeverThere() {
    Draft draft = draft();
    RunState run = draft.submit(namespace, runId, 1, "s-1");
    try (Store.Transaction transaction = begin()) {
      assertThat(transaction.runs(Set.of(run.runUid()))).isEmpty();
    }

    assertThat(load(Set.of(run.runUid()))).isEmpty();
    assertThat(opened().position()).isEqualTo(lanes.get(lane).position);
  }

  @Test
  void aSequenceAndAPositionAreWrittenOnce() {
    Draft first = draft();
    first.submit(namespace, runId, 1, "s-1");
    Draft sameSequence = draft();
    sameSequence.submit(namespace, runId, 1, "s-1");
    Draft samePosition = draft();
    samePosition.submit(namespace, sibling(), 1, "s-1");
    commit(first);

    assertThat(refusal(sameSequence)).isEqualTo(StoreException.Kind.CONFLICT);
    assertThat(refusal(samePosition)).isEqualTo(StoreException.Kind.CONFLICT);
  }

  /** Another run of the same lane. */
  private RunId sibling() {
    return LongStream.iterate(2, i -> i + 1)
        .mapToObj(i -> new RunId("run-" + i))
        .filter(other -> Lane.of(namespace, other, 16).equals(lane))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRunIdBelongsToTheFirstRunThatHasIt() {
    submitted(1);
    Draft other = draft();
    RunState second = other.submit(namespace, runId, 1, "s-2");

    assertThat(refusal(other)).isEqualTo(StoreException.Kind.CONFLICT);
    assertThat(load(Set.of(second.runUid()))).isEmpty();
  }

  @Test
  void theJournalIsReadInOrderAfterAPositionAndItsHashesHold() {
    long before = lanes.get(lane).position;
    submitted(2);
    long last = lanes.get(lane).position;

    List<JournalRow> rows = subject.table().after(lane, before, 1_000);

    assertThat(rows)
        .extracting(JournalRow::lanePosition)
        .containsExactlyElementsOf(LongStream.rangeClosed(before + 1, last).boxed().toList());
    assertThat(rows).allMatch(JournalRow::hashHolds);
    assertThat(subject.table().after(lane, before, 1)).containsExactly(rows.getFirst());
    assertThat(subject.table().after(lane, last, 1_000)).isEmpty();
  }

  private JournalTable.Published published() {
    return subject.table().published(List.of(lane)).get(lane);
  }

  private void record(String life, long position, long rewind) {
    subject.table().record(Map.of(lane, new JournalTable.Published(life, position, rewind)));
  }

  @Test
  void publicationNeverFallsBackWithinOneLifeOfTheStreamAndStartsAnewInTheNext() {
    String life = "a-" + namespace;
    long rewind = published().rewind();
    record(life, 20, rewind);
    record(life, 10, rewind);
    assertThat(published()).isEqualTo(new JournalTable.Published(life, 20, rewind));

    record("b-" + namespace, 3, rewind);

    assertThat(published()).isEqualTo(new JournalTable.Published("b-" + namespace, 3, rewind));
  }

  @Test
  void aLaneThatIsSetBackIsPublishedAgainAndProgressOfBeforeIsDropped() {
    String life = "c-" + namespace;
    long rewind = published().rewind();
    record(life, 20, rewind);
    Draft draft = draft();
    draft.rewinds.add(new Changes.Rewind(lane, 5));
    commit(draft);
    assertThat(published()).isEqualTo(new JournalTable.Published(life, 5, rewind + 1));

    record(life, 21, rewind);
    assertThat(published().position()).isEqualTo(5);
    record(life, 9, rewind + 1);
    assertThat(published().position()).isEqualTo(9);
    Draft later = draft();
    later.rewinds.add(new Changes.Rewind(lane, 15));
    commit(later);
    assertThat(published()).isEqualTo(new JournalTable.Published(life, 9, rewind + 2));
  }

  private Store.OpenedLane opened() {
    return find(wanted -> wanted.opening().add(lane)).opened().get(lane);
  }
}
