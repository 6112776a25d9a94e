package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.transparency.TlogProof;
import dev.dome.transparency.TrustedRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed statements in a bag whose digests hold. */
class StatementsTest {
  @TempDir private Path directory;
  private GoldenStatements signed;
  private final Map<String, byte[]> files = new TreeMap<>();

  @BeforeEach
  void sign() throws Exception {
    signed = GoldenStatements.in(directory.resolve("one"), GoldenRun.manifest());
    files.put(BagFiles.LEDGER, GoldenRun.lines(GoldenRun.ledger()));
    files.put(BagFiles.RECORDS, GoldenRun.lines(GoldenRun.records()));
    files.put(BagFiles.LATE_REPORTS, new byte[0]);
    files.put(BagFiles.RUN_MANIFEST, CanonicalJson.bytes(GoldenRun.manifest()));
    put(signed);
  }

  private void put(GoldenStatements statements) {
    statements.ofTheRun().forEach(this::put);
    files.put(BagFiles.TRUSTED_ROOT, Json.write(statements.trusted().trustedRootJson()));
    files.put(BagFiles.KEYS, Json.write(statements.trusted().keysJson()));
  }

  private void put(String name, byte[] bundle) {
    files.put(BagFiles.bundle(name), bundle);
    files.put(BagFiles.proof(name), proof(bundle));
  }

  private static byte[] proof(byte[] bundle) {
    return TlogProof.ofBundle(Json.read(bundle, JsonNode.class))
        .text()
        .getBytes(StandardCharsets.UTF_8);
  }

  private RunBagCheck.Report report(Optional<TrustedRoot> trusted) throws IOException {
    Pins pins = new Pins(Optional.empty(), Optional.empty(), Optional.empty(), trusted);
    try (BagWriter writer = BagWriter.to(directory.resolve("bag"), "golden")) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        writer.write(file.getKey(), file.getValue());
      }
      writer.seal(Map.of("External-Identifier", GoldenRun.NAMESPACE + "/" + GoldenRun.RUN_ID), "");
      return RunBagCheck.of(writer.draft(), pins, Progress.SILENT);
    }
  }

  private String codeOf(Optional<TrustedRoot> trusted) {
    return catchThrowableOfType(Failure.class, () -> report(trusted)).code();
  }

  @Test
  void statementsHoldAndKeysFromElsewhereHoldTheJournalWithThem() throws IOException {
    assertThat(report(Optional.empty()).statements()).isEqualTo(4);
    assertThat(report(Optional.empty()).unprotected())
        .contains("the journal as a whole, with all that follows");
    assertThat(report(Optional.of(signed.trusted())).unprotected())
        .isEqualTo(RunBagCheck.OPEN_WITHOUT_SIGNATURE);
  }

  @Test
  void aForgerWithKeysOfTheirOwnIsToldApart() throws Exception {
    put(GoldenStatements.in(directory.resolve("two"), GoldenRun.manifest()));

    assertThat(report(Optional.empty()).statements()).isEqualTo(4);
    assertThat(codeOf(Optional.of(signed.trusted()))).isEqualTo("PROVENANCE.UNKNOWN_KEY");
  }

  @Test
  void whoAsksForKeysAsksForStatements() {
    files.remove(BagFiles.bundle("run-gate"));
    files.remove(BagFiles.proof("run-gate"));

    assertThat(codeOf(Optional.of(signed.trusted()))).isEqualTo("BUNDLE.MISSING");
  }

  @Test
  void aProofWithoutItsBundleAndABundleWithoutItsProofAreMissed() {
    byte[] bundle = files.remove(BagFiles.bundle("vsa"));
    assertThat(codeOf(Optional.empty())).isEqualTo("BUNDLE.MISSING");

    put("vsa", bundle);
    files.remove(BagFiles.proof("vsa"));
    assertThat(codeOf(Optional.empty())).isEqualTo("BUNDLE.MISSING");
    files.remove(BagFiles.bundle("vsa"));
    files.remove(BagFiles.KEYS);
    assertThat(codeOf(Optional.empty())).isEqualTo("BUNDLE.MISSING");
  }

  @Test
  void aStatementOfAnotherRunIsRefused() throws Exception {
    ObjectNode other = GoldenRun.manifest().put("status", "REJECTED");
    GoldenStatements others = GoldenStatements.in(directory.resolve("one"), other);
    put("vsa", others.bundles().get("vsa"));

    assertThat(codeOf(Optional.empty())).isEqualTo("BUNDLE.CONTENT_DIFFERS");
  }

  @Test
  void aStatementUnderAnotherNameIsRefused() {
    put("vsa", signed.bundles().get("provenance"));
    assertThat(codeOf(Optional.empty())).isEqualTo("BUNDLE.CONTENT_DIFFERS");

    put("vsa", signed.bundles().get("vsa"));
    put("0193-other", signed.bundles().get(GoldenStatements.REPLAY));
    assertThat(codeOf(Optional.empty())).isEqualTo("BUNDLE.CONTENT_DIFFERS");
  }

  @Test
  void aChangedStatementIsRefusedWithTheReasonOfItsCheck() {
    ObjectNode bundle = (ObjectNode) Json.read(signed.bundles().get("vsa"), JsonNode.class);
    bundle.withObject("/dsseEnvelope").put("payload", "e30=");
    files.put(BagFiles.bundle("vsa"), Json.write(bundle));

    assertThat(codeOf(Optional.empty())).isEqualTo("PROVENANCE.SIGNATURE_INVALID");
  }

  @Test
  void aProofOfAnotherEntryIsRefused() {
    files.put(BagFiles.proof("vsa"), proof(signed.bundles().get("provenance")));
    assertThat(codeOf(Optional.empty())).isEqualTo("PROVENANCE.NOT_INCLUDED");

    files.put(BagFiles.proof("vsa"), new byte[] {'x'});
    assertThat(codeOf(Optional.empty())).isEqualTo("BUNDLE.CONTENT_DIFFERS");
  }
}
