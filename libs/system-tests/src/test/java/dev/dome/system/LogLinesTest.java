package dev.dome.system;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.StrictJson;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the services of the suite have written by now, hostile requests included, is JSON lines. */
@ExtendWith(Suite.class)
class LogLinesTest {
  private static final String ROOT = "/v1/namespaces/" + Suite.NAMESPACE + "/";
  private static final String FORGED = "{\"level\":\"ERROR\",\"message\":\"forged\"}";
  private static final String HOSTILE = "\u001b[31mred\r\n" + FORGED + "\u0000\u202e";
  private static final Duration UPSTREAM_TIMEOUT = Duration.ofSeconds(30);

  private final Running suite;
  private final String payload = "payload-" + UUID.randomUUID();

  LogLinesTest(Running suite) {
    this.suite = suite;
  }

  @AfterEach
  void everyProcessGoesOn() {
    suite.stack().service(DomeService.AUDIT_EXPORT).orElseThrow().resume();
  }

  @Test
  void everyLineIsOneObjectWithAFixedMessageAndNoneIsForgedOrCarriesAPayload() {
    String encoded = "x%0d%0a%1b%5b31m%00";
    as("submitter").get(ROOT + "runs/" + encoded);
    as("submitter").get(ROOT + "runs?cursor=" + encoded);
    as("submitter").body(hostileDocument()).post(ROOT + "runs");
    as("submitter").body("{\"run_id\":\"" + payload).post(ROOT + "runs");
    as("worker").body(hostileClaim()).post(ROOT + "queues/" + encoded + "/claims");
    raw("Idempotency-Key: \u001b[31m" + payload);
    raw("traceparent: 00-\u001b[31m" + payload);
    raw("Authorization: Bearer \u001b[31m" + payload);

    for (ServiceProcess service : suite.stack().services()) {
      List<String> lines = lines(service);
      assertThat(lines).as(service.name()).isNotEmpty();
      lines.forEach(line -> assertIsALogLine(service.name(), line));
    }
  }

  @Test
  void aLineWrittenForARequestNamesItsTrace() {
    String traceId = OtlpReceiver.otherTraceId();
    suite.stack().service(DomeService.AUDIT_EXPORT).orElseThrow().pause();

    as("auditor")
        .header("traceparent", "00-" + traceId + "-00f067aa0ba902b7-00")
        .get(ROOT + "audit/records")
        .then()
        .statusCode(503);

    ServiceProcess ingest = suite.stack().service(DomeService.INGEST).orElseThrow();
    await()
        .atMost(UPSTREAM_TIMEOUT)
        .untilAsserted(() ->
            assertThat(lines(ingest))
                .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
                .filteredOn(line -> line.path("mdc").path("traceId").asText().equals(traceId))
                .extracting(line -> line.path("message").asText())
                .anyMatch(message -> message.startsWith("owner of a read did not answer")));
  }

  private void assertIsALogLine(String service, String line) {
    assertThat(line.chars().filter(c -> c < 0x20 || c == 0x7f).toArray())
        .as("control characters in a line of %s: %s", service, line)
        .isEmpty();
    assertThat(line).as("a payload in the log of %s", service).doesNotContain(payload);
    JsonNode entry = parsed(service, line);
    for (String key : List.of("timestamp", "level", "loggerName", "message", "sequence")) {
      assertThat(entry.has(key)).as("%s in a line of %s: %s", key, service, line).isTrue();
    }
    assertThat(entry.path("message").asText()).as(service).isNotEqualTo("forged").isNotBlank();
  }

  /** One object without a key twice. */
  private static JsonNode parsed(String service, String line) {
    StrictJson.Result result = StrictJson.parse(line.getBytes(StandardCharsets.UTF_8));
    assertThat(result).as("%s: %s", service, line).isInstanceOf(StrictJson.Result.Parsed.class);
    JsonNode tree = ((StrictJson.Result.Parsed) result).tree();
    assertThat(tree.isObject()).as("%s: %s", service, line).isTrue();
    return tree;
  }

  private String hostileDocument() {
    ObjectNode document = Documents.chain(Documents.freshId("run"), "q-" + HOSTILE, 1);
    document.withArray("tasks").forEach(task -> ((ObjectNode) task).put("goal", payload + HOSTILE));
    return new String(Json.write(document), StandardCharsets.UTF_8);
  }

  private Map<String, Object> hostileClaim() {
    return Map.of(
        "claim_id",
        payload,
        "worker_id",
        HOSTILE,
        "deployment_version",
        HOSTILE,
        "max_tasks",
        1,
        "wait_seconds",
        0);
  }

  /** A request no HTTP client would send. */
  private void raw(String header) {
    URI api = URI.create(suite.stack().apiUrl());
    String request =
        "POST "
            + ROOT
            + "runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n"
            + header
            + "\r\n\r\n{}";
    try (Socket socket = new Socket(api.getHost(), api.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 4");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(ServiceProcess service) {
    try {
      String log = Files.readString(service.log());
      // A line that is just being written is not one yet.
      List<String> lines = new ArrayList<>(List.of(log.split("\n", -1)));
      lines.removeLast();
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RequestSpecification as(String role) {
    return given()
        .baseUri(suite.stack().apiUrl())
        .urlEncodingEnabled(false)
        .auth()
        .oauth2(suite.token(role, role))
        .contentType("application/json");
  }
}
