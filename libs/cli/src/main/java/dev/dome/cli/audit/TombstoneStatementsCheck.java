package dev.dome.cli.audit;

import dev.dome.transparency.BundleCheck;
import dev.dome.transparency.TrustedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * Holds the tombstones of a range's bag to their signed statements. A bag has them of all or, taken
 * without, of none; whoever has keys from elsewhere asks for all.
 */
final class TombstoneStatementsCheck {
  private TombstoneStatementsCheck() {}

  /**
   * Checks every statement.
   *
   * @param given keys from elsewhere; without them the bag's own are believed
   * @param tombstones the digest of each that there is, by its index
   * @param bundles the indices of those that have a statement
   * @return how many were checked
   * @throws Failure at the first thing that does not hold
   */
  static int of(
      Path root,
      Optional<TrustedRoot> given,
      NavigableMap<Long, String> tombstones,
      SortedSet<Long> bundles)
      throws IOException {
    for (long index : bundles) {
      Failure.unless(
          tombstones.containsKey(index),
          Failure.ADDED,
          BagFiles.tombstoneBundle(index) + " is of a tombstone that is not there");
    }
    if (tombstones.isEmpty() || (given.isEmpty() && bundles.isEmpty() && !hasKeys(root))) {
      return 0;
    }
    BundleCheck check =
        new BundleCheck(given.isPresent() ? given.get() : StatementsCheck.own(root));
    for (Map.Entry<Long, String> tombstone : tombstones.entrySet()) {
      String file = BagFiles.tombstoneBundle(tombstone.getKey());
      TombstoneStatement.held(
          file + ": ", StatementsCheck.bytes(root, file), tombstone.getValue(), check);
    }
    return tombstones.size();
  }

  /** Whether the bag has keys for statements about tombstones; each run has its own. */
  static boolean hasKeys(Path root) {
    return Stream.of(BagFiles.TRUSTED_ROOT, BagFiles.KEYS)
        .anyMatch(file -> Files.exists(root.resolve(file)));
  }
}
