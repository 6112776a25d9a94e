package dev.dome.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed HMAC-SHA-256 of request bodies, so that a stored digest tells nothing about a body to those
 * without the key. Safe for use by many threads.
 */
public final class Hmac {
  /** A key must have at least this many bytes, the output size of SHA-256 (RFC 2104 section 3). */
  public static final int MIN_KEY_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  /** The group may read: Kubernetes gives a secret to a process that is not root by its group. */
  private static final Set<PosixFilePermission> PRIVATE =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_READ);

  private final SecretKeySpec key;
  private final String keyId;

  private Hmac(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.keyId = "hmac-" + hex("key id".getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /**
   * With the key given.
   *
   * @throws IllegalArgumentException when the key has fewer than {@link #MIN_KEY_BYTES}
   */
  public static Hmac of(byte[] key) {
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "expected a key of at least %d bytes but it has %d".formatted(MIN_KEY_BYTES, key.length));
    }
    return new Hmac(key);
  }

  /**
   * The key in a file: all its bytes but line ends at the end.
   *
   * @throws IllegalArgumentException when others than the owner and its group may read the file or
   *     others than the owner may write it, or the key is too short
   * @throws IOException when the file cannot be read
   */
  public static Hmac load(Path file) throws IOException {
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
    if (!PRIVATE.containsAll(granted)) {
      throw new IllegalArgumentException(
          "expected the key file to have mode 600 or 640: run chmod 600 on " + file.getFileName());
    }
    byte[] bytes = Files.readAllBytes(file);
    int length = bytes.length;
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
      length--;
    }
    return of(Arrays.copyOf(bytes, length));
  }

  /** Names the key without telling it: 16 hex digits of a digest made with the key. */
  public String keyId() {
    return keyId;
  }

  /** 64 hex digits. */
  public String hex(byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
