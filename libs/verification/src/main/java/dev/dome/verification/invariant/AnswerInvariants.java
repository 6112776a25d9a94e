package dev.dome.verification.invariant;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.SeenAnswer;
import dev.dome.verification.invariant.AnswerLine.Asked;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The record held against what clients saw: every accepted answer has its one place, a key its one
 * answer, and what was shed left nothing. No answer at all means unknown, and is never counted as
 * lost. Keeps some hundred bytes for each answer; the runs stream by. Not safe for use by several
 * threads.
 */
public final class AnswerInvariants {
  private final Map<String, AnswerLine> owed = new HashMap<>();
  private final Map<String, AnswerLine> owedAttempts = new HashMap<>();
  private final Map<String, KeyAnswers> keys = new HashMap<>();
  private final Map<String, AnswerLine> shedIds = new HashMap<>();
  private final Map<String, AnswerLine> shedOnly = new HashMap<>();
  private final Set<String> kept = new HashSet<>();
  private final Set<String> runs = new LinkedHashSet<>();
  private final Set<String> readRuns = new HashSet<>();
  private final List<Violation> violations = new ArrayList<>();
  private final String namespace;
  private long accepted;
  private long keyed;
  private long unknown;
  private long shed;

  private AnswerInvariants(String namespace) {
    this.namespace = namespace;
  }

  /** Of which namespace the answers are. */
  public String namespace() {
    return namespace;
  }

  /**
   * The answers of a file, of one namespace.
   *
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException when a line is not an answer
   */
  public static AnswerInvariants read(Path file, String namespace) throws IOException {
    AnswerInvariants answers = new AnswerInvariants(namespace);
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        SeenAnswer seen = seen(line, number);
        if (seen.namespace().value().equals(namespace)) {
          answers.add(AnswerLine.of(seen));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    answers.settle();
    return answers;
  }

  private static SeenAnswer seen(String line, long number) {
    try {
      return Json.read(line.getBytes(StandardCharsets.UTF_8), SeenAnswer.class);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + number + " is not an answer", e);
    }
  }

  private void add(AnswerLine line) {
    SeenAnswer seen = line.seen();
    if (seen.runId() != null) {
      runs.add(seen.runId());
    }
    switch (line.said()) {
      case ACCEPTED -> accepted(line);
      case REFUSED -> kept.add(identity(line));
      case UNKNOWN -> {
        unknown++;
        kept.add(identity(line));
      }
      case SHED -> {
        shed++;
        shedOnly.putIfAbsent(identity(line), line);
        if (seen.operationId() != null) {
          shedIds.put(seen.operationId(), line);
        }
      }
    }
    if (line.isDecided() && line.use().isPresent()) {
      keyed++;
      KeyAnswers answers =
          keys.computeIfAbsent(
              seen.principal() + "\n" + line.use().get().fingerprint(), k -> new KeyAnswers());
      answers.add(line).ifPresent(violations::add);
    }
  }

  private void accepted(AnswerLine line) {
    kept.add(identity(line));
    SeenAnswer seen = line.seen();
    if (seen.granted() != null) {
      for (SeenAnswer.Granted granted : seen.granted()) {
        runs.add(granted.runId());
        owedAttempts.put(granted.attemptId(), line);
      }
    }
    if (!line.isOperation()) {
      return;
    }
    accepted++;
    if (seen.operationId() == null) {
      violations.add(one(line, "was answered " + seen.status() + " without naming an operation"));
    } else {
      owed.put(seen.operationId(), line);
    }
  }

  /** What was shed at first and then taken, or may have been, has left its state rightly. */
  private void settle() {
    shedOnly.keySet().removeAll(kept);
  }

  /** The same for every try of one request, whoever makes it: what state it would leave. */
  private static String identity(AnswerLine line) {
    SeenAnswer seen = line.seen();
    return switch (line.asked()) {
      case SUBMISSION -> "run " + seen.runId();
      case REPORT -> "attempt " + line.subject();
      case CLAIM -> "claim " + seen.claimId();
      case EVIDENCE -> "evidence " + line.subject();
      case ORDER, OTHER ->
          "order "
              + seen.principal()
              + " "
              + seen.path()
              + " "
              + seen.idempotencyKey()
              + " "
              + seen.bodySha256();
    };
  }

  /** The runs that the answers name; those that were only shed among them should not exist. */
  public List<String> runs() {
    return List.copyOf(runs);
  }

  /** Accepted operations whose run no answer names. */
  public List<String> withoutRun() {
    return owed.values().stream()
        .map(AnswerLine::seen)
        .filter(seen -> seen.runId() == null)
        .map(SeenAnswer::operationId)
        .toList();
  }

  /** Digests of evidence whose every upload was shed. */
  public List<String> shedEvidence() {
    return shedOnly.values().stream()
        .filter(line -> line.asked() == Asked.EVIDENCE)
        .map(AnswerLine::subject)
        .toList();
  }

  /** Says that evidence is stored whose every upload was shed. */
  public void evidenceFound(String digest) {
    AnswerLine line = shedOnly.get("evidence " + digest);
    violations.add(left(line, "left evidence " + digest));
  }

  /** Says that an accepted operation has an outcome, in whatever run or in none. */
  public void outcomeFound(String operationId) {
    owed.remove(operationId);
  }

  /**
   * Holds the answers against a run.
   *
   * @param operations about the run, empty when only its journal is at hand
   */
  public void collect(ObservedRun run, List<OperationSeen> operations) {
    readRuns.add(run.runId().value());
    AnswerLine shedRun = shedOnly.get("run " + run.runId());
    if (shedRun != null) {
      violations.add(left(shedRun, "left a run"));
    }
    run.rows().forEach(this::row);
    operations.forEach(this::operation);
  }

  private void row(PublishedRow row) {
    OperationInvariants.operationOf(row)
        .ifPresent(id -> {
          owed.remove(id);
          shedRow(shedIds.get(id), row);
        });
    switch (row.envelope().topic()) {
      case "task.claimed" -> {
        owedAttempts.remove(ObservedRun.payload(row).path("attempt_id").asText());
        shedRow(shedOnly.get("claim " + ObservedRun.payload(row).path("claim_id").asText()), row);
      }
      case "task.result.raw" ->
          shedRow(
              shedOnly.get("attempt " + ObservedRun.payload(row).path("attempt_id").asText()), row);
      default -> {
        // No other row is known by what asked for it, but by its operation.
      }
    }
  }

  private void shedRow(AnswerLine line, PublishedRow row) {
    if (line != null) {
      violations.add(
          left(line, "left row " + row.envelope().sequence() + " of " + row.envelope().runId()));
    }
  }

  private void operation(OperationSeen operation) {
    AnswerLine line = owed.remove(operation.operationId());
    if (line != null && line.seen().status() != 202 && line.seen().status() != operation.status()) {
      violations.add(
          one(
              line,
              "was answered "
                  + line.seen().status()
                  + " but is recorded as "
                  + operation.status()));
    }
    AnswerLine shedOperation = shedIds.get(operation.operationId());
    if (shedOperation != null) {
      violations.add(left(shedOperation, "left operation " + operation.operationId()));
    }
  }

  /**
   * Everything wrong, once every run that the answers name was collected. An operation about a run
   * that was not read is passed by unless every run was.
   *
   * @param journalsOnly whether no operations were at hand, so that a repeat has no place
   */
  public List<Violation> check(boolean journalsOnly) {
    List<Violation> all = new ArrayList<>(violations);
    for (AnswerLine line : owed.values()) {
      if (!journalsOnly) {
        all.add(one(line, "was answered " + line.seen().status() + " and is not in the record"));
      } else if (readRuns.contains(line.seen().runId()) && !mayBeARepeat(line)) {
        all.add(one(line, "was answered " + line.seen().status() + " and has no row"));
      }
    }
    owedAttempts.forEach((attempt, line) -> {
      boolean read =
          line.seen().granted().stream()
              .anyMatch(granted ->
                  granted.attemptId().equals(attempt) && readRuns.contains(granted.runId()));
      if (read || !journalsOnly) {
        all.add(one(line, "granted attempt " + attempt + ", which no row claims"));
      }
    });
    return all;
  }

  /** A journal does not say of repeats, nor of orders that changed nothing. */
  private boolean mayBeARepeat(AnswerLine line) {
    boolean idle = line.seen().path().endsWith("/pause") || line.seen().path().endsWith("/resume");
    boolean again =
        line.use()
            .map(use -> keys.get(line.seen().principal() + "\n" + use.fingerprint()))
            .filter(answers -> answers.accepted() > 1)
            .isPresent();
    boolean joined = line.seen().status() == 200 && line.asked() == Asked.SUBMISSION;
    return idle || again || joined;
  }

  /** Accepted answers that stand for an operation. */
  public long accepted() {
    return accepted;
  }

  /** Answers under a key that the controller decided. */
  public long keyed() {
    return keyed;
  }

  /** Tries without an answer, or with one that leaves open what became of them. */
  public long unknown() {
    return unknown;
  }

  public long shed() {
    return shed;
  }

  private static Violation one(AnswerLine line, String detail) {
    String operation =
        line.seen().operationId() == null ? "a write" : "operation " + line.seen().operationId();
    return new Violation(Invariant.ONE_EVENT_PER_ANSWER, line.place(), operation + " " + detail);
  }

  private static Violation left(AnswerLine line, String detail) {
    return new Violation(
        Invariant.SHED_LEAVES_NOTHING,
        line.place(),
        "answered " + line.seen().status() + " at " + line.seen().at() + ", but it " + detail);
  }
}
