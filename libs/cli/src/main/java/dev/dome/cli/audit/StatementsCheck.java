package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.transparency.BundleCheck;
import dev.dome.transparency.TlogProof;
import dev.dome.transparency.TrustedRoot;
import dev.dome.verification.Finding;
import dev.dome.verification.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Holds the signed statements of a bag against keys and against what the ledger makes: each is
 * signed and logged, its proof stands beside it, and it is about this run.
 */
final class StatementsCheck {
  private static final long MAX_BYTES = 8 << 20;
  private static final String REPLAY = "https://dome.local/predicates/replay/v1";
  private static final Map<String, String> PREDICATES =
      Map.of(
          "provenance",
          "https://slsa.dev/provenance/v1",
          "run-gate",
          "https://dome.local/predicates/run-gate/v1",
          "vsa",
          "https://slsa.dev/verification_summary/v1");

  private final Path root;
  private final TrustedRoot trusted;
  private final Finding.Match match;
  private final Optional<Manifest> manifest;

  private StatementsCheck(
      Path root, TrustedRoot trusted, Finding.Match match, Optional<Manifest> manifest) {
    this.root = root;
    this.trusted = trusted;
    this.match = match;
    this.manifest = manifest;
  }

  /**
   * Checks every statement of the bag.
   *
   * @param given keys from elsewhere; without them the bag's own are believed, and it need not have
   *     statements
   * @param match what the verification of the ledger gave
   * @param manifest what the ledger makes; empty before the run's end
   * @return how many there are
   * @throws Failure at the first thing that does not hold
   */
  static int of(
      Path root, Optional<TrustedRoot> given, Finding.Match match, Optional<Manifest> manifest)
      throws IOException {
    TreeSet<String> names = new TreeSet<>();
    BagFiles.below(root).forEach(file -> BagFiles.statementOf(file).ifPresent(names::add));
    if (given.isPresent()) {
      for (String name : BagFiles.STATEMENTS_OF_A_RUN) {
        Failure.unless(
            names.contains(name), Failure.MISSING, BagFiles.bundle(name) + " is missing");
      }
    }
    if (names.isEmpty()) {
      return 0;
    }
    StatementsCheck check =
        new StatementsCheck(root, given.isPresent() ? given.get() : own(root), match, manifest);
    for (String name : names) {
      check.statement(name);
    }
    return names.size();
  }

  /**
   * The keys that a bag has.
   *
   * @throws Failure when they are none, or are missing
   */
  static TrustedRoot own(Path root) throws IOException {
    try {
      return TrustedRoot.read(json(root, BagFiles.TRUSTED_ROOT), json(root, BagFiles.KEYS));
    } catch (IllegalArgumentException e) {
      throw new Failure(BagFiles.TRUSTED_ROOT + " and keys.json are no trusted keys");
    }
  }

  private static ObjectNode json(Path root, String file) throws IOException {
    return Lines.object(Lines.utf8(bytes(root, file), file), file + ": ");
  }

  /**
   * The content of a small file.
   *
   * @throws Failure when it is missing, or not small
   */
  static byte[] bytes(Path root, String file) throws IOException {
    Path path = root.resolve(file);
    Failure.unless(Files.exists(path), Failure.MISSING, file + " is missing");
    Failure.unless(Files.size(path) <= MAX_BYTES, Failure.LIMIT, file + " is too large");
    return Files.readAllBytes(path);
  }

  private void statement(String name) throws IOException {
    String file = BagFiles.bundle(name);
    byte[] bundle = bytes(root, file);
    switch (new BundleCheck(trusted).check(bundle)) {
      case BundleCheck.Verdict.Refused refused ->
          throw new Failure(refused.reason().code(), file + ": " + refused.message());
      case BundleCheck.Verdict.Accepted accepted -> {
        about(name, file, accepted.statement());
        proof(name, json(root, file));
      }
    }
  }

  /** A statement of another run is signed as well. */
  private void about(String name, String file, JsonNode statement) {
    String predicate = PREDICATES.getOrDefault(name, REPLAY);
    Failure.unless(
        statement.path("predicateType").asText().equals(predicate),
        file + ": the statement is no " + predicate);
    if (predicate.equals(REPLAY)) {
      JsonNode replay = statement.path("predicate");
      Failure.unless(
          replay.path("namespace").asText().equals(match.namespace().value())
              && replay.path("run_id").asText().equals(match.runId().value())
              && replay.path("replay_id").asText().equals(name),
          file + ": the statement is about another replay");
      return;
    }
    Failure.unless(
        statement
            .at("/subject/0/digest/sha256")
            .asText()
            .equals(manifest.map(Manifest::sha256).orElse("")),
        file + ": the statement is about another manifest than the ledger makes");
  }

  /** The proof is the bundle's, in the form that other tools read. */
  private void proof(String name, JsonNode bundle) throws IOException {
    String file = BagFiles.proof(name);
    TlogProof proof =
        TlogProof.parse(Lines.utf8(bytes(root, file), file))
            .orElseThrow(() -> new Failure(file + " is no proof of a log"));
    byte[] entry =
        Base64.getDecoder()
            .decode(bundle.at("/verificationMaterial/tlogEntries/0/canonicalizedBody").asText());
    Failure.unless(
        proof.verified(entry, List.copyOf(trusted.logs())).isPresent(),
        "PROVENANCE.NOT_INCLUDED",
        file + " does not lead from the statement to a checkpoint that the log signed");
  }
}
