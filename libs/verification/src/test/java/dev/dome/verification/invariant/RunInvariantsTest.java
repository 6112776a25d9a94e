package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.PublishedRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories that the kernel froze hold; each kind of defect planted in one is found. */
class RunInvariantsTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("dome.root"), "libs/kernel/src/test/resources/golden");
  private static final List<PublishedRow> RETRIES =
      read(GOLDEN.resolve("v1/retry-and-dead-letter.jsonl"));

  static Stream<Path> histories() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void everyGoldenHistoryHolds(Path history) {
    assertThat(RunInvariants.check(run(read(history)))).isEmpty();
  }

  @Test
  void aMissingRowIsFound() {
    assertThat(broken(without(RETRIES, 7))).contains(Invariant.GAPLESS_SEQUENCE);
  }

  @Test
  void aChangedRowIsFound() {
    List<PublishedRow> changed =
        with(RETRIES, "task.dead_lettered", payload -> payload.put("reason_code", "EXEC.TIMEOUT"));

    assertThat(broken(changed))
        .contains(Invariant.UNBROKEN_CHAINS)
        .doesNotContain(Invariant.GAPLESS_SEQUENCE);
  }

  @Test
  void aClaimOfATaskThatIsHeldIsFound() {
    List<PublishedRow> rows = new ArrayList<>(RETRIES);
    rows.add(5, rows.get(4));

    assertThat(broken(rows)).contains(Invariant.LEGAL_TRANSITIONS, Invariant.ONE_EFFECT_PER_KEY);
  }

  @Test
  void aRowBehindTheEndIsFound() {
    List<PublishedRow> rows = new ArrayList<>(RETRIES);
    rows.add(rows.get(1));

    assertThat(broken(rows)).contains(Invariant.LEGAL_TRANSITIONS);
  }

  @Test
  void aDelayOutOfBoundsIsFound() {
    assertThat(broken(with(RETRIES, "task.retry.scheduled", p -> p.put("delay_ms", 499))))
        .contains(Invariant.RETRIES_IN_BOUNDS);
    assertThat(broken(with(RETRIES, "task.retry.scheduled", p -> p.put("delay_ms", 601))))
        .contains(Invariant.RETRIES_IN_BOUNDS);
  }

  @Test
  void anAttemptBeyondTheBudgetIsFound() {
    assertThat(broken(with(RETRIES, "task.claimed", p -> p.put("attempt", 4))))
        .contains(Invariant.RETRIES_IN_BOUNDS);
  }

  @Test
  void aTimerThatFiresTwiceOrEarlyIsFound() {
    int due = indexOf(RETRIES, "input.retry_due");
    List<PublishedRow> twice = new ArrayList<>(RETRIES);
    twice.add(due + 1, twice.get(due));
    assertThat(broken(twice)).contains(Invariant.TIMERS_FIRE_ONCE);

    List<PublishedRow> early =
        with(RETRIES, "input.retry_due", p -> p.withObject("/context").put("observed_at_ms", 1));
    assertThat(broken(early)).contains(Invariant.TIMERS_FIRE_ONCE);
  }

  @Test
  void aTimeLimitThatEndsAnAttemptEarlyOrThatNobodySetIsFound() {
    List<PublishedRow> limited = read(GOLDEN.resolve("v1/task-deadline.jsonl"));
    assertThat(
            broken(
                with(
                    limited,
                    "input.task_deadline_due",
                    p -> p.withObject("/context").put("observed_at_ms", 1))))
        .contains(Invariant.TIMERS_FIRE_ONCE);
    assertThat(broken(with(limited, "task.claimed", p -> p.without("deadline_at_ms"))))
        .contains(Invariant.TIMERS_FIRE_ONCE);
  }

  @Test
  void aRunThatExpiresEarlyIsFound() {
    List<PublishedRow> expired = read(GOLDEN.resolve("v1/expire.jsonl"));
    assertThat(
            broken(
                with(
                    expired,
                    "input.run_deadline_due",
                    p -> p.withObject("/context").put("observed_at_ms", 1))))
        .contains(Invariant.TIMERS_FIRE_ONCE);
  }

  @Test
  void howLateTimersFiredIsToldInOneSentence() {
    Lateness lateness = new Lateness();
    assertThat(lateness.sentence()).isEmpty();

    lateness.add(TimerInvariants.check(run(RETRIES)).latenessMs());
    lateness.add(List.of(3_000L));

    assertThat(lateness.sentence())
        .isEqualTo(
            "2 timers fired, 1500 ms late on average, 3000 ms at worst, 1 more than 2 s late");
  }

  @Test
  void aDeadLetterWithoutAReasonOrAnAttemptIsFound() {
    assertThat(broken(with(RETRIES, "task.dead_lettered", p -> p.without("reason_code"))))
        .contains(Invariant.DEAD_LETTERS_ONCE);
    assertThat(
            broken(
                with(
                    RETRIES,
                    "task.dead_lettered",
                    p -> {
                      p.withArrayProperty("attempt_history").remove(0);
                      return p;
                    })))
        .contains(Invariant.DEAD_LETTERS_ONCE);
  }

  @Test
  void aRowOfAnotherNamespaceIsFound() {
    ObservedRun foreign =
        new ObservedRun(
            new NamespaceId("team-b"),
            RETRIES.getFirst().envelope().runId(),
            RETRIES,
            Optional.empty());

    assertThat(RunInvariants.check(foreign).stream().map(Violation::invariant))
        .contains(Invariant.NAMESPACES_APART);
  }

  @Test
  void aStateOtherThanTheFoldedOneIsFound() {
    PublishedRow last = RETRIES.getLast();
    ObservedRun.Shown shown =
        new ObservedRun.Shown(
            true, last.envelope().sequence(), last.hash(), "0".repeat(64), Optional.empty());

    assertThat(broken(RETRIES, Optional.of(shown))).contains(Invariant.STATE_IS_FOLDED);
  }

  @Test
  void anOpenRunThatNamesNothingIsFound() {
    ObservedRun.Shown shown =
        new ObservedRun.Shown(false, 1, "0".repeat(64), "0".repeat(64), Optional.empty());

    assertThat(broken(RETRIES, Optional.of(shown))).contains(Invariant.FINAL_OR_EXPLAINED);
  }

  @Test
  void aFindingNamesTheRunAndTheRow() {
    assertThat(RunInvariants.check(run(without(RETRIES, 7))))
        .contains(
            new Violation(
                Invariant.GAPLESS_SEQUENCE,
                "team-a/golden-retry",
                "expected sequence 8 but was 9"));
  }

  private static List<Invariant> broken(List<PublishedRow> rows) {
    return broken(rows, Optional.empty());
  }

  private static List<Invariant> broken(
      List<PublishedRow> rows, Optional<ObservedRun.Shown> shown) {
    PublishedRow first = rows.getFirst();
    return RunInvariants.check(
            new ObservedRun(first.namespace(), first.envelope().runId(), rows, shown))
        .stream()
        .map(Violation::invariant)
        .toList();
  }

  private static ObservedRun run(List<PublishedRow> rows) {
    PublishedRow first = rows.getFirst();
    return new ObservedRun(first.namespace(), first.envelope().runId(), rows, Optional.empty());
  }

  private static List<PublishedRow> without(List<PublishedRow> rows, int index) {
    List<PublishedRow> fewer = new ArrayList<>(rows);
    fewer.remove(index);
    return fewer;
  }

  private static int indexOf(List<PublishedRow> rows, String topic) {
    return rows.indexOf(
        rows.stream()
            .filter(row -> row.envelope().topic().equals(topic))
            .findFirst()
            .orElseThrow());
  }

  /** The rows with the first of a topic changed, its hash left as it was. */
  private static List<PublishedRow> with(
      List<PublishedRow> rows, String topic, UnaryOperator<ObjectNode> change) {
    List<PublishedRow> changed = new ArrayList<>(rows);
    int index = indexOf(rows, topic);
    PublishedRow row = rows.get(index);
    EventEnvelope envelope = row.envelope();
    ObjectNode payload = change.apply(envelope.payload().deepCopy());
    changed.set(
        index,
        new PublishedRow(
            row.runUid(),
            row.namespace(),
            row.lane(),
            row.lanePosition(),
            row.kind(),
            new EventEnvelope(
                envelope.schemaVersion(),
                envelope.sequence(),
                envelope.eventId(),
                envelope.ts(),
                envelope.topic(),
                envelope.runId(),
                payload),
            row.prevHash(),
            row.hash()));
    return changed;
  }

  private static List<PublishedRow> read(Path history) {
    try (Stream<String> lines = Files.lines(history, StandardCharsets.UTF_8)) {
      return lines
          .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
          .map(row -> Json.read(row, PublishedRow.class))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(history + " cannot be read", e);
    }
  }
}
