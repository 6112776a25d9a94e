package dev.dome.transparency;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Checks a Sigstore bundle against what is trusted, with nothing else at hand: the signature of the
 * statement, the entry of the log against both, the entry's way into the checkpoint, and the
 * checkpoint's signature.
 */
public final class BundleCheck {
  private final TrustedRoot trusted;

  public BundleCheck(TrustedRoot trusted) {
    this.trusted = trusted;
  }

  /** What a check came to. */
  public sealed interface Verdict {

    /**
     * Everything holds.
     *
     * @param statement the in-toto statement that was signed
     * @param keyId of the key that signed it
     */
    record Accepted(JsonNode statement, String keyId, long logIndex, Checkpoint checkpoint)
        implements Verdict {}

    /** Something does not. */
    record Refused(Reason reason, String message) implements Verdict {}
  }

  /** Why a bundle is refused. */
  public enum Reason {
    BUNDLE_MALFORMED("PROVENANCE.BUNDLE_MALFORMED"),
    UNKNOWN_KEY("PROVENANCE.UNKNOWN_KEY"),
    SIGNATURE_INVALID("PROVENANCE.SIGNATURE_INVALID"),
    ENTRY_DIFFERS("PROVENANCE.ENTRY_DIFFERS"),
    CHECKPOINT_INVALID("PROVENANCE.CHECKPOINT_INVALID"),
    NOT_INCLUDED("PROVENANCE.NOT_INCLUDED");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /** As in the catalog of reason codes. */
    public String code() {
      return code;
    }
  }

  /** Refused inside a check. */
  private static final class RefusedException extends RuntimeException {
    private final Verdict.Refused refused;

    RefusedException(Reason reason, String message) {
      super(message);
      this.refused = new Verdict.Refused(reason, message);
    }
  }

  /** Checks the bundle. Whatever the bytes are, the answer is a verdict. */
  public Verdict check(byte[] bundle) {
    try {
      JsonNode read = Json.read(bundle, JsonNode.class);
      return checked(read);
    } catch (RefusedException e) {
      return e.refused;
    } catch (IllegalArgumentException e) {
      return new Verdict.Refused(Reason.BUNDLE_MALFORMED, "the bundle is no JSON");
    }
  }

  private Verdict checked(JsonNode bundle) {
    expect(
        bundle.path("mediaType").asText().equals(Bundle.MEDIA_TYPE),
        Reason.BUNDLE_MALFORMED,
        "expected a Sigstore bundle v0.3");
    Envelope envelope = envelope(bundle);
    StatementKey key =
        trusted
            .key(envelope.keyId())
            .orElseThrow(() ->
                new RefusedException(
                    Reason.UNKNOWN_KEY, "no trusted key has the id " + envelope.keyId()));
    expect(
        key.verifies(Envelope.pae(envelope.payload()), envelope.signature()),
        Reason.SIGNATURE_INVALID,
        "the statement is not what the key " + key.id() + " signed");
    JsonNode logged = bundle.at("/verificationMaterial/tlogEntries");
    expect(logged.size() == 1, Reason.BUNDLE_MALFORMED, "expected one entry of a log");
    return logged(envelope, key, logged.get(0));
  }

  private Verdict logged(Envelope envelope, StatementKey key, JsonNode logged) {
    byte[] entry = bytes(logged.path("canonicalizedBody"));
    expect(
        Arrays.equals(entry, envelope.entry(key)),
        Reason.ENTRY_DIFFERS,
        "the log's entry is of another statement or signature");
    JsonNode proof = logged.path("inclusionProof");
    Checkpoint checkpoint = checkpoint(logged, proof);
    long index = number(proof.path("logIndex"));
    expect(
        index == number(logged.path("logIndex"))
            && number(proof.path("treeSize")) == checkpoint.head().size()
            && Arrays.equals(bytes(proof.path("rootHash")), checkpoint.head().root()),
        Reason.NOT_INCLUDED,
        "the proof is of another place or another log than it says");
    List<byte[]> path = new ArrayList<>();
    proof.path("hashes").forEach(hash -> path.add(bytes(hash)));
    expect(
        Proofs.includes(checkpoint.head(), index, Hashes.leaf(entry), path),
        Reason.NOT_INCLUDED,
        "the proof does not lead from the entry to the checkpoint");
    return new Verdict.Accepted(statement(envelope.payload()), key.id(), index, checkpoint);
  }

  private Checkpoint checkpoint(JsonNode logged, JsonNode proof) {
    byte[] id = bytes(logged.at("/logId/keyId"));
    List<NoteKey> named =
        trusted.logs().stream().filter(log -> Arrays.equals(log.id(), id)).toList();
    expect(!named.isEmpty(), Reason.UNKNOWN_KEY, "the log is none that is trusted");
    Optional<Checkpoint> verified =
        Checkpoint.verified(proof.at("/checkpoint/envelope").asText(), named);
    return verified.orElseThrow(() ->
        new RefusedException(
            Reason.CHECKPOINT_INVALID, "the checkpoint is not what the log's key signed"));
  }

  private static Envelope envelope(JsonNode bundle) {
    JsonNode signed = bundle.path("dsseEnvelope");
    JsonNode signatures = signed.path("signatures");
    expect(
        signed.path("payloadType").asText().equals(Envelope.PAYLOAD_TYPE) && signatures.size() == 1,
        Reason.BUNDLE_MALFORMED,
        "expected an in-toto statement with one signature");
    return new Envelope(
        bytes(signed.path("payload")),
        bundle.at("/verificationMaterial/publicKey/hint").asText(),
        bytes(signatures.get(0).path("sig")));
  }

  private static JsonNode statement(byte[] payload) {
    try {
      return Json.read(payload, JsonNode.class);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.BUNDLE_MALFORMED, "the statement is no JSON");
    }
  }

  private static byte[] bytes(JsonNode base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64.asText());
      // Spare bits of the last digit would be a second writing of the same bytes.
      expect(
          Envelope.base64(bytes).equals(base64.asText()),
          Reason.BUNDLE_MALFORMED,
          "expected Base64 in its one canonical form");
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.BUNDLE_MALFORMED, "expected Base64");
    }
  }

  private static long number(JsonNode text) {
    try {
      return Long.parseLong(text.asText());
    } catch (NumberFormatException e) {
      throw new RefusedException(Reason.BUNDLE_MALFORMED, "expected a number");
    }
  }

  private static void expect(boolean holds, Reason reason, String message) {
    if (!holds) {
      throw new RefusedException(reason, message);
    }
  }
}
