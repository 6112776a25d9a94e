package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaneCopiesTest {
  private static final int AT_ONCE = 7;

  /** One run's rows, which stand behind one another in their lane. */
  private final List<PublishedRow> journal = new ArrayList<>(inOneLane(Journals.rows("approve")));

  private final List<PublishedRow> stream = new ArrayList<>(journal);

  private List<Violation> found() {
    LaneCopies copies =
        new LaneCopies((lane, after) ->
            journal.stream().filter(row -> row.lanePosition() > after).limit(AT_ONCE).toList());
    stream.forEach(copies::row);
    assertThat(copies.rows()).isEqualTo(stream.size());
    return copies.violations();
  }

  @Test
  void theJournalAndAStreamThatWasTrimmedOrPublishedAgainHold() {
    assertThat(found()).isEmpty();
    stream.addAll(journal);
    assertThat(found()).isEmpty();
    stream.subList(0, 5).clear();
    assertThat(found()).isEmpty();
  }

  @Test
  void aMissingRowIsFound() {
    stream.remove(4);
    assertThat(found()).singleElement().extracting(Violation::detail).asString().contains("after");
  }

  @Test
  void aRowWhosePlaceTheStreamKeepsIsNotMissed() {
    LaneCopies copies =
        new LaneCopies(
            (lane, after) -> journal.stream().filter(row -> row.lanePosition() > after).toList());
    for (PublishedRow row : stream) {
      if (row.equals(stream.get(4))) {
        copies.leftOut(row.lane().number());
      } else {
        copies.row(row);
      }
    }

    assertThat(copies.violations()).isEmpty();
  }

  @Test
  void aChangedRowAndOneThatTheJournalDoesNotHaveAreFound() {
    stream.set(
        4,
        Journals.changed(journal, row -> true, (payload, sequence) -> payload.put("x", 1)).get(4));
    assertThat(found()).hasSize(1);

    journal.removeLast();
    assertThat(found()).hasSize(2);
  }

  @Test
  void aServiceAheadOfTheJournalIsFoundAndOneBehindIsPending() {
    List<LaneInvariants.Shown> lanes = List.of(new LaneInvariants.Shown(3, 1, 40, 40));

    assertThat(LaneCopies.aheadOf(Map.of("audit_export", Map.of(3, 41L)), lanes)).hasSize(1);
    assertThat(LaneCopies.aheadOf(Map.of("audit_export", Map.of(3, 40L)), lanes)).isEmpty();
    assertThat(LaneCopies.pending(Map.of("audit_export", Map.of(3, 38L)), lanes)).isEqualTo(2);
    assertThat(LaneCopies.pending(Map.of("provenance", Map.of()), lanes)).isEqualTo(40);
  }

  private static List<PublishedRow> inOneLane(List<PublishedRow> rows) {
    return rows.stream()
        .map(row ->
            new PublishedRow(
                row.runUid(),
                row.namespace(),
                row.lane(),
                row.envelope().sequence() + 42,
                row.kind(),
                row.envelope(),
                row.prevHash(),
                row.hash()))
        .toList();
  }
}
