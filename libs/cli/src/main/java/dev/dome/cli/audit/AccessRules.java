package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.run.ServerOption;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.AccessDecision.Effect;
import dev.dome.security.AccessPolicy;
import dev.dome.security.Operation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What access records follow: nothing outside them says that a decision was made, so this tells a
 * record that cannot be from one that can, and not a true one from a false one.
 */
final class AccessRules {
  private static final Pattern SERVICE = Pattern.compile("[a-z][a-z0-9-]*");
  private static final Pattern CHANGED = Pattern.compile("[a-z]+");
  private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");

  private final NamespaceId namespace;
  private final Optional<RunId> runId;
  private final Map<String, Place> last = new HashMap<>();

  /** Where a stream has a decision. */
  private record Place(long sequence, long ordinal) {
    private boolean isBehind(Place other) {
      return sequence > other.sequence || (sequence == other.sequence && ordinal > other.ordinal);
    }
  }

  private AccessRules(NamespaceId namespace, Optional<RunId> runId) {
    this.namespace = namespace;
    this.runId = runId;
  }

  /** Of decisions about one run. */
  static AccessRules ofRun(NamespaceId namespace, RunId runId) {
    return new AccessRules(namespace, Optional.of(runId));
  }

  /** Of decisions about whatever in a namespace. */
  static AccessRules ofNamespace(NamespaceId namespace) {
    return new AccessRules(namespace, Optional.empty());
  }

  /**
   * Checks the next record of the log.
   *
   * @param at begins the finding
   * @throws Failure at the first rule that it breaks
   */
  void check(ObjectNode record, String at) {
    JsonNode access = record.path("access");
    Failure.unless(access.path("decision").isObject(), at + "neither journal nor access");
    AccessDecision decision = decision(access, at);
    Failure.unless(namespaceOf(decision).equals(namespace), at + "of another namespace or run");
    Failure.unless(runId.isEmpty() || runId.get().equals(decision.runId()), at + "of another run");
    decision(decision, at);
    place(access, at);
    Failure.unlessSame(at, record, recordOf(record, decision));
  }

  private static AccessDecision decision(JsonNode access, String at) {
    try {
      return Json.read(access.get("decision"), AccessDecision.class);
    } catch (IllegalArgumentException e) {
      throw new Failure(at + "no access decision");
    }
  }

  /** What was asked for outside of namespaces is recorded in that of the system. */
  private static NamespaceId namespaceOf(AccessDecision decision) {
    return decision.namespace() == null
        ? new NamespaceId(ServerOption.SYSTEM_NAMESPACE)
        : decision.namespace();
  }

  /** A refusal of somebody without a subject names no run, so none of these are of a run. */
  private void subject(AccessDecision decision, String at) {
    if (runId.isEmpty() && decision.subject() == null) {
      Failure.unless(
          decision.effect() == Effect.DENY && decision.runId() == null && decision.count() >= 1,
          at + "refusals without a subject are about no run");
    } else {
      Failure.unless(
          decision.subject() != null && decision.source() == null && decision.count() == 1,
          at + "one decision about one subject is recorded");
    }
  }

  private void decision(AccessDecision decision, String at) {
    Failure.unless(
        decision.effect() != null && (decision.effect() == Effect.DENY) == hasReason(decision),
        at + "a refusal has a reason code, and nothing else has");
    subject(decision, at);
    Failure.unless(
        decision.traceId() == null || TRACE_ID.matcher(decision.traceId()).matches(),
        at + "trace_id is none");
    Failure.unless(changeFits(decision), at + "no change that such a decision can have");
    Failure.unless(
        operationFits(decision), at + "no " + decision.effect() + " of that operation is recorded");
  }

  /** A change is told of what was let and done, by a name and not as free text. */
  private static boolean changeFits(AccessDecision decision) {
    AccessDecision.Change change = decision.change();
    return change == null
        || (decision.effect() == Effect.ALLOW
            && change.kind() != null
            && CHANGED.matcher(change.kind()).matches()
            && change.name() != null
            && !change.name().isBlank());
  }

  private static boolean hasReason(AccessDecision decision) {
    return decision.reasonCode() != null;
  }

  /** A refusal may come before the operation is known; of grants only some are recorded. */
  private static boolean operationFits(AccessDecision decision) {
    if (decision.operation() == null) {
      return decision.effect() == Effect.DENY;
    }
    return Arrays.stream(Operation.values())
        .filter(operation -> operation.name().equals(decision.operation()))
        .anyMatch(
            operation -> decision.effect() == Effect.DENY || AccessPolicy.recordsAllow(operation));
  }

  /** Decisions come in the order of their stream, each once. */
  private void place(JsonNode access, String at) {
    String incarnation = access.path("incarnation").asText();
    Place place = new Place(access.path("sequence").asLong(), access.path("ordinal").asLong(-1));
    Failure.unless(
        SERVICE.matcher(access.path("service").asText()).matches()
            && !incarnation.isEmpty()
            && place.sequence() > 0
            && place.ordinal() >= 0,
        at + "without service or place in the stream");
    Place before = last.put(incarnation, place);
    Failure.unless(before == null || place.isBehind(before), at + "out of the order of its stream");
  }

  /** What the audit makes of a decision. */
  private static ObjectNode recordOf(ObjectNode given, AccessDecision decision) {
    ObjectNode record = Json.mapper().createObjectNode();
    record.set("log_index", given.get("log_index"));
    record.put("kind", "ACCESS").put("namespace", namespaceOf(decision).value());
    record.put("at", Timestamps.format(decision.atMs()));
    if (decision.runId() != null) {
      record.put("run_id", decision.runId().value());
    }
    if (decision.subject() != null) {
      record.put("actor", decision.subject());
    }
    if (hasReason(decision)) {
      record.putArray("reason_codes").add(decision.reasonCode().value());
    } else {
      record.putArray("reason_codes");
    }
    ObjectNode access = record.putObject("access");
    access.put("service", given.at("/access/service").asText());
    access.put("incarnation", given.at("/access/incarnation").asText());
    access.put("sequence", given.at("/access/sequence").asLong());
    access.put("ordinal", given.at("/access/ordinal").asLong());
    access.set("decision", Json.tree(decision));
    return record;
  }
}
