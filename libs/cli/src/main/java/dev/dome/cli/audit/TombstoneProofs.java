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
  private static final String PREDICATE = "https://dome.local/predicates/tombstone/v1";

  private final DomeClient client;
  private final BundleCheck check;

  TombstoneProofs(DomeClient client, TrustedRoot trusted) {
    this.client = client;
    this.check = new BundleCheck(trusted);
  }

  /** What was found of one. */
  sealed interface Proof {
    /** Signed and logged, at this leaf. */
    record Logged(long logIndex) implements Proof {}

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
    Optional<JsonNode> bundle = client.readIfPresent("purge-statements/" + digest);
    return bundle.isEmpty()
        ? new Proof.Missing()
        : switch (check.check(Json.write(bundle.get()))) {
          case BundleCheck.Verdict.Accepted accepted -> about(accepted, digest);
          case BundleCheck.Verdict.Refused refused ->
              new Proof.Refused(refused.reason().code() + ": " + refused.message());
        };
  }

  /** The statement of another tombstone verifies as well. */
  private static Proof about(BundleCheck.Verdict.Accepted accepted, String digest) {
    JsonNode statement = accepted.statement();
    return statement.path("predicateType").asText().equals(PREDICATE)
            && statement.at("/subject/0/digest/sha256").asText().equals(digest)
        ? new Proof.Logged(accepted.logIndex())
        : new Proof.Refused("the statement is about something else");
  }
}
