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
  /** Of each invariant so many violations are kept whole; the others are counted. */
  private static final int KEPT = 1_000;

  private final Map<Invariant, Long> checked = new EnumMap<>(Invariant.class);
  private final Map<Invariant, String> unseen = new EnumMap<>(Invariant.class);
  private final Map<Invariant, List<String>> notes = new EnumMap<>(Invariant.class);
  private final Map<Invariant, List<Violation>> violations = new EnumMap<>(Invariant.class);
  private final Map<Invariant, Long> broken = new EnumMap<>(Invariant.class);

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
    for (Violation violation : found) {
      broken.merge(violation.invariant(), 1L, Long::sum);
      List<Violation> kept =
          violations.computeIfAbsent(violation.invariant(), i -> new ArrayList<>());
      if (kept.size() < KEPT) {
        kept.add(violation);
      }
    }
  }

  /** Adds a sentence to an invariant's line, whatever its verdict. */
  public void noted(Invariant invariant, String sentence) {
    if (!sentence.isEmpty()) {
      notes.computeIfAbsent(invariant, i -> new ArrayList<>()).add(sentence);
    }
  }

  /** Says why an invariant could not be looked at. */
  public void notSeen(Invariant invariant, String why) {
    unseen.put(invariant, why);
  }

  /** Whether nothing was found. */
  public boolean holds() {
    return broken.isEmpty();
  }

  /** The violations, by invariant; at most a thousand of each. */
  public List<Violation> violations() {
    return violations.values().stream().flatMap(List::stream).toList();
  }

  /** What was found on one invariant, beside its line. */
  public record Detailed(
      int number,
      String statement,
      Verdict verdict,
      long checked,
      long violations,
      String note,
      List<Found> found) {}

  /** One violation; see {@link Violation}. */
  public record Found(String subject, String detail) {}

  /** All sixteen in their order, with what was found on each. */
  public List<Detailed> detailed() {
    return List.of(Invariant.values()).stream()
        .map(invariant -> {
          Line line = line(invariant);
          return new Detailed(
              line.number(),
              line.statement(),
              line.verdict(),
              line.checked(),
              line.violations(),
              line.note(),
              violations.getOrDefault(invariant, List.of()).stream()
                  .map(found -> new Found(found.subject(), found.detail()))
                  .toList());
        })
        .toList();
  }

  /** All sixteen, in their order. */
  public List<Line> lines() {
    return List.of(Invariant.values()).stream().map(this::line).toList();
  }

  private Line line(Invariant invariant) {
    List<Violation> found = violations.getOrDefault(invariant, List.of());
    long things = checked.getOrDefault(invariant, 0L);
    Verdict verdict =
        !found.isEmpty() ? Verdict.BROKEN : things > 0 ? Verdict.HOLDS : Verdict.NOT_SEEN;
    return new Line(
        invariant.number(),
        invariant.statement(),
        verdict,
        things,
        broken.getOrDefault(invariant, 0L),
        note(invariant, verdict, found));
  }

  private String note(Invariant invariant, Verdict verdict, List<Violation> found) {
    List<String> sentences = new ArrayList<>();
    switch (verdict) {
      case BROKEN -> sentences.add(found.getFirst().subject() + ": " + found.getFirst().detail());
      case NOT_SEEN -> sentences.add(unseen.getOrDefault(invariant, "nothing to look at"));
      case HOLDS -> {
        if (unseen.containsKey(invariant)) {
          sentences.add(unseen.get(invariant));
        }
      }
    }
    sentences.addAll(notes.getOrDefault(invariant, List.of()));
    return String.join("; ", sentences);
  }
}
