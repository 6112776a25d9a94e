package dev.dome.provenance.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.kernel.JournalRow;
import dev.dome.provenance.GoldenLane;
import dev.dome.verification.Finding;
import dev.dome.verification.VerifiedLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which ledgers need not be read again, and which must be. */
class FollowedLedgersTest {
  private static final long ENOUGH = 4_000_000;

  private final List<PublishedRow> approved = rows("approve");
  private final List<PublishedRow> retried = rows("task-deadline");
  private FollowedLedgers ledgers = new FollowedLedgers(ENOUGH);

  private static List<PublishedRow> rows(String history) {
    return GoldenLane.of(history).rows().stream().map(FollowedLedgersTest::published).toList();
  }

  private static PublishedRow published(JournalRow row) {
    return Json.read(Json.write(row), PublishedRow.class);
  }

  private Optional<VerifiedLedger> taken(List<PublishedRow> rows) {
    return ledgers.take(CompletedRun.among(rows).getFirst());
  }

  @Test
  void aRunThatWasSeenWholeIsVerifiedWhenItEnds() {
    ledgers.follow(approved.subList(0, 5));
    ledgers.follow(approved.subList(5, approved.size()));

    Finding.Match match = (Finding.Match) taken(approved).orElseThrow().finding();
    assertThat(match.headHash()).isEqualTo(approved.getLast().hash());
    assertThat(match.complete()).isTrue();
    assertThat(taken(approved)).as("taken once").isEmpty();
  }

  @Test
  void aRunThatWasNotSeenFromItsFirstRowIsReadAgain() {
    ledgers.follow(approved.subList(1, approved.size()));

    assertThat(taken(approved)).isEmpty();
  }

  @Test
  void aRunWithARowMissingIsReadAgainAndDisturbsNone() {
    ledgers.follow(retried);
    ledgers.follow(approved.subList(0, 4));
    ledgers.follow(approved.subList(5, approved.size()));

    assertThat(taken(approved)).isEmpty();
    assertThat(taken(retried)).isPresent();
  }

  @Test
  void aRunWhoseRowsAreNotWhatItsInputsMakeIsReadAgain() {
    List<PublishedRow> forged =
        GoldenLane.forged(GoldenLane.of("approve").rows()).stream()
            .map(FollowedLedgersTest::published)
            .toList();
    ledgers.follow(forged);

    assertThat(taken(forged)).isEmpty();
  }

  /** The readers of the lanes follow, each the runs of its own, while the manifests' loop takes. */
  @Test
  void runsOfManyLanesAreFollowedAndTakenSideBySide() throws Exception {
    List<List<PublishedRow>> runs =
        Stream.of(
                "approve", "reject", "redrive", "retry-and-dead-letter", "expire", "task-deadline")
            .map(FollowedLedgersTest::rows)
            .toList();
    int rounds = 50;
    try (ExecutorService lanes = Executors.newFixedThreadPool(runs.size())) {
      List<Future<Integer>> taken = new ArrayList<>();
      for (List<PublishedRow> run : runs) {
        taken.add(
            lanes.submit(() -> {
              int whole = 0;
              for (int round = 0; round < rounds; round++) {
                for (int from = 0; from < run.size(); from += 3) {
                  ledgers.follow(run.subList(from, Math.min(run.size(), from + 3)));
                }
                whole += taken(run).isPresent() ? 1 : 0;
              }
              return whole;
            }));
      }
      for (Future<Integer> ofRun : taken) {
        assertThat(ofRun.get()).isEqualTo(rounds);
      }
    }
  }

  @Test
  void aRowThatCannotBeReadHoldsUpNoOther() {
    PublishedRow first = approved.getFirst();
    EventEnvelope envelope = first.envelope();
    PublishedRow broken =
        new PublishedRow(
            first.runUid(),
            first.namespace(),
            first.lane(),
            first.lanePosition(),
            first.kind(),
            new EventEnvelope(
                envelope.schemaVersion(),
                envelope.sequence(),
                envelope.eventId(),
                envelope.ts(),
                envelope.topic(),
                envelope.runId(),
                null),
            first.prevHash(),
            first.hash());

    ledgers.follow(List.of(broken));
    ledgers.follow(approved.subList(1, approved.size()));
    ledgers.follow(retried);

    assertThat(taken(approved)).isEmpty();
    assertThat(taken(retried)).isPresent();
  }

  @Test
  void aLedgerThatEndsOtherwiseThanWasToldIsReadAgain() {
    ledgers.follow(approved);
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
  void whatDoesNotFitIsReadAgain() {
    ledgers = new FollowedLedgers(1_000);

    ledgers.follow(approved);

    assertThat(taken(approved)).isEmpty();
  }

  @Test
  void theOldestOpenRunMakesRoomForOthers() {
    assertThat(seenWhole(ENOUGH)).isEqualTo(new Seen(true, true));
    List<Seen> tighter = LongStream.range(1, 100).mapToObj(i -> seenWhole(i * 1_000)).toList();
    assertThat(tighter).contains(new Seen(false, true));
  }

  private record Seen(boolean oldest, boolean others) {}

  /** Which runs are seen whole when one is open while others begin and end. */
  private Seen seenWhole(long maxChars) {
    List<List<PublishedRow>> others =
        Stream.of("approve", "reject", "redrive", "retry-and-dead-letter", "expire")
            .map(FollowedLedgersTest::rows)
            .toList();
    int before = retried.size() - 2;
    ledgers = new FollowedLedgers(maxChars);
    ledgers.follow(retried.subList(0, before));
    others.forEach(ledgers::follow);
    ledgers.follow(retried.subList(before, retried.size()));
    boolean allOthers = others.stream().allMatch(other -> taken(other).isPresent());
    return new Seen(taken(retried).isPresent(), allOthers);
  }
}
