package dev.dome.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets that dome must be able to use again, encrypted for a database row: AES-256-GCM under a
 * key from a file, bound to what the secret is for. A sealed text is {@code <key id>.<base64 of
 * nonce and ciphertext>}. Safe for use by many threads.
 */
public final class SealedSecrets {
  private static final String CIPHER = "AES/GCM/NoPadding";

  /** NIST SP 800-38D section 5.2.1.1 recommends 96 bits. */
  private static final int NONCE_BYTES = 12;

  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;
  private final String keyId;

  private SealedSecrets(Hmac hmac) {
    // The file's bytes may be of any length from 32 on; a digest under them is a key of 256 bits.
    byte[] derived =
        HexFormat.of().parseHex(hmac.hex("sealed secrets".getBytes(StandardCharsets.UTF_8)));
    this.key = new SecretKeySpec(derived, "AES");
    this.keyId = hmac.keyId();
  }

  /**
   * Under the key given.
   *
   * @throws IllegalArgumentException when it has fewer than {@link Hmac#MIN_KEY_BYTES}
   */
  public static SealedSecrets of(byte[] key) {
    return new SealedSecrets(Hmac.of(key));
  }

  /**
   * Under the key in a file, as {@link Hmac#load} reads it.
   *
   * @throws IllegalArgumentException when others than the owner may touch the file, or the key is
   *     too short
   * @throws IOException when the file cannot be read
   */
  public static SealedSecrets load(Path file) throws IOException {
    return new SealedSecrets(Hmac.load(file));
  }

  /**
   * Encrypts.
   *
   * @param purpose what the secret is for; it opens for nothing else
   */
  public String seal(byte[] secret, String purpose) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] hidden = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(secret);
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + hidden.length);
      System.arraycopy(hidden, 0, sealed, NONCE_BYTES, hidden.length);
      return keyId + "." + Base64.getEncoder().encodeToString(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + CIPHER, e);
    }
  }

  /** The secret; empty when it was sealed under another key, for something else, or was altered. */
  public Optional<byte[]> open(String sealed, String purpose) {
    if (!sealed.startsWith(keyId + ".")) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(sealed.substring(keyId.length() + 1));
      byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, nonce, purpose)
              .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
