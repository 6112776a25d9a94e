package dev.dome.transparency;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks that a log is what it says: the fsck of a log. One bundle is in memory at a time. */
public final class LogCheck {
  /** Bundles of the log's end that a quick check reads. */
  private static final int QUICK_BUNDLES = 16;

  private LogCheck() {}

  /**
   * What does not hold.
   *
   * @param message what was expected and what is there
   */
  public record Fault(Kind kind, String message) {}

  /** What a fault means. */
  public enum Kind {
    /** Entries, tiles and head do not belong together: something was changed or lost. */
    LOG_DAMAGED("PROVENANCE.LOG_DAMAGED"),
    /** The log ends before what was published of it: an older copy was put back. */
    LOG_ROLLED_BACK("PROVENANCE.LOG_ROLLED_BACK"),
    /** The log is not the one of which something was published: its past was rewritten. */
    LOG_FORKED("PROVENANCE.LOG_FORKED");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /** As in the catalog of reason codes. */
    public String code() {
      return code;
    }
  }

  /** Every entry, every hash of every tile, and the root. */
  public static Optional<Fault> whole(TileSource tiles, TreeHead head) {
    return guarded(() -> {
      for (long index = 0; index * TileId.WIDTH < head.size(); index++) {
        if (!bundleFits(tiles, index, head.size())) {
          return damaged("the entries of bundle " + index + " are not those of its tile");
        }
      }
      for (int level = 1; head.size() >>> (8 * level) > 0; level++) {
        Optional<Fault> fault = level(tiles, level, head.size());
        if (fault.isPresent()) {
          return fault;
        }
      }
      return root(tiles, head);
    });
  }

  /** The root, and the entries at the end of the log: what a start can afford. */
  public static Optional<Fault> quick(TileSource tiles, TreeHead head) {
    return guarded(() -> {
      long bundles = (head.size() + TileId.WIDTH - 1) / TileId.WIDTH;
      for (long index = Math.max(0, bundles - QUICK_BUNDLES); index < bundles; index++) {
        if (!bundleFits(tiles, index, head.size())) {
          return damaged("the entries of bundle " + index + " are not those of its tile");
        }
      }
      return root(tiles, head);
    });
  }

  /** Whether the log goes on from what was published of it, as somebody else kept it. */
  public static Optional<Fault> goesOnFrom(TileSource tiles, TreeHead head, TreeHead published) {
    if (published.size() > head.size()) {
      return Optional.of(
          new Fault(
              Kind.LOG_ROLLED_BACK,
              "expected a log of at least %d entries but it has %d"
                  .formatted(published.size(), head.size())));
    }
    return guarded(() ->
        new TreeHead(published.size(), new Tree(published.size(), tiles).root()).equals(published)
            ? Optional.empty()
            : Optional.of(
                new Fault(
                    Kind.LOG_FORKED,
                    "the first %d entries are not those that were published"
                        .formatted(published.size()))));
  }

  private interface Check {
    Optional<Fault> made();
  }

  private static Optional<Fault> guarded(Check check) {
    try {
      return check.made();
    } catch (TileSource.MissingTileException | IllegalArgumentException e) {
      return damaged(e.getMessage());
    }
  }

  private static boolean bundleFits(TileSource tiles, long index, long size) {
    TileId bundle = new TileId(TileId.ENTRIES, index);
    int width = bundle.widthAt(size);
    List<byte[]> entries = EntryBundle.entries(tiles.read(new TileId.Part(bundle, width)));
    byte[] tile = tiles.read(new TileId.Part(new TileId(0, index), width));
    byte[] hashes = new byte[entries.size() * Hashes.SIZE];
    for (int i = 0; i < entries.size(); i++) {
      System.arraycopy(Hashes.leaf(entries.get(i)), 0, hashes, i * Hashes.SIZE, Hashes.SIZE);
    }
    return entries.size() == width && Arrays.equals(hashes, tile);
  }

  /** Each hash of a level is the root of a full tile below it. */
  private static Optional<Fault> level(TileSource tiles, int level, long size) {
    long nodes = size >>> (8 * level);
    for (long node = 0; node < nodes; node++) {
      TileId above = new TileId(level, node / TileId.WIDTH);
      byte[] tile = tiles.read(new TileId.Part(above, above.widthAt(size)));
      byte[] below = tiles.read(new TileId.Part(new TileId(level - 1, node), TileId.WIDTH));
      int at = (int) (node % TileId.WIDTH);
      if (!Arrays.equals(Tree.perfect(below, 0, TileId.WIDTH), Tree.perfect(tile, at, 1))) {
        return damaged("hash " + node + " of level " + level + " is not of the tile below it");
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> root(TileSource tiles, TreeHead head) {
    return Arrays.equals(new Tree(head.size(), tiles).root(), head.root())
        ? Optional.empty()
        : damaged("the root of the tiles is not that of the head");
  }

  private static Optional<Fault> damaged(String message) {
    return Optional.of(new Fault(Kind.LOG_DAMAGED, message));
  }
}
