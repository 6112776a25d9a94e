package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.RunState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;

/** One owner of every lane of a store under test, in a namespace of its own. */
abstract class StoreContract {
  static final long TERM_MS = TestPolicies.standard().lease().termMs();

  final NamespaceId namespace =
      new NamespaceId("ns-" + UUID.randomUUID().toString().substring(0, 8));
  final RunId runId = new RunId("run-1");
  final Lane lane = Lane.of(namespace, runId, 16);
  final StoreUnderTest subject;
  final Map<Lane, LaneState> lanes = new TreeMap<>();
  final RunCache cache = new RunCache(10_000);
  long now = 1_800_000_000_000L;

  StoreContract(StoreUnderTest.Kind kind) {
    this.subject = kind.subject();
  }

  @BeforeEach
  void own() {
    lanes.clear();
    takeEveryLane().forEach((owned, epoch) -> lanes.put(owned, new LaneState(owned, epoch)));
    find(wanted -> wanted.opening().addAll(lanes.keySet()))
        .opened()
        .forEach((owned, opened) -> {
          lanes.get(owned).position = opened.position();
          lanes.get(owned).cursor = opened.cursor();
        });
  }

  /** A transaction that was closed lets go of its lanes soon, not at once. */
  Map<Lane, Long> takeEveryLane() {
    return await().until(subject::takeOver, taken -> taken.size() == 16);
  }

  Map<Lane, Long> epochs() {
    Map<Lane, Long> epochs = new TreeMap<>();
    lanes.forEach((owned, state) -> epochs.put(owned, state.epoch));
    return epochs;
  }

  Store.Wanted wanted(Consumer<Store.Wanted> asks) {
    Store.Wanted wanted =
        new Store.Wanted(
            now,
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            null);
    asks.accept(wanted);
    return wanted;
  }

  Store.Transaction begin() {
    return begin(wanted -> {});
  }

  Store.Transaction begin(Consumer<Store.Wanted> asks) {
    return subject.store().begin(epochs(), wanted(asks));
  }

  /** What a transaction that changes nothing finds. */
  Store.Found find(Consumer<Store.Wanted> asks) {
    try (Store.Transaction transaction = begin(asks)) {
      return transaction.found();
    }
  }

  List<Store.StoredRun> load(Set<RunUid> runUids) {
    try (Store.Transaction transaction = begin()) {
      return transaction.runs(runUids);
    }
  }

  Draft draft() {
    return new Draft(lanes, cache, now);
  }

  void commit(Draft draft) {
    try (Store.Transaction transaction = begin()) {
      transaction.commit(draft.changes());
    }
    draft.settle(cache);
  }

  /** Why the store did not commit it. */
  StoreException.Kind refusal(Draft draft) {
    try (Store.Transaction transaction = begin()) {
      return catchThrowableOfType(StoreException.class, () -> transaction.commit(draft.changes()))
          .kind();
    }
  }

  RunState submitted(int tasks) {
    Draft draft = draft();
    RunState run = draft.submit(namespace, runId, tasks, "s-1");
    commit(draft);
    return run;
  }

  /** The run as its stored events make it. */
  RunState folded(RunUid runUid) {
    return RunHead.of(load(Set.of(runUid)).getFirst()).state();
  }
}
