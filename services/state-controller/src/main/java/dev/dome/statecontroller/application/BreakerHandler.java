package dev.dome.statecontroller.application;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.Context;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Tells the open runs of a lane what became of the breakers that guard their tasks, for one batch.
 * They are told in pages, so that a change that touches many runs keeps nobody waiting; whoever is
 * not told yet is told before a task of it is granted.
 */
final class BreakerHandler {
  /** Runs told of one breaker in one batch, besides those the batch touches anyway. */
  private static final int PAGE = 200;

  private final Breakers known;
  private final Ledger ledger;
  private final Store.Transaction transaction;
  private final long nowMs;
  private final BiConsumer<RunUid, RuntimeException> failures;
  private final Breakers changed = new Breakers();

  BreakerHandler(
      Breakers known,
      Ledger ledger,
      Store.Transaction transaction,
      long nowMs,
      BiConsumer<RunUid, RuntimeException> failures) {
    this.known = known;
    this.ledger = ledger;
    this.transaction = transaction;
    this.nowMs = nowMs;
    this.failures = failures;
  }

  /** Heeds a change, unless the lane was told of it or of a later one before. */
  void changed(Lane lane, NamespaceId namespace, BreakerSnapshot breaker) {
    Store.LaneBreaker last = get(lane, namespace, breaker.key());
    if (last == null || last.breaker().version() < breaker.version()) {
      changed.put(new Store.LaneBreaker(lane, namespace, breaker, ""));
    }
  }

  private Store.LaneBreaker get(Lane lane, NamespaceId namespace, BreakerKey key) {
    Store.LaneBreaker here = changed.get(lane, namespace, key);
    return here != null ? here : known.get(lane, namespace, key);
  }

  /** What a submission must know: the namespace's breakers that are not closed, null when none. */
  List<BreakerSnapshot> notClosed(Lane lane, NamespaceId namespace) {
    if (known.isEmpty() && changed.isEmpty()) {
      return null;
    }
    List<BreakerSnapshot> breakers = new ArrayList<>(changed.notClosed(lane, namespace));
    known.notClosed(lane, namespace).stream()
        .filter(breaker -> changed.get(lane, namespace, breaker.key()) == null)
        .forEach(breakers::add);
    breakers.sort(Comparator.comparing(BreakerSnapshot::key));
    return breakers.isEmpty() ? null : List.copyOf(breakers);
  }

  /** Tells the next page of runs of every breaker that not all have been told of. */
  void tell() {
    List<Store.LaneBreaker> news = List.copyOf(changed.all());
    for (Store.LaneBreaker breaker : news) {
      ledger.touched(breaker.lane()).forEach(runUid -> tell(runUid, breaker));
      page(breaker);
    }
    for (Store.LaneBreaker breaker : known.untold()) {
      if (changed.get(breaker.lane(), breaker.namespace(), breaker.breaker().key()) == null) {
        page(breaker);
      }
    }
  }

  private void page(Store.LaneBreaker breaker) {
    List<RunUid> page = transaction.guarded(breaker, PAGE);
    Set<RunUid> missing = new HashSet<>(page);
    missing.removeIf(ledger::has);
    if (!missing.isEmpty()) {
      transaction.runs(missing).forEach(ledger::loaded);
    }
    page.forEach(runUid -> tell(runUid, breaker));
    String toldUpTo = page.size() < PAGE ? null : page.getLast().value();
    changed.put(
        new Store.LaneBreaker(breaker.lane(), breaker.namespace(), breaker.breaker(), toldUpTo));
  }

  private void tell(RunUid runUid, Store.LaneBreaker breaker) {
    try {
      RunHead head = ledger.head(runUid);
      if (head != null && head.state().namespace().equals(breaker.namespace())) {
        tell(head, breaker);
      }
    } catch (RuntimeException e) {
      failures.accept(runUid, e);
    }
  }

  private void tell(RunHead head, Store.LaneBreaker breaker) {
    RunState run = head.state();
    BreakerSnapshot news = breaker.breaker();
    Context context =
        new Context(
            Math.max(nowMs, run.changedAtMs()),
            LeaseHandler.SYSTEM,
            Traces.of(null, run.runUid() + ":" + news.key() + ":" + news.version()),
            null);
    ledger.apply(head, run.lane(), new Input.BreakerChanged(news), context);
  }

  /** The run once it knows the newest of the breakers that guard a task of it. */
  RunHead informed(RunHead head, TaskState task) {
    if (known.isEmpty() && changed.isEmpty()) {
      return head;
    }
    RunState run = head.state();
    for (BreakerKey key : task.plan().guards()) {
      Store.LaneBreaker latest = get(run.lane(), run.namespace(), key);
      if (latest != null && isNews(ledger.head(run.runUid()).state(), latest.breaker())) {
        tell(ledger.head(run.runUid()), latest);
      }
    }
    return ledger.head(run.runUid());
  }

  private static boolean isNews(RunState run, BreakerSnapshot latest) {
    Optional<BreakerSnapshot> met = run.breaker(latest.key());
    return met.isPresent()
        ? met.get().version() < latest.version()
        : latest.phase() != BreakerPhase.CLOSED;
  }

  /** The rows to write. */
  List<Store.LaneBreaker> rows() {
    return List.copyOf(changed.all());
  }
}
