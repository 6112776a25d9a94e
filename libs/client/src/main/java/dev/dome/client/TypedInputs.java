package dev.dome.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;

/** A typed handler as the worker runs it: JSON in, JSON out. */
final class TypedInputs<T, R> implements TaskHandler {
  private static final String UNREADABLE = "PLAN.TASK_SPEC";
  private static final String OUTPUT = "output";

  private final Class<T> type;
  private final TypedHandler<T, R> handler;

  TypedInputs(Class<T> type, TypedHandler<T, R> handler) {
    this.type = type;
    this.handler = handler;
  }

  @Override
  public Result handle(TaskContext task) throws Exception {
    JsonNode inputs = task.inputs().path("task_spec").path("inputs");
    T typed;
    try {
      typed =
          ClientJson.convert(inputs.isObject() ? inputs : Json.mapper().createObjectNode(), type);
    } catch (JsonProcessingException e) {
      // Its message quotes the inputs, which may hold anything.
      return Result.fail(UNREADABLE).withNotes("The inputs are no " + type.getSimpleName() + ".");
    }
    return resultOf(handler.handle(typed, task));
  }

  private static Result resultOf(Object returned) {
    if (returned == null) {
      return Result.pass();
    }
    if (returned instanceof Result result) {
      return result;
    }
    byte[] json = Json.write(returned);
    if (json.length > Content.MAX_INLINE_BYTES) {
      return Result.pass().withEvidence(json, "application/json");
    }
    ObjectNode evidence = Json.mapper().createObjectNode();
    evidence.set(OUTPUT, Json.tree(returned));
    return Result.pass().withEvidence(evidence);
  }
}
