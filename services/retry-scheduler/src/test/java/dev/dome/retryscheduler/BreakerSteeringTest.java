package dev.dome.retryscheduler;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Subjects;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.BreakerSteering;
import dev.dome.messaging.InboxPosition;
import dev.dome.messaging.LaneInbox;
import dev.dome.messaging.NatsLink;
import dev.dome.retryscheduler.application.TimerStore;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators do to breakers and queues. The configured breakers open for a second. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "retry-scheduler"))
@QuarkusTestResource(JournalOwnerStub.class)
class BreakerSteeringTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject NatsLink link;
  @Inject TimerStore store;

  private final NamespaceId namespace =
      new NamespaceId("steer-" + UUID.randomUUID().toString().substring(0, 8));
  private final List<BreakerSnapshot> toLane15 = new CopyOnWriteArrayList<>();
  private LaneInbox lane15;

  @BeforeEach
  void read() {
    lane15 =
        LaneInbox.read(
            link,
            new Lane(15),
            InboxPosition.START,
            delivery -> {
              InboxMessage message = Json.read(delivery.body(), InboxMessage.class);
              if (message.namespace().equals(namespace)) {
                toLane15.add(Json.read(message.body(), BreakerSnapshot.class));
              }
            });
  }

  @AfterEach
  void stopReading() {
    lane15.close();
  }

  private RequestSpecification as(String role) {
    return given()
        .header("Authorization", TestTokens.bearer("olga", namespace.value(), role))
        .contentType("application/json");
  }

  private ValidatableResponse post(String rest, String body) {
    return as("operator").body(body).post("/v1/namespaces/" + namespace + rest).then();
  }

  private ValidatableResponse keyed(String key, String rest, String body) {
    return as("operator")
        .header("Idempotency-Key", key)
        .body(body)
        .post("/v1/namespaces/" + namespace + rest)
        .then();
  }

  private ValidatableResponse breaker(String key) {
    return as("auditor").get("/v1/namespaces/" + namespace + "/breakers/" + key).then();
  }

  /** Where the lane ends, for another class writes in the same lanes. */
  private JournalWriter run(String runId, Lane lane) {
    return new JournalWriter(namespace, runId, lane, store.position(lane).await().atMost(PATIENCE));
  }

  private void publish(JournalWriter run, Lane lane, int from, int to) throws Exception {
    assertThat(
            link.atomicBatches()
                .publish(Subjects.journal(lane), run.bodies(from, to))
                .get(10, TimeUnit.SECONDS)
                .stored())
        .isTrue();
  }

  private List<BreakerPhase> phases() {
    return toLane15.stream().map(BreakerSnapshot::phase).distinct().toList();
  }

  @Test
  void aPausedQueueIsToldTwiceAndHeldUntilItIsResumed() throws Exception {
    post(
            "/queues/gpu/pause",
            "{\"reason_code\":\"OPERATOR.MAINTENANCE\",\"comment\":\"new disks\"}")
        .statusCode(200)
        .body("key", equalTo("queue:gpu"))
        .body("phase", equalTo("OPEN"))
        .body("paused", equalTo(true))
        .body("until", nullValue())
        .body("steering.actor", equalTo("olga"))
        .body("steering.reason_code", equalTo("OPERATOR.MAINTENANCE"))
        .body("steering.comment", equalTo("new disks"));
    await().atMost(PATIENCE).until(() -> toLane15.size() == 2);
    assertThat(toLane15.getFirst().paused()).isTrue();
    assertThat(toLane15.getFirst().steering().actor()).isEqualTo("olga");
    assertThat(toLane15.getFirst().steering().comment()).isNull();
    assertThat(toLane15.getLast()).isEqualTo(toLane15.getFirst());

    Lane lane = new Lane(2);
    long atMs = System.currentTimeMillis();
    JournalWriter run = run("run-late", lane).plannedOn("gpu", "a");
    for (int i = 0; i < 12; i++) {
      run.failed("a", atMs, 1_000L);
    }
    run.failed("of-the-default-queue", atMs, null);
    publish(run, lane, 1, 14);
    await().atMost(PATIENCE).untilAsserted(() -> breaker("queue:default").statusCode(200));
    breaker("queue:gpu").body("paused", equalTo(true)).body("changes.cause", contains("PAUSED"));

    post("/breakers/queue:gpu/resume", "{}")
        .statusCode(200)
        .body("phase", equalTo("CLOSED"))
        .body("paused", equalTo(false))
        .body("steering.action", equalTo("RESUMED"))
        .body("steering.reason_code", equalTo("OPERATOR.RESUMED"));
    await()
        .atMost(PATIENCE)
        .until(() -> phases().equals(List.of(BreakerPhase.OPEN, BreakerPhase.CLOSED)));
    breaker("queue:gpu")
        .body("changes.cause", contains("RESUMED", "PAUSED"))
        .body("changes.steering.comment", contains(null, "new disks"));
  }

  @Test
  void aRepeatChangesNothing() {
    String body = "{\"comment\":\"mine\"}";
    keyed("k-1", "/breakers/key:host:x/pause", body).statusCode(200).body("paused", equalTo(true));
    long version = breaker("key:host:x").extract().jsonPath().getLong("version");
    post("/breakers/key:host:x/pause", "{\"comment\":\"later\"}")
        .statusCode(200)
        .body("steering.comment", equalTo("mine"));
    keyed("k-1", "/breakers/key:host:x/pause", "{\"comment\":\"other\"}")
        .statusCode(409)
        .body("reason_code", equalTo("IDEMPOTENCY.CONFLICT"));
    keyed("k-1", "/breakers/key:host:x/resume", "{}").body("paused", equalTo(false));
    keyed("k-1", "/breakers/key:host:x/pause", body).body("paused", equalTo(false));

    assertThat(breaker("key:host:x").extract().jsonPath().getLong("version"))
        .isGreaterThan(version);
  }

  @Test
  void onlyOperatorsSteerAndOnlyInWordsThatFit() {
    as("auditor")
        .body("{}")
        .post("/v1/namespaces/" + namespace + "/queues/gpu/pause")
        .then()
        .statusCode(403);
    post("/queues/gpu/pause", "{\"reason_code\":\"NO.SUCH\"}")
        .statusCode(422)
        .body("reason_code", equalTo("REASON.UNKNOWN"));
    post("/queues/gpu/pause", "{\"why\":1}")
        .statusCode(422)
        .body("reason_code", equalTo("SCHEMA.VIOLATION"));
    post("/queues/gpu/pause", "{").statusCode(400);
    post("/queues/no queue/pause", "{}").statusCode(400);
    post("/breakers/queue:no queue/pause", "{}").statusCode(400);
    post("/breakers/gpu/pause", "{}").statusCode(404);
    keyed("no key", "/queues/gpu/pause", "{}").statusCode(400);
    breaker("queue:gpu").statusCode(404);
  }

  /** What a scheduler whose tables were made anew reads: old failures, then the pause. */
  @Test
  void aPauseThatOnlyARunKnowsIsTakenUpAsAPause() throws Exception {
    Lane lane = new Lane(10);
    long pausedMs = System.currentTimeMillis() - 60_000;
    JournalWriter run = run("run-left", lane).plannedOn("gpu", "a");
    for (int i = 0; i < 10; i++) {
      run.failed("a", pausedMs - 30_000, null);
    }
    publish(run, lane, 1, 11);
    await()
        .atMost(PATIENCE)
        .until(() -> phases().equals(List.of(BreakerPhase.OPEN, BreakerPhase.HALF_OPEN)));
    BreakerSteering word =
        new BreakerSteering(
            BreakerSteering.Action.PAUSED,
            pausedMs,
            "olga",
            new ReasonCode("OPERATOR.PAUSED"),
            null);
    run.told(
        new BreakerSnapshot(
            new BreakerKey("queue:gpu"), pausedMs, BreakerPhase.OPEN, pausedMs, null, null, word));
    publish(run, lane, 12, 12);

    await().atMost(PATIENCE).until(() -> toLane15.getLast().paused());
    assertThat(toLane15.getLast().version()).isGreaterThan(pausedMs);
    breaker("queue:gpu")
        .body("paused", equalTo(true))
        .body("steering.actor", equalTo("olga"))
        .body("changes[0].cause", equalTo("TOLD_BEFORE"));
  }
}
