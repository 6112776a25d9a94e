package dev.dome.transparency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a verifier trusts: the keys of logs, in a trusted_root.json as Sigstore defines it, and the
 * keys of statements, for which that format has no place, in a keys.json beside it. While keys
 * overlap there are several of each; the first is the one in use.
 */
public record TrustedRoot(List<NoteKey> logs, List<StatementKey> keys) {
  static final String P256 = "PKIX_ECDSA_P256_SHA_256";
  private static final String ED25519 = "PKIX_ED25519";
  private static final String MEDIA_TYPE =
      "application/vnd.dev.sigstore.trustedroot+json;version=0.1";
  private static final String SCHEME = "https://";

  public TrustedRoot {
    logs = List.copyOf(logs);
    keys = List.copyOf(keys);
  }

  /**
   * The trusted_root.json. Keys have no end: they are taken out when they are no longer trusted.
   */
  public JsonNode trustedRootJson() {
    ObjectNode root = Json.mapper().createObjectNode().put("mediaType", MEDIA_TYPE);
    for (NoteKey log : logs) {
      ObjectNode entry = root.withArray("tlogs").addObject();
      entry.put("baseUrl", SCHEME + log.name()).put("hashAlgorithm", "SHA2_256");
      entry
          .putObject("publicKey")
          .put("rawBytes", Envelope.base64(log.spki()))
          .put("keyDetails", ED25519)
          .putObject("validFor")
          .put("start", "1970-01-01T00:00:00Z");
      entry.putObject("logId").put("keyId", Envelope.base64(log.id()));
    }
    root.putArray("certificateAuthorities");
    root.putArray("ctlogs");
    root.putArray("timestampAuthorities");
    return root;
  }

  /** The keys.json: id, SubjectPublicKeyInfo in Base64 and kind of each. */
  public JsonNode keysJson() {
    ObjectNode root = Json.mapper().createObjectNode();
    for (StatementKey key : keys) {
      root.withArray("keys")
          .addObject()
          .put("keyId", key.id())
          .put("rawBytes", Envelope.base64(key.spki()))
          .put("keyDetails", P256);
    }
    return root;
  }

  /**
   * Reads both files.
   *
   * @throws IllegalArgumentException when one is not of its format
   */
  public static TrustedRoot read(JsonNode trustedRoot, JsonNode keys) {
    List<NoteKey> logs = new ArrayList<>();
    for (JsonNode log : trustedRoot.path("tlogs")) {
      String address = log.path("baseUrl").asText();
      if (log.at("/publicKey/keyDetails").asText().equals(ED25519) && address.startsWith(SCHEME)) {
        logs.add(
            new NoteKey(address.substring(SCHEME.length()), bytes(log.at("/publicKey/rawBytes"))));
      }
    }
    List<StatementKey> statementKeys = new ArrayList<>();
    for (JsonNode key : keys.path("keys")) {
      if (key.path("keyDetails").asText().equals(P256)) {
        statementKeys.add(new StatementKey(bytes(key.path("rawBytes"))));
      }
    }
    if (logs.isEmpty() || statementKeys.isEmpty()) {
      throw new IllegalArgumentException(
          "expected keys of a log and of statements but found "
              + logs.size()
              + " and "
              + statementKeys.size());
    }
    return new TrustedRoot(logs, statementKeys);
  }

  private static byte[] bytes(JsonNode base64) {
    return Base64.getDecoder().decode(base64.asText());
  }

  Optional<StatementKey> key(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }
}
