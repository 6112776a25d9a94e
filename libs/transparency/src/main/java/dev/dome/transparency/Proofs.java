package dev.dome.transparency;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Checks proofs as RFC 9162, sections 2.1.3.2 and 2.1.4.2, says; no tiles are needed. */
public final class Proofs {
  private Proofs() {}

  /** Whether the path leads from the leaf's hash to the head. */
  public static boolean includes(TreeHead head, long index, byte[] leafHash, List<byte[]> path) {
    if (index < 0 || index >= head.size() || !areHashes(path)) {
      return false;
    }
    long fn = index;
    long sn = head.size() - 1;
    byte[] hash = leafHash;
    for (byte[] sibling : path) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        hash = Hashes.node(sibling, hash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        hash = Hashes.node(hash, sibling);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 && Arrays.equals(hash, head.root());
  }

  /** Whether the newer log begins with everything that the older one had. */
  public static boolean extend(TreeHead older, TreeHead newer, List<byte[]> path) {
    if (older.size() < 1 || older.size() > newer.size() || !areHashes(path)) {
      return false;
    }
    if (older.size() == newer.size()) {
      return path.isEmpty() && older.equals(newer);
    }
    Iterator<byte[]> rest = path.iterator();
    boolean wasComplete = Long.bitCount(older.size()) == 1;
    if (!wasComplete && !rest.hasNext()) {
      return false;
    }
    byte[] first = wasComplete ? older.root() : rest.next();
    return extend(older, newer, first, rest);
  }

  private static boolean extend(
      TreeHead older, TreeHead newer, byte[] first, Iterator<byte[]> rest) {
    long fn = older.size() - 1;
    long sn = newer.size() - 1;
    while ((fn & 1) == 1) {
      fn >>>= 1;
      sn >>>= 1;
    }
    byte[] old = first;
    byte[] now = first;
    while (rest.hasNext()) {
      byte[] sibling = rest.next();
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        old = Hashes.node(sibling, old);
        now = Hashes.node(sibling, now);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        now = Hashes.node(now, sibling);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 && Arrays.equals(old, older.root()) && Arrays.equals(now, newer.root());
  }

  private static boolean areHashes(List<byte[]> path) {
    return path.stream().allMatch(hash -> hash.length == Hashes.SIZE);
  }
}
