package dev.dome.contracts.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/** How ids are checked and derived. */
final class Identifiers {
  private Identifiers() {}

  static void require(Pattern pattern, String value, String type) {
    Objects.requireNonNull(value, type);
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(type + " expected " + pattern + " but was another text");
    }
  }

  /**
   * The first 32 hex digits of SHA-256 over the parts, each followed by a zero byte, so that no two
   * lists of parts share an input.
   */
  static String hash32(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
