package dev.dome.devstack;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Short names of what a file was made from; two of different origin do not meet in one cache. */
final class BuildKey {
  /** Of hexadecimal digits. */
  static final int LENGTH = 16;

  private BuildKey() {}

  static String of(byte[] origin) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(origin);
      return HexFormat.of().formatHex(Arrays.copyOf(digest, LENGTH / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
