package dev.dome.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Merkle tree of RFC 6962 over a log's tiles, at one size. Tiles that were read are kept, so a
 * tree is for one question or a few. For use by one thread at a time.
 */
public final class Tree {
  private static final int TILE_HEIGHT = 8;

  private final long size;
  private final TileSource tiles;
  private final Map<TileId, byte[]> read = new HashMap<>();

  /** The tree of the log's first {@code size} entries. */
  public Tree(long size, TileSource tiles) {
    this.size = size;
    this.tiles = tiles;
  }

  /** MTH of RFC 6962, section 2.1. */
  public byte[] root() {
    return size == 0 ? Hashes.sha256(new byte[0]) : hash(0, size);
  }

  /** PATH of RFC 6962, section 2.1.1: proves that the entry is in the tree. */
  public List<byte[]> inclusion(long index) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no entry " + index + " in a log of " + size);
    }
    List<byte[]> path = new ArrayList<>();
    inclusion(index, 0, size, path);
    return path;
  }

  private void inclusion(long index, long from, long to, List<byte[]> path) {
    if (to - from == 1) {
      return;
    }
    long middle = from + split(to - from);
    if (index < middle) {
      inclusion(index, from, middle, path);
      path.add(hash(middle, to));
    } else {
      inclusion(index, middle, to, path);
      path.add(hash(from, middle));
    }
  }

  /** PROOF of RFC 6962, section 2.1.2: proves that an older, smaller tree is a prefix of this. */
  public List<byte[]> consistency(long oldSize) {
    if (oldSize < 1 || oldSize > size) {
      throw new IllegalArgumentException("no older size " + oldSize + " of a log of " + size);
    }
    List<byte[]> path = new ArrayList<>();
    consistency(oldSize, 0, size, true, path);
    return path;
  }

  private void consistency(long old, long from, long to, boolean known, List<byte[]> path) {
    if (old == to) {
      if (!known) {
        path.add(hash(from, to));
      }
      return;
    }
    long middle = from + split(to - from);
    if (old <= middle) {
      consistency(old, from, middle, known, path);
      path.add(hash(middle, to));
    } else {
      consistency(old, middle, to, false, path);
      path.add(hash(from, middle));
    }
  }

  /** The hash over a range as RFC 6962 splits it. */
  private byte[] hash(long from, long to) {
    long length = to - from;
    if (Long.bitCount(length) == 1) {
      return complete(Long.numberOfTrailingZeros(length), from / length);
    }
    long middle = from + split(length);
    return Hashes.node(hash(from, middle), hash(middle, to));
  }

  /** The largest power of two below the length. */
  private static long split(long length) {
    return Long.highestOneBit(length - 1);
  }

  /** A node above 2^height leaves, all of which are there. */
  private byte[] complete(int height, long index) {
    int level = height / TILE_HEIGHT;
    int count = 1 << (height % TILE_HEIGHT);
    long first = index * count;
    TileId id = new TileId(level, first / TileId.WIDTH);
    byte[] tile = read.computeIfAbsent(id, of -> tiles.read(new TileId.Part(of, of.widthAt(size))));
    int start = (int) (first % TileId.WIDTH);
    return perfect(tile, start, count);
  }

  /** The root above {@code count} hashes of a tile, a power of two. */
  static byte[] perfect(byte[] tile, int start, int count) {
    if (count == 1) {
      return Arrays.copyOfRange(tile, start * Hashes.SIZE, (start + 1) * Hashes.SIZE);
    }
    int half = count / 2;
    return Hashes.node(perfect(tile, start, half), perfect(tile, start + half, half));
  }
}
