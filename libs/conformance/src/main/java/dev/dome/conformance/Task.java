package dev.dome.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;

/**
 * A task of a scenario: which of the built-in handlers it asks for, and with what.
 *
 * @param number from 1, within the scenario
 * @param inputs of the task spec: {@code handler} and what that handler reads
 */
record Task(int number, ObjectNode inputs) {
  static final String RUN_ID = "pkt-conformance";

  static Task of(int number, String handler) {
    return new Task(number, Json.mapper().createObjectNode().put("handler", handler));
  }

  static Task echo(int number) {
    return of(number, "echo").with("text", "echo of task " + number);
  }

  static Task sleep(int number, long millis) {
    Task task = of(number, "sleep");
    task.inputs.put("millis", millis);
    return task;
  }

  Task with(String name, String value) {
    inputs.put(name, value);
    return this;
  }

  String id() {
    return RUN_ID + "-" + number;
  }

  String attemptId() {
    return "att-0003-%032x".formatted(number);
  }

  /** Every attempt has a fence of its own, so that an echo of the wrong one is seen. */
  long fence() {
    return 100L + number * 7L;
  }

  int attempt() {
    return 1 + number % 3;
  }
}
