package dev.dome.verification.invariant;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a verification looked at and found, invariant by invariant. An invariant nobody could look
 * at is said to be unseen, never to hold. Not safe for use by several threads.
 */
public final class InvariantReport {
  private final Map<Invariant, Long> checked = new EnumMap<>(Invariant.class);
  private final Map<Invariant, String> unseen = new EnumMap<>(Invariant.class);
  private final List<Violation> violations = new ArrayList<>();

  /** What became of one invariant. */
  public enum Verdict {
    HOLDS,
    BROKEN,
    NOT_SEEN
  }

  /**
   * One invariant's line.
   *
   * @param checked how many things were held against it
   * @param note why it was not seen, or what was found first; may be empty
   */
  public record Line(
      int number, String statement, Verdict verdict, long checked, long violations, String note) {}

  /** Counts things that were held against invariants, and what was found on them. */
  public void looked(Collection<Invariant> at, long things, Collection<Violation> found) {
    at.forEach(invariant -> checked.merge(invariant, things, Long::sum));
    violations.addAll(found);
  }

  /** Says why an invariant could not be looked at. */
  public void notSeen(Invariant invariant, String why) {
    unseen.put(invariant, why);
  }

  /** Whether nothing was found. */
  public boolean holds() {
    return violations.isEmpty();
  }

  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** All sixteen, in their order. */
  public List<Line> lines() {
    return List.of(Invariant.values()).stream().map(this::line).toList();
  }

  private Line line(Invariant invariant) {
    List<Violation> found =
        violations.stream().filter(violation -> violation.invariant() == invariant).toList();
    long things = checked.getOrDefault(invariant, 0L);
    Verdict verdict =
        !found.isEmpty() ? Verdict.BROKEN : things > 0 ? Verdict.HOLDS : Verdict.NOT_SEEN;
    return new Line(
        invariant.number(),
        invariant.statement(),
        verdict,
        things,
        found.size(),
        note(invariant, verdict, found));
  }

  private String note(Invariant invariant, Verdict verdict, List<Violation> found) {
    return switch (verdict) {
      case BROKEN -> found.getFirst().subject() + ": " + found.getFirst().detail();
      case NOT_SEEN -> unseen.getOrDefault(invariant, "nothing to look at");
      case HOLDS -> unseen.getOrDefault(invariant, "");
    };
  }
}
