package dev.dome.transparency;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which tile of a log, as C2SP tlog-tiles numbers them.
 *
 * @param level 0 for tiles of leaf hashes, up to 7; {@link #ENTRIES} for the entries themselves
 * @param index from 0, counted per level
 */
public record TileId(int level, long index) {
  /** The level of entry bundles. */
  public static final int ENTRIES = -1;

  /** Hashes of a full tile, entries of a full bundle. */
  public static final int WIDTH = 256;

  private static final int MAX_LEVEL = 7;
  private static final Pattern PATH =
      Pattern.compile("tile/(entries|[0-7])/((?:x\\d{3}/){0,5}\\d{3})(?:\\.p/([1-9]\\d{0,2}))?");

  public TileId {
    if (level < ENTRIES || level > MAX_LEVEL || index < 0) {
      throw new IllegalArgumentException("no tile: level " + level + ", index " + index);
    }
  }

  /**
   * A tile as it is asked for.
   *
   * @param width how many hashes or entries of it, from 1 to {@link #WIDTH}
   */
  public record Part(TileId id, int width) {
    /** The path of the tile below the log's address. */
    public String path() {
      String full = "tile/" + (id.level == ENTRIES ? "entries" : id.level) + "/" + id.number();
      return width == WIDTH ? full : full + ".p/" + width;
    }
  }

  /** The tile that a path names; empty for any other path, so that each tile has one path only. */
  public static Optional<Part> parse(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
    long index = Long.parseLong(matcher.group(2).replaceAll("[x/]", ""));
    int width = matcher.group(3) == null ? WIDTH : Integer.parseInt(matcher.group(3));
    Part part = new Part(new TileId(level, index), width);
    return width <= WIDTH && part.path().equals(path) ? Optional.of(part) : Optional.empty();
  }

  /** How much of this tile a log of that size has, 0 to {@link #WIDTH}. */
  public int widthAt(long treeSize) {
    long nodes = level == ENTRIES ? treeSize : treeSize >>> (8 * level);
    return Math.clamp(nodes - index * WIDTH, 0, WIDTH);
  }

  /** As tlog-tiles writes numbers: groups of three digits, all but the last with an x. */
  private String number() {
    StringBuilder number = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      number.insert(0, "x%03d/".formatted(rest % 1000));
    }
    return number.toString();
  }
}
