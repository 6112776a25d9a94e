package dev.dome.provenance.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.Sha256;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.EntryBundle;
import dev.dome.transparency.Growth;
import dev.dome.transparency.Hashes;
import dev.dome.transparency.TileId;
import dev.dome.transparency.TreeHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A store whose content can be backed up and put back, and which can fall between two steps. */
final class MemorySealStore implements SealStore {
  private final Map<TileId, byte[]> tiles = new ConcurrentHashMap<>();
  private final Map<Long, Unsealed> unsealed = new TreeMap<>();
  private final List<Sealed> sealed = new ArrayList<>();
  private TreeHead head = TreeHead.EMPTY;
  private String checkpoint;
  private boolean fallsBeforePublishing;
  private int growths;

  synchronized void add(Unsealed one) {
    unsealed.put(one.seq(), one);
  }

  /** The next checkpoint is not stored. */
  synchronized void fallBeforePublishing() {
    fallsBeforePublishing = true;
  }

  synchronized MemorySealStore backup() {
    MemorySealStore copy = new MemorySealStore();
    copy.tiles.putAll(tiles);
    copy.unsealed.putAll(unsealed);
    copy.sealed.addAll(sealed);
    copy.head = head;
    copy.checkpoint = checkpoint;
    return copy;
  }

  synchronized int growths() {
    return growths;
  }

  synchronized List<Sealed> all() {
    return List.copyOf(sealed);
  }

  void damage(TileId id) {
    tiles.computeIfPresent(
        id,
        (same, body) -> {
          byte[] changed = body.clone();
          changed[5] ^= 1;
          return changed;
        });
  }

  @Override
  public boolean claim(String holder, long nowMs, long untilMs) {
    return true;
  }

  @Override
  public synchronized List<Unsealed> unsealed(int limit) {
    return unsealed.values().stream().limit(limit).toList();
  }

  @Override
  public synchronized Backlog backlog() {
    return new Backlog(
        unsealed.size(), unsealed.values().stream().mapToLong(Unsealed::sinceMs).min().orElse(0));
  }

  @Override
  public synchronized void seal(Growth growth, List<Sealed> statements, List<Long> seqs) {
    if (!head.equals(growth.before())) {
      throw new StaleHeadException(growth.before());
    }
    tiles.putAll(growth.tiles());
    head = growth.after();
    sealed.addAll(statements);
    seqs.forEach(unsealed::remove);
    growths++;
  }

  @Override
  public synchronized List<Sealed> statements(NamespaceId namespace, RunId runId) {
    return sealed.stream().filter(one -> one.runId().equals(runId.value())).toList();
  }

  @Override
  public synchronized Optional<Sealed> ofTombstone(NamespaceId namespace, Sha256 digest) {
    return sealed.stream().filter(one -> one.subject().equals(digest.value())).findFirst();
  }

  @Override
  public synchronized TreeHead head() {
    return head;
  }

  @Override
  public void grow(Growth growth) {
    seal(growth, List.of(), List.of());
  }

  @Override
  public synchronized Optional<String> checkpoint() {
    return Optional.ofNullable(checkpoint);
  }

  @Override
  public synchronized void publish(String signed) {
    if (fallsBeforePublishing) {
      fallsBeforePublishing = false;
      throw new IllegalStateException("fell");
    }
    long size = Checkpoint.parse(signed).orElseThrow().head().size();
    assert size == head.size() : "a checkpoint of what is not stored";
    checkpoint = signed;
  }

  @Override
  public byte[] read(TileId.Part part) {
    byte[] tile = tiles.get(part.id());
    if (tile == null) {
      throw new MissingTileException(part);
    }
    return part.id().level() == TileId.ENTRIES
        ? EntryBundle.first(tile, part.width())
        : Arrays.copyOf(tile, part.width() * Hashes.SIZE);
  }
}
