package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.audit.GoldenRun;
import dev.dome.cli.audit.GoldenServer;
import dev.dome.cli.audit.RangeServer;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit's commands against a server that knows one golden run. */
final class AuditCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;
  private GoldenServer server;

  @BeforeEach
  void start() throws Exception {
    server = new GoldenServer(directory, 1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anExportIsABagThatHoldsAndOneFlippedBitIsNamed() throws IOException {
    Path bag = directory.resolve("bag");

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString())).isZero();
    assertThat(out.toString()).contains("PROMOTED");
    assertThat(execute("audit", "verify", bag.toString())).isZero();

    Path records = bag.resolve("data/records.jsonl");
    byte[] content = Files.readAllBytes(records);
    content[100] ^= 1;
    Files.write(records, content);
    assertThat(execute("audit", "verify", bag.toString())).isEqualTo(ExitCode.FAILED.number());
    assertThat(err.toString())
        .contains(
            "BUNDLE.CHANGED: data/records.jsonl has another digest than manifest-sha256.txt names")
        .doesNotContain("Exception");
  }

  @Test
  void anAuditThatIsBehindIsWaitedFor() throws IOException {
    server.rowsNotRecordedYet.set(3);

    assertThat(
            onServer(
                "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag", "--wait", "20"))
        .isZero();

    assertThat(server.rowsNotRecordedYet).hasValue(0);
  }

  @Test
  void anExportThatBrokeOffGoesOnWhereItStopped() throws IOException {
    Path bag = directory.resolve("bag");
    Path undisturbed = directory.resolve("undisturbed");
    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", undisturbed.toString()))
        .isZero();
    int records =
        1 + server.asked.stream().map(asked -> asked.contains("/exports/")).toList().indexOf(true);
    server.asked.clear();
    server.breaksOff.set(records);

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString())).isNotZero();
    assertThat(err.toString()).contains("what was taken is kept; the same command goes on");
    server.breaksOff.set(0);
    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString())).isZero();

    for (String name : List.of("tagmanifest-sha256.txt", "data/records.jsonl")) {
      assertThat(bag.resolve(name)).hasSameBinaryContentAs(undisturbed.resolve(name));
    }
  }

  @Test
  void theStatementsOfARunThatEndedAreWaitedForAndHeldToKeysFromElsewhere() throws IOException {
    server.statementsNotSignedYet.set(2);
    Path bag = directory.resolve("bag");

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString())).isZero();

    assertThat(err.toString()).contains("waiting for the statements of " + GoldenRun.RUN_ID);
    Path root = bag.resolve("data/trusted_root.json");
    assertThat(execute("audit", "verify", bag.toString(), "--trusted-root", root.toString()))
        .isZero();
    assertThat(bag.resolve("data/statements/vsa.tlog-proof"))
        .content()
        .startsWith("c2sp.org/tlog-proof@v1\n");
  }

  @Test
  void aRunThatIsNotThereLeavesNothing() {
    assertThat(onServer("audit", "export", "absent", "--to", directory + "/bag")).isNotZero();

    assertThat(directory.resolve(".bag.part")).doesNotExist();
    assertThat(err.toString()).doesNotContain("is kept");
  }

  @Test
  void anAuditThatStaysBehindMakesNoBag() throws IOException {
    server.rowsNotRecordedYet.set(Integer.MAX_VALUE);

    assertThat(
            onServer(
                "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag", "--wait", "0"))
        .isEqualTo(ExitCode.TIMEOUT.number());

    assertThat(err.toString()).contains("the audit has recorded");
    assertThat(directory.resolve("bag")).doesNotExist();
  }

  @Test
  void aCheckIsHeldToWhatWasKeptAndSaysWhatNothingProtects() throws IOException {
    Path bag = directory.resolve("bag");
    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString(), "-o", "json"))
        .isZero();
    JsonNode exported = Json.read(out.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class);

    assertThat(execute("audit", "verify", bag.toString())).isZero();
    assertThat(err.toString()).contains("not signed: ", "access records", "late reports");
    for (String pin : List.of("head_hash", "manifest_sha256", "bag_sha256")) {
      String option = "--" + pin.replace('_', '-');
      String kept = exported.path(pin).asText();
      assertThat(execute("audit", "verify", bag.toString(), option, kept)).as(pin).isZero();
      assertThat(execute("audit", "verify", bag.toString(), option, "0".repeat(64)))
          .as(pin)
          .isEqualTo(ExitCode.FAILED.number());
      assertThat(execute("audit", "verify", bag.toString(), option, "nonsense"))
          .as(pin)
          .isEqualTo(ExitCode.USAGE.number());
    }
  }

  @Test
  void theManifestOfARunThatEndedIsWaitedFor() throws IOException {
    server.manifestNotMadeYet.set(2);
    Path bag = directory.resolve("bag");

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString())).isZero();

    assertThat(bag.resolve("data/manifest.json")).exists();
    assertThat(err.toString())
        .containsOnlyOnce("waiting for the manifest of " + GoldenRun.RUN_ID + " (0 of 30 s)");
    assertThat(execute("audit", "verify", bag.toString())).isZero();
  }

  @Test
  void aManifestThatIsNotMadeInTimeIsSaidToBeMissingAndNothingIsWritten() {
    server.manifestNotMadeYet.set(Integer.MAX_VALUE);

    assertThat(
            onServer(
                "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag", "--wait", "0"))
        .isEqualTo(ExitCode.TIMEOUT.number());

    assertThat(err.toString())
        .contains("provenance has made no manifest", "--without-manifest")
        .doesNotContain("Exception");
    assertThat(directory.resolve("bag")).doesNotExist();
  }

  @Test
  void theManifestCanBeLeftOut() {
    server.manifestNotMadeYet.set(Integer.MAX_VALUE);
    Path bag = directory.resolve("bag");

    assertThat(
            onServer(
                "audit",
                "export",
                GoldenRun.RUN_ID,
                "--to",
                bag.toString(),
                "--without-manifest",
                "-o",
                "json"))
        .isZero();

    assertThat(bag.resolve("data/manifest.json")).doesNotExist();
    assertThat(out.toString()).contains("\"manifest\" : false");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aRunWhoseReplayDiffersIsNotWaitedFor() {
    server.replayDiffers.set(true);

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", directory + "/bag"))
        .isEqualTo(ExitCode.DIFFERENCE.number());

    assertThat(err.toString()).contains("its inputs do not make what was recorded");
    assertThat(directory.resolve("bag")).doesNotExist();
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenOver() throws IOException {
    Path bag = Files.createDirectory(directory.resolve("bag"));

    assertThat(onServer("audit", "export", GoldenRun.RUN_ID, "--to", bag.toString()))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(bag).isEmptyDirectory();
    assertThat(onServer("audit", "export", "../x")).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void aRangeIsExportedAndChecked() throws Exception {
    Path bag = directory.resolve("range");
    try (RangeServer range = new RangeServer(directory)) {
      assertThat(
              execute(
                  "audit",
                  "export",
                  "--from",
                  "2026-11-18",
                  "--until",
                  "2026-11-18T12:00:00Z",
                  "--to",
                  bag.toString(),
                  "--dir",
                  directory.toString(),
                  "-n",
                  GoldenRun.NAMESPACE,
                  "--server",
                  range.address()))
          .as(err::toString)
          .isZero();
    }

    assertThat(execute("audit", "verify", bag.toString(), "-o", "json")).isZero();
    assertThat(out.toString()).contains("\"from\" : \"2026-11-18T00:00:00.000Z\"");
    assertThat(execute("audit", "verify", bag.toString(), "--head-hash", "0".repeat(64)))
        .isEqualTo(ExitCode.USAGE.number());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--from 2026-11-01",
        "--until 2026-11-01",
        "some-run --from 2026-11-01 --until 2026-11-02",
        "--from 2026-11-01 --until 2026-11-01",
        "--from 2026-11-02 --until 2026-11-01T23:00:00Z",
        "--from yesterday --until 2026-11-02",
        "--from 2026-11-01 --until 2926-11-02"
      })
  void aRangeThatIsNoneIsAUsageError(String range) {
    List<String> arguments = new ArrayList<>(List.of("audit", "export"));
    arguments.addAll(range.isEmpty() ? List.of() : List.of(range.split(" ", -1)));

    assertThat(onServer(arguments.toArray(String[]::new))).isEqualTo(ExitCode.USAGE.number());
    assertThat(server.asked).isEmpty();
  }

  @Test
  void recordsAreListedByFilter() throws IOException {
    assertThat(onServer("audit", "query", "--kind", "access", "--actor", "ada")).isZero();

    assertThat(server.queries.getLast()).contains("kind=ACCESS", "actor=ada", "page_size=50");
    assertThat(out.toString()).contains("INDEX", "task.claimed", "ALLOW");
  }

  @Test
  void recordsArePrintedForCollectorsOfSecurityEvents() throws IOException {
    assertThat(onServer("audit", "query", "--ocsf")).isZero();

    assertThat(server.queries.getLast()).contains("format=OCSF");
    assertThat(out.toString().lines()).hasSize(GoldenRun.records().size());
  }

  private int onServer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--dir",
            directory.toString(),
            "-n",
            GoldenRun.NAMESPACE,
            "--server",
            server.address()));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
