package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.system.RawHttp.Answer;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused before any route is asked is problem+json too, and ends its connection. */
@ExtendWith(Suite.class)
class HttpEdgesTest {
  private static final String HOST = "Host: localhost\r\n";

  /** Stands for a token that only the running suite can make. */
  private static final String TOKEN = "Bearer <token>";

  private final Running suite;

  HttpEdgesTest(Running suite) {
    this.suite = suite;
  }

  static Stream<Arguments> requestsThatCannotBeDecoded() {
    String chunked = "Transfer-Encoding: chunked\r\n";
    return Stream.of(
        Arguments.of(
            "a line beyond what is read",
            "GET /v1/" + "a".repeat(40_000) + " HTTP/1.1\r\n" + HOST + "\r\n",
            414,
            "REQUEST.URI_TOO_LONG"),
        Arguments.of(
            "headers beyond what is read",
            "GET /v1/x HTTP/1.1\r\n" + HOST + "X-Padding: " + "a".repeat(70_000) + "\r\n\r\n",
            431,
            "REQUEST.HEADERS_TOO_LARGE"),
        Arguments.of("no HTTP at all", "nonsense\r\n\r\n", 400, "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "another version", "GET / HTTP/one\r\n" + HOST + "\r\n", 400, "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "a header without a colon",
            "GET / HTTP/1.1\r\n" + HOST + "x y\r\n\r\n",
            400,
            "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "a length that is no number",
            post("Content-Length: five\r\n", "hello"),
            400,
            "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "two lengths",
            post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
            400,
            "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "a length and chunks",
            post("Content-Length: 5\r\n" + chunked, "5\r\nhello\r\n0\r\n\r\n"),
            400,
            "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "a coding that is not chunked",
            post("Transfer-Encoding: xchunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
            400,
            "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "a chunk whose size is no number",
            post(chunked, "five\r\nhello"),
            400,
            "REQUEST.BAD_FRAMING"),
        Arguments.of(
            "a host that is none",
            "GET /v1/x HTTP/1.1\r\nHost: a b\r\n\r\n",
            400,
            "REQUEST.BAD_PARAMETER"),
        Arguments.of("no host", "GET /v1/x HTTP/1.1\r\n\r\n", 400, "REQUEST.BAD_PARAMETER"),
        Arguments.of(
            "a target that is no path",
            "GET v1 HTTP/1.1\r\n" + HOST + "\r\n",
            404,
            "REQUEST.NOT_FOUND"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requestsThatCannotBeDecoded")
  void aRequestThatCannotBeDecodedIsAProblem(String what, String request, int status, String code)
      throws IOException {
    try (RawHttp connection = connection()) {
      connection.send(signed(request));
      assertProblem(connection.answer(), status, code);
    }
  }

  @Test
  void anUndecodedRequestEndsItsConnectionAfterTheAnswer() throws IOException {
    try (RawHttp connection = connection()) {
      connection.send("GET /v1/" + "a".repeat(40_000) + " HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(connection.answer().header("connection")).isEqualTo("close");
      assertThat(connection.ended()).isTrue();
    }
  }

  @Test
  void aBadChunkEndsItsConnectionAfterTheAnswer() throws IOException {
    try (RawHttp connection = connection()) {
      connection.send(signed(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n-1\r\n")));
      assertThat(connection.answer().status()).isEqualTo(400);
      assertThat(connection.ended()).isTrue();
    }
  }

  @Test
  void requestsBeforeAnUndecodedOneAreAnsweredFirst() throws IOException {
    String live = "GET /q/health/live HTTP/1.1\r\n" + HOST + "\r\n";
    try (RawHttp connection = connection()) {
      connection.send(live + live + "nonsense\r\n\r\n" + live);
      assertThat(connection.answer().status()).isEqualTo(200);
      assertThat(connection.answer().status()).isEqualTo(200);
      assertProblem(connection.answer(), 400, "REQUEST.BAD_FRAMING");
      assertThat(connection.ended()).as("what follows is not read").isTrue();
    }
  }

  @Test
  void aConnectionGoesOnAfterARefusalOfWhatWasDecoded() throws IOException {
    try (RawHttp connection = connection()) {
      connection.send("GET /v1/x HTTP/1.1\r\n" + HOST + "\r\n");
      assertProblem(connection.answer(), 401, "AUTH.NO_TOKEN");
      connection.send("GET /nowhere HTTP/1.1\r\n" + HOST + "\r\n");
      assertProblem(connection.answer(), 404, "REQUEST.NOT_FOUND");
      connection.send("PRI-like GET is no preface\r\n\r\n");
      assertProblem(connection.answer(), 400, "REQUEST.BAD_FRAMING");
    }
  }

  @Test
  void whatBeginsLikeHttp2AndIsNoneIsDecodedAsHttp1() throws IOException {
    try (RawHttp connection = connection()) {
      connection.send("P");
      connection.send("R");
      connection.send("OPFIND /v1/x HTTP/1.1\r\n" + HOST + "\r\n");
      assertProblem(connection.answer(), 401, "AUTH.NO_TOKEN");
    }
  }

  @Test
  void chunksAreReadWholeAndTheConnectionGoesOn() throws IOException {
    try (RawHttp connection = connection()) {
      for (int i = 0; i < 2; i++) {
        connection.send(
            signed(post("Transfer-Encoding: chunked\r\n", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")));
        assertProblem(connection.answer(), 422, "SCHEMA.REQUIRED");
      }
    }
  }

  @Test
  void overHttp2TheSameHeadersAreTooLargeAsOverHttp1() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      assertThat(http2(client, 10).statusCode()).isEqualTo(200);
      HttpResponse<String> tooLarge = http2(client, 20_000);
      assertThat(tooLarge.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(tooLarge.statusCode()).isEqualTo(431);
      assertThat(tooLarge.body()).contains("REQUEST.HEADERS_TOO_LARGE");
      HttpResponse<String> beyondFraming = http2(client, 100_000);
      assertThat(beyondFraming.statusCode()).isEqualTo(431);
      assertThat(http2(client, 10).statusCode()).as("the connection goes on").isEqualTo(200);
    }
  }

  private HttpResponse<String> http2(HttpClient client, int headerBytes) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(suite.stack().apiUrl() + "/q/health/live"))
            .header("X-Padding", "a".repeat(headerBytes))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private String signed(String request) {
    return request.replace("<token>", suite.token("tester", "submitter"));
  }

  private RawHttp connection() throws IOException {
    return new RawHttp(URI.create(suite.stack().apiUrl()));
  }

  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.json().path("reason_code").asText()).isEqualTo(code);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
  }

  private static String post(String headers, String body) {
    return "POST /v1/namespaces/default/runs HTTP/1.1\r\n"
        + HOST
        + "Content-Type: application/json\r\nAuthorization: "
        + TOKEN
        + "\r\n"
        + headers
        + "\r\n"
        + body;
  }
}
