package dev.dome.provenance.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.JournalRow;
import dev.dome.provenance.GoldenLane;
import dev.dome.verification.Finding;
import dev.dome.verification.VerifiedLedger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which ledgers need not be read again, and which must be. */
class FollowedLedgersTest {
  private static final long ENOUGH = 4_000_000;

  private final List<PublishedRow> approved = rows("approve");
  private final List<PublishedRow> retried = rows("task-deadline");
  private final Semaphore told = new Semaphore(0);
  private FollowedLedgers ledgers = following(ENOUGH);

  private static List<PublishedRow> rows(String history) {
    return GoldenLane.of(history).rows().stream().map(FollowedLedgersTest::published).toList();
  }

  private static PublishedRow published(JournalRow row) {
    return Json.read(Json.write(row), PublishedRow.class);
  }

  private FollowedLedgers following(long maxChars) {
    FollowedLedgers made = new FollowedLedgers(maxChars);
    made.start(told::release);
    return made;
  }

  @AfterEach
  void close() {
    ledgers.close();
  }

  private void follow(List<PublishedRow> rows) {
    ledgers.follow(rows);
  }

  /** Follows rows with which a run ends, and waits until that is told. */
  private void followToTheEnd(List<PublishedRow> rows) throws InterruptedException {
    follow(rows);
    assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).as("told that a run ended").isTrue();
  }

  private Optional<VerifiedLedger> taken(List<PublishedRow> rows) {
    return ledgers.take(CompletedRun.among(rows).getFirst());
  }

  @Test
  void aRunThatWasSeenWholeIsVerifiedWhenItEnds() throws Exception {
    follow(approved.subList(0, 5));
    followToTheEnd(approved.subList(5, approved.size()));

    Finding.Match match = (Finding.Match) taken(approved).orElseThrow().finding();
    assertThat(match.headHash()).isEqualTo(approved.getLast().hash());
    assertThat(match.complete()).isTrue();
    assertThat(taken(approved)).as("taken once").isEmpty();
  }

  @Test
  void aRunThatWasNotSeenFromItsFirstRowIsReadAgain() throws Exception {
    followToTheEnd(approved.subList(1, approved.size()));

    assertThat(taken(approved)).isEmpty();
  }

  @Test
  void aRunWithARowMissingIsReadAgainAndDisturbsNone() throws Exception {
    follow(retried);
    follow(approved.subList(0, 4));
    followToTheEnd(approved.subList(5, approved.size()));

    assertThat(taken(approved)).isEmpty();
    assertThat(taken(retried)).isPresent();
  }

  @Test
  void aRunWhoseRowsAreNotWhatItsInputsMakeIsReadAgain() throws Exception {
    List<PublishedRow> forged =
        GoldenLane.forged(GoldenLane.of("approve").rows()).stream()
            .map(FollowedLedgersTest::published)
            .toList();
    followToTheEnd(forged);

    assertThat(taken(forged)).isEmpty();
  }

  @Test
  void aLedgerThatEndsOtherwiseThanWasToldIsReadAgain() throws Exception {
    followToTheEnd(approved);
    CompletedRun seen = CompletedRun.among(approved).getFirst();

    assertThat(
            ledgers.take(
                new CompletedRun(
                    seen.runUid(),
                    seen.namespace(),
                    seen.runId(),
                    seen.sequence(),
                    "f".repeat(64),
                    seen.completedAtMs())))
        .isEmpty();
  }

  @Test
  void whatDoesNotFitIsReadAgainAndStillToldOf() throws Exception {
    ledgers.close();
    ledgers = following(1_000);

    followToTheEnd(approved);

    assertThat(taken(approved)).isEmpty();
  }

  @Test
  void theOldestOpenRunMakesRoomForOthers() throws Exception {
    List<List<PublishedRow>> others =
        Stream.of("approve", "reject", "redrive", "retry-and-dead-letter", "expire")
            .map(FollowedLedgersTest::rows)
            .toList();
    long chars = others.stream().flatMap(List::stream).mapToLong(FollowedLedgers::chars).sum();
    ledgers.close();
    ledgers = following(chars * 11 / 10);
    int before = retried.size() - 2;
    follow(retried.subList(0, before));
    for (List<PublishedRow> other : others) {
      followToTheEnd(other);
    }

    followToTheEnd(retried.subList(before, retried.size()));

    assertThat(taken(retried)).isEmpty();
    assertThat(others).allMatch(other -> taken(other).isPresent());
  }
}
