package dev.dome.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;

import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send a byte now and then are given up, and cost others nothing meanwhile. */
@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
@Timeout(60)
class SlowClientsTest {
  /** Uploads that one principal may have under way; the process takes four times as many. */
  private static final int SHARE = 16;

  private static final byte[] CONTENT = "12 tests passed".getBytes(StandardCharsets.UTF_8);

  private final List<RawConnection> connections = new ArrayList<>();
  private String namespace;

  @BeforeEach
  void choose() {
    namespace = Requests.namespace();
  }

  @AfterEach
  void leave() throws IOException {
    for (RawConnection connection : connections) {
      connection.close();
    }
  }

  private RawConnection begun(String method, String path, String bearer, String more)
      throws IOException {
    RawConnection connection = RawConnection.open();
    connections.add(connection);
    connection.send(
        "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n%s\r\n\r\n"
            .formatted(method, path, bearer, more));
    return connection;
  }

  private RawConnection upload(String subject, String more) throws IOException {
    return begun(
        "PUT", evidence(), worker(subject), "Content-Type: application/octet-stream\r\n" + more);
  }

  private RawConnection submission(String role, String more) throws IOException {
    return begun(
        "POST",
        Requests.runs(namespace),
        TestTokens.bearer("slow", namespace, role),
        "Content-Type: application/json\r\n" + more);
  }

  private String evidence() {
    return "/v1/namespaces/" + namespace + "/evidence/" + EvidenceTest.sha256(CONTENT);
  }

  private String worker(String subject) {
    return TestTokens.bearer(subject, namespace, "worker");
  }

  private Response put(String subject) {
    return given()
        .config(RawBodies.CONFIG)
        .header("Authorization", worker(subject))
        .contentType("application/octet-stream")
        .body(CONTENT)
        .put(evidence());
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000_000, 1_000})
  void anUploadThatTricklesIsGivenUpWhateverItsLength(int bytes) throws IOException {
    RawConnection connection = upload("slow", "Content-Length: " + bytes);

    connection.trickle("x");

    assertThat(connection.answer()).startsWith("HTTP/1.1 408").contains("EVIDENCE.UPLOAD_TIMEOUT");
  }

  @Test
  void slowUploadsOfOneWorkerLeaveRoomForThoseOfOthers() {
    // Those of before may have been given up meanwhile on a slow machine.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          for (int i = 0; i < SHARE; i++) {
            upload("slow", "Content-Length: 20000000").send("x");
          }
          return put("slow").statusCode() == 429;
        });

    put("slow")
        .then()
        .statusCode(429)
        .header("Retry-After", "2")
        .body("reason_code", equalTo("RATE.LIMITED"));
    put("quick").then().statusCode(oneOf(200, 201));
    await().atMost(Duration.ofSeconds(30)).until(() -> put("slow").statusCode() == 200);
  }

  @Test
  void aBodyThatTricklesIsGivenUpWithItsConnection() throws IOException {
    RawConnection connection = submission("submitter", "Content-Length: 1000");

    connection.trickle(" ");

    assertGivenUp(connection);
  }

  @Test
  void aBodyThatDoesNotSayItsLengthIsGivenUpToo() throws IOException {
    RawConnection connection = submission("submitter", "Transfer-Encoding: chunked");

    connection.trickle("1\r\n \r\n");

    assertGivenUp(connection);
  }

  private static void assertGivenUp(RawConnection connection) throws IOException {
    assertThat(connection.answer())
        .startsWith("HTTP/1.1 408")
        .contains("application/problem+json")
        .contains("REQUEST.BODY_TIMEOUT");
    await().atMost(Duration.ofSeconds(10)).until(connection::ended);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked"})
  void whoMayNotIsToldBeforeTheBodyIsThere(String framing) throws IOException {
    RawConnection connection = submission("auditor", framing);

    assertThat(connection.answer()).startsWith("HTTP/1.1 403").contains("AUTH.SCOPE");
  }

  @Test
  void aRefusedBodyIsNotReadForLong() throws IOException {
    RawConnection connection =
        begun("POST", Requests.runs(namespace), "Bearer nonsense", "Content-Length: 1000");

    connection.trickle("x");

    assertThat(connection.answer()).startsWith("HTTP/1.1 401").contains("AUTH.BAD_TOKEN");
  }
}
