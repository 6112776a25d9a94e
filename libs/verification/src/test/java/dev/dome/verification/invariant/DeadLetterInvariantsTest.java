package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.invariant.DeadLetterInvariants.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterInvariantsTest {
  private final DeadLetterInvariants letters = new DeadLetterInvariants();
  private Shown right;

  @BeforeEach
  void aRunThatLeftOne() throws IOException {
    Path history =
        Path.of(
            System.getProperty("dome.root"),
            "libs/kernel/src/test/resources/golden/v1/retry-and-dead-letter.jsonl");
    List<PublishedRow> rows =
        Files.readAllLines(history).stream()
            .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), PublishedRow.class))
            .toList();
    PublishedRow first = rows.getFirst();
    PublishedRow dead =
        rows.stream()
            .filter(row -> row.envelope().topic().equals("task.dead_lettered"))
            .findFirst()
            .orElseThrow();
    letters.collect(
        new ObservedRun(first.namespace(), first.envelope().runId(), rows, Optional.empty()));
    right = new Shown(first.runUid() + "-" + dead.envelope().sequence(), first.runUid(), 3);
  }

  @Test
  void theLetterThatTheJournalLeftHolds() {
    Shown ofAnotherRun = new Shown("x-1", new RunUid("0".repeat(32)), 1);

    assertThat(letters.size()).isEqualTo(1);
    assertThat(letters.check(List.of(right, ofAnotherRun))).isEmpty();
  }

  @Test
  void aMissingLetterIsFound() {
    assertThat(letters.check(List.of()))
        .singleElement()
        .extracting(Violation::invariant)
        .isEqualTo(Invariant.DEAD_LETTERS_ONCE);
  }

  @Test
  void aRepeatedAnInventedAndAShortenedLetterAreFound() {
    Shown invented = new Shown(right.runUid() + "-2", right.runUid(), 3);
    Shown shortened = new Shown(right.id(), right.runUid(), 2);

    assertThat(letters.check(List.of(right, right))).hasSize(1);
    assertThat(letters.check(List.of(right, invented))).hasSize(1);
    assertThat(letters.check(List.of(shortened))).hasSize(1);
  }
}
