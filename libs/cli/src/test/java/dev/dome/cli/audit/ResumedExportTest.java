package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dome.cli.CliException;
import dev.dome.cli.Patience;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export that breaks off anywhere and is gone on with is the one that nothing disturbed. */
class ResumedExportTest {
  private static final Map<String, String> INFO =
      Map.of("External-Identifier", GoldenRun.NAMESPACE + "/" + GoldenRun.RUN_ID);

  @TempDir private Path directory;
  private GoldenServer server;

  @BeforeEach
  void start() throws Exception {
    server = new GoldenServer(directory, 3);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** One try of everything; what was taken is kept when it fails. */
  private void export(Path target) throws IOException {
    try (DomeClient client =
            DomeClient.of(
                URI.create(server.address()),
                GoldenRun.NAMESPACE,
                () -> "token",
                RetryPolicy.DEFAULT.within(Duration.ZERO));
        BagWriter bag = BagWriter.to(target, "golden")) {
      try {
        new RunBagContent(
                client,
                GoldenRun.RUN_ID,
                bag,
                Patience.upTo(Duration.ofSeconds(5), line -> {}),
                Progress.SILENT)
            .take(true);
      } catch (DomeException e) {
        bag.keep();
        throw e;
      }
      bag.seal(INFO, "");
      bag.publish();
    }
  }

  private static SortedMap<String, String> content(Path bag) throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    for (String name : BagFiles.below(bag)) {
      content.put(name, Files.readString(bag.resolve(name)));
    }
    return content;
  }

  @Test
  void whereverItBreaksOffTheFinishedBagIsTheSameToTheByte() throws IOException {
    Path undisturbed = directory.resolve("undisturbed");
    export(undisturbed);
    int answers = server.asked.size();
    SortedMap<String, String> expected = content(undisturbed);
    assertThat(RunBagCheck.of(undisturbed, Pins.NONE, Progress.SILENT).statements()).isEqualTo(4);

    for (int broken = 1; broken <= answers; broken++) {
      Path target = directory.resolve("broken-at-" + broken);
      server.asked.clear();
      server.breaksOff.set(broken);
      assertThatThrownBy(() -> export(target)).isInstanceOf(DomeException.class);
      assertThat(target).doesNotExist();
      server.breaksOff.set(0);
      tear(target);
      export(target);
      assertThat(content(target))
          .as("broken off at answer %d", broken)
          .containsExactlyEntriesOf(expected);
      assertThat(target.resolveSibling("." + target.getFileName() + ".part")).doesNotExist();
    }
    assertThat(answers).isGreaterThan(8);
  }

  /** As a process leaves its files that was killed while it wrote a line. */
  private static void tear(Path target) {
    Path bag = target.resolveSibling("." + target.getFileName() + ".part").resolve("bag");
    for (String name : List.of(BagFiles.LEDGER, BagFiles.RECORDS)) {
      try {
        if (Files.exists(bag.resolve(name))) {
          Files.writeString(bag.resolve(name), "{\"torn", StandardOpenOption.APPEND);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void whatWasTakenIsNotAskedForAgain() throws IOException {
    export(directory.resolve("undisturbed"));
    int answers = server.asked.size();
    Path target = directory.resolve("bag");
    server.asked.clear();
    server.breaksOff.set(answers);
    assertThatThrownBy(() -> export(target)).isInstanceOf(DomeException.class);
    server.breaksOff.set(0);
    server.asked.clear();

    export(target);

    assertThat(server.asked).hasSize(2);
    assertThat(server.asked.getFirst())
        .endsWith("/ledger?after=" + GoldenRun.ledger().size() + "&page_size=200");
    assertThat(server.asked.getLast()).isEqualTo("/v1/log/keys.json");
  }

  @Test
  void recordsThatBrokeOffAreTakenToTheEndThatTheyHad() throws IOException {
    export(directory.resolve("undisturbed"));
    int records =
        1 + server.asked.stream().map(asked -> asked.contains("/exports/")).toList().indexOf(true);
    Path target = directory.resolve("bag");
    server.asked.clear();
    server.breaksOff.set(records);
    assertThatThrownBy(() -> export(target)).isInstanceOf(DomeException.class);
    server.breaksOff.set(0);
    server.asked.clear();

    export(target);

    String asked =
        server.asked.stream().filter(a -> a.contains("/exports/")).findFirst().orElseThrow();
    assertThat(asked).doesNotContain("from=0&").containsPattern("from=[1-9]\\d*&before=[1-9]\\d*$");
  }

  @Test
  void anExportOfSomethingElseIsNotGoneOnWith() throws IOException {
    Path target = directory.resolve("bag");
    try (BagWriter bag = BagWriter.to(target, "team-a/one")) {
      bag.keep();
    }

    assertThatThrownBy(() -> BagWriter.to(target, "team-a/two"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("is an export of team-a/one that was not finished");
  }

  @Test
  void whatHoldsNoByteIsNothingToGoOnWith() throws IOException {
    try (BagWriter bag = BagWriter.to(directory.resolve("bag"), "golden")) {
      bag.behind(BagFiles.LEDGER, 0).close();
      assertThat(bag.isEmpty()).isTrue();
      bag.write(BagFiles.LEDGER, new byte[] {1});
      assertThat(bag.isEmpty()).isFalse();
    }
  }

  @Test
  void twoExportsDoNotWriteOneBag() throws IOException {
    Path target = directory.resolve("bag");
    try (BagWriter first = BagWriter.to(target, "golden")) {
      assertThatThrownBy(() -> BagWriter.to(target, "golden"))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("is being written");
      assertThat(first.draft()).exists();
    }
  }
}
