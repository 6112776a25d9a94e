package dev.dome.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The worker of the SDK, as a process of its own, keeps every rule of the protocol. */
final class JavaWorkerTest {
  private static final int AT_ONCE = 5;

  @TestFactory
  Stream<DynamicTest> keepsEveryRule() throws InterruptedException {
    List<Verdict> verdicts =
        ConformanceSuite.run(
            WorkerPrograms.java(JavaWorker.class), List.of(), AT_ONCE, verdict -> {});

    return verdicts.stream()
        .map(verdict ->
            DynamicTest.dynamicTest(
                verdict.scenario(),
                () -> assertThat(verdict.findings()).as(verdict.rule()).isEmpty()));
  }
}
