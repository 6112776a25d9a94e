package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.verification.invariant.InvariantReport.Line;
import dev.dome.verification.invariant.InvariantReport.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InvariantReportTest {
  private final InvariantReport report = new InvariantReport();

  private Line line(Invariant invariant) {
    return report.lines().get(invariant.number() - 1);
  }

  @Test
  void whatNobodyLookedAtIsNeverSaidToHold() {
    report.notSeen(Invariant.NO_SECRETS, "no planted secrets were named");

    assertThat(report.lines()).hasSize(16).allMatch(line -> line.verdict() == Verdict.NOT_SEEN);
    assertThat(line(Invariant.NO_SECRETS).note()).isEqualTo("no planted secrets were named");
    assertThat(line(Invariant.GAPLESS_SEQUENCE).note()).isEqualTo("nothing to look at");
  }

  @Test
  void whatWasFoundBreaksItsInvariantAndTheReport() {
    Violation first =
        new Violation(Invariant.GAPLESS_SEQUENCE, "default/a", "expected 2 but was 3");
    Violation second =
        new Violation(Invariant.GAPLESS_SEQUENCE, "default/b", "expected 4 but was 9");
    Set<Invariant> both = Set.of(Invariant.GAPLESS_SEQUENCE, Invariant.UNBROKEN_CHAINS);
    report.looked(both, 1, List.of(first));
    report.looked(both, 2, List.of(second));

    assertThat(report.holds()).isFalse();
    assertThat(line(Invariant.UNBROKEN_CHAINS).verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(line(Invariant.UNBROKEN_CHAINS).checked()).isEqualTo(3);
    Line broken = line(Invariant.GAPLESS_SEQUENCE);
    assertThat(broken.verdict()).isEqualTo(Verdict.BROKEN);
    assertThat(broken.violations()).isEqualTo(2);
    assertThat(broken.note()).isEqualTo("default/a: expected 2 but was 3");
  }
}
