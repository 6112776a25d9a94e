package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.RunId;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store promises about leases. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class LeaseContractTest extends StoreContract {
  LeaseContractTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private String claimId(int number) {
    return "claim-" + number + "-" + namespace;
  }

  /** The attempt of a run with one task, granted to a claim. */
  private AttemptId granted(String run, String claimId) {
    Draft draft = draft();
    TaskState task = draft.claim(draft.submit(namespace, new RunId(run), 1, "s-1"), claimId);
    commit(draft);
    return task.attemptId();
  }

  private Store.Lease lease(AttemptId attempt) {
    return find(wanted -> wanted.attempts().add(attempt)).attempts().get(attempt);
  }

  private void renew(AttemptId attempt, long expiresAtMs) {
    Draft draft = draft();
    draft.renewed.add(new Changes.Renewal(attempt, expiresAtMs, "{\"percent\":50}"));
    commit(draft);
  }

  private void cancel(RunId run) {
    Draft draft = draft();
    draft.steer(named(run), new Input.CancelRun(Draft.BY_OPERATOR, "enough"));
    commit(draft);
  }

  private RunState named(RunId run) {
    return cache.get(cache.named(new Store.RunName(namespace, run))).state();
  }

  private List<AttemptId> expired() {
    return find(wanted -> wanted.sweep().addAll(lanes.keySet())).expired().stream()
        .filter(lease -> lease.namespace().equals(namespace))
        .map(Store.Lease::attemptId)
        .toList();
  }

  @Test
  void aGrantIsFoundByItsAttemptAndThoseOfAClaimInTheirOrder() {
    Draft draft = draft();
    AttemptId first =
        draft.claim(draft.submit(namespace, new RunId("run-a"), 1, "s"), claimId(1)).attemptId();
    AttemptId second =
        draft.claim(draft.submit(namespace, new RunId("run-b"), 1, "s"), claimId(1)).attemptId();
    commit(draft);
    Store.ClaimName claim = new Store.ClaimName(namespace, claimId(1));
    Store.ClaimName absent = new Store.ClaimName(namespace, claimId(2));

    Store.Found found =
        find(wanted -> {
          wanted.attempts().add(second);
          wanted.claims().addAll(Set.of(claim, absent));
        });

    assertThat(found.attempts()).containsOnlyKeys(second);
    assertThat(found.claims()).containsOnlyKeys(claim);
    assertThat(found.claims().get(claim))
        .extracting(Store.Lease::attemptId)
        .containsExactly(first, second);
    assertThat(found.attempts().get(second))
        .returns(now + TERM_MS, Store.Lease::expiresAtMs)
        .returns(TERM_MS, Store.Lease::termMs)
        .returns(1L, Store.Lease::version)
        .returns(1, Store.Lease::ordinal)
        .returns(false, Store.Lease::ended);
  }

  @Test
  void aClaimIsGrantedOnceByWhicheverReplica() {
    granted("run-a", claimId(1));
    Draft again = draft();
    again.claim(again.submit(namespace, new RunId("run-b"), 1, "s-1"), claimId(1));

    assertThat(refusal(again)).isEqualTo(StoreException.Kind.CONFLICT);
  }

  @Test
  void aRenewalRaisesTheVersionAndSetsTheTime() {
    AttemptId attempt = granted("run-a", claimId(1));

    renew(attempt, now + 70_000);

    assertThat(lease(attempt))
        .returns(2L, Store.Lease::version)
        .returns(now + 70_000, Store.Lease::expiresAtMs);
  }

  @Test
  void anEndedLeaseStaysButIsNeitherRenewedNorExpired() {
    AttemptId attempt = granted("run-a", claimId(1));
    cancel(new RunId("run-a"));
    renew(attempt, now + 1);
    now += 10 * TERM_MS;

    assertThat(expired()).isEmpty();
    assertThat(lease(attempt)).returns(true, Store.Lease::ended).returns(1L, Store.Lease::version);
  }

  @Test
  void leasesThatAreOverComeOldestFirstAndOnlyOfSweptLanes() {
    AttemptId later = granted("run-a", claimId(1));
    AttemptId sooner = granted("run-b", claimId(2));
    AttemptId live = granted("run-c", claimId(3));
    renew(later, now + 20);
    renew(sooner, now + 10);
    renew(live, now + 21);
    now += 20;

    assertThat(expired()).containsExactly(sooner, later);
    assertThat(find(wanted -> {}).expired()).isEmpty();
  }

  @Test
  void openingALaneGivesItsLiveLeasesATermAndNeverTakesTimeAway() {
    AttemptId overdue = granted("run-a", claimId(1));
    AttemptId longer = granted("run-b", claimId(2));
    AttemptId ended = granted("run-c", claimId(3));
    long far = now + 100 * TERM_MS;
    renew(longer, far);
    cancel(new RunId("run-c"));
    now += 2 * TERM_MS;

    try (Store.Transaction transaction = begin(wanted -> wanted.opening().addAll(lanes.keySet()))) {
      transaction.commit(draft().changes());
    }

    assertThat(lease(overdue))
        .returns(now + TERM_MS, Store.Lease::expiresAtMs)
        .returns(2L, Store.Lease::version);
    assertThat(lease(longer)).returns(far, Store.Lease::expiresAtMs);
    assertThat(lease(ended)).returns(1L, Store.Lease::version);
  }

  @Test
  void anOpeningThatIsNotCommittedGivesNoTerm() {
    AttemptId overdue = granted("run-a", claimId(1));
    now += 2 * TERM_MS;
    find(wanted -> wanted.opening().addAll(lanes.keySet()));

    assertThat(expired()).containsExactly(overdue);
  }
}
