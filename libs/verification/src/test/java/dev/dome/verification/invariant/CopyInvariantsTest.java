package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.Tombstone;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyInvariantsTest {
  private final List<PublishedRow> rows = Journals.rows("approve");
  private final List<PublishedRow> copy = new ArrayList<>(rows);

  private CopyInvariants.Result check() {
    return CopyInvariants.check(Journals.run(rows), "the audit", copy);
  }

  @Test
  void anEqualCopyHoldsAndAShorterOneIsPending() {
    assertThat(check().violations()).isEmpty();

    copy.removeLast();
    assertThat(check().violations()).isEmpty();
    assertThat(check().missing()).isEqualTo(1);
  }

  @Test
  void aHoleIsFound() {
    copy.remove(3);
    assertThat(check().violations())
        .singleElement()
        .extracting(Violation::invariant)
        .isEqualTo(Invariant.UNBROKEN_CHAINS);
  }

  @Test
  void aChangedAndARepeatedRowAreFound() {
    copy.set(
        1,
        Journals.changed(rows, row -> true, (payload, sequence) -> payload.put("extra", 1)).get(1));
    copy.add(rows.get(2));

    assertThat(check().violations())
        .hasSize(2)
        .allMatch(found -> found.invariant() == Invariant.PUBLISHED_OR_PENDING);
  }

  @Test
  void aTombstoneAccountsForTheRowsItHasTheHashesOf() {
    List<String> hashes = rows.stream().map(PublishedRow::hash).toList();
    copy.clear();

    assertThat(check(tombstone(1, hashes))).isEqualTo(new CopyInvariants.Result(List.of(), 0));
    assertThat(check(tombstone(1, hashes.subList(0, 2))).missing()).isEqualTo(rows.size() - 2);
    copy.addAll(rows.subList(3, rows.size()));
    assertThat(check(tombstone(1, hashes.subList(0, 2))).violations())
        .singleElement()
        .extracting(Violation::detail)
        .isEqualTo("row 3 of the copy of the audit is missing");
  }

  @Test
  void aTombstoneOfAnotherHistoryIsFound() {
    copy.clear();
    List<String> hashes = new ArrayList<>(rows.stream().map(PublishedRow::hash).toList());
    hashes.set(2, "0".repeat(64));

    assertThat(check(tombstone(1, hashes)).violations())
        .singleElement()
        .extracting(Violation::detail)
        .isEqualTo("row 3 of the copy of the audit is not what was purged");
  }

  private CopyInvariants.Result check(Tombstone tombstone) {
    return CopyInvariants.check(Journals.run(rows), "the audit", copy, List.of(tombstone));
  }

  private Tombstone tombstone(long first, List<String> hashes) {
    PublishedRow row = rows.getFirst();
    return new Tombstone(
        0,
        "",
        row.namespace().value(),
        row.envelope().runId().value(),
        row.runUid().value(),
        first,
        hashes);
  }
}
