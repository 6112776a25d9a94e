package dev.dome.transparency;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A log in memory. */
final class MemoryLog implements LogStore {
  final Map<TileId, byte[]> tiles = new HashMap<>();
  private TreeHead head = TreeHead.EMPTY;
  private String checkpoint;

  void add(List<byte[]> entries) {
    grow(Growth.of(head, this, entries));
  }

  @Override
  public byte[] read(TileId.Part part) {
    byte[] tile = tiles.get(part.id());
    if (tile == null || part.id().widthAt(head.size()) < part.width()) {
      throw new MissingTileException(part);
    }
    return part.id().level() == TileId.ENTRIES
        ? EntryBundle.first(tile, part.width())
        : Arrays.copyOf(tile, part.width() * Hashes.SIZE);
  }

  @Override
  public TreeHead head() {
    return head;
  }

  @Override
  public void grow(Growth growth) {
    if (!head.equals(growth.before())) {
      throw new StaleHeadException(growth.before());
    }
    tiles.putAll(growth.tiles());
    head = growth.after();
  }

  @Override
  public Optional<String> checkpoint() {
    return Optional.ofNullable(checkpoint);
  }

  @Override
  public void publish(String signed) {
    checkpoint = signed;
  }
}
