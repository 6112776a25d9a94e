package dev.dome.ingest;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.dome.ingest.OwnerResource.Asked;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
@QuarkusTestResource(OwnerResource.class)
class ReadProxyTest {
  private static final String OWNED = "/v1/namespaces/ns-1/owned/thing-1";
  private static final int MORE_THAN_THE_CIRCUIT_TAKES = 25;

  @TestHTTPResource URI origin;

  @BeforeEach
  void forgetWhatWasAsked() {
    OwnerResource.ASKED.clear();
    OwnerResource.EVENTS.clear();
  }

  @Test
  void aReadGoesToItsOwnerWithTheCallersTokenAndComesBackAsItIs() throws Exception {
    String token = TestTokens.bearer("tester", "ns-1", "auditor");
    given()
        .header("Authorization", token)
        .header("X-Hop", "1")
        .header("Connection", "keep-alive, X-Hop")
        .header("Last-Event-ID", "17")
        .queryParam("page_size", 5)
        .get(OWNED)
        .then()
        .statusCode(200)
        .header("X-Owner", "yes")
        .header("Keep-Alive", nullValue())
        .body("owned", equalTo(true));

    Asked asked = OwnerResource.ASKED.poll(5, SECONDS);
    assertThat(asked.uri()).isEqualTo(OWNED + "?page_size=5");
    assertThat(asked.header("authorization")).isEqualTo(token);
    assertThat(asked.header("last-event-id")).isEqualTo("17");
    assertThat(asked.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
    assertThat(asked.headers()).doesNotContainKey("x-hop");
  }

  @Test
  void theHeadOfAReadGoesToItsOwnerToo() throws Exception {
    authorised().head(OWNED).then().statusCode(200).header("X-Owner", "yes");
    assertThat(OwnerResource.ASKED.poll(5, SECONDS).method()).isEqualTo("HEAD");
    authorised().get(OWNED).then().statusCode(200).body("owned", equalTo(true));
  }

  @Test
  void anOwnersRefusalIsPassedOn() {
    authorised().get("/v1/namespaces/ns-1/owned/missing").then().statusCode(404);
  }

  @Test
  void aWriteOfAnOwnerTakesItsBodyAlong() throws Exception {
    authorised()
        .contentType("application/json")
        .body("{\"dry_run\":true}")
        .post(OWNED + "/redrive")
        .then()
        .statusCode(200);
    Asked asked = OwnerResource.ASKED.poll(5, SECONDS);
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.body()).isEqualTo("{\"dry_run\":true}");
  }

  @Test
  void anAnswerThatHasNoBodyIsNotGivenOne() {
    authorised()
        .get("/v1/namespaces/ns-1/owned/empty")
        .then()
        .statusCode(204)
        .header("Transfer-Encoding", nullValue());
  }

  @Test
  @Timeout(30)
  void eventsPassAsTheyHappen() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(origin.resolve(OWNED + "/events"))
            .header("Authorization", TestTokens.bearer("tester", "ns-1", "auditor"))
            .header("Accept", "text/event-stream")
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      OwnerResource.EVENTS.add("id: 1\ndata: first\n\n");
      var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
      try (var lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).isEqualTo("id: 1");
        assertThat(lines.readLine()).isEqualTo("data: first");
        // The owner sends the second event only now, so the first was not held back for it.
        OwnerResource.EVENTS.add("id: 2\ndata: second\n\n");
        assertThat(lines.readLine()).isEmpty();
        assertThat(lines.readLine()).isEqualTo("id: 2");
        OwnerResource.EVENTS.add("");
        assertThat(lines.lines().toList()).contains("data: second");
      }
    }
  }

  @Test
  void aRouteOfNoContractIsNotForwarded() {
    authorised().get("/v1/namespaces/ns-1/unowned").then().statusCode(404);
    authorised().delete(OWNED).then().statusCode(405).header("Allow", "GET, HEAD");
    given().get("/q/health/owned").then().statusCode(404);
    assertThat(OwnerResource.ASKED).isEmpty();
  }

  @Test
  void anOwnerThatIsAwayIsAProblemWithRetryAfter() {
    authorised()
        .get("/v1/namespaces/ns-1/away")
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("retryable", equalTo(true))
        .body("reason_code", equalTo("INFRA.OWNER_UNAVAILABLE"));
  }

  @Test
  @Timeout(30)
  void aLateOwnerIsAProblemAndItsConnectionIsGivenUp() throws Exception {
    authorised()
        .get("/v1/namespaces/ns-1/owned/late")
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("reason_code", equalTo("INFRA.UPSTREAM_TIMEOUT"));

    OwnerResource.LATE_MAY_ANSWER.add(true);
    assertThat(OwnerResource.LATE_WAS_TAKEN.take()).isFalse();
    authorised().get(OWNED).then().statusCode(200);
  }

  @Test
  @Timeout(30)
  void anAnswerThatItsOwnerCutShortNeitherHangsNorPassesForAWholeOne() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(origin.resolve("/v1/namespaces/ns-1/owned/cut"))
            .header("Authorization", TestTokens.bearer("tester", "ns-1", "auditor"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
    authorised().get(OWNED).then().statusCode(200);
  }

  @Test
  void clientsThatLeaveWithinTheirBodiesAreNoFailureOfTheOwner() throws IOException {
    List<RawConnection> leaving = new ArrayList<>();
    for (int i = 0; i < MORE_THAN_THE_CIRCUIT_TAKES; i++) {
      leaving.add(begunWrite());
    }
    for (RawConnection client : leaving) {
      client.close();
    }

    for (int i = 0; i < 2 * MORE_THAN_THE_CIRCUIT_TAKES; i++) {
      authorised().get(OWNED).then().statusCode(200);
    }
  }

  @Test
  @Timeout(30)
  void aClientThatIsLateWithItsBodyIsTold() throws IOException {
    try (RawConnection client = begunWrite()) {
      assertThat(client.answer()).startsWith("HTTP/1.1 408").contains("REQUEST.BODY_TIMEOUT");
    }
  }

  private static RawConnection begunWrite() throws IOException {
    RawConnection client = RawConnection.open();
    client.send(
        "POST %s/redrive HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n%s\r\n\r\n{"
            .formatted(
                OWNED,
                TestTokens.bearer("tester", "ns-1", "auditor"),
                "Content-Type: application/json\r\nContent-Length: 100"));
    return client;
  }

  @Test
  void aStrangerIsNotForwarded() {
    given().get(OWNED).then().statusCode(401);
    assertThat(OwnerResource.ASKED).isEmpty();
  }

  private static io.restassured.specification.RequestSpecification authorised() {
    return given().header("Authorization", TestTokens.bearer("tester", "ns-1", "auditor"));
  }
}
