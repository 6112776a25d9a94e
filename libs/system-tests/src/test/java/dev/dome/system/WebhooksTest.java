package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.dome.client.DomeClient;
import dev.dome.client.RetryPolicy;
import dev.dome.client.WorkerCalls;
import dev.dome.client.model.Grant;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.Json;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Results that go in together, and the event of their run's end, which comes out signed. */
@ExtendWith(Suite.class)
class WebhooksTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Running suite;
  private final String runId = Documents.freshId("run");
  private final List<Message> heard = new CopyOnWriteArrayList<>();
  private HttpServer receiver;

  WebhooksTest(Running suite) {
    this.suite = suite;
  }

  /** What the receiver was told. */
  private record Message(String id, String timestamp, String signature, String body) {}

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          try (exchange) {
            heard.add(
                new Message(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  @Test
  void anEventThatCameWhileTheSchedulerWasDeadIsToldOnceItIsBack() throws Exception {
    try (DomeClient client = suite.client("driver", "submitter", "worker", "operator")) {
      JsonNode webhook = client.webhooks().add(url(), List.of("run.completed"), null);
      WorkerCalls worker = client.worker().with(RetryPolicy.DEFAULT.within(PATIENCE));
      client.submit(document());
      List<Grant> grants = ByHand.claim(worker, runId, 3);
      scheduler().kill();

      report(grants);
      await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      assertThat(heard).isEmpty();
      scheduler().restart();

      await().atMost(PATIENCE).until(() -> !ofRun().isEmpty());
      Message message = ofRun().getFirst();
      assertThat(message.signature()).isEqualTo(signature(webhook, message));
      JsonNode event = Json.mapper().readTree(message.body());
      assertThat(event.path("id").asText()).isEqualTo(message.id());
      assertThat(event.path("type").asText()).isEqualTo("dev.dome.run.completed");
      String id = webhook.path("webhook_id").asText();
      await()
          .atMost(PATIENCE)
          .until(() ->
              client
                  .webhooks()
                  .deliveries(id, Map.of("status", "DELIVERED"))
                  .path("items")
                  .findValuesAsText("run_id")
                  .contains(runId));
      assertThat(ofRun()).hasSize(1);
      client.webhooks().delete(id);
      assertThat(client.webhooks().list().findValuesAsText("webhook_id")).doesNotContain(id);
    }
  }

  private List<Message> ofRun() {
    return heard.stream().filter(message -> message.body().contains("/runs/" + runId)).toList();
  }

  /** All of them at once, and with them the first once more under another fence. */
  private void report(List<Grant> grants) throws Exception {
    ObjectNode body = Json.mapper().createObjectNode();
    ObjectNode forged =
        result(grants.getFirst()).put("fence", grants.getFirst().fence() + 1_000_000);
    body.withArray("results").add(forged);
    grants.subList(1, grants.size()).forEach(grant -> body.withArray("results").add(result(grant)));
    JsonNode first = post(body);
    assertThat(first.path("results").get(0).path("problem").path("reason_code").asText())
        .isEqualTo("ATTEMPT.FENCED");
    assertThat(first.path("results").get(1).path("outcome").path("attempt_id").asText())
        .isEqualTo(grants.get(1).attemptId());

    ObjectNode again = Json.mapper().createObjectNode();
    grants.forEach(grant -> again.withArray("results").add(result(grant)));
    JsonNode second = post(again);
    assertThat(second.path("results"))
        .allSatisfy(item -> assertThat(item.path("status").asInt()).isEqualTo(200));
    assertThat(second.path("results").get(1).path("outcome"))
        .as("a repeat is answered as the first time")
        .isEqualTo(first.path("results").get(1).path("outcome"));
  }

  private static ObjectNode result(Grant grant) {
    return Json.mapper()
        .createObjectNode()
        .put("attempt_id", grant.attemptId())
        .put("fence", grant.fence())
        .put("artifact_kind", "dome.task.result/v0.2")
        .put("task_id", grant.taskId())
        .put("status", "PASS");
  }

  private JsonNode post(ObjectNode body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(suite.stack().apiUrl() + "/v1/namespaces/default/results"))
            .header("Authorization", "Bearer " + suite.token("driver", "worker"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return Json.mapper().readTree(answer.body());
    }
  }

  private ServiceProcess scheduler() {
    return suite.stack().service(DomeService.RETRY_SCHEDULER).orElseThrow();
  }

  private ObjectNode document() {
    ObjectNode document = Documents.independent(runId);
    for (int task = 1; task <= 3; task++) {
      Documents.task(document.withArray("tasks"), "task-" + task, runId);
    }
    return document;
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
  }

  /** As Standard Webhooks says, from the outside. */
  private static String signature(JsonNode webhook, Message message) throws Exception {
    String secret = webhook.path("secret").asText();
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed = message.id() + "." + message.timestamp() + "." + message.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }
}
