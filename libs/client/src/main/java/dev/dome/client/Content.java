package dev.dome.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.model.StoredEvidence;
import dev.dome.contracts.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bytes that belong to a result. Short text stands in the result itself; everything else is
 * uploaded, and the result names it by its digest.
 */
final class Content {
  /** Text up to this size travels inside the result. */
  static final int MAX_INLINE_BYTES = 4 * 1024;

  private final byte[] bytes;
  private final String mediaType;

  Content(byte[] bytes, String mediaType) {
    this.bytes = bytes.clone();
    this.mediaType = mediaType;
  }

  /**
   * The artifact that describes this content, which is stored by then.
   *
   * @throws DomeException when it is refused or the outcome is unknown
   */
  ObjectNode artifact(EvidenceSink sink) {
    ObjectNode artifact = Json.mapper().createObjectNode();
    artifact.put("media_type", mediaType).put("bytes", bytes.length);
    Optional<String> text = shortText();
    if (text.isPresent()) {
      return artifact.put("text", text.get());
    }
    StoredEvidence stored = sink.put(bytes, mediaType);
    return artifact.put("sha256", stored.sha256());
  }

  private Optional<String> shortText() {
    boolean isText = mediaType.startsWith("text/") || mediaType.startsWith("application/json");
    if (!isText || bytes.length > MAX_INLINE_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
