package dev.dome.client;

import dev.dome.client.model.StoredEvidence;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Evidence of one namespace, by its digest. The server refuses text that holds a secret, because
 * content that is named by its digest cannot be rewritten: redact first.
 */
public final class EvidenceCalls implements EvidenceSink {
  private static final Duration UPLOAD = Duration.ofSeconds(60);

  private final Transport transport;
  private final String root;
  private final RetryPolicy retry;

  EvidenceCalls(Transport transport, String root, RetryPolicy retry) {
    this.transport = transport;
    this.root = root;
    this.retry = retry;
  }

  @Override
  public StoredEvidence put(byte[] content, String mediaType) {
    String digest = HexFormat.of().formatHex(sha256().digest(content));
    return transport
        .send(Call.put(root + digest, Payload.content(content, mediaType), UPLOAD, retry))
        .as(StoredEvidence.class);
  }

  /**
   * Copies stored evidence as it comes.
   *
   * @throws DomeException when there is none
   * @throws IOException when it does not come whole, or the output fails
   */
  public void get(String digest, OutputStream out) throws IOException {
    MessageDigest sha256 = sha256();
    transport.copy(root + DomeClient.segment(digest), new DigestOutputStream(out, sha256));
    if (!HexFormat.of().formatHex(sha256.digest()).equals(digest)) {
      throw new IOException("what came is not the evidence of this digest");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
