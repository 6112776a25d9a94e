package dev.dome.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal is problem+json with its reason, and nothing refused reaches the inbox. */
@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class BadInputTest extends ServiceTest {
  @TestHTTPResource URI origin;

  @AfterEach
  void nothingWasStored() {
    assertThat(controller.heardOf(namespace)).isEmpty();
  }

  static Stream<Arguments> bodiesThatAreNotAcceptable() {
    return Stream.of(
        Arguments.of("", 400, "REQUEST.MALFORMED_JSON"),
        Arguments.of("{\"a\":", 400, "REQUEST.MALFORMED_JSON"),
        Arguments.of("{'a': 1}", 400, "REQUEST.MALFORMED_JSON"),
        Arguments.of("{\"a\": 1, \"a\": 2}", 400, "REQUEST.DUPLICATE_KEY"),
        Arguments.of("[".repeat(33) + "]".repeat(33), 400, "REQUEST.TOO_DEEP"),
        Arguments.of("{} {}", 400, "REQUEST.TRAILING_DATA"),
        Arguments.of("{\"a\": NaN}", 400, "REQUEST.BAD_NUMBER"),
        Arguments.of("{\"a\": 1e999}", 400, "REQUEST.BAD_NUMBER"),
        Arguments.of("{\"a\": " + "9".repeat(40) + "}", 400, "REQUEST.NUMBER_TOO_LONG"),
        Arguments.of("{\"a\": \"\\ud800\"}", 400, "REQUEST.BAD_ENCODING"),
        Arguments.of("\ufeff{}", 400, "REQUEST.BAD_ENCODING"),
        Arguments.of("[" + "1,".repeat(20_000) + "1]", 422, "SCHEMA.TYPE"),
        Arguments.of("{\"a\":\"" + "x".repeat(500_000) + "\"}", 422, "SCHEMA.VIOLATION"),
        Arguments.of("[" + "1,".repeat(100_001) + "1]", 422, "REQUEST.TOO_MANY_TOKENS"),
        Arguments.of("[]", 422, "SCHEMA.TYPE"),
        Arguments.of("null", 422, "SCHEMA.TYPE"));
  }

  @ParameterizedTest
  @MethodSource("bodiesThatAreNotAcceptable")
  void aBodyThatIsNotAcceptableJsonIsRefused(String body, int status, String code) {
    refused(post(body.getBytes(StandardCharsets.UTF_8)), status, code);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    refused(post(new byte[] {'"', (byte) 0xc3, (byte) 0x28, '"'}), 400, "REQUEST.BAD_ENCODING");
  }

  @Test
  void aBodyBeyondOneMebibyteIsRefused() {
    refused(post(new byte[(1 << 20) + 1]), 413, "REQUEST.BODY_TOO_LARGE");
  }

  @Test
  void aDocumentThatDoesNotFitItsSchemaIsRefusedWithPointers() {
    ObjectNode document = Requests.preContract("run-1");
    document.remove("base_ref");
    document.put("surprise", 1);
    ((ObjectNode) document.path("budgets")).put("iteration_budget", 0);
    post(document.toString().getBytes(StandardCharsets.UTF_8))
        .statusCode(422)
        .body("reason_code", equalTo("SCHEMA.VIOLATION"))
        .body("errors.pointer", hasItem("/base_ref"))
        .body("errors.pointer", hasItem("/surprise"))
        .body("errors.pointer", hasItem("/budgets/iteration_budget"))
        .body("errors.reason_code", hasItem("SCHEMA.UNKNOWN_FIELD"));
  }

  @Test
  void aSecretInACommandIsRefusedAndNotRepeated() {
    ObjectNode document = Requests.preContract("run-1");
    document
        .putObject("actions")
        .putArray("test")
        .add("deploy")
        .add("--token=ghp_" + "a1B2c3D4e5F6g7H8i9J0".repeat(2).substring(0, 36));
    String answer =
        refused(
                post(document.toString().getBytes(StandardCharsets.UTF_8)),
                422,
                "REDACTION.SECRET_IN_STEERING_FIELD")
            .extract()
            .asString();
    assertThat(answer).doesNotContain("ghp_");
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/xml", "multipart/form-data; boundary=x"})
  void anotherMediaTypeIsRefused(String type) {
    refused(
        Requests.as(namespace, "submitter")
            .config(RawBodies.CONFIG)
            .contentType(type)
            .body("{}".getBytes(StandardCharsets.UTF_8))
            .post(Requests.runs(namespace))
            .then(),
        415,
        "REQUEST.UNSUPPORTED_MEDIA_TYPE");
  }

  @Test
  void aCompressedBodyIsRefusedUnread() {
    refused(
        Requests.as(namespace, "submitter")
            .config(RawBodies.CONFIG)
            .header("Content-Encoding", "gzip")
            .body(new byte[1000])
            .post(Requests.runs(namespace))
            .then(),
        415,
        "REQUEST.UNSUPPORTED_MEDIA_TYPE");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/namespaces/UPPER/runs, REQUEST.BAD_IDENTIFIER",
    "/v1/namespaces/x/runs/a%20b/cancel, REQUEST.BAD_IDENTIFIER",
    "/v1/namespaces/x/queues/a*b/claims, REQUEST.BAD_IDENTIFIER",
    "/v1/namespaces/x/queues/a%3E/claims, REQUEST.BAD_IDENTIFIER",
    "/v1/namespaces/x/attempts/att-1/result, REQUEST.BAD_IDENTIFIER",
    "/v1/namespaces/x/runs/%2e%2e/cancel, REQUEST.BAD_PATH",
    "/v1/namespaces/x/runs/a%2Fb/cancel, REQUEST.BAD_PATH",
    "/v1/namespaces/x/runs/a;b=c/cancel, REQUEST.BAD_PATH",
    "/v1/namespaces/x/runs/a%00b/cancel, REQUEST.BAD_PATH",
    "/v1/namespaces/x/runs/a%0d%0ab/cancel, REQUEST.BAD_PATH"
  })
  void aPathThatNamesNothingWellIsRefused(String path, String code) {
    refused(
        Requests.as("x", "submitter", "worker", "operator")
            .urlEncodingEnabled(false)
            .body("{}")
            .post(path)
            .then(),
        400,
        code);
  }

  @Test
  void aLineOrHeadersBeyondTheirLimitAreRefused() {
    refused(
        Requests.as(namespace, "submitter")
            .body("{}")
            .post(Requests.runs(namespace) + "?profile=" + "a".repeat(9000))
            .then(),
        414,
        "REQUEST.URI_TOO_LONG");
    refused(
        Requests.as(namespace, "submitter")
            .header("X-Padding", "a".repeat(17_000))
            .body("{}")
            .post(Requests.runs(namespace))
            .then(),
        431,
        "REQUEST.HEADERS_TOO_LARGE");
  }

  @Test
  void aBadProfileIsRefused() {
    refused(
        Requests.as(namespace, "submitter")
            .urlEncodingEnabled(false)
            .body(Requests.preContract("run-1").toString())
            .post(Requests.runs(namespace) + "?profile=A%20B")
            .then(),
        400,
        "REQUEST.BAD_PARAMETER");
  }

  @Test
  void aProfileThatNoNamespaceHasIsRefusedWhereverItIsNamed() {
    refused(
        Requests.as(namespace, "submitter")
            .body(Requests.preContract("run-1").toString())
            .post(Requests.runs(namespace) + "?profile=default")
            .then(),
        422,
        "POLICY.UNKNOWN_PROFILE");
    ObjectNode document = Requests.preContract("run-1");
    document.put("schema_version", "xtrl.pre_contract/v0.3").put("profile", "default");
    refused(
            post(document.toString().getBytes(StandardCharsets.UTF_8)),
            422,
            "POLICY.UNKNOWN_PROFILE")
        .body("errors.pointer", hasItem("/profile"));
  }

  @Test
  void aBadIdempotencyKeyIsRefused() {
    refused(
        Requests.as(namespace, "submitter")
            .header("Idempotency-Key", "k".repeat(256))
            .body(Requests.preContract("run-1").toString())
            .post(Requests.runs(namespace))
            .then(),
        400,
        "REQUEST.BAD_PARAMETER");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"claim_id\":\"c\",\"worker_id\":\"w\",\"wait_seconds\":31} | SCHEMA.RANGE",
        "{\"claim_id\":\"c\",\"worker_id\":\"w\",\"max_tasks\":101} | SCHEMA.RANGE",
        "{\"claim_id\":\"c\",\"worker_id\":\"w\",\"max_tasks\":0} | SCHEMA.RANGE",
        "{\"claim_id\":\"c\",\"worker_id\":\"w\",\"max_tasks\":\"1\"} | SCHEMA.TYPE",
        "{\"claim_id\":\"c\"} | SCHEMA.REQUIRED",
        "{\"claim_id\":\"c\",\"worker_id\":\"w\",\"x\":1} | SCHEMA.UNKNOWN_FIELD"
      })
  void aClaimBeyondItsLimitsIsRefused(String body, String code) {
    refused(
        Requests.as(namespace, "worker")
            .body(body)
            .post("/v1/namespaces/" + namespace + "/queues/default/claims")
            .then(),
        422,
        code);
  }

  @Test
  void aReasonThatIsNotInTheCatalogIsRefused() {
    refused(
        Requests.as(namespace, "operator")
            .body("{\"reason_code\": \"MY.OWN\"}")
            .post(Requests.runs(namespace) + "/run-1/cancel")
            .then(),
        422,
        "REASON.UNKNOWN");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aLargeBodyIsReadWhole(HttpClient.Version version) throws Exception {
    String body = "{\"a\": \"" + "x".repeat(500_000) + "\"}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + "v1/namespaces/" + namespace + "/runs"))
            .version(version)
            .header("Authorization", TestTokens.bearer("tester", namespace, "submitter"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("SCHEMA.UNKNOWN_FIELD");
      assertThat(answer.statusCode()).isEqualTo(422);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {(1 << 20) + 1, 3 << 20})
  void aLargeBodyThatDoesNotSayItsLengthIsRefused(int bytes) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + "v1/namespaces/" + namespace + "/runs"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Authorization", TestTokens.bearer("tester", namespace, "submitter"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(new byte[bytes])))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(answer.body()).contains("REQUEST.BODY_TOO_LARGE");
    }
  }

  /** As it is typed: RestAssured would bend the path itself. */
  @ParameterizedTest
  @ValueSource(strings = {"/runs", "x/%2e%2e/y/runs", "x/../y/runs", "x/%72uns", "x/runs;a=b"})
  void aPathThatWouldBeBentToAnotherIsRefused(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + "v1/namespaces/" + path))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("REQUEST.BAD_PATH");
    }
  }

  @Test
  void whatIsRefusedBeforeAnyRouteIsCountedToo() {
    double before = refusedRequests();

    given().urlEncodingEnabled(false).get("/v1/x;a=b").then().statusCode(400);

    assertThat(refusedRequests()).isGreaterThan(before);
  }

  private static double refusedRequests() {
    return given()
        .get("/q/metrics")
        .then()
        .extract()
        .asString()
        .lines()
        .filter(line -> line.startsWith("dome_ingest_rejected_total{class=\"REQUEST\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE | runs              | GET, HEAD, POST",
        "PUT    | runs/run-1        | GET, HEAD",
        "GET    | runs/run-1/cancel | POST",
        "HEAD   | runs/run-1/cancel | POST",
        "POST   | timers            | GET, HEAD",
        "POST   | evidence/abc      | GET, HEAD, PUT",
        "PATCH  | owned/thing-1     | GET, HEAD",
        "OPTIONS | replays          | GET, HEAD, POST",
        "GET    | events            | POST"
      })
  void aMethodThatAPathDoesNotHaveIsRefusedWithThoseItHas(
      String method, String path, String allowed) {
    ValidatableResponse answer =
        Requests.as(namespace, "submitter")
            .request(method, "/v1/namespaces/" + namespace + "/" + path)
            .then()
            .statusCode(405)
            .contentType("application/problem+json")
            .header("Allow", allowed);
    if (!method.equals("HEAD")) {
      answer.body("reason_code", equalTo("REQUEST.METHOD_NOT_ALLOWED"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, runs/, 405",
    "POST, runs/a%2F, 400",
    "POST, runs/a%00, 400",
    "GET, nothing/, 404"
  })
  void whatAStrangerPutsIntoAPathIsNoLabelOfAMetric(String method, String path, int status) {
    String mark = "mark-" + UUID.randomUUID();
    Requests.as(namespace, "submitter")
        .urlEncodingEnabled(false)
        .request(method, "/v1/namespaces/" + namespace + "/" + path + mark)
        .then()
        .statusCode(status);
    await()
        .untilAsserted(() ->
            assertThat(given().get("/q/metrics").asString())
                .contains("status=\"%d\",uri=\"/UNMATCHED\"".formatted(status))
                .doesNotContain(mark));
  }

  @Test
  void anAnswerOfAnotherMediaTypeIsRefused() {
    refused(
        Requests.as(namespace, "submitter")
            .accept("text/html")
            .body("{}")
            .post(Requests.runs(namespace))
            .then(),
        406,
        "REQUEST.NOT_ACCEPTABLE");
  }

  @Test
  void anUnknownPathIsAProblemToo() {
    refused(
        Requests.as(namespace, "submitter").get("/v1/no/such/thing").then(),
        404,
        "REQUEST.NOT_FOUND");
  }

  private ValidatableResponse post(byte[] body) {
    return Requests.as(namespace, "submitter")
        .config(RawBodies.CONFIG)
        .body(body)
        .post(Requests.runs(namespace))
        .then();
  }

  private static ValidatableResponse refused(
      ValidatableResponse response, int status, String code) {
    return response
        .log()
        .ifValidationFails()
        .contentType("application/problem+json")
        .body("reason_code", equalTo(code))
        .body("status", equalTo(status))
        .statusCode(status);
  }
}
