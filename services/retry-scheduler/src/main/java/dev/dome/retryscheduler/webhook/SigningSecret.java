package dev.dome.retryscheduler.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a webhook's messages are signed with, after Standard Webhooks 1.0.0: HMAC-SHA256 over {@code
 * id.timestamp.body}, the secret written as {@code whsec_} and base64 of 24 to 64 bytes.
 */
public final class SigningSecret {
  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;
  private static final int MADE_BYTES = 32;

  private final byte[] key;

  private SigningSecret(byte[] key) {
    this.key = key;
  }

  /** A new one. */
  public static SigningSecret make() {
    byte[] key = new byte[MADE_BYTES];
    new SecureRandom().nextBytes(key);
    return new SigningSecret(key);
  }

  /** Of its bytes. */
  public static SigningSecret of(byte[] key) {
    return new SigningSecret(key.clone());
  }

  /** As it is written; empty when it is not written so, or has another length. */
  public static Optional<SigningSecret> read(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return key.length < MIN_BYTES || key.length > MAX_BYTES
          ? Optional.empty()
          : Optional.of(new SigningSecret(key));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The bytes, to be sealed. */
  public byte[] bytes() {
    return Arrays.copyOf(key, key.length);
  }

  /** As its receiver is given it, once. */
  public String written() {
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  /** The value of {@code webhook-signature}. */
  public String sign(String id, long timestampSeconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update((id + "." + timestampSeconds + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "SigningSecret";
  }
}
