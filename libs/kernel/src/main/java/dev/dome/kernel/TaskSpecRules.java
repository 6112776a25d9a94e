package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A task_spec says what is wanted and never how: five keys, an intent, and nowhere in it a key that
 * prescribes a method. A requested_method must be one that a tool_contract allows.
 */
final class TaskSpecRules {
  private static final Set<String> KEYS =
      Set.of("intent", "target", "constraints", "inputs", "metadata");
  private static final Set<String> FORBIDDEN =
      Set.of("method", "tool_method", "tool_name", "command", "raw_call", "script", "exec");
  private static final String REQUESTED = "requested_method";
  private static final String FIELD = "task_spec";

  private final DocumentReader owner;
  private final Set<String> allowedMethods;

  private TaskSpecRules(DocumentReader owner, Set<String> allowedMethods) {
    this.owner = owner;
    this.allowedMethods = allowedMethods;
  }

  /** Checks the task_spec of a document or task, where it has one. */
  static void check(DocumentReader owner) {
    if (!owner.has(FIELD)) {
      return;
    }
    JsonNode spec = owner.raw(FIELD);
    String pointer = DocumentReader.pointer(owner.pointer(), FIELD);
    if (!spec.isObject()) {
      owner.error(KernelReasonCodes.PLAN_TASK_SPEC, FIELD, "expected an object");
      return;
    }
    Set<String> allowed = new LinkedHashSet<>();
    collectAllowed(owner.raw(), allowed);
    TaskSpecRules rules = new TaskSpecRules(owner, allowed);
    rules.checkTop(spec, pointer);
    rules.checkNested(spec, pointer);
  }

  private void checkTop(JsonNode spec, String pointer) {
    for (Iterator<String> names = spec.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KEYS.contains(name) && !FORBIDDEN.contains(name)) {
        error(
            KernelReasonCodes.PLAN_TASK_SPEC,
            pointer,
            name,
            "expected intent, target, constraints, inputs or metadata");
      }
    }
    if (!spec.path("intent").isTextual() || spec.path("intent").textValue().isBlank()) {
      error(KernelReasonCodes.PLAN_TASK_SPEC, pointer, "intent", "expected an intent");
    }
  }

  private void checkNested(JsonNode node, String pointer) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        checkNested(node.get(i), pointer + "/" + i);
      }
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonNode value = node.get(name);
      if (FORBIDDEN.contains(name)) {
        error(KernelReasonCodes.PLAN_FORBIDDEN_KEY, pointer, name, "expected no method here");
      } else if (name.equals(REQUESTED) && !allowedMethods.contains(value.asText(""))) {
        error(
            KernelReasonCodes.PLAN_METHOD_NOT_ALLOWED,
            pointer,
            name,
            "expected one of tool_contract.allowed_methods");
      }
      checkNested(value, DocumentReader.pointer(pointer, name));
    }
  }

  private static void collectAllowed(JsonNode node, Set<String> allowed) {
    for (JsonNode method : node.path("tool_contract").path("allowed_methods")) {
      if (method.isTextual()) {
        allowed.add(method.textValue());
      }
    }
    for (JsonNode child : node) {
      collectAllowed(child, allowed);
    }
  }

  private void error(ReasonCode code, String parent, String name, String detail) {
    owner.add(new FieldError(DocumentReader.pointer(parent, name), code, detail));
  }
}
