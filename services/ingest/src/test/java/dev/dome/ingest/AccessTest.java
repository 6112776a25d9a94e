package dev.dome.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class AccessTest extends ServiceTest {
  private static final String ROUTES =
      """
      runs                               | submitter          | worker
      runs/run-1/cancel                  | submitter,operator | approver
      runs/run-1/pause                   | operator           | worker
      runs/run-1/resume                  | operator           | auditor
      runs/run-1/approval                | approver           | submitter
      dead-letters/x-1/redrive           | operator           | submitter
      dead-letters/redrive               | operator           | approver
      queues/default/claims              | worker             | submitter
      attempts/%1$s/heartbeat            | worker             | approver
      attempts/%1$s/result               | worker             | operator
      attempts/%1$s/release              | worker             | auditor
      events                             | worker             | operator
      """;

  @Test
  void aRequestWithoutTokenIsUnauthorised() {
    ROUTES
        .formatted(Requests.ATTEMPT)
        .lines()
        .forEach(line ->
            given()
                .contentType("application/json")
                .body("{}")
                .post(path(line))
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body("reason_code", equalTo("AUTH.NO_TOKEN")));
  }

  @Test
  void aRoleThatMayNotIsForbiddenAndNothingIsStored() {
    ROUTES
        .formatted(Requests.ATTEMPT)
        .lines()
        .forEach(line ->
            Requests.as(namespace, line.split("\\|", -1)[2].strip())
                .body("{}")
                .post(path(line))
                .then()
                .statusCode(403)
                .body("reason_code", equalTo("AUTH.SCOPE")));
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  @Test
  void aRoleThatMayPassesOnToTheBodysChecks() {
    ROUTES
        .formatted(Requests.ATTEMPT)
        .lines()
        .forEach(line -> {
          for (String role : line.split("\\|", -1)[1].strip().split(",", -1)) {
            Requests.as(namespace, role)
                .body("{\"nonsense\": 1}")
                .post(path(line))
                .then()
                .statusCode(422);
          }
        });
  }

  @Test
  void anotherNamespaceLooksLikeNothingAtAll() {
    String elsewhere = Requests.namespace();
    String token = TestTokens.bearer("tester", elsewhere, "submitter", "worker", "operator");
    byte[] foreign =
        given()
            .header("Authorization", token)
            .contentType("application/json")
            .body("{}")
            .post(Requests.runs(namespace) + "/run-1/cancel")
            .then()
            .statusCode(404)
            .extract()
            .asByteArray();
    byte[] absent =
        given()
            .header("Authorization", token)
            .contentType("application/json")
            .body("{}")
            .post(Requests.runs(new NamespaceId("no-such").value()) + "/run-1/cancel")
            .then()
            .statusCode(404)
            .extract()
            .asByteArray();
    assertThat(foreign).isEqualTo(absent);
  }

  @ParameterizedTest
  @CsvSource({
    "not-a-token, AUTH.BAD_TOKEN",
    // {"alg":"none"}.{"sub":"x"}.
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0., AUTH.BAD_ALG",
    // {"alg":"HS256"}.{"sub":"x"}.c2ln
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln, AUTH.BAD_ALG",
  })
  void aTokenThatProvesNothingIsUnauthorised(String token, String code) {
    given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/json")
        .body("{}")
        .post(Requests.runs(namespace))
        .then()
        .statusCode(401)
        .body("reason_code", equalTo(code));
  }

  private String path(String line) {
    return "/v1/namespaces/" + namespace + "/" + line.split("\\|", -1)[0].strip();
  }
}
