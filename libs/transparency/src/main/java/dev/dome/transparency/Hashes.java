package dev.dome.transparency;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of RFC 6962, section 2.1: SHA-256 with a prefix that tells leaves from nodes. */
public final class Hashes {
  /** Bytes of one hash. */
  public static final int SIZE = 32;

  private Hashes() {}

  /** The hash of the log's entry. */
  public static byte[] leaf(byte[] entry) {
    MessageDigest digest = digest();
    digest.update((byte) 0);
    return digest.digest(entry);
  }

  /** The hash of an inner node. */
  public static byte[] node(byte[] left, byte[] right) {
    MessageDigest digest = digest();
    digest.update((byte) 1);
    digest.update(left);
    return digest.digest(right);
  }

  /** SHA-256 of the bytes as they are; of none, it is the root of an empty log. */
  public static byte[] sha256(byte[] bytes) {
    return digest().digest(bytes);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
