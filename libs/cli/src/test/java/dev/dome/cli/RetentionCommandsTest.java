package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.audit.GoldenRun;
import dev.dome.cli.audit.GoldenServer;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps and lets go, and what is left of it, on the command line. */
final class RetentionCommandsTest {
  private static final String AUDIT = "/v1/namespaces/default/audit/";

  @TempDir private Path directory;

  @Test
  void aHoldIsPlacedListedAndReleased() throws IOException {
    try (CommandsOnServer server = new CommandsOnServer(directory)) {
      String hold =
          "{\"hold_id\":\"case-17\",\"namespace\":\"default\",\"reason\":\"a lawsuit\","
              + "\"authority\":\"the court\",\"placed_by\":\"ada\",\"placed_at\":\"then\"}";
      server.answers.put(AUDIT + "holds/case-17", hold);
      server.answers.put(AUDIT + "holds", "{\"items\":[" + hold + "]}");
      server.answers.put(AUDIT + "holds/case-17/release", hold);

      assertThat(
              server.run("audit", "hold", "place", "case-17", "--reason", "a", "--authority", "b"))
          .isZero();
      assertThat(server.run("audit", "hold", "list", "--in-force")).isZero();
      assertThat(server.run("audit", "hold", "release", "case-17", "--reason", "over")).isZero();
      assertThat(server.run("audit", "hold", "place", "case-18", "--reason", "a"))
          .as("by whose order?")
          .isEqualTo(ExitCode.USAGE.number());

      assertThat(server.asked)
          .containsExactly(
              AUDIT + "holds/case-17",
              AUDIT + "holds?state=IN_FORCE",
              AUDIT + "holds/case-17/release");
      assertThat(server.out()).contains("all of default", "the court");
    }
  }

  @Test
  void theClassOfANamespaceIsShownAndSet() throws IOException {
    try (CommandsOnServer server = new CommandsOnServer(directory)) {
      server.answers.put(
          AUDIT + "retention",
          "{\"namespace\":\"default\",\"retention_class\":\"standard\","
              + "\"classes\":[{\"name\":\"short\",\"days\":30},{\"name\":\"standard\"}]}");

      assertThat(server.run("audit", "retention")).isZero();
      assertThat(server.run("audit", "retention", "--set", "short")).isZero();

      assertThat(server.out()).contains("short=30, standard=forever");
    }
  }

  @Test
  void nothingIsPurgedWithoutAYes() throws IOException {
    try (CommandsOnServer server = new CommandsOnServer(directory)) {
      server.answers.put(
          "/v1/audit/purges",
          "{\"items\":[{\"retention_class\":\"short\",\"month\":\"2026-01\",\"due\":true,"
              + "\"runs\":2,\"access_records\":0},{\"retention_class\":\"short\","
              + "\"month\":\"2026-10\",\"due\":false,\"runs\":0,\"access_records\":0}],"
              + "\"outcome\":\"PURGED\",\"runs\":2}");

      assertThat(server.run("admin", "purge")).isEqualTo(ExitCode.USAGE.number());
      assertThat(server.run("admin", "purge", "--dry-run", "--yes"))
          .isEqualTo(ExitCode.USAGE.number());
      assertThat(server.asked).isEmpty();
      assertThat(server.run("admin", "purge", "--dry-run")).isZero();
      assertThat(server.asked).hasSize(1);
      assertThat(server.run("admin", "purge", "--yes", "--month", "2026-02")).isZero();
      assertThat(server.asked).hasSize(2);

      assertThat(server.run("admin", "purge", "--yes")).isZero();
      assertThat(server.asked).as("a list, and a purge of what is due").hasSize(4);
      assertThat(server.out()).contains("PURGED");
    }
  }

  @Test
  void whatWasEstimatedMayTurnOutToBeKept() throws IOException {
    try (CommandsOnServer server = new CommandsOnServer(directory)) {
      server.answers.put(
          "/v1/audit/purges",
          "{\"items\":[{\"retention_class\":\"short\",\"month\":\"2026-01\",\"due\":true,"
              + "\"runs\":20000,\"estimated_records\":700000}],\"outcome\":\"NOTHING\",\"runs\":0}");

      assertThat(server.run("admin", "purge", "--dry-run")).isZero();
      assertThat(server.out()).contains("700000");
      assertThat(server.run("admin", "purge", "--yes")).isZero();
      assertThat(server.asked).as("two lists, and a purge").hasSize(3);
    }
  }

  @Test
  void anExportOfAPurgedRunGivesTheTombstoneAndAnEarlierOneIsHeldToIt() throws Exception {
    Path bag = directory.resolve("bag");
    try (GoldenServer server = new GoldenServer(directory, 1)) {
      assertThat(onServer(server, "audit", "export", GoldenRun.RUN_ID, "--to", bag.toString()))
          .isZero();
      server.purged.set(true);

      assertThat(
              onServer(server, "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/again"))
          .isEqualTo(ExitCode.FAILED.number());
      assertThat(err.toString()).contains("AUDIT.PURGED", "again.tombstones.json");
      assertThat(directory.resolve("again")).doesNotExist();
      assertThat(onServer(server, "audit", "tombstones", "--run", GoldenRun.RUN_ID)).isZero();
      assertThat(out.toString()).contains("same head");
    }
    Path tombstones = directory.resolve("again.tombstones.json");

    assertThat(verify(bag, tombstones)).isZero();
    assertThat(out.toString()).doesNotContain("the journal as a whole");
  }

  @Test
  void aBagThatIsNotWhatWasPurgedAndATombstoneThatDoesNotHoldAreRefused() throws Exception {
    Path bag = directory.resolve("bag");
    try (GoldenServer server = new GoldenServer(directory, 1)) {
      assertThat(onServer(server, "audit", "export", GoldenRun.RUN_ID, "--to", bag.toString()))
          .isZero();
    }
    ObjectNode other = GoldenRun.tombstone();
    other.withArray("record_hashes").set(0, "0".repeat(64));
    assertThat(verify(bag, written(other))).isEqualTo(ExitCode.FAILED.number());
    assertThat(err.toString()).contains("no tombstone that holds: its record hashes are others");

    assertThat(verify(bag, written(GoldenRun.tombstoneOf(List.of("0".repeat(64))))))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(err.toString()).contains("BUNDLE.NOT_AS_KEPT: the hash of the ledger's row 1");
  }

  @Test
  void whoHasKeysHoldsATombstoneThatWasTakenAwayToItsStatement() throws Exception {
    Path bag = directory.resolve("bag");
    Path taken = directory.resolve("again.tombstones.json");
    ObjectNode other;
    try (GoldenServer server = new GoldenServer(directory, 1)) {
      onServer(server, "audit", "export", GoldenRun.RUN_ID, "--to", bag.toString());
      server.purged.set(true);
      onServer(server, "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/again");
      assertThat(err.toString()).contains("AUDIT.PURGED").doesNotContain("may still come");
      server.purgeSigned.set("vsa");
      onServer(server, "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/other");
      other = only(directory.resolve("other.tombstones.json"));
      server.purgeSigned.set("");
      onServer(server, "audit", "export", GoldenRun.RUN_ID, "--to", directory + "/unsigned");
      assertThat(err.toString()).contains("may still come");
      server.purgeSigned.set("~tombstone");
      out.getBuffer().setLength(0);
      String[] shown = {"audit", "tombstones", "--run", GoldenRun.RUN_ID, "--proofs", "-o", "json"};
      assertThat(onServer(server, shown)).isZero();
    }
    Path listed = Files.writeString(directory.resolve("listed.json"), out.toString());

    assertThat(verifyWithKeys(bag, taken)).as(err.toString()).isZero();
    assertThat(verifyWithKeys(bag, listed)).as(err.toString()).isZero();
    refusedWithKeys(bag, directory.resolve("unsigned.tombstones.json"), "BUNDLE.MISSING");
    refusedWithKeys(bag, written(other), "BUNDLE.CONTENT_DIFFERS");
    ObjectNode changed = only(taken);
    changed.withObject("/bundle/dsseEnvelope").put("payload", "e30=");
    refusedWithKeys(bag, written(changed), "PROVENANCE.SIGNATURE_INVALID");
  }

  private void refusedWithKeys(Path bag, Path tombstones, String code) {
    err.getBuffer().setLength(0);
    assertThat(verifyWithKeys(bag, tombstones)).isEqualTo(ExitCode.FAILED.number());
    assertThat(err.toString()).contains("no tombstone that holds: " + code);
  }

  private int verifyWithKeys(Path bag, Path tombstone) {
    return execute(
        "audit",
        "verify",
        bag.toString(),
        "--tombstone",
        tombstone.toString(),
        "--trusted-root",
        bag.resolve("data/trusted_root.json").toString());
  }

  private static ObjectNode only(Path tombstones) throws IOException {
    return (ObjectNode) Json.read(Files.readAllBytes(tombstones), JsonNode.class).get(0);
  }

  @Test
  void aTombstoneIsHeldToItsStatementInTheLog() throws Exception {
    try (GoldenServer server = new GoldenServer(directory, 1)) {
      server.purged.set(true);
      String[] proofs = {"audit", "tombstones", "--run", GoldenRun.RUN_ID, "--proofs"};

      assertThat(onServer(server, proofs)).as(err.toString()).isZero();
      assertThat(out.toString()).contains("VERIFIED");

      server.purgeSigned.set("vsa");
      assertThat(onServer(server, proofs)).isEqualTo(ExitCode.FAILED.number());
      assertThat(out.toString())
          .contains("REFUSED: BUNDLE.CONTENT_DIFFERS: the statement is about something else");

      server.purgeSigned.set("");
      assertThat(onServer(server, proofs)).as("it may come yet").isZero();
      assertThat(out.toString()).contains("MISSING");
    }
  }

  private Path written(ObjectNode tombstone) throws IOException {
    return Files.write(directory.resolve("tombstone.json"), Json.write(tombstone));
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int verify(Path bag, Path tombstone) {
    return execute("audit", "verify", bag.toString(), "--tombstone", tombstone.toString());
  }

  private int onServer(GoldenServer server, String... arguments) {
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
