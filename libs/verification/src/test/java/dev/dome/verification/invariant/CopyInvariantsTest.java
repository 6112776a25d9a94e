package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.wire.PublishedRow;
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
}
