package dev.dome.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.conformance.FlawedWorker.Flaw;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The suite finds what is wrong with a worker, and nothing where nothing is. */
final class FlawsTest {
  private static final List<String> KEPT =
      List.of(
          "claim-and-echo",
          "claim-repeated-under-its-name",
          "result-repeated-until-answered",
          "result-refused-is-dropped",
          "unauthorized-not-hammered");

  @Test
  void theRulesThatItKeepsAreFoundKept() throws InterruptedException {
    List<Verdict> verdicts =
        ConformanceSuite.run(
            WorkerPrograms.java(FlawedWorker.class, Flaw.NONE.name()), KEPT, 3, verdict -> {});

    assertThat(verdicts).allSatisfy(verdict -> assertThat(verdict.findings()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "CLAIMS_ANEW, claim-repeated-under-its-name, claim_id of the repeat expected",
    "WRONG_FENCE, claim-and-echo, fence of att-0003-00000000000000000000000000000001 expected 107"
        + " but was 108",
    "TELLS_TOKEN, claim-and-echo, the worker wrote its token to its output",
    "UNKNOWN_FIELD, claim-and-echo, does not fit result.request at '/mood'",
    "NO_TOKEN, claim-and-echo, came without DOME_TOKEN",
    "REPEATS_REFUSED, result-refused-is-dropped, no repeat of a refused result",
    "OTHER_REPEAT, result-repeated-until-answered, the repeat of a result said something else",
    "HAMMERS, unauthorized-not-hammered, at most 5 claims in 4 s",
  })
  void aFlawIsFound(Flaw flaw, String scenario, String finding) throws InterruptedException {
    List<Verdict> verdicts =
        ConformanceSuite.run(
            WorkerPrograms.java(FlawedWorker.class, flaw.name()),
            List.of(scenario),
            1,
            verdict -> {});

    assertThat(verdicts.getFirst().findings())
        .anySatisfy(found -> assertThat(found).contains(finding));
  }

  @Test
  void aProgramThatIsMissingIsSaidSo() throws InterruptedException {
    WorkerProgram nothing =
        new WorkerProgram(List.of("no-such-program"), Path.of("").toAbsolutePath());

    List<Verdict> verdicts =
        ConformanceSuite.run(nothing, List.of("drain-while-idle"), 1, verdict -> {});

    assertThat(verdicts.getFirst().findings().getFirst())
        .startsWith("the worker cannot be started");
  }
}
