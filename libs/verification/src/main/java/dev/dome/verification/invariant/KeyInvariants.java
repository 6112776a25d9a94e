package dev.dome.verification.invariant;

import dev.dome.contracts.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A key binds one answer: a repeat with the same body is answered as the first time, one with
 * another body with 409. Collects over many operations and keeps eight bytes of a digest for each
 * key. Not safe for use by several threads.
 */
public final class KeyInvariants {
  private static final int CONFLICT = 409;
  private static final int DIGITS = 16;

  private final Set<Long> bound = new HashSet<>();

  /**
   * Holds operations against the ones they repeat.
   *
   * @param operations those about one run; a repeat of an operation that is not among them is
   *     passed by
   */
  public static List<Violation> repeats(String namespace, List<OperationSeen> operations) {
    Map<String, OperationSeen> byId = new HashMap<>();
    operations.forEach(operation -> byId.put(operation.operationId(), operation));
    List<Violation> violations = new ArrayList<>();
    for (OperationSeen operation : operations) {
      OperationSeen first = operation.repeats().map(byId::get).orElse(null);
      if (first == null) {
        continue;
      }
      if (!first.key().equals(operation.key()) && sameBody(first, operation)) {
        violations.add(found(namespace, operation, "repeats an operation of another key"));
      } else if (sameBody(first, operation)) {
        if (first.status() != operation.status()
            || !first.answerSha256().equals(operation.answerSha256())) {
          violations.add(
              found(namespace, operation, "has another answer than " + first.operationId()));
        }
      } else if (operation.status() != CONFLICT) {
        violations.add(
            found(
                namespace,
                operation,
                "has another body than "
                    + first.operationId()
                    + " under its key and was answered "
                    + operation.status()));
      }
    }
    return violations;
  }

  private static boolean sameBody(OperationSeen first, OperationSeen again) {
    return first
        .key()
        .map(OperationSeen.KeyUse::body)
        .equals(again.key().map(OperationSeen.KeyUse::body));
  }

  /** Takes one operation in; a second one that binds the same key is found. */
  public List<Violation> collect(String namespace, OperationSeen operation) {
    boolean binds =
        operation.repeats().isEmpty()
            && operation.key().filter(key -> !key.derived() || operation.accepted()).isPresent();
    if (!binds) {
      return List.of();
    }
    String key = operation.principal() + '\n' + operation.key().orElseThrow().fingerprint();
    String digest = CanonicalJson.sha256(key.getBytes(StandardCharsets.UTF_8));
    return bound.add(Long.parseUnsignedLong(digest.substring(0, DIGITS), 16))
        ? List.of()
        : List.of(found(namespace, operation, "is a second first use of its key"));
  }

  /** How many keys were seen bound. */
  public long size() {
    return bound.size();
  }

  private static Violation found(String namespace, OperationSeen operation, String detail) {
    return new Violation(
        Invariant.SAME_KEY_SAME_ANSWER,
        namespace + "/" + operation.runId().orElse("-"),
        "operation " + operation.operationId() + " " + detail);
  }
}
