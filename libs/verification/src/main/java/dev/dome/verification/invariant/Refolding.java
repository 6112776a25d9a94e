package dev.dome.verification.invariant;

import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The chain, and the run's history refolded from its inputs against what is recorded and shown. */
final class Refolding {
  private static final Set<String> LINKS = Set.of("sequence", "prev_hash", "hash", "lane_position");

  private Refolding() {}

  static List<Violation> check(ObservedRun run) {
    LedgerVerification verification = new LedgerVerification();
    for (PublishedRow row : run.rows()) {
      if (!verification.add(row)) {
        break;
      }
    }
    return switch (verification.finding()) {
      case Finding.Difference found -> List.of(violation(run, found));
      case Finding.Match match ->
          run.shown().map(shown -> shown(run, match, shown)).orElse(List.of());
    };
  }

  private static Violation violation(ObservedRun run, Finding.Difference found) {
    Invariant invariant =
        LINKS.contains(found.what()) ? Invariant.UNBROKEN_CHAINS : Invariant.STATE_IS_FOLDED;
    return new Violation(
        invariant, run.subject(), "row " + found.sequence() + " differs in " + found.what());
  }

  private static List<Violation> shown(
      ObservedRun run, Finding.Match match, ObservedRun.Shown shown) {
    List<Violation> violations = new ArrayList<>();
    if (shown.sequence() != match.sequence()) {
      return violations;
    }
    differs("state hash", match.stateSha256(), shown.stateHash())
        .map(detail -> new Violation(Invariant.STATE_IS_FOLDED, run.subject(), detail))
        .ifPresent(violations::add);
    differs("head hash", match.headHash(), shown.headHash())
        .map(detail -> new Violation(Invariant.UNBROKEN_CHAINS, run.subject(), detail))
        .ifPresent(violations::add);
    if (shown.isFinal() != match.complete()) {
      violations.add(
          new Violation(
              Invariant.LEGAL_TRANSITIONS,
              run.subject(),
              "shown as "
                  + (shown.isFinal() ? "final" : "open")
                  + ", but its journal ends as "
                  + match.status()));
    }
    return violations;
  }

  private static Optional<String> differs(String what, String derived, String shown) {
    return derived.equals(shown)
        ? Optional.empty()
        : Optional.of("the " + what + " shown is not the one its journal has");
  }
}
