package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.transparency.BundleCheck;
import dev.dome.transparency.TrustedRoot;
import java.util.Optional;

/**
 * What the log of statements has of tombstones: the proof of a purge lies elsewhere than it did.
 */
final class TombstoneProofs {
  private final DomeClient client;
  private final BundleCheck check;

  TombstoneProofs(DomeClient client, TrustedRoot trusted) {
    this.client = client;
    this.check = new BundleCheck(trusted);
  }

  /** What was found of one. */
  sealed interface Proof {
    /** Signed and logged, at this leaf, as the bundle shows. */
    record Logged(long logIndex, JsonNode bundle) implements Proof {}

    /** Not yet, or not known to provenance. */
    record Missing() implements Proof {}

    record Refused(String reason) implements Proof {}
  }

  /**
   * Looks for the statement of a tombstone and checks it.
   *
   * @param tombstone as the audit shows it, also in a list
   */
  Proof of(JsonNode tombstone) {
    String digest = CanonicalJson.sha256(tombstone.path("document"));
    if (!digest.equals(tombstone.path("digest").asText())) {
      return new Proof.Refused("its digest is not of its document");
    }
    return bundle(client, digest)
        .map(bundle -> checked(bundle, digest))
        .orElseGet(Proof.Missing::new);
  }

  /** The signed statement about a tombstone; empty while there is none. */
  static Optional<JsonNode> bundle(DomeClient client, String digest) {
    return client.readIfPresent("purge-statements/" + digest);
  }

  private Proof checked(JsonNode bundle, String digest) {
    try {
      return new Proof.Logged(
          TombstoneStatement.held("", Json.write(bundle), digest, check), bundle);
    } catch (Failure refused) {
      return new Proof.Refused(refused.code() + ": " + refused.getMessage());
    }
  }
}
