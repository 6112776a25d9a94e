package dev.dome.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleCheckTest {
  private static final String ORIGIN = "dome.test/log";
  private static final String ENTRY = "/verificationMaterial/tlogEntries/0";

  @TempDir Path folder;
  private TrustedRoot trusted;
  private ObjectNode bundle;

  @BeforeEach
  void sealed() throws Exception {
    StatementSigner signer = new StatementSigner(TestKeys.ecdsa(folder));
    CheckpointSigner old = new CheckpointSigner(ORIGIN, TestKeys.ed25519(folder));
    CheckpointSigner log = new CheckpointSigner(ORIGIN, TestKeys.ed25519(folder));
    MemoryLog store = new MemoryLog();
    store.add(Entries.of(0, 300));
    Envelope envelope = signer.sign("{\"_type\":\"x\"}".getBytes(StandardCharsets.UTF_8));
    byte[] entry = envelope.entry(signer.key());
    store.add(List.of(entry));
    store.add(Entries.of(301, 400));
    String checkpoint = new Checkpoint(ORIGIN, store.head()).signed(List.of(log, old));
    List<byte[]> path = new Tree(400, store).inclusion(300);
    bundle = (ObjectNode) Bundle.of(envelope, 300, entry, checkpoint, path, log.key());
    trusted = new TrustedRoot(List.of(log.key(), old.key()), List.of(signer.key()));
  }

  private BundleCheck.Verdict check() {
    return new BundleCheck(trusted).check(Json.write(bundle));
  }

  @Test
  void aBundleHoldsWithNothingButWhatIsTrusted() {
    trusted = TrustedRoot.read(trusted.trustedRootJson(), trusted.keysJson());

    BundleCheck.Verdict verdict = check();

    assertThat(verdict).isInstanceOf(BundleCheck.Verdict.Accepted.class);
    BundleCheck.Verdict.Accepted accepted = (BundleCheck.Verdict.Accepted) verdict;
    assertThat(accepted.logIndex()).isEqualTo(300);
    assertThat(accepted.checkpoint().head().size()).isEqualTo(400);
    assertThat(accepted.statement().path("_type").asText()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({
    "/dsseEnvelope/payload, SIGNATURE_INVALID",
    "/dsseEnvelope/signatures/0/sig, SIGNATURE_INVALID",
    "/verificationMaterial/tlogEntries/0/canonicalizedBody, ENTRY_DIFFERS",
    "/verificationMaterial/tlogEntries/0/inclusionProof/hashes/0, NOT_INCLUDED",
    "/verificationMaterial/tlogEntries/0/inclusionProof/hashes/3, NOT_INCLUDED",
    "/verificationMaterial/tlogEntries/0/inclusionProof/rootHash, NOT_INCLUDED",
    "/verificationMaterial/tlogEntries/0/logId/keyId, UNKNOWN_KEY",
  })
  void aFlippedBitInAnyPartIsRefused(String pointer, BundleCheck.Reason reason) {
    byte[] bytes = Base64.getDecoder().decode(bundle.at(pointer).asText());
    for (int at : new int[] {0, bytes.length / 2, bytes.length - 1}) {
      bytes[at] ^= 1;
      put(pointer, Base64.getEncoder().encodeToString(bytes));
      assertThat(check())
          .isInstanceOfSatisfying(
              BundleCheck.Verdict.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(reason));
      bytes[at] ^= 1;
    }
  }

  @Test
  void everyFlippedCharacterOfTheCheckpointIsRefusedUnlessAnotherKeySignedItToo() {
    String pointer = ENTRY + "/inclusionProof/checkpoint/envelope";
    String signed = bundle.at(pointer).asText();
    int first = signed.indexOf("\n\u2014") + 1;
    int second = signed.indexOf("\n\u2014", first) + 1;
    String one = signed.substring(0, second);
    put(pointer, one);
    assertThat(check()).isInstanceOf(BundleCheck.Verdict.Accepted.class);
    for (int at = 0; at < one.length(); at++) {
      char[] characters = one.toCharArray();
      characters[at] = (char) (characters[at] ^ 1);
      put(pointer, new String(characters));
      assertThat(check()).as("character " + at).isInstanceOf(BundleCheck.Verdict.Refused.class);
    }
  }

  @Test
  void anotherKeyIsNotTrusted() throws Exception {
    trusted =
        new TrustedRoot(trusted.logs(), List.of(new StatementSigner(TestKeys.ecdsa(folder)).key()));

    assertThat(check())
        .isInstanceOfSatisfying(
            BundleCheck.Verdict.Refused.class,
            refused -> assertThat(refused.reason().code()).isEqualTo("PROVENANCE.UNKNOWN_KEY"));
  }

  @Test
  void whatIsNoBundleIsRefusedAndNeverThrows() {
    BundleCheck check = new BundleCheck(trusted);
    for (String text : List.of("", "{}", "[]", "null", "{\"mediaType\":1}", "\u0000")) {
      assertThat(check.check(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(BundleCheck.Verdict.Refused.class);
    }
    for (String pointer : List.of("/dsseEnvelope/payload", ENTRY + "/inclusionProof/treeSize")) {
      JsonNode whole = bundle.deepCopy();
      put(pointer, "*");
      assertThat(check()).isInstanceOf(BundleCheck.Verdict.Refused.class);
      bundle = (ObjectNode) whole;
    }
  }

  private void put(String pointer, String text) {
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = bundle.at(pointer.substring(0, slash));
    String last = pointer.substring(slash + 1);
    if (parent instanceof ObjectNode object) {
      object.put(last, text);
    } else {
      ((com.fasterxml.jackson.databind.node.ArrayNode) parent)
          .set(Integer.parseInt(last), TextNode.valueOf(text));
    }
  }
}
