package dev.dome.transparency;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a log becomes when entries are added: the tiles that change, each once however many entries
 * there are, and the head after them. Nothing is written here.
 *
 * @param before the head that this follows
 * @param tiles whole contents, those of the entries first
 * @param after the head once the tiles are stored
 */
public record Growth(TreeHead before, Map<TileId, byte[]> tiles, TreeHead after) {

  /**
   * Adds the entries behind those of the log.
   *
   * @param log what the log has; only the tiles of its right edge are read
   */
  public static Growth of(TreeHead before, TileSource log, List<byte[]> entries) {
    Map<TileId, byte[]> changed = new LinkedHashMap<>();
    addEntries(before.size(), log, entries, changed);
    byte[] hashes = new byte[entries.size() * Hashes.SIZE];
    for (int i = 0; i < entries.size(); i++) {
      System.arraycopy(Hashes.leaf(entries.get(i)), 0, hashes, i * Hashes.SIZE, Hashes.SIZE);
    }
    for (int level = 0; hashes.length > 0; level++) {
      hashes = addHashes(level, before.size(), log, hashes, changed);
    }
    long size = before.size() + entries.size();
    byte[] root = new Tree(size, part -> changedOr(changed, log, part)).root();
    return new Growth(before, changed, new TreeHead(size, root));
  }

  private static byte[] changedOr(Map<TileId, byte[]> changed, TileSource log, TileId.Part part) {
    byte[] tile = changed.get(part.id());
    return tile != null ? tile : log.read(part);
  }

  private static void addEntries(
      long size, TileSource log, List<byte[]> entries, Map<TileId, byte[]> changed) {
    int taken = 0;
    for (long index = size / TileId.WIDTH; taken < entries.size(); index++) {
      TileId id = new TileId(TileId.ENTRIES, index);
      int width = id.widthAt(size);
      int added = Math.min(TileId.WIDTH - width, entries.size() - taken);
      changed.put(
          id, EntryBundle.with(stored(log, id, width), entries.subList(taken, taken + added)));
      taken += added;
    }
  }

  /** Adds hashes to a level; gives the hashes above the tiles that became full by it. */
  private static byte[] addHashes(
      int level, long size, TileSource log, byte[] hashes, Map<TileId, byte[]> changed) {
    byte[] above = new byte[0];
    int taken = 0;
    for (long index = (size >>> (8 * level)) / TileId.WIDTH; taken < hashes.length; index++) {
      TileId id = new TileId(level, index);
      byte[] stored = stored(log, id, id.widthAt(size));
      int added = Math.min(TileId.WIDTH * Hashes.SIZE - stored.length, hashes.length - taken);
      byte[] tile = Arrays.copyOf(stored, stored.length + added);
      System.arraycopy(hashes, taken, tile, stored.length, added);
      changed.put(id, tile);
      taken += added;
      if (tile.length == TileId.WIDTH * Hashes.SIZE) {
        above = Arrays.copyOf(above, above.length + Hashes.SIZE);
        byte[] root = Tree.perfect(tile, 0, TileId.WIDTH);
        System.arraycopy(root, 0, above, above.length - Hashes.SIZE, Hashes.SIZE);
      }
    }
    return above;
  }

  private static byte[] stored(TileSource log, TileId id, int width) {
    return width == 0 ? new byte[0] : log.read(new TileId.Part(id, width));
  }
}
