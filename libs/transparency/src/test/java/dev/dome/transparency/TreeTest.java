package dev.dome.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TreeTest {

  /** MTH as RFC 6962, section 2.1, defines it, without tiles. */
  private static byte[] defined(List<byte[]> entries) {
    if (entries.size() == 1) {
      return Hashes.leaf(entries.getFirst());
    }
    int split = Integer.highestOneBit(entries.size() - 1);
    return Hashes.node(
        defined(entries.subList(0, split)), defined(entries.subList(split, entries.size())));
  }

  @Test
  void theRootIsThatOfTheRfcHoweverTheEntriesCame() {
    MemoryLog log = new MemoryLog();
    int size = 0;
    for (int batch : new int[] {1, 1, 3, 250, 1, 1, 255, 513, 70_000}) {
      log.add(Entries.of(size, size + batch));
      size += batch;
      assertThat(log.head())
          .as("%d entries", size)
          .isEqualTo(new TreeHead(size, defined(Entries.of(0, size))));
    }
    assertThat(LogCheck.whole(log, log.head())).isEmpty();
  }

  @Test
  void everyEntryOfEverySizeIsProvenAndNoOther() {
    MemoryLog log = new MemoryLog();
    log.add(Entries.of(0, 600));
    for (int size : new int[] {1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 600}) {
      Tree tree = new Tree(size, log);
      TreeHead head = new TreeHead(size, tree.root());
      for (int index = 0; index < size; index++) {
        List<byte[]> path = tree.inclusion(index);
        byte[] leaf = Hashes.leaf(Entries.of(index, index + 1).getFirst());
        assertThat(Proofs.includes(head, index, leaf, path)).isTrue();
        assertThat(Proofs.includes(head, index, Hashes.leaf(new byte[] {1}), path)).isFalse();
        assertThat(Proofs.includes(head, (index + 1) % size, leaf, path)).isEqualTo(size == 1);
      }
    }
  }

  @Test
  void everyOlderSizeIsAPrefixAndAnotherLogIsNot() {
    MemoryLog log = new MemoryLog();
    log.add(Entries.of(0, 520));
    MemoryLog other = new MemoryLog();
    other.add(Entries.of(1, 521));
    for (int size : new int[] {1, 2, 3, 6, 255, 256, 257, 300, 519, 520}) {
      TreeHead newer = new TreeHead(size, new Tree(size, log).root());
      for (int old = 1; old <= size; old++) {
        List<byte[]> path = new Tree(size, log).consistency(old);
        TreeHead older = new TreeHead(old, new Tree(old, log).root());
        TreeHead forged = new TreeHead(old, new Tree(old, other).root());
        assertThat(Proofs.extend(older, newer, path)).as("%d in %d", old, size).isTrue();
        assertThat(Proofs.extend(forged, newer, path)).isFalse();
        assertThat(Proofs.extend(older, new TreeHead(size, new Tree(size, other).root()), path))
            .isFalse();
      }
    }
  }

  @Test
  void pathsAreThoseOfTlogTilesAndEachTileHasOneOnly() {
    TileId.Part part = new TileId.Part(new TileId(1, 1_234_067), 8);
    assertThat(part.path()).isEqualTo("tile/1/x001/x234/067.p/8");
    assertThat(TileId.parse(part.path())).contains(part);
    assertThat(new TileId.Part(new TileId(TileId.ENTRIES, 5), 256).path())
        .isEqualTo("tile/entries/005");
    for (String wrong :
        List.of(
            "tile/0/5",
            "tile/0/x000/005",
            "tile/8/005",
            "tile/0/005.p/256",
            "tile/0/005.p/0",
            "tile/0/005.p/300",
            "tile/-1/005",
            "tile/0/../005",
            "checkpoint",
            "tile/00/005")) {
      assertThat(TileId.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void whatWasChangedInALogIsFound() {
    MemoryLog log = new MemoryLog();
    log.add(Entries.of(0, 70_000));
    for (TileId id :
        List.of(new TileId(0, 3), new TileId(1, 0), new TileId(2, 0), new TileId(-1, 2))) {
      byte[] sound = log.tiles.get(id);
      byte[] changed = sound.clone();
      changed[20] ^= 1;
      log.tiles.put(id, changed);
      assertThat(LogCheck.whole(log, log.head()))
          .hasValueSatisfying(
              fault -> assertThat(fault.kind()).isEqualTo(LogCheck.Kind.LOG_DAMAGED));
      log.tiles.remove(id);
      assertThat(LogCheck.whole(log, log.head())).as("without " + id).isPresent();
      log.tiles.put(id, sound);
    }
    assertThat(LogCheck.whole(log, log.head())).isEmpty();
    assertThat(LogCheck.quick(log, log.head())).isEmpty();
  }

  @Test
  void anOlderCopyAndARewrittenPastAreToldApart() {
    MemoryLog log = new MemoryLog();
    log.add(Entries.of(0, 300));
    TreeHead published = log.head();
    MemoryLog restored = new MemoryLog();
    restored.add(Entries.of(0, 299));
    MemoryLog rewritten = new MemoryLog();
    rewritten.add(Entries.of(1, 400));

    log.add(Entries.of(300, 310));

    assertThat(LogCheck.goesOnFrom(log, log.head(), published)).isEmpty();
    assertThat(LogCheck.goesOnFrom(restored, restored.head(), published).orElseThrow().kind())
        .isEqualTo(LogCheck.Kind.LOG_ROLLED_BACK);
    assertThat(LogCheck.goesOnFrom(rewritten, rewritten.head(), published).orElseThrow().kind())
        .isEqualTo(LogCheck.Kind.LOG_FORKED);
  }
}
