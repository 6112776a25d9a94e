package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.verification.Tombstone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tombstones that lie in a bag of a range. Each holds to itself; of its rows' hashes no more
 * are kept in memory than those of one run.
 */
final class BagTombstones {
  private static final long MAX_BYTES = 64 << 20;

  private final Path root;
  private final NavigableMap<Long, String> digests = new TreeMap<>();
  private final Map<String, List<Long>> ofRuns = new HashMap<>();
  private Optional<String> readLast = Optional.empty();
  private List<Tombstone> last = List.of();

  private BagTombstones(Path root) {
    this.root = root;
  }

  /**
   * Checks each.
   *
   * @param indices by which they are named
   * @throws Failure at the first that does not hold, or is of another namespace
   */
  static BagTombstones of(Path root, Iterable<Long> indices, BagRange range) throws IOException {
    BagTombstones all = new BagTombstones(root);
    for (long index : indices) {
      all.add(index, range);
    }
    return all;
  }

  private void add(long index, BagRange range) throws IOException {
    ObjectNode shown = shown(index);
    String at = BagFiles.tombstone(index) + ": ";
    String digest = CanonicalJson.sha256(shown.path("document"));
    Failure.unless(
        shown.path("index").asLong(-1) == index
            && shown.at("/document/namespace").asText().equals(range.namespace().value()),
        at + "another tombstone, or one of another namespace");
    Failure.unless(
        digest.equals(shown.path("digest").asText()), at + "its digest is not of its document");
    digests.put(index, digest);
    if (Tombstone.isOfARun(shown)) {
      Tombstone read = read(shown, at);
      ofRuns.computeIfAbsent(read.runId(), run -> new ArrayList<>()).add(index);
    }
  }

  private static Tombstone read(ObjectNode shown, String at) {
    try {
      return Tombstone.read(shown);
    } catch (IllegalArgumentException e) {
      throw new Failure(at + e.getMessage());
    }
  }

  /** A tombstone as the audit shows it. */
  ObjectNode shown(long index) throws IOException {
    String name = BagFiles.tombstone(index);
    Path file = root.resolve(name);
    Failure.unless(Files.size(file) <= MAX_BYTES, Failure.LIMIT, name + " is too large");
    return Lines.object(Lines.utf8(Files.readAllBytes(file), name), name + ": ");
  }

  /** The digest of each by its index. */
  NavigableMap<Long, String> digests() {
    return digests;
  }

  /** Those of a run. */
  List<Tombstone> of(String runId) throws IOException {
    if (!readLast.equals(Optional.of(runId))) {
      List<Tombstone> read = new ArrayList<>();
      for (long index : ofRuns.getOrDefault(runId, List.of())) {
        read.add(read(shown(index), BagFiles.tombstone(index) + ": "));
      }
      readLast = Optional.of(runId);
      last = read;
    }
    return last;
  }

  boolean hasOneOf(String runId) {
    return ofRuns.containsKey(runId);
  }
}
