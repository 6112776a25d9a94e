package dev.dome.retryscheduler;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Subjects;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.messaging.InboxPosition;
import dev.dome.messaging.LaneInbox;
import dev.dome.messaging.NatsLink;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each test has a lane and a namespace of its own; the configured breakers open for a second. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "retry-scheduler"))
@QuarkusTestResource(JournalOwnerStub.class)
class BreakerServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject NatsLink link;

  private final NamespaceId namespace =
      new NamespaceId("breaker-" + UUID.randomUUID().toString().substring(0, 8));
  private final List<InboxMessage> toLane0 = new CopyOnWriteArrayList<>();
  private final List<InboxMessage> toLane15 = new CopyOnWriteArrayList<>();
  private LaneInbox lane0;
  private LaneInbox lane15;

  @BeforeEach
  void read() {
    lane0 = read(new Lane(0), toLane0);
    lane15 = read(new Lane(15), toLane15);
  }

  @AfterEach
  void stopReading() {
    lane0.close();
    lane15.close();
  }

  private LaneInbox read(Lane lane, List<InboxMessage> seen) {
    return LaneInbox.read(
        link,
        lane,
        InboxPosition.START,
        delivery -> {
          InboxMessage message = Json.read(delivery.body(), InboxMessage.class);
          if (message.namespace().equals(namespace)) {
            seen.add(message);
          }
        });
  }

  private void publish(JournalWriter run, Lane lane, int from, int to) throws Exception {
    assertThat(
            link.atomicBatches()
                .publish(Subjects.journal(lane), run.bodies(from, to))
                .get(10, TimeUnit.SECONDS)
                .stored())
        .isTrue();
  }

  private static List<BreakerSnapshot> snapshots(List<InboxMessage> messages) {
    return messages.stream().map(m -> Json.read(m.body(), BreakerSnapshot.class)).toList();
  }

  private List<BreakerPhase> phases() {
    return snapshots(toLane0).stream().map(BreakerSnapshot::phase).distinct().toList();
  }

  private ValidatableResponse breakers(String rest) {
    return given()
        .header("Authorization", TestTokens.bearer("reader", namespace.value(), "auditor"))
        .get("/v1/namespaces/" + namespace + "/breakers" + rest)
        .then();
  }

  @Test
  void a_failing_queue_opens_half_opens_by_its_timer_and_closes_by_probes() throws Exception {
    Lane lane = new Lane(11);
    long atMs = System.currentTimeMillis();
    JournalWriter run = new JournalWriter(namespace, "run-opens", lane).plannedOn("gpu", "a");
    for (int i = 0; i < 10; i++) {
      run.failed("a", atMs, null);
    }
    publish(run, lane, 1, 11);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(phases()).containsExactly(BreakerPhase.OPEN, BreakerPhase.HALF_OPEN));
    await().atMost(PATIENCE).until(() -> snapshots(toLane15).containsAll(snapshots(toLane0)));
    assertThat(toLane0).extracting(InboxMessage::kind).containsOnly(InboxKind.BREAKER_CHANGED);
    BreakerSnapshot open = snapshots(toLane0).getFirst();
    assertThat(open.untilMs()).isEqualTo(atMs + 1_000);
    assertThat(snapshots(toLane0).getLast().sinceMs()).isGreaterThanOrEqualTo(open.untilMs());

    long probed = snapshots(toLane0).getLast().version();
    run.passedProbe("a", atMs + 2_000, "queue:gpu", probed);
    run.passedProbe("a", atMs, "queue:gpu", probed);
    publish(run, lane, 12, 13);

    await()
        .atMost(PATIENCE)
        .until(() ->
            phases()
                .equals(List.of(BreakerPhase.OPEN, BreakerPhase.HALF_OPEN, BreakerPhase.CLOSED)));
    breakers("/queue:gpu")
        .statusCode(200)
        .body("phase", equalTo("CLOSED"))
        .body("changes.phase", contains("CLOSED", "HALF_OPEN", "OPEN"))
        .body("changes.cause", contains("PROBES_PASSED", "OPEN_TIME_OVER", "FAILURE_RATIO"));
    assertThat(given().get("/q/metrics").asString())
        .contains("dome_breaker_changes_total{phase=\"OPEN\"}", "dome_breakers_not_closed")
        .doesNotContain(namespace.value());
  }

  @Test
  void breakers_are_listed_page_by_page_to_their_own_namespace() throws Exception {
    Lane lane = new Lane(12);
    long atMs = System.currentTimeMillis();
    JournalWriter run = new JournalWriter(namespace, "run-listed", lane);
    run.plannedOn("gpu", "a", "host:x").failed("a", atMs, null);
    run.completed();
    publish(run, lane, 1, 3);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> breakers("").statusCode(200).body("items", hasSize(2)));
    breakers("")
        .body("items.key", contains("key:host:x", "queue:gpu"))
        .body("items.failures", contains(1, 1))
        .body("items.phase", contains("CLOSED", "CLOSED"));
    String cursor = breakers("?page_size=1").extract().path("next_cursor");
    breakers("?page_size=1&cursor=" + cursor)
        .body("items.key", contains("queue:gpu"))
        .body("next_cursor", nullValue());
    breakers("?cursor=e30").statusCode(400).body("reason_code", equalTo("REQUEST.BAD_CURSOR"));
    breakers("/queue:none").statusCode(404).body("reason_code", equalTo("BREAKER.NOT_FOUND"));
    breakers("/none").statusCode(404).body("reason_code", equalTo("BREAKER.NOT_FOUND"));
    given()
        .header("Authorization", TestTokens.bearer("reader", "tenant-other", "auditor"))
        .get("/v1/namespaces/" + namespace + "/breakers")
        .then()
        .statusCode(404);
  }

  @Test
  void what_only_a_run_knows_of_a_breaker_is_taken_up_and_ends_in_time() throws Exception {
    Lane lane = new Lane(14);
    long openedMs = System.currentTimeMillis() - 60_000;
    BreakerKey key = new BreakerKey("queue:gpu");
    JournalWriter run = new JournalWriter(namespace, "run-left", lane);
    run.told(new BreakerSnapshot(key, 1, BreakerPhase.CLOSED, openedMs - 1, null, null));
    run.told(new BreakerSnapshot(key, 2, BreakerPhase.OPEN, openedMs, openedMs + 1_000, null));
    publish(run, lane, 1, 2);

    // The run's CLOSED is told as well when its row arrived in a transaction of its own.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(phases()).endsWith(BreakerPhase.OPEN, BreakerPhase.HALF_OPEN));
    assertThat(snapshots(toLane0).getLast().version()).isGreaterThan(openedMs + 1_000);
    breakers("/queue:gpu")
        .body("changes.cause", contains("OPEN_TIME_OVER", "TOLD_BEFORE", "TOLD_BEFORE"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(toldOf(BreakerPhase.HALF_OPEN)).isEqualTo(2));
  }

  private long toldOf(BreakerPhase phase) {
    return snapshots(toLane0).stream().filter(breaker -> breaker.phase() == phase).count();
  }

  @Test
  void a_worker_that_says_how_long_to_stay_away_is_heeded() throws Exception {
    Lane lane = new Lane(13);
    long atMs = System.currentTimeMillis();
    JournalWriter run = new JournalWriter(namespace, "run-away", lane);
    publish(run.failed("a", atMs, 3_600_000L), lane, 1, 1);

    await().atMost(PATIENCE).until(() -> !toLane0.isEmpty());
    breakers("/queue:default")
        .body("phase", equalTo("OPEN"))
        .body("changes[0].cause", equalTo("RETRY_AFTER"));
    assertThat(snapshots(toLane0).getFirst().untilMs()).isEqualTo(atMs + 3_600_000);
  }
}
