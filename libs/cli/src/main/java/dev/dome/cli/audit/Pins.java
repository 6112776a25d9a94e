package dev.dome.cli.audit;

import dev.dome.transparency.TrustedRoot;
import dev.dome.verification.Tombstone;
import java.util.List;
import java.util.Optional;

/**
 * What an auditor knows of an export from elsewhere; digests are 64 hex digits.
 *
 * @param headHash of the ledger's last row
 * @param manifestSha256 of the run's manifest: its ETag
 * @param bagSha256 of the bag's tagmanifest-sha256.txt, which every other file hangs on
 * @param trustedRoot the keys of the log and of statements
 * @param tombstones what the audit says is left of the run, once it was purged
 */
record Pins(
    Optional<String> headHash,
    Optional<String> manifestSha256,
    Optional<String> bagSha256,
    Optional<TrustedRoot> trustedRoot,
    List<Tombstone> tombstones) {
  static final Pins NONE =
      new Pins(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  Pins(
      Optional<String> headHash,
      Optional<String> manifestSha256,
      Optional<String> bagSha256,
      Optional<TrustedRoot> trustedRoot) {
    this(headHash, manifestSha256, bagSha256, trustedRoot, List.of());
  }

  /**
   * Whether the journal, and so all that follows from it, is held to something from elsewhere: with
   * keys, by the signatures of statements about its manifest.
   */
  boolean holdLedger() {
    return headHash.isPresent()
        || manifestSha256.isPresent()
        || bagSha256.isPresent()
        || trustedRoot.isPresent()
        || !tombstones.isEmpty();
  }

  /**
   * Unless nothing was pinned, or just this.
   *
   * @throws Failure that names both
   */
  static void unlessHeld(Optional<String> pinned, String found, String what) {
    Failure.unless(
        pinned.isEmpty() || pinned.get().equals(found),
        Failure.NOT_AS_KEPT,
        "%s is %s but %s was kept elsewhere".formatted(what, found, pinned.orElse("")));
  }
}
