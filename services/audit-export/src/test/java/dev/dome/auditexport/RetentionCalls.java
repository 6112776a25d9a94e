package dev.dome.auditexport;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.testkit.TestTokens;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests about retention, each by somebody with the one role it needs. */
final class RetentionCalls {
  static final String SYSTEM = "dome-system";

  private RetentionCalls() {}

  static RequestSpecification as(String role, String namespace) {
    return given()
        .header("Authorization", TestTokens.bearer("the-" + role, namespace, role))
        .contentType("application/json");
  }

  static String path(String namespace, String resource) {
    return "/v1/namespaces/" + namespace + "/audit/" + resource;
  }

  static ValidatableResponse read(String namespace, String resource) {
    return as("auditor", namespace).get(path(namespace, resource)).then();
  }

  static ValidatableResponse hold(String namespace, String id, Map<String, String> body) {
    return as("operator", namespace).body(body).put(path(namespace, "holds/" + id)).then();
  }

  static ValidatableResponse purge(String retentionClass, String month) {
    return as("operator", SYSTEM)
        .body(
            Map.of(
                "retention_class",
                retentionClass,
                "month",
                month,
                "reason",
                "the days are over",
                "authority",
                "records schedule 7"))
        .post("/v1/audit/purges")
        .then();
  }

  static List<JsonNode> items(ValidatableResponse response) {
    List<JsonNode> items = new ArrayList<>();
    Json.read(response.statusCode(200).extract().asByteArray(), JsonNode.class)
        .path("items")
        .forEach(items::add);
    return items;
  }
}
