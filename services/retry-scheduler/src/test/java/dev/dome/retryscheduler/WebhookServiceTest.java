package dev.dome.retryscheduler;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.Subjects;
import dev.dome.journal.JournalEffects;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.messaging.JournalBatch;
import dev.dome.messaging.NatsLink;
import dev.dome.retryscheduler.webhook.SigningSecret;
import dev.dome.retryscheduler.webhook.WebhookEvents;
import dev.dome.retryscheduler.webhook.adapter.db.WebhookWrites;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each test has a namespace and a lane of its own. Attempts are three, the first delay 100 ms and
 * an answer is awaited for 2 s; 127.0.0.1 is trusted.
 */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "retry-scheduler"))
@QuarkusTestResource(JournalOwnerStub.class)
class WebhookServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Behind those that the service reads, so that the tests alone move their cursors. */
  private static final AtomicInteger NEXT_LANE = new AtomicInteger(100);

  @Inject NatsLink link;
  @Inject JournalEffects effects;
  @Inject Transactions transactions;
  @Inject WebhookWrites writes;

  private final NamespaceId namespace =
      new NamespaceId("hooks-" + UUID.randomUUID().toString().substring(0, 8));
  private final Lane lane = new Lane(NEXT_LANE.getAndIncrement());
  private final Subscriber subscriber = new Subscriber();

  @AfterEach
  void stop() {
    subscriber.close();
  }

  @Test
  void anEventOfTheJournalReachesItsReceiverSigned() throws Exception {
    JsonNode webhook = add(subscriber.url(), "run.completed");
    Lane streamed = new Lane(0);
    JournalWriter run =
        new JournalWriter(namespace, "run-told", streamed).planned(null).completed();

    link.atomicBatches()
        .publish(Subjects.journal(streamed), run.bodies(1, 2))
        .get(10, TimeUnit.SECONDS);

    await().atMost(PATIENCE).until(() -> !subscriber.heard().isEmpty());
    Subscriber.Message message = subscriber.heard().getFirst();
    assertThat(message.id()).isEqualTo(run.runUid().eventId(2));
    assertThat(message.type()).isEqualTo("application/cloudevents+json");
    SigningSecret secret = SigningSecret.read(webhook.path("secret").asText()).orElseThrow();
    assertThat(message.signature())
        .isEqualTo(
            secret.sign(
                message.id(),
                Long.parseLong(message.timestamp()),
                message.body().getBytes(StandardCharsets.UTF_8)));
    JsonNode event = Json.mapper().readTree(message.body());
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("type").asText()).isEqualTo("dev.dome.run.completed");
    assertThat(event.path("source").asText())
        .isEqualTo("/v1/namespaces/" + namespace + "/runs/run-told");
    assertThat(event.path("id").asText()).isEqualTo(message.id());
    assertThat(event.path("subject").asText()).isEqualTo("run-told");
    assertThat(event.path("runsequence").asInt()).isEqualTo(2);
    assertThat(event.path("data").path("status").asText()).isEqualTo("COMPLETED");
    awaitDelivery(id(webhook), "DELIVERED");
    deliveries(id(webhook), "")
        .then()
        .body("items", hasSize(1))
        .body("items[0].topic", equalTo("run.completed"))
        .body("items[0].attempts", equalTo(1))
        .body("items[0].last_http_status", equalTo(204))
        .body("items[0].due_at", nullValue());
  }

  @Test
  void everyEventIsToldOfOnceAndInputsAreNone() {
    JsonNode webhook = add(subscriber.url());
    JournalWriter run = new JournalWriter(namespace, "run-all", lane).planned(null).assigned();
    apply(run, 0);

    assertThat(effects.apply(batch(0, run.rows())).await().atMost(PATIENCE))
        .as("the rows come again")
        .isFalse();

    await().atMost(PATIENCE).until(() -> subscriber.heard().size() == 2);
    awaitDelivery(id(webhook), "DELIVERED");
    assertThat(subscriber.heard())
        .extracting(Subscriber.Message::id)
        .containsExactlyInAnyOrder(run.runUid().eventId(1), run.runUid().eventId(2));
  }

  @Test
  void whatFailsIsTriedAgainThenGivenUpAndTriedAnewWhenAsked() {
    subscriber.answers(message -> 500);
    JsonNode webhook = add(subscriber.url(), "run.completed");
    apply(new JournalWriter(namespace, "run-dead", lane).completed(), 0);

    awaitDelivery(id(webhook), "DEAD");

    assertThat(subscriber.heard()).hasSize(3);
    assertThat(subscriber.heard().stream().map(Subscriber.Message::id).distinct()).hasSize(1);
    Response dead = deliveries(id(webhook), "?status=DEAD");
    dead.then()
        .body("items", hasSize(1))
        .body("items[0].attempts", equalTo(3))
        .body("items[0].last_fault", equalTo("REFUSED"))
        .body("items[0].last_http_status", equalTo(500));
    subscriber.answers(message -> 200);
    as("operator")
        .post(path(id(webhook)) + "/deliveries/" + dead.path("items[0].delivery_id") + "/redeliver")
        .then()
        .statusCode(200)
        .body("status", equalTo("PENDING"));
    awaitDelivery(id(webhook), "DELIVERED");
    assertThat(subscriber.heard()).hasSize(4);
  }

  @Test
  void aReceiverThatIsGoneIsToldNothingUntilItIsAskedFor() {
    subscriber.answers(message -> 410);
    JsonNode webhook = add(subscriber.url());
    apply(new JournalWriter(namespace, "run-gone", lane).assigned(), 0);
    awaitDelivery(id(webhook), "DEAD");
    as("operator").get(path(id(webhook))).then().body("status", equalTo("DISABLED"));

    JournalWriter run = new JournalWriter(namespace, "run-gone", lane).assigned().assigned();
    effects.apply(batch(1, run.rows().subList(1, 2))).await().atMost(PATIENCE);

    Response all = deliveries(id(webhook), "");
    all.then().body("items", hasSize(1)).body("items[0].last_fault", equalTo("GONE"));
    subscriber.answers(message -> 200);
    as("operator")
        .post(path(id(webhook)) + "/deliveries/" + all.path("items[0].delivery_id") + "/redeliver")
        .then()
        .statusCode(200);
    awaitDelivery(id(webhook), "DELIVERED");
    as("operator").get(path(id(webhook))).then().body("status", equalTo("ACTIVE"));
  }

  @Test
  void aSlowReceiverHoldsUpNobodyElse() {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Subscriber slow = new Subscriber()) {
      slow.answers(message -> {
        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        hold(released);
        atOnce.decrementAndGet();
        return 200;
      });
      add(slow.url());
      JsonNode quick = add(subscriber.url());
      JournalWriter run = new JournalWriter(namespace, "run-many", lane);
      for (int i = 0; i < 100; i++) {
        run.assigned();
      }

      apply(run, 0);

      // A delivery whose answer was lost is made again under the same id.
      await()
          .atMost(PATIENCE)
          .until(() ->
              subscriber.heard().stream().map(Subscriber.Message::id).distinct().count() == 100);
      awaitDelivery(id(quick), "DELIVERED");
      assertThat(most.get()).isBetween(1, 4);
      released.countDown();
    }
  }

  @Test
  void whatAProcessTookThatDiedIsToldByAnotherOnceItsTimeIsOver() {
    JsonNode webhook = add(subscriber.url());
    JournalWriter run = new JournalWriter(namespace, "run-crash", lane).assigned();
    long soonMs = System.currentTimeMillis() + 1_500;

    transactions
        .in((session, context) ->
            writes
                .store(session, WebhookEvents.of(run.rows()))
                .flatMap(stored -> session.flush())
                .flatMap(done ->
                    session
                        .createNativeQuery(
                            "update webhook_delivery set attempts = 1, due_at_ms = :soon"
                                + " where webhook_id = :id")
                        .setParameter("soon", soonMs)
                        .setParameter("id", id(webhook))
                        .executeUpdate()))
        .await()
        .atMost(PATIENCE);

    awaitDelivery(id(webhook), "DELIVERED");
    assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(soonMs);
    assertThat(subscriber.heard()).hasSize(1);
    deliveries(id(webhook), "").then().body("items[0].attempts", equalTo(2));
  }

  @Test
  void aUrlThatLeadsInsideIsForbidden() {
    for (String url :
        List.of(
            "http://example.org/hook",
            "https://127.0.0.2/hook",
            "https://[::1]/hook",
            "https://169.254.169.254/latest/meta-data",
            "https://8.8.8.8:22/",
            "https://user@8.8.8.8/",
            "https://no-such-host.invalid/")) {
      as("operator")
          .body(Map.of("url", url))
          .post(path())
          .then()
          .statusCode(422)
          .body("reason_code", equalTo("SCHEMA.URL_FORBIDDEN"))
          .body("errors.pointer", contains("/url"));
    }
    as("operator").get(path()).then().body("items", hasSize(0));
  }

  @Test
  void aUrlThatHoldsASecretIsRefusedAndNotRewritten() {
    refused(
        "{\"url\": \"https://8.8.8.8/hook?token=" + "a1B2".repeat(9) + "\"}",
        422,
        "REDACTION.SECRET_IN_STEERING_FIELD");
    as("operator").get(path()).then().body("items", hasSize(0));
  }

  @Test
  void aBodyThatDoesNotFitIsRefused() {
    refused("{", 400, "REQUEST.MALFORMED_JSON");
    refused("{}", 422, "SCHEMA.REQUIRED");
    refused("{\"url\": \"https://8.8.8.8/\", \"more\": 1}", 422, "SCHEMA.UNKNOWN_FIELD");
    refused("{\"url\": \"https://8.8.8.8/\", \"topics\": []}", 422, "SCHEMA.ITEMS");
    refused("{\"url\": \"https://8.8.8.8/\", \"topics\": [\"a b\"]}", 422, "SCHEMA.PATTERN");
    refused("{\"url\": \"https://8.8.8.8/\", \"secret\": \"short\"}", 422, "SCHEMA.PATTERN");
  }

  private void refused(String body, int status, String reasonCode) {
    as("operator")
        .body(body)
        .post(path())
        .then()
        .statusCode(status)
        .body("reason_code", equalTo(reasonCode));
  }

  @Test
  void onlyAnOperatorOfTheNamespaceSeesAndChangesThem() {
    JsonNode webhook = add(subscriber.url());
    for (String role : List.of("worker", "submitter", "approver", "auditor")) {
      as(role).get(path()).then().statusCode(403);
      as(role).body(Map.of("url", subscriber.url())).post(path()).then().statusCode(403);
      as(role).delete(path(id(webhook))).then().statusCode(403);
    }
    RequestSpecification stranger =
        given().header("Authorization", TestTokens.bearer("eve", "elsewhere", "operator"));
    stranger.get("/v1/namespaces/elsewhere/webhooks/" + id(webhook)).then().statusCode(404);
    stranger.delete("/v1/namespaces/elsewhere/webhooks/" + id(webhook)).then().statusCode(404);

    as("operator").delete(path(id(webhook))).then().statusCode(204);
    as("operator").delete(path(id(webhook))).then().statusCode(404);
    as("operator").get(path(id(webhook)) + "/deliveries").then().statusCode(404);
  }

  @Test
  void aSecretIsShownOnceAndLiesNowhereInClear() {
    String mine = SigningSecret.make().written();
    ObjectNode wanted = Json.mapper().createObjectNode();
    wanted.put("url", subscriber.url()).put("secret", mine);
    Response made = as("operator").body(wanted.toString()).post(path());
    made.then().statusCode(201).body("secret", equalTo(mine));

    String listed = as("operator").get(path()).asString();
    String read = as("operator").get(path(made.path("webhook_id"))).asString();
    assertThat(listed + read).contains("webhook_id").doesNotContain("secret");
    List<String> rows =
        transactions
            .in((session, context) ->
                session
                    .createNativeQuery(
                        "select cast(w as text) from webhook w where namespace = :ns", String.class)
                    .setParameter("ns", namespace.value())
                    .getResultList())
            .await()
            .atMost(PATIENCE);
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst())
        .doesNotContain(mine.substring(6))
        .doesNotContain(mine.substring(6, 26));
  }

  private void apply(JournalWriter run, long after) {
    assertThat(effects.apply(batch(after, run.rows())).await().atMost(PATIENCE)).isTrue();
  }

  private List<JournalBatch> batch(long after, List<PublishedRow> rows) {
    return List.of(new JournalBatch(lane, after, rows));
  }

  private JsonNode add(String url, String... topics) {
    ObjectNode body = Json.mapper().createObjectNode().put("url", url);
    for (String topic : topics) {
      body.withArray("topics").add(topic);
    }
    Response made = as("operator").body(body.toString()).post(path());
    made.then().statusCode(201);
    return Json.read(made.asByteArray(), JsonNode.class);
  }

  private void awaitDelivery(String webhookId, String status) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          List<String> found = deliveries(webhookId, "?page_size=200").path("items.status");
          return !found.isEmpty() && found.stream().allMatch(status::equals);
        });
  }

  private Response deliveries(String webhookId, String query) {
    Response answer = as("operator").get(path(webhookId) + "/deliveries" + query);
    answer.then().statusCode(200);
    return answer;
  }

  private static void hold(CountDownLatch latch) {
    try {
      boolean released = latch.await(1, TimeUnit.SECONDS);
      assertThat(released || latch.getCount() > 0).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static String id(JsonNode webhook) {
    return webhook.path("webhook_id").asText();
  }

  private String path() {
    return "/v1/namespaces/" + namespace + "/webhooks";
  }

  private String path(String webhookId) {
    return path() + "/" + webhookId;
  }

  private RequestSpecification as(String role) {
    return given()
        .header("Authorization", TestTokens.bearer("olga", namespace.value(), role))
        .contentType("application/json");
  }
}
