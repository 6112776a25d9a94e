package dev.dome.statecontroller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits over HTTP, as ingest passes them on. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class LimitsApiTest {
  private final String namespace = "ns-" + UUID.randomUUID().toString().substring(0, 8);

  @Inject Pool pool;

  private ValidatableResponse put(String role, String name, String body) {
    return RestAssured.given()
        .header("Authorization", TestTokens.bearer("olga", namespace, role))
        .contentType(ContentType.JSON)
        .body(body)
        .put("/v1/namespaces/{ns}/limits/{name}", namespace, name)
        .then();
  }

  private ValidatableResponse get(String path) {
    return RestAssured.given()
        .header("Authorization", TestTokens.bearer("carol", namespace, "auditor"))
        .get("/v1/namespaces/" + namespace + "/limits" + path)
        .then();
  }

  private ValidatableResponse delete(String role, String name) {
    return RestAssured.given()
        .header("Authorization", TestTokens.bearer("olga", namespace, role))
        .delete("/v1/namespaces/{ns}/limits/{name}", namespace, name)
        .then();
  }

  @Test
  void aLimitIsSetShownSetAnewAndDeleted() {
    for (int time = 0; time < 2; time++) {
      put(
              "operator",
              "queue:gpu",
              "{\"max_concurrent\": 4, \"rate\": {\"permits\": 100, \"per_seconds\": 60}}")
          .statusCode(200)
          .body("name", equalTo("queue:gpu"))
          .body("max_concurrent", equalTo(4))
          .body("rate.permits", equalTo(100))
          .body("rate.burst", equalTo(1))
          .body("in_use", equalTo(0))
          .body("next_at", nullValue())
          .body("changed_by", equalTo("olga"));
    }
    put("operator", "queue:gpu", "{\"max_concurrent\": 5}").statusCode(200);
    get("/queue:gpu").statusCode(200).body("max_concurrent", equalTo(5)).body("rate", nullValue());

    delete("operator", "queue:gpu").statusCode(204);
    delete("operator", "queue:gpu").statusCode(204);
    get("/queue:gpu").statusCode(404).body("reason_code", equalTo("LIMIT.NOT_FOUND"));
  }

  @Test
  void limitsAreListedInPagesByName() {
    for (String name : new String[] {"rate:api", "key:db", "queue:gpu"}) {
      put("operator", name, "{\"rate\": {\"permits\": 1, \"per_seconds\": 1}}").statusCode(200);
    }
    String cursor =
        get("?page_size=2")
            .body("items.name", contains("key:db", "queue:gpu"))
            .extract()
            .path("next_cursor");
    get("?page_size=2&cursor=" + cursor)
        .body("items.name", contains("rate:api"))
        .body("next_cursor", nullValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queue:gpu|{}|422|SCHEMA.VIOLATION",
        "queue:gpu|{\"max_concurrent\": 0}|422|SCHEMA.VIOLATION",
        "rate:api|{\"max_concurrent\": 2}|422|SCHEMA.VIOLATION",
        "key:db|{\"rate\": {\"permits\": 1}}|422|SCHEMA.VIOLATION",
        "key:db|{\"max_concurrent\": \"two\"}|422|SCHEMA.TYPE",
        "key:db|{\"colour\": 2}|422|SCHEMA.UNKNOWN_FIELD",
        "key:db|{\"max_concurrent\": 1, \"max_concurrent\": 2}|400|REQUEST.DUPLICATE_KEY",
        "queue:NO QUEUE|{\"max_concurrent\": 2}|400|REQUEST.BAD_IDENTIFIER",
        "breaker:x|{\"max_concurrent\": 2}|400|REQUEST.BAD_IDENTIFIER",
      })
  void whatIsNoLimitIsRefusedWithItsReason(String name, String body, int status, String reason) {
    put("operator", name, body).statusCode(status).body("reason_code", equalTo(reason));
  }

  @Test
  void everythingWrongIsNamed() {
    put("operator", "rate:api", "{\"max_concurrent\": 0, \"rate\": {\"permits\": 0}}")
        .statusCode(422)
        .body(
            "errors.pointer",
            containsInAnyOrder(
                "/max_concurrent", "/max_concurrent", "/rate/permits", "/rate/per_seconds"));
  }

  @Test
  void onlyOperatorsChangeLimits() {
    put("submitter", "queue:gpu", "{\"max_concurrent\": 2}").statusCode(403);
    delete("auditor", "queue:gpu").statusCode(403);
  }

  @Test
  void whatIsLeasedOnAQueueCountsForALimitThatIsSetAfterwards() throws Exception {
    lease("1", null);
    lease("2", null);
    lease("3", 7L);

    for (int time = 0; time < 2; time++) {
      put("operator", "queue:adopted", "{\"max_concurrent\": 5}")
          .statusCode(200)
          .body("in_use", equalTo(2));
    }
    assertThat(
            pool.preparedQuery("SELECT DISTINCT slot FROM permit WHERE namespace = $1")
                .execute(Tuple.of(namespace))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .size())
        .as("each has a slot of its own")
        .isEqualTo(2);
  }

  private void lease(String number, Long endedAtMs) throws Exception {
    pool.preparedQuery(
            """
            INSERT INTO lease (attempt_id, run_uid, task_id, namespace, lane, queue, fence, version,
              claim_id, claim_ordinal, worker_id, term_ms, expires_at_ms, ended_at_ms)
            VALUES ($1, 'none', 't', $2, 1023, 'adopted', 1, 1, $1, 0, 'w', 1000, 9999999999999, $3)
            """)
        .execute(Tuple.of("att-" + number + "-" + namespace, namespace, endedAtMs))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }
}
