package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.devstack.DevKeys;
import dev.dome.transparency.Bundle;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.CheckpointSigner;
import dev.dome.transparency.Envelope;
import dev.dome.transparency.FileLogStore;
import dev.dome.transparency.Growth;
import dev.dome.transparency.KeyFile;
import dev.dome.transparency.StatementSigner;
import dev.dome.transparency.Tree;
import dev.dome.transparency.TrustedRoot;
import dev.dome.verification.Finding;
import dev.dome.verification.VerifiedLedger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceCommandsTest {
  private static final String ORIGIN = "dome.test/log";
  private static final String RUNS = "/v1/namespaces/default/runs/";
  private static final Path GOLDEN =
      Path.of(System.getProperty("dome.root"), "libs/kernel/src/test/resources/golden/v1");

  @TempDir Path folder;
  private Path bundle;
  private Path trustedRoot;
  private Path log;

  @BeforeEach
  void sealed() throws Exception {
    DevKeys keys = DevKeys.in(folder.resolve("keys"));
    StatementSigner signer =
        new StatementSigner(KeyFile.load(keys.statementKeyFile(), Optional.empty()));
    CheckpointSigner logSigner =
        new CheckpointSigner(ORIGIN, KeyFile.load(keys.logKeyFile(), Optional.empty()));
    Envelope envelope =
        signer.sign("{\"predicateType\":\"test\"}".getBytes(StandardCharsets.UTF_8));
    byte[] entry = envelope.entry(signer.key());
    log = folder.resolve("log");
    try (FileLogStore store = FileLogStore.in(log)) {
      store.grow(Growth.of(store.head(), store, List.of(new byte[] {1}, entry, new byte[] {2})));
      String checkpoint = new Checkpoint(ORIGIN, store.head()).signed(List.of(logSigner));
      store.publish(checkpoint);
      List<byte[]> path = new Tree(3, store).inclusion(1);
      bundle = folder.resolve("bundle.json");
      Files.write(
          bundle, Json.write(Bundle.of(envelope, 1, entry, checkpoint, path, logSigner.key())));
    }
    TrustedRoot trusted = new TrustedRoot(List.of(logSigner.key()), List.of(signer.key()));
    trustedRoot = folder.resolve("trusted_root.json");
    Files.write(trustedRoot, Json.write(trusted.trustedRootJson()));
    Files.write(folder.resolve("keys.json"), Json.write(trusted.keysJson()));
  }

  private int verify(CommandsOnServer commands) {
    return commands.runAsItStands(
        "provenance",
        "verify",
        "--bundle",
        bundle.toString(),
        "--trusted-root",
        trustedRoot.toString());
  }

  @Test
  void aBundleIsCheckedWithFilesAlone() throws Exception {
    try (CommandsOnServer commands = new CommandsOnServer(folder)) {
      assertThat(verify(commands)).isZero();
      assertThat(commands.out()).contains("VERIFIED");
      assertThat(commands.asked).isEmpty();
    }
  }

  @Test
  void aChangedBundleIsRefusedWithItsReason() throws Exception {
    ObjectNode changed = (ObjectNode) Json.read(Files.readAllBytes(bundle), JsonNode.class);
    changed.withObject("/dsseEnvelope").put("payload", "e30=");
    Files.write(bundle, Json.write(changed));
    try (CommandsOnServer commands = new CommandsOnServer(folder)) {
      assertThat(verify(commands)).isEqualTo(ExitCode.DIFFERENCE.number());
      assertThat(commands.out()).contains("PROVENANCE.SIGNATURE_INVALID");
    }
  }

  @Test
  void withoutKeysThereIsNothingToCheckAgainst() throws Exception {
    try (CommandsOnServer commands = new CommandsOnServer(folder)) {
      assertThat(commands.runAsItStands("provenance", "verify", "--bundle", bundle.toString()))
          .isEqualTo(ExitCode.USAGE.number());
      Files.delete(folder.resolve("keys.json"));
      assertThat(verify(commands)).isEqualTo(ExitCode.USAGE.number());
    }
  }

  @Test
  void theCopyOfALogIsRecomputedWithoutAServer() throws Exception {
    try (CommandsOnServer commands = new CommandsOnServer(folder)) {
      String[] fsck = {
        "admin", "fsck", "--directory", log.toString(), "--trusted-root", trustedRoot.toString()
      };
      assertThat(commands.runAsItStands(fsck)).isZero();
      assertThat(commands.out()).contains("SOUND");
      Path tile = log.resolve("tile/0/000.p/3");
      byte[] hashes = Files.readAllBytes(tile);
      hashes[40] ^= 1;
      Files.write(tile, hashes);

      assertThat(commands.runAsItStands(fsck)).isEqualTo(ExitCode.DIFFERENCE.number());
      assertThat(commands.out()).contains("PROVENANCE.LOG_DAMAGED");
    }
  }

  @Test
  void aRunIsReproducedFromItsInputsUntilTheFirstDifference() throws Exception {
    ArrayNode rows = Json.mapper().createArrayNode();
    VerifiedLedger ledger = new VerifiedLedger();
    for (String line : Files.readAllLines(GOLDEN.resolve("approve.jsonl"))) {
      JsonNode row = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
      ledger.add(row);
      rows.add(row);
    }
    String manifest = ledger.manifest((Finding.Match) ledger.finding()).text();
    try (CommandsOnServer commands = new CommandsOnServer(folder)) {
      commands.answers.put(RUNS + "golden-approve/manifest", manifest);
      commands.answers.put(RUNS + "golden-approve/ledger", "{\"items\":" + rows + "}");
      assertThat(commands.run("reproduce", "golden-approve")).isZero();
      assertThat(commands.out())
          .contains("promotion decision", "EQUAL")
          .doesNotContain("DIFFERENT");

      commands.answers.put(
          RUNS + "golden-approve/manifest", manifest.replace("\"PROMOTED\"", "\"REJECTED\""));
      assertThat(commands.run("reproduce", "golden-approve"))
          .isEqualTo(ExitCode.DIFFERENCE.number());
      assertThat(commands.out()).contains("DIFFERENT");
    }
  }
}
