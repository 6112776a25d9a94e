package dev.dome.ingest;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.testkit.TestTokens;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;

/** Requests and outcomes that tests share. */
final class Requests {
  static final String ATTEMPT = "att-0003-0123456789abcdef0123456789abcdef";
  static final String ATTEMPT_OF_NO_LANE = "att-00ff-0123456789abcdef0123456789abcdef";

  private Requests() {}

  /** A namespace no other test uses. */
  static String namespace() {
    return "t-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static RequestSpecification as(String namespace, String... roles) {
    return given()
        .header("Authorization", TestTokens.bearer("tester", namespace, roles))
        .contentType("application/json");
  }

  static ObjectNode preContract(String packetId) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("schema_version", "xtrl.pre_contract/v0.2");
    document.put("packet_id", packetId);
    document.put("base_ref", "main");
    document.putObject("budgets").put("iteration_budget", 2);
    document.putObject("actions").putArray("test").add("true");
    document.putObject("plan_card").put("why", "to see it work").put("what", "a small change");
    return document;
  }

  static String runs(String namespace) {
    return "/v1/namespaces/" + namespace + "/runs";
  }

  static String attempt(String namespace, String attemptId, String verb) {
    return "/v1/namespaces/" + namespace + "/attempts/" + attemptId + "/" + verb;
  }

  /** What a controller says of an accepted submission. */
  static Outcome created(InboxMessage message) {
    return accepted(message, 201);
  }

  static Outcome accepted(InboxMessage message, int status) {
    ObjectNode body = Json.mapper().createObjectNode();
    String runId = message.runId() == null ? "some-run" : message.runId().value();
    body.put("run_id", runId);
    body.put("status", "RUNNING");
    body.putObject("position").put("run_id", runId).put("sequence", 2);
    return new Outcome(message.operationId(), status, body, null, null, List.of(), null);
  }
}
