package dev.dome.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.artifact.EventEnvelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
  @TempDir Path directory;

  @ParameterizedTest
  @MethodSource("goldenFiles")
  void everyGoldenHistoryReplaysByteForByte(Path file) throws IOException {
    List<JournalRow> rows = Histories.read(file);
    assertThat(Replay.verify(rows)).isInstanceOf(Replay.Result.Match.class);
    assertThat(Histories.lines(rows)).isEqualTo(Files.readString(file));
  }

  @Test
  void theJournalOfARunAsPlayedTodayIsTheOneThatIsFrozen() throws Exception {
    for (var history : Histories.all().entrySet()) {
      assertThat(golden().resolve(history.getKey() + ".jsonl"))
          .hasContent(Histories.lines(history.getValue().rows()).strip());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Duser.language=tr -Duser.country=TR -Duser.timezone=Asia/Kathmandu",
        "-Duser.language=ar -Duser.country=EG -Duser.extensions=nu-arab -Dfile.encoding=UTF-16 "
            + "-Duser.timezone=America/St_Johns -XX:+UnlockExperimentalVMOptions -XX:hashCode=2"
      })
  void anotherJvmOfOtherHabitsFindsTheSame(String habits) throws Exception {
    List<String> expected = new ArrayList<>();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(habits.split(" ")));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ReplayMain.class.getName()));
    for (Path file : goldenFiles()) {
      expected.add(Replay.verify(Histories.read(file)).toString());
      command.add(file.toString());
    }
    Path output = directory.resolve("output");
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(child.waitFor()).as(() -> read(output)).isZero();
    assertThat(read(output).lines().toList()).isEqualTo(expected);
  }

  @Test
  void aPayloadThatWasChangedAndSealedAgainIsFound() {
    List<JournalRow> rows =
        resealed(
            played(),
            envelope -> {
              if (!envelope.topic().equals("gate.verdict")) {
                return envelope;
              }
              ObjectNode payload = envelope.payload().deepCopy();
              payload.withObject("/decision").put("risk_score", 1);
              return with(envelope, payload);
            });
    Replay.Result.Difference difference = (Replay.Result.Difference) Replay.verify(rows);
    assertThat(difference.what()).isEqualTo("envelope");
    assertThat(difference.actual()).contains("\"risk_score\":1,");
    assertThat(difference.expected()).contains("\"risk_score\":20,");
  }

  @Test
  void anInputThatWasChangedAndSealedAgainIsFound() {
    List<JournalRow> rows =
        resealed(
            played(),
            envelope -> {
              if (envelope.sequence() != 1) {
                return envelope;
              }
              ObjectNode payload = envelope.payload().deepCopy();
              payload.withObject("/context/actor").put("subject", "mallory");
              return with(envelope, payload);
            });
    assertThat(Replay.verify(rows))
        .isInstanceOfSatisfying(
            Replay.Result.Difference.class, d -> assertThat(d.sequence()).isEqualTo(2));
  }

  @Test
  void aRowThatIsMissingRepeatedOrNotSealedIsFound() {
    List<JournalRow> rows = played();
    assertThat(what(without(rows, 4))).isEqualTo("sequence");
    assertThat(what(rows.subList(0, rows.size() - 1))).isEqualTo("row");
    assertThat(what(rows.subList(1, rows.size()))).isEqualTo("sequence");
    List<JournalRow> broken = new ArrayList<>(rows);
    JournalRow row = rows.get(3);
    broken.set(
        3,
        new JournalRow(
            row.runUid(),
            row.namespace(),
            row.lane(),
            row.lanePosition() - 1,
            row.kind(),
            row.envelope(),
            row.prevHash(),
            row.hash()));
    assertThat(what(broken)).isEqualTo("hash");
  }

  @Test
  void aJournalThatEndsAfterAStepIsAMatchOfTheRunSoFar() {
    assertThat(Replay.verify(played().subList(0, 5))).isInstanceOf(Replay.Result.Match.class);
  }

  private static List<JournalRow> played() {
    return RunScript.ofWorkQueue(1, Documents.task("a")).claimAndPass("a").rows();
  }

  private static String what(List<JournalRow> rows) {
    return ((Replay.Result.Difference) Replay.verify(rows)).what();
  }

  private static List<JournalRow> without(List<JournalRow> rows, int index) {
    List<JournalRow> fewer = new ArrayList<>(rows);
    fewer.remove(index);
    return fewer;
  }

  private static EventEnvelope with(EventEnvelope e, ObjectNode payload) {
    return new EventEnvelope(
        e.schemaVersion(), e.sequence(), e.eventId(), e.ts(), e.topic(), e.runId(), payload);
  }

  /** The rows with changed envelopes and an unbroken chain, as a forger would make them. */
  private static List<JournalRow> resealed(
      List<JournalRow> rows, UnaryOperator<EventEnvelope> change) {
    List<JournalRow> forged = new ArrayList<>();
    String prevHash = JournalRow.GENESIS;
    for (JournalRow row : rows) {
      JournalEntry entry = new JournalEntry(row.kind(), change.apply(row.envelope()));
      JournalRow sealed =
          JournalRow.seal(
              entry, row.runUid(), row.namespace(), row.lane(), row.lanePosition(), prevHash);
      forged.add(sealed);
      prevHash = sealed.hash();
    }
    return forged;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> goldenFiles() throws IOException, URISyntaxException {
    try (var files = Files.list(golden())) {
      return files.sorted().toList();
    }
  }

  private static Path golden() throws URISyntaxException {
    return Path.of(ReplayTest.class.getResource("/golden/v1").toURI());
  }
}
