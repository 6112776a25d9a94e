package dev.dome.ingest;

import static io.restassured.RestAssured.given;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(StackTestResource.class)
class EvidenceTest {
  private static final int MAX_BYTES = 64 * 1024 * 1024;
  private static final Path ROOT =
      Path.of(
          TestStack.shared()
              .connections()
              .environmentOf(DomeService.INGEST)
              .get("DOME_EVIDENCE_ROOT"));
  private static final RestAssuredConfig AS_IS =
      RestAssuredConfig.config()
          .encoderConfig(
              encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false));

  private String namespace;

  @BeforeEach
  void choose() {
    namespace = Requests.namespace();
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] text(String text) {
    return (text + " " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
  }

  private String path(String digest) {
    return "/v1/namespaces/" + namespace + "/evidence/" + digest;
  }

  private Response put(String digest, String contentType, byte[] content) {
    return given()
        .config(AS_IS)
        .urlEncodingEnabled(false)
        .header("Authorization", TestTokens.bearer("tester", namespace, "worker"))
        .contentType(contentType)
        .body(content)
        .put(path(digest));
  }

  private Response get(String digest) {
    return given()
        .header("Authorization", TestTokens.bearer("tester", namespace, "auditor"))
        .get(path(digest));
  }

  private static List<Path> staged() {
    try (Stream<Path> files = Files.walk(ROOT.resolve("staging"))) {
      return files.filter(file -> file.endsWith("content")).toList();
    } catch (NoSuchFileException | UncheckedIOException e) {
      // Something was removed between the look at the directory and the look at its entry.
      return List.of(ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitNothingStaged() {
    await().atMost(Duration.ofSeconds(20)).until(() -> staged().isEmpty());
  }

  @Test
  void theFirstUploadIsCreatedAndARepeatIsOk() {
    byte[] content = text("12 tests passed");
    String digest = sha256(content);
    put(digest, "text/plain", content)
        .then()
        .statusCode(201)
        .header("Location", equalTo(path(digest)))
        .body("sha256", equalTo(digest))
        .body("bytes", equalTo(content.length))
        .body("media_type", equalTo("text/plain"))
        .body("redaction", equalTo("CHECKED"));
    put(digest, "text/html", content)
        .then()
        .statusCode(200)
        .body("media_type", equalTo("text/plain"));

    Response answer = get(digest);
    answer
        .then()
        .statusCode(200)
        .header("Content-Type", equalTo("text/plain"))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("Content-Disposition", startsWith("inline"))
        .header("ETag", equalTo("\"" + digest + "\""))
        .header("Content-Length", equalTo(Integer.toString(content.length)));
    assertThat(answer.asByteArray()).isEqualTo(content);
    given()
        .header("Authorization", TestTokens.bearer("tester", namespace, "auditor"))
        .head(path(digest))
        .then()
        .statusCode(200)
        .header("Content-Length", equalTo(Integer.toString(content.length)))
        .header("Dome-Redaction", equalTo("CHECKED"));
    assertThat(staged()).isEmpty();
    assertThat(given().get("/q/metrics").asString())
        .contains("dome_ingest_evidence_uploads_total{result=\"stored\"}");
  }

  @Test
  void contentUpToTheLimitIsTaken() {
    byte[] content = new byte[MAX_BYTES];
    Arrays.fill(content, (byte) 0xfe);
    System.arraycopy(text("large"), 0, content, 0, 40);
    String digest = sha256(content);
    put(digest, "application/octet-stream", content)
        .then()
        .statusCode(201)
        .body("redaction", equalTo("OPAQUE"));
    assertThat(sha256(get(digest).asByteArray())).isEqualTo(digest);
  }

  @Test
  void contentThatSaysItIsLargerIsRefusedUnread() throws IOException {
    try (RawConnection socket = RawConnection.open()) {
      socket.send(head("Content-Length: " + (MAX_BYTES + 1)));
      assertThat(socket.answer()).startsWith("HTTP/1.1 413").contains("EVIDENCE.TOO_LARGE");
    }
  }

  @Test
  void contentThatTurnsOutToBeLargerIsRefused() throws IOException {
    try (RawConnection socket = RawConnection.open()) {
      socket.send(head("Transfer-Encoding: chunked"));
      byte[] piece = new byte[1 << 20];
      OutputStream out = socket.out();
      for (int sent = 0; sent < MAX_BYTES; sent += piece.length) {
        out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(piece);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      socket.send("1\r\nx\r\n");
      assertThat(socket.answer()).startsWith("HTTP/1.1 413").contains("EVIDENCE.TOO_LARGE");
    }
    awaitNothingStaged();
  }

  @Test
  void contentOfAnotherDigestIsRefusedAndLeavesNothing() {
    String digest = sha256(text("something else"));
    put(digest, "text/plain", text("this"))
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVIDENCE.DIGEST_MISMATCH"));
    get(digest).then().statusCode(404);
    awaitNothingStaged();
    assertThat(ROOT.resolve("objects").resolve(namespace)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/octet-stream", "application/json"})
  void textWithASecretIsRefusedWhateverItSaysItIs(String mediaType) {
    byte[] content = text("deploying with api_key=" + "aB3dE5fG7" + "hJ9kL2m");
    String digest = sha256(content);
    put(digest, mediaType, content)
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVIDENCE.SECRET"))
        .body("errors.detail", hasItem("matched the rule assignment"));
    get(digest).then().statusCode(404);
    awaitNothingStaged();
  }

  @Test
  void textThatIsNoneIsRefused() {
    byte[] content = {'a', (byte) 0xff, 'b'};
    put(sha256(content), "text/plain", content)
        .then()
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_ENCODING"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/html", "image/svg+xml", "application/javascript", "application/zip"})
  void whatABrowserMightRunIsOfferedAsAFile(String mediaType) {
    byte[] content = text("<p>hello</p>");
    put(sha256(content), mediaType, content).then().statusCode(201);
    get(sha256(content))
        .then()
        .statusCode(200)
        .header("Content-Disposition", startsWith("attachment"))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("Content-Security-Policy", startsWith("default-src 'none'; sandbox"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"multipart/mixed", "text/plain; charset=latin-1", "nonsense"})
  void aContentTypeOfAnotherFormIsRefused(String contentType) throws Exception {
    byte[] content = text("hello");
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + path(sha256(content))))
            .header("Authorization", TestTokens.bearer("tester", namespace, "worker"))
            .header("Content-Type", contentType)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(415);
      assertThat(answer.body()).contains("REQUEST.UNSUPPORTED_MEDIA_TYPE");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "....................................................................",
        "ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD",
        "abc",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.json",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0%00"
      })
  void whatIsNoDigestIsRefused(String digest) {
    put(digest, "text/plain", text("hello")).then().statusCode(400);
    given()
        .urlEncodingEnabled(false)
        .header("Authorization", TestTokens.bearer("tester", namespace, "auditor"))
        .get(path(digest))
        .then()
        .statusCode(400);
  }

  @Test
  void anotherNamespacesEvidenceIsTheSameBytesAsNone() {
    byte[] content = text("of one namespace");
    String digest = sha256(content);
    put(digest, "text/plain", content).then().statusCode(201);
    String owner = namespace;
    namespace = Requests.namespace();
    byte[] elsewhere = get(digest).then().statusCode(404).extract().asByteArray();
    byte[] absent = get(sha256(text("never"))).then().statusCode(404).extract().asByteArray();
    byte[] hidden =
        given()
            .header("Authorization", TestTokens.bearer("tester", namespace, "auditor"))
            .get("/v1/namespaces/" + owner + "/evidence/" + digest)
            .then()
            .statusCode(404)
            .body("reason_code", equalTo("EVIDENCE.NOT_FOUND"))
            .extract()
            .asByteArray();
    assertThat(elsewhere).isEqualTo(absent).isEqualTo(hidden);
  }

  @Test
  void onlyWorkersAndSubmittersUpload() {
    byte[] content = text("hello");
    given()
        .header("Authorization", TestTokens.bearer("tester", namespace, "operator", "auditor"))
        .contentType("text/plain")
        .body(content)
        .put(path(sha256(content)))
        .then()
        .statusCode(403)
        .body("reason_code", equalTo("AUTH.SCOPE"));
    given().body(content).put(path(sha256(content))).then().statusCode(401);
  }

  @Test
  @Timeout(20)
  void whoReadsContentThatBreaksOffIsNotLeftWaiting() throws Exception {
    byte[] content = text("soon gone");
    String digest = sha256(content);
    put(digest, "text/plain", content).then().statusCode(201);
    Path stored =
        ROOT.resolve("objects/" + namespace + "/" + digest.substring(0, 2) + "/" + digest)
            .resolve("content");
    Files.delete(stored);
    // Can be opened and not be read.
    Files.createDirectory(stored);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path(digest)))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Authorization", TestTokens.bearer("tester", namespace, "auditor"))
            .build();

    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofByteArray()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anUploadWhoseClientLeavesIsForgotten() throws IOException {
    try (RawConnection socket = RawConnection.open()) {
      socket.send(head("Content-Length: 1000"));
      socket.send("the beginning");
      await().atMost(Duration.ofSeconds(20)).until(() -> !staged().isEmpty());
    }
    awaitNothingStaged();
  }

  @Test
  void anUploadThatStandsStillIsGivenUp() throws IOException {
    try (RawConnection socket = RawConnection.open()) {
      socket.send(head("Content-Length: 20000000"));
      socket.send("the beginning");
      assertThat(socket.answer()).startsWith("HTTP/1.1 408").contains("EVIDENCE.UPLOAD_TIMEOUT");
    }
    awaitNothingStaged();
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws IOException {
    try (RawConnection socket = RawConnection.open()) {
      socket.send(head("Content-Length: 5\r\nExpect: 100-continue"));
      assertThat(socket.answer()).startsWith("HTTP/1.1 100");
      socket.send("hello");
      assertThat(socket.answer()).contains("EVIDENCE.DIGEST_MISMATCH");
    }
  }

  @Test
  void aRunWhoseTasksInputsNameAbsentEvidenceIsRefusedBeforeItIsPublished() {
    byte[] content = text("a large input");
    Requests.as(namespace, "submitter")
        .body(runOf(sha256(content), "no digest").toString())
        .post(Requests.runs(namespace))
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVIDENCE.MISSING"))
        .body(
            "errors.pointer",
            contains(
                "/tasks/1/task_spec/inputs/evidence/artifacts/0/sha256",
                "/tasks/1/task_spec/inputs/evidence/artifacts/1/sha256"));

    given()
        .header("Authorization", TestTokens.bearer("tester", namespace, "submitter"))
        .config(AS_IS)
        .contentType("text/plain")
        .body(content)
        .put(path(sha256(content)))
        .then()
        .statusCode(201);
    try (ControllerDouble controller = new ControllerDouble(TestStack.shared().nats().url())) {
      controller.decides(Requests::created);
      Requests.as(namespace, "submitter")
          .body(runOf(sha256(content)).toString())
          .post(Requests.runs(namespace))
          .then()
          .statusCode(201);
      assertThat(controller.heardOf(namespace)).hasSize(1);
    }
  }

  /** Two tasks, the second of which has inputs. */
  private static ObjectNode runOf(String... digests) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("artifact_kind", "dome.work.queue/v0.3").put("version", "0.3.0");
    document.put("run_id", "run-with-inputs").put("base_ref", "main").put("max_workers", 1);
    for (String id : List.of("plain", "fed")) {
      ObjectNode task = document.withArray("tasks").addObject();
      task.put("task_id", id).put("goal", id).put("status", "QUEUED").putArray("dependencies");
    }
    ObjectNode spec = ((ObjectNode) document.path("tasks").get(1)).putObject("task_spec");
    spec.put("intent", "build");
    for (String digest : digests) {
      spec.withObject("/inputs/evidence")
          .withArray("artifacts")
          .addObject()
          .put("path", "input.bin")
          .put("sha256", digest);
    }
    return document;
  }

  @Test
  void aResultThatNamesAbsentEvidenceIsRefusedBeforeItIsPublished() {
    byte[] content = text("the output");
    ObjectNode result = result(sha256(text("absent")), sha256(content));
    put(sha256(content), "text/plain", content).then().statusCode(201);
    report(result)
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVIDENCE.MISSING"))
        .body("errors.pointer", contains("/evidence/artifacts/0/sha256"));
    try (ControllerDouble controller = new ControllerDouble(TestStack.shared().nats().url())) {
      controller.decides(message -> Requests.accepted(message, 200));
      report(result(sha256(content))).then().statusCode(200);
      assertThat(controller.heardOf(namespace)).hasSize(1);
    }
  }

  @Test
  void whatTheStoreKnowsOfNamedEvidenceGoesAlongWithTheReport() {
    byte[] log = text("the output");
    byte[] image = {(byte) 0x89, 'P', 'N', 'G', 0, 1, (byte) 0xff};
    put(sha256(log), "text/plain; charset=utf-8", log).then().statusCode(201);
    put(sha256(image), "image/png", image).then().statusCode(201);
    try (ControllerDouble controller = new ControllerDouble(TestStack.shared().nats().url())) {
      controller.decides(message -> Requests.accepted(message, 200));
      report(result(sha256(log), sha256(image), sha256(log))).then().statusCode(200);
      report(result()).then().statusCode(200);

      JsonNode known = controller.heardOf(namespace).getFirst().body().path("evidence");
      assertThat(known).hasSize(2);
      assertThat(known.get(0).path("sha256").asText()).isEqualTo(sha256(log));
      assertThat(known.get(0).path("bytes").asInt()).isEqualTo(log.length);
      assertThat(known.get(0).path("media_type").asText()).isEqualTo("text/plain; charset=utf-8");
      assertThat(known.get(0).path("redaction").asText()).isEqualTo("CHECKED");
      assertThat(known.get(1).path("media_type").asText()).isEqualTo("image/png");
      assertThat(known.get(1).path("redaction").asText()).isEqualTo("OPAQUE");
      assertThat(controller.heardOf(namespace).getLast().body().has("evidence")).isFalse();
    }
  }

  @Test
  void evidenceOfAnotherNamespaceIsAbsentFromAResult() {
    byte[] content = text("the output");
    put(sha256(content), "text/plain", content).then().statusCode(201);
    namespace = Requests.namespace();
    report(result(sha256(content)))
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("EVIDENCE.MISSING"));
  }

  @Test
  void everyBundleOfAListIsHeldToItsDigests() {
    ObjectNode result = result();
    ArrayNode bundles = result.putArray("evidence");
    bundles.addObject().put("note", "free-form");
    bundles.addObject().putArray("artifacts").addObject().put("sha256", sha256(text("absent")));
    report(result)
        .then()
        .statusCode(422)
        .body("errors.pointer", contains("/evidence/1/artifacts/0/sha256"));
  }

  @Test
  void aDigestOfAnotherFormDoesNotFitTheSchema() {
    report(result("../../etc/passwd"))
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("SCHEMA.PATTERN"))
        .body("errors.pointer", contains("/evidence/artifacts/0/sha256"));
  }

  @Test
  void aResultNamesOnlySoManyArtifacts() {
    String[] many = new String[257];
    Arrays.fill(many, sha256(text("absent")));
    report(result(many))
        .then()
        .statusCode(422)
        .body("reason_code", equalTo("REQUEST.LIMIT_EXCEEDED"));
  }

  private Response report(ObjectNode result) {
    return Requests.as(namespace, "worker")
        .body(result.toString())
        .post(Requests.attempt(namespace, Requests.ATTEMPT, "result"));
  }

  private static ObjectNode result(String... digests) {
    ObjectNode result = Json.mapper().createObjectNode();
    result.put("fence", 7);
    result.put("artifact_kind", "dome.task.result/v0.2");
    result.put("task_id", "run-1-plan");
    result.put("status", "PASS");
    ArrayNode artifacts = result.putObject("evidence").putArray("artifacts");
    for (String digest : digests) {
      artifacts.addObject().put("path", "output.txt").put("sha256", digest).put("bytes", 1);
    }
    return result;
  }

  private String head(String more) {
    return "PUT %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Type: %s\r\n%s\r\n\r\n"
        .formatted(
            path(sha256(text("announced"))),
            TestTokens.bearer("tester", namespace, "worker"),
            "application/octet-stream",
            more);
  }
}
