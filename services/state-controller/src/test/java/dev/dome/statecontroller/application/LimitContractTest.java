package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunUid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store promises about limits. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class LimitContractTest extends StoreContract {
  private final LimitKey database = new LimitKey(namespace, "key:database");
  private final LimitKey disk = new LimitKey(namespace, "key:disk");
  private final AtomicLong attempts = new AtomicLong();

  LimitContractTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private AttemptId attempt() {
    return AttemptId.derive(
        lane, RunUid.derive(namespace, runId, "s-1"), attempts.incrementAndGet());
  }

  private Store.Taken taken(LimitKey limit, AttemptId... ended) {
    try (Store.Transaction transaction = begin()) {
      return transaction.usage(Set.of(limit), Set.of(ended)).taken().get(limit);
    }
  }

  private static Changes changes(Draft draft, Collection<AttemptId> ended) {
    Changes made = draft.changes();
    return new Changes(
        made.journal(),
        made.runs(),
        made.tasks(),
        made.granted(),
        made.renewed(),
        ended.stream().map(attempt -> new Changes.EndedLease(attempt, 1)).toList(),
        made.permits(),
        made.rates(),
        made.answers(),
        made.operations(),
        made.lateReports(),
        made.poison(),
        made.lanes(),
        made.breakers(),
        made.rewinds());
  }

  private void hold(LimitKey limit, int slot, AttemptId attempt, AttemptId... ended) {
    Draft draft = draft();
    draft.permits.add(new Store.Permit(limit, slot, attempt));
    try (Store.Transaction transaction = begin()) {
      transaction.commit(changes(draft, List.of(ended)));
    }
  }

  @Test
  void aSlotIsTakenOnceInEachNamespace() {
    LimitKey other = new LimitKey(new NamespaceId("other-" + namespace), database.key());
    hold(database, 0, attempt());
    hold(database, 2, attempt());

    assertThat(taken(database).slots()).containsExactlyInAnyOrder(0, 2);
    assertThat(taken(disk).slots()).isEmpty();
    assertThat(taken(other).slots()).isEmpty();
    Draft draft = draft();
    draft.permits.add(new Store.Permit(database, 2, attempt()));
    assertThat(refusal(draft)).isEqualTo(StoreException.Kind.CONFLICT);
  }

  @Test
  void aSlotIsGivenBackByTheCommitThatEndsItsAttemptAndMayBeTakenByIt() {
    AttemptId first = attempt();
    AttemptId second = attempt();
    hold(database, 0, first);

    assertThat(taken(database, first).slots()).isEmpty();
    assertThat(taken(database).slots()).as("nothing was committed").containsExactly(0);
    hold(database, 0, second, first);
    assertThat(taken(database).slots()).containsExactly(0);
    assertThat(taken(database, first).slots()).containsExactly(0);
    assertThat(taken(database, second).slots()).isEmpty();
  }

  @Test
  void aRateRemembersItsNextTime() {
    LimitKey rate = new LimitKey(namespace, "rate:api");
    assertThat(taken(rate).tatUs()).isZero();
    for (long tatUs : List.of(5L, 9L)) {
      Draft draft = draft();
      draft.rates.add(new Store.RateUse(rate, tatUs));
      commit(draft);
      assertThat(taken(rate).tatUs()).isEqualTo(tatUs);
    }
  }

  @Test
  void limitsAreFoundWhenTheyAreOthersThanTheKnownOnes() {
    TaskLimit limit = new TaskLimit(namespace, new LimitName("queue:gpu"), 3, new Rate(10, 60, 2));
    TaskLimit slots = new TaskLimit(namespace, new LimitName("key:database"), 2, null);
    subject.limit(List.of(limit, slots));

    Store.KnownLimits known = known(Store.KnownLimits.NONE);

    assertThat(known.limits())
        .filteredOn(l -> l.namespace().equals(namespace))
        .containsExactlyInAnyOrder(limit, slots);
    assertThat(known(known.version())).isNull();
    assertThat(find(wanted -> {}).limits()).isNull();
  }

  private Store.KnownLimits known(long version) {
    Store.Wanted asked = wanted(wanted -> {});
    try (Store.Transaction transaction =
        subject
            .store()
            .begin(
                epochs(),
                new Store.Wanted(
                    now,
                    asked.opening(),
                    asked.answers(),
                    asked.operations(),
                    asked.runs(),
                    asked.attempts(),
                    asked.claims(),
                    asked.sweep(),
                    version))) {
      return transaction.found().limits();
    }
  }

  /** Two owners of lanes that want the same limits in other orders, again and again. */
  @Test
  void ownersThatRaceNeverHoldMoreThanThereIsAndNeverWaitForEachOther() throws Exception {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger grants = new AtomicInteger();
    List<Long> grantedAtUs = Collections.synchronizedList(new ArrayList<>());
    Rate rate = new Rate(500, 1, 1);
    try (ExecutorService owners = Executors.newFixedThreadPool(contenders())) {
      List<Future<?>> racing = new ArrayList<>();
      for (int owner = 0; owner < contenders(); owner++) {
        racing.add(
            owners.submit(() -> {
              for (int i = 0; i < 100; i++) {
                race(rate, holders, grants, grantedAtUs);
              }
            }));
      }
      for (Future<?> future : racing) {
        future.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(grants.get()).isPositive();
    assertThat(taken(database).slots()).isEmpty();
    List<Long> inOrder = grantedAtUs.stream().sorted().toList();
    for (int i = 1; i < inOrder.size(); i++) {
      assertThat(inOrder.get(i) - inOrder.get(i - 1)).isGreaterThanOrEqualTo(rate.intervalUs());
    }
  }

  /** The store in memory is for one thread. */
  private int contenders() {
    return subject instanceof StoreUnderTest.Memory ? 1 : 3;
  }

  private void race(
      Rate rate, AtomicInteger holders, AtomicInteger grants, List<Long> grantedAtUs) {
    LimitKey pace = new LimitKey(namespace, "rate:race");
    List<Limits.Need> needs =
        List.of(
            new Limits.Need(database, 2, null),
            new Limits.Need(disk, 2, null),
            new Limits.Need(pace, null, rate));
    AttemptId attempt = attempt();
    Draft draft = draft();
    try (Store.Transaction transaction = begin()) {
      Store.Usage usage = transaction.usage(Set.of(disk, pace, database), Set.of());
      LimitBook book = new LimitBook(usage);
      if (!(book.judge(needs) instanceof LimitBook.Verdict.Free)) {
        return;
      }
      book.take(needs, attempt);
      draft.permits.addAll(book.permits());
      draft.rates.addAll(book.rates());
      transaction.commit(changes(draft, List.of()));
      grantedAtUs.add(usage.nowUs());
    }
    assertThat(holders.incrementAndGet()).isLessThanOrEqualTo(2);
    grants.incrementAndGet();
    holders.decrementAndGet();
    try (Store.Transaction transaction = begin()) {
      transaction.commit(changes(draft(), List.of(attempt)));
    }
  }

  @Test
  void aLaneThatIsNotHeldTakesNoSlot() {
    Draft draft = draft();
    draft.permits.add(new Store.Permit(database, 0, attempt()));
    var none = epochs();
    none.replaceAll((owned, epoch) -> epoch - 1);
    try (Store.Transaction transaction = subject.store().begin(none, wanted(wanted -> {}))) {
      assertThat(
              catchThrowableOfType(StoreException.class, () -> transaction.commit(draft.changes()))
                  .kind())
          .isEqualTo(StoreException.Kind.REFUSED);
    }
  }
}
