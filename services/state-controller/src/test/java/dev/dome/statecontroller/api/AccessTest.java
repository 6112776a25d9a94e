package dev.dome.statecontroller.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.dome.devstack.TokenIssuer;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class AccessTest {
  private final SeedStore store = new SeedStore();
  private final String namespace = "ns-" + UUID.randomUUID();

  private static RequestSpecification as(String subject, String namespace, String... roles) {
    return given().header("Authorization", TestTokens.bearer(subject, namespace, roles));
  }

  private static void assertRefused(String authorization, String reasonCode) {
    RequestSpecification request = given();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    request
        .get("/v1/namespaces")
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .header("WWW-Authenticate", startsWith("Bearer realm=\"dome\""))
        .body("reason_code", equalTo(reasonCode))
        .body("status", equalTo(401));
  }

  @Test
  void aMethodThatAPathDoesNotHaveIsRefusedWithThoseItHas() {
    given()
        .delete("/v1/namespaces/" + namespace + "/runs/run-1")
        .then()
        .statusCode(405)
        .contentType("application/problem+json")
        .header("Allow", "GET, HEAD")
        .body("reason_code", equalTo("REQUEST.METHOD_NOT_ALLOWED"));
    given().accept("text/html").get("/v1/namespaces").then().statusCode(406);
  }

  @Test
  void aRequestWithoutAUsableTokenIsToldWhy() {
    TokenIssuer issuer = TestStack.shared().issuer();
    Map<String, List<String>> roles = Map.of(namespace, List.of("submitter"));

    assertRefused(null, "AUTH.NO_TOKEN");
    assertRefused("Basic YTpi", "AUTH.NO_TOKEN");
    assertRefused("Bearer nonsense", "AUTH.BAD_TOKEN");
    assertRefused("Bearer " + unsigned("none"), "AUTH.BAD_ALG");
    assertRefused("Bearer " + unsigned("HS256"), "AUTH.BAD_ALG");
    assertRefused("Bearer " + issuer.mint("alice", roles, Duration.ofHours(-1)), "AUTH.TOKEN_TIME");
    assertRefused(
        "Bearer "
            + issuer.mint(
                "{\"iss\":\"https://dome.local/issuer\",\"aud\":\"other\",\"sub\":\"a\","
                    + "\"iat\":1,\"exp\":4102444800}"),
        "AUTH.BAD_AUDIENCE");
    String token = issuer.mint("alice", roles, Duration.ofMinutes(5));
    String otherSignature = token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86);
    assertRefused("Bearer " + otherSignature, "AUTH.UNKNOWN_KEY");
  }

  private static String unsigned(String algorithm) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header = "{\"alg\":\"" + algorithm + "\"}";
    String claims =
        "{\"iss\":\"https://dome.local/issuer\",\"aud\":\"dome\",\"sub\":\"a\",\"exp\":4102444800}";
    return base64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
        + "."
        + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".";
  }

  @ParameterizedTest
  @ValueSource(strings = {"submitter", "worker", "approver", "operator", "auditor"})
  void everyRoleMayRead(String role) {
    as("carol", namespace, role)
        .get("/v1/namespaces/" + namespace + "/runs")
        .then()
        .statusCode(200);
  }

  @Test
  void aRunOfAnotherNamespaceIsTheSameBytesAsAnAbsentOne() {
    SeededRun.submitted(store, namespace, "secret-run", 1_795_000_000_000L);
    String own = "ns-" + UUID.randomUUID();

    for (String resource : List.of("", "/tasks", "/events", "/ledger", "/gate", "/summary")) {
      Response foreign =
          as("mallory", own, "operator")
              .get("/v1/namespaces/" + namespace + "/runs/secret-run" + resource);
      Response absent =
          as("mallory", own, "operator")
              .get("/v1/namespaces/" + own + "/runs/secret-run" + resource);

      assertThat(foreign.statusCode()).isEqualTo(404);
      assertThat(foreign.asByteArray()).as(resource).isEqualTo(absent.asByteArray());
      assertThat(foreign.contentType()).isEqualTo(absent.contentType());
    }
  }

  @Test
  void aCallerSeesTheNamespacesItHasRolesIn() {
    as("carol", namespace, "worker", "auditor")
        .get("/v1/namespaces")
        .then()
        .statusCode(200)
        .body("items.namespace", contains(namespace))
        .body("items[0].roles", contains("auditor", "worker"));
  }

  @Test
  void aLaneIsReadByOperatorsOfDomeOnlyAndWithoutGaps() {
    SeededRun.submitted(store, namespace, "lane-run", 1_795_000_000_000L).claim("plan");
    long last = SeededRun.lanePosition();
    String lane = "/v1/journal/900?limit=3&after=" + (last - 2);

    as("carol", namespace, "operator").get(lane).then().statusCode(404);
    as("carol", "dome-system", "worker")
        .get(lane)
        .then()
        .statusCode(403)
        .body("reason_code", equalTo("AUTH.SCOPE"));
    as("relay", "dome-system", "operator")
        .get(lane)
        .then()
        .statusCode(200)
        .body("items.lane_position", contains((int) last - 1, (int) last));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs?page_size=0",
        "runs?page_size=201",
        "runs?page_size=x",
        "runs?status=DREAMING",
        "runs?cursor=!!",
        "runs?cursor=e30",
        "runs/UPPER",
        "runs/ab",
        "runs/some-run?min_position=-1",
        "runs/some-run/events?after=x",
        "runs/some-run/ledger?page_size=1e3",
        "ledgers",
        "ledgers?run_id=some-run,UPPER",
        "ledgers?run_id=some-run&page_size=501",
        "ledgers?run_id=some-run&cursor=e30",
        "operations/not-a-uuid",
        "operations?run_id=UPPER",
        "operations?cursor=e30"
      })
  void badInputIsABadRequest(String resource) {
    as("carol", namespace, "auditor")
        .get("/v1/namespaces/" + namespace + "/" + resource)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("reason_code", startsWith("REQUEST.BAD_"));
  }

  @Test
  void whatTheServiceDoesNotHaveIsAProblemToo() {
    RequestSpecification caller = as("carol", namespace, "auditor");

    caller.get("/v1/nothing").then().statusCode(404).contentType("application/problem+json");
    caller
        .delete("/v1/journal/1")
        .then()
        .statusCode(405)
        .contentType("application/problem+json")
        .body("reason_code", equalTo("REQUEST.METHOD_NOT_ALLOWED"));
    caller
        .accept("text/csv")
        .get("/v1/namespaces/" + namespace + "/runs")
        .then()
        .statusCode(406)
        .contentType("application/problem+json");
  }
}
