package dev.dome.transparency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import java.util.List;

/** Writes Sigstore bundles v0.3: a signed statement and the proof that the log has it. */
public final class Bundle {
  /** Of the bundle's JSON. */
  public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private Bundle() {}

  /**
   * The bundle of one statement.
   *
   * @param entry the log's entry of it, as logged
   * @param checkpoint a published one whose log has the entry
   * @param path of {@link Tree#inclusion} in the log of the checkpoint's size
   * @param log the key whose id the bundle names
   */
  public static JsonNode of(
      Envelope envelope,
      long logIndex,
      byte[] entry,
      String checkpoint,
      List<byte[]> path,
      NoteKey log) {
    ObjectNode bundle = Json.mapper().createObjectNode().put("mediaType", MEDIA_TYPE);
    ObjectNode material = bundle.putObject("verificationMaterial");
    material.putObject("publicKey").put("hint", envelope.keyId());
    ObjectNode logged = material.putArray("tlogEntries").addObject();
    logged.put("logIndex", Long.toString(logIndex));
    logged.putObject("logId").put("keyId", Envelope.base64(log.id()));
    logged
        .putObject("kindVersion")
        .put("kind", Envelope.ENTRY_KIND)
        .put("version", Envelope.ENTRY_VERSION);
    logged.set("inclusionProof", proof(logIndex, checkpoint, path));
    logged.put("canonicalizedBody", Envelope.base64(entry));
    ObjectNode signed = bundle.putObject("dsseEnvelope");
    signed.put("payload", Envelope.base64(envelope.payload()));
    signed.put("payloadType", Envelope.PAYLOAD_TYPE);
    signed
        .putArray("signatures")
        .addObject()
        .put("sig", Envelope.base64(envelope.signature()))
        .put("keyid", envelope.keyId());
    return bundle;
  }

  private static ObjectNode proof(long logIndex, String checkpoint, List<byte[]> path) {
    TreeHead head = Checkpoint.parse(checkpoint).orElseThrow().head();
    ObjectNode proof = Json.mapper().createObjectNode();
    proof.put("logIndex", Long.toString(logIndex));
    proof.put("rootHash", Envelope.base64(head.root()));
    proof.put("treeSize", Long.toString(head.size()));
    path.forEach(hash -> proof.withArray("hashes").add(Envelope.base64(hash)));
    proof.putObject("checkpoint").put("envelope", checkpoint);
    return proof;
  }
}
