package dev.dome.transparency;

import java.util.Arrays;
import java.util.Base64;

/**
 * How far a log has come.
 *
 * @param size how many entries it has
 * @param root the RFC 6962 hash above them
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by content, changed by nobody.
public record TreeHead(long size, byte[] root) {
  /** Of a log without entries. */
  public static final TreeHead EMPTY = new TreeHead(0, Hashes.sha256(new byte[0]));

  public TreeHead {
    if (size < 0 || root.length != Hashes.SIZE) {
      throw new IllegalArgumentException("no tree head: size " + size);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreeHead head && size == head.size && Arrays.equals(root, head.root);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(root);
  }

  @Override
  public String toString() {
    return size + " " + Base64.getEncoder().encodeToString(root);
  }
}
