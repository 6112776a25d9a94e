package dev.dome.transparency;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A signed statement (DSSE 1.0), and what the log holds of it: a Rekor entry of kind hashedrekord
 * 0.0.2, which names the digest of what was signed, never the statement itself.
 *
 * @param payload an in-toto statement, as it was signed
 * @param signature ASN.1 DER, of {@link #pae}
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a copy of each would cost batches.
public record Envelope(byte[] payload, String keyId, byte[] signature) {
  /** The only type of payload that dome signs. */
  public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

  static final String ENTRY_KIND = "hashedrekord";
  static final String ENTRY_VERSION = "0.0.2";

  /** The pre-authentication encoding of DSSE: what is signed. */
  static byte[] pae(byte[] payload) {
    byte[] head =
        "DSSEv1 %d %s %d "
            .formatted(PAYLOAD_TYPE.length(), PAYLOAD_TYPE, payload.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    return all;
  }

  /** The log's entry, canonical JSON. */
  public byte[] entry(StatementKey key) {
    ObjectNode entry = Json.mapper().createObjectNode();
    entry.put("apiVersion", ENTRY_VERSION).put("kind", ENTRY_KIND);
    ObjectNode spec = entry.putObject("spec").putObject("hashedRekordV002");
    spec.putObject("data")
        .put("algorithm", "SHA2_256")
        .put("digest", base64(Hashes.sha256(pae(payload))));
    ObjectNode signed = spec.putObject("signature").put("content", base64(signature));
    signed
        .putObject("verifier")
        .put("keyDetails", TrustedRoot.P256)
        .putObject("publicKey")
        .put("rawBytes", base64(key.spki()));
    return CanonicalJson.bytes(entry);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
