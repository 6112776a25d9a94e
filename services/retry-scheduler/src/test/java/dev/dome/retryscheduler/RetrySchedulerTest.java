package dev.dome.retryscheduler;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.InboxPosition;
import dev.dome.messaging.LaneInbox;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.Publication;
import dev.dome.retryscheduler.application.Timer;
import dev.dome.retryscheduler.application.TimerList;
import dev.dome.retryscheduler.application.TimerStore;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each test goes on where its lane ends, because cursors stay in the shared database. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "retry-scheduler"))
@QuarkusTestResource(JournalOwnerStub.class)
class RetrySchedulerTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("tenant-a");

  /** A message and when it was seen. */
  private record Seen(InboxMessage message, long atMs) {}

  @Inject NatsLink link;
  @Inject TimerStore store;
  @Inject TimerList timers;

  private final List<Seen> inbox = new CopyOnWriteArrayList<>();
  private LaneInbox reader;

  @AfterEach
  void stopReading() {
    if (reader != null) {
      reader.close();
    }
  }

  private JournalWriter run(String runId, Lane lane) {
    read(lane);
    return new JournalWriter(NAMESPACE, runId, lane, position(lane));
  }

  private void read(Lane lane) {
    reader = LaneInbox.read(link, lane, InboxPosition.START, delivery -> seen(delivery.body()));
  }

  /** Changes of breakers go to every lane and are another test's. */
  private void seen(byte[] body) {
    InboxMessage message = Json.read(body, InboxMessage.class);
    if (message.kind() != InboxKind.BREAKER_CHANGED) {
      inbox.add(new Seen(message, System.currentTimeMillis()));
    }
  }

  private void publish(JournalWriter run, Lane lane, int from, int to) throws Exception {
    Publication publication =
        link.atomicBatches()
            .publish(Subjects.journal(lane), run.bodies(from, to))
            .get(10, TimeUnit.SECONDS);
    assertThat(publication.stored()).isTrue();
  }

  private void awaitApplied(Lane lane, long position) {
    await().atMost(Duration.ofSeconds(20)).until(() -> position(lane) == position);
  }

  private long position(Lane lane) {
    return store.position(lane).await().atMost(Duration.ofSeconds(5));
  }

  @Test
  void a_scheduled_retry_fires_once_not_early_and_in_time() throws Exception {
    Lane lane = new Lane(1);
    long dueAtMs = System.currentTimeMillis() + 1_500;
    JournalWriter run = run("run-fires", lane).planned(null).retry("build", 2, dueAtMs);

    publish(run, lane, 1, 2);
    publish(run, lane, 1, 2);

    await().atMost(Duration.ofSeconds(20)).until(() -> !inbox.isEmpty());
    assertThat(inbox.getFirst().message().kind()).isEqualTo(InboxKind.RETRY_DUE);
    assertThat(inbox.getFirst().atMs()).isBetween(dueAtMs, dueAtMs + 2_000);
    run.retry("build", 3, System.currentTimeMillis());
    publish(run, lane, 3, 3);
    await().atMost(Duration.ofSeconds(20)).until(() -> inbox.size() == 2);
    assertThat(inbox)
        .extracting(seen -> seen.message().body().get("attempt").asInt())
        .containsExactly(2, 3);
  }

  @Test
  void a_timer_that_was_due_while_the_scheduler_was_away_fires_at_once() throws Exception {
    Lane lane = new Lane(2);
    JournalWriter run = run("run-overdue", lane).planned(1_000L).needsHuman(2_000);

    publish(run, lane, 1, 2);

    await().atMost(Duration.ofSeconds(20)).until(() -> inbox.size() == 2);
    assertThat(inbox)
        .extracting(seen -> seen.message().body().get("reason_code").asText())
        .containsExactlyInAnyOrder("RUN.DEADLINE_EXCEEDED", "APPROVAL.EXPIRED");
  }

  @Test
  void a_completed_run_has_no_timers_left() throws Exception {
    Lane lane = new Lane(3);
    long never = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
    JournalWriter run = run("run-completes", lane).planned(never);
    NamespaceId namespace = NAMESPACE;
    publish(run, lane, 1, 1);
    awaitApplied(lane, 1);
    assertThat(timersOf("run-completes", namespace)).isEqualTo(1);

    run.completed();
    publish(run, lane, 2, 2);

    awaitApplied(lane, 2);
    assertThat(timersOf("run-completes", namespace)).isZero();
  }

  @Test
  void the_deadline_of_an_attempt_fires_unless_the_attempt_ended_before() throws Exception {
    Lane lane = new Lane(10);
    long soon = System.currentTimeMillis() + 1_000;
    long before = position(lane);
    JournalWriter run = run("run-attempts", lane);
    run.claimed("late", 1, soon).claimed("in-time", 1, soon).reported(2);
    publish(run, lane, 1, 2);
    publish(run, lane, 3, 3);
    awaitApplied(lane, before + 3);
    run.retry("marker", 2, soon + 1);
    publish(run, lane, 4, 4);

    await().atMost(Duration.ofSeconds(20)).until(() -> inbox.size() == 2);
    assertThat(inbox)
        .extracting(seen -> seen.message().kind())
        .containsExactly(InboxKind.TASK_DEADLINE_DUE, InboxKind.RETRY_DUE);
    assertThat(inbox.getFirst().message().attemptId()).isEqualTo(run.attemptId(1));
  }

  @Test
  void a_deadline_is_fired_again_while_its_run_does_not_move_and_a_retry_is_not() throws Exception {
    Lane lane = new Lane(15);
    JournalWriter run = run("run-deaf", lane).planned(1_000L).retry("build", 2, 1_000);

    publish(run, lane, 1, 2);

    await().atMost(Duration.ofSeconds(30)).until(() -> inbox.size() == 3);
    assertThat(inbox)
        .extracting(seen -> seen.message().idempotency().key())
        .containsExactlyInAnyOrder(run.runUid() + "-1", run.runUid() + "-2", run.runUid() + "-1/2");
    run.completed();
    publish(run, lane, 3, 3);
    awaitApplied(lane, 3);
    assertThat(again(System.currentTimeMillis() + Duration.ofDays(1).toMillis()))
        .extracting(Timer::runId)
        .doesNotContain(new RunId("run-deaf"));
  }

  private List<Timer> again(long nowMs) {
    return store
        .fireAgain(nowMs, 1_000, timers -> Uni.createFrom().item(true))
        .await()
        .atMost(Duration.ofSeconds(10));
  }

  @Test
  void of_two_replicas_one_fires_a_timer_and_the_other_takes_over_when_it_fails() throws Exception {
    Lane lane = new Lane(7);
    long due = System.currentTimeMillis() + Duration.ofDays(30).toMillis();
    JournalWriter run = run("run-shared", lane).retry("a", 2, due).retry("b", 2, due);
    publish(run, lane, 1, 2);
    awaitApplied(lane, 2);
    Set<String> ours = Set.of(run.runUid() + "-1", run.runUid() + "-2");

    Set<String> seenByOther = new HashSet<>();
    fire(due, timers -> fireMeanwhile(due, seenByOther).replaceWith(false));
    assertThat(seenByOther).doesNotContainAnyElementsOf(ours);

    assertThatThrownBy(() ->
            fire(
                due,
                timers -> Uni.createFrom().failure(new IllegalStateException("the replica dies"))))
        .hasMessage("the replica dies");
    assertThat(fire(due, timers -> Uni.createFrom().item(true))).containsAll(ours);
    assertThat(fire(due, timers -> Uni.createFrom().item(true))).doesNotContainAnyElementsOf(ours);
  }

  /** What another replica finds due while the timers of one are being published. */
  private Uni<List<Timer>> fireMeanwhile(long nowMs, Set<String> seen) {
    return store.fireDue(
        nowMs,
        1_000,
        timers -> {
          timers.forEach(timer -> seen.add(timer.timerId()));
          return Uni.createFrom().item(false);
        });
  }

  private List<String> fire(long nowMs, Function<List<Timer>, Uni<Boolean>> publisher) {
    return store.fireDue(nowMs, 1_000, publisher).await().atMost(Duration.ofSeconds(10)).stream()
        .map(Timer::timerId)
        .toList();
  }

  @Test
  void dead_letters_are_listed_by_what_they_are_and_show_who_redrove_them() throws Exception {
    Lane lane = new Lane(8);
    NamespaceId namespace = new NamespaceId("tenant-dead");
    JournalWriter dead = new JournalWriter(namespace, "run-dead", lane);
    dead.deadLettered("build", "gpu").deadLettered("test", null);
    publish(dead, lane, 1, 2);
    awaitApplied(lane, 2);
    String build = dead.runUid() + "-1";
    JournalWriter again = new JournalWriter(namespace, "run-dead.r1", new Lane(9));
    publish(again.redriven("build", build), new Lane(9), 1, 1);
    awaitApplied(new Lane(9), 1);

    deadLetters("")
        .statusCode(200)
        .body("items", hasSize(2))
        .body("items[0].attempts", equalTo(2))
        .body("items[0].cause", equalTo("TRANSIENT.NETWORK"));
    deadLetters("?status=OPEN").body("items.task_id", contains("test"));
    deadLetters("?status=REDRIVEN").body("items.redriven_as", contains("run-dead.r1"));
    deadLetters("?queue=gpu").body("items.task_id", contains("build"));
    deadLetters("?run_id=other").body("items", hasSize(0));
    String cursor =
        deadLetters("?page_size=1").body("items", hasSize(1)).extract().path("next_cursor");
    deadLetters("?page_size=1&cursor=" + cursor)
        .body("items", hasSize(1))
        .body("next_cursor", nullValue());
    deadLetters("?queue=gpu&cursor=" + cursor)
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_CURSOR"));
    deadLetters("/" + build)
        .statusCode(200)
        .body("attempt_history.attempt", contains(1, 2))
        .body("redrives[0].comment", equalTo("The mirror is back"));
    deadLetters("/" + "0".repeat(32) + "-1").statusCode(404);
    given()
        .header("Authorization", TestTokens.bearer("reader", "tenant-other", "operator"))
        .get("/v1/namespaces/tenant-other/dead-letters/" + build)
        .then()
        .statusCode(404);
  }

  private static ValidatableResponse deadLetters(String rest) {
    return given()
        .header("Authorization", TestTokens.bearer("reader", "tenant-dead", "operator"))
        .get("/v1/namespaces/tenant-dead/dead-letters" + rest)
        .then();
  }

  private long timersOf(String runId, NamespaceId namespace) {
    return timers
        .list(namespace, Optional.empty(), 1_000)
        .await()
        .atMost(Duration.ofSeconds(5))
        .stream()
        .filter(listed -> listed.timer().runId().value().equals(runId))
        .count();
  }

  @Test
  void rows_that_did_not_come_are_fetched_from_the_journals_owner() throws Exception {
    Lane lane = JournalOwnerStub.LANE;
    read(lane);
    JournalWriter whole = JournalOwnerStub.journal();

    publish(whole, lane, 5, 5);

    awaitApplied(lane, 5);
    await().atMost(Duration.ofSeconds(20)).until(() -> inbox.size() == 1);
    assertThat(inbox.getFirst().message().idempotency().key()).isEqualTo(whole.runUid() + "-2");
  }

  @Test
  void timers_are_listed_page_by_page_to_whoever_has_a_role_in_the_namespace() throws Exception {
    Lane lane = new Lane(4);
    NamespaceId namespace = new NamespaceId("tenant-listed");
    long due = System.currentTimeMillis() + Duration.ofDays(2).toMillis();
    JournalWriter run = new JournalWriter(namespace, "run-listed", lane);
    run.planned(due + 10).retry("a", 2, due).retry("b", 2, due + 5);
    publish(run, lane, 1, 3);
    awaitApplied(lane, 3);
    String token = TestTokens.bearer("reader", namespace.value(), "auditor");

    String next =
        given()
            .header("Authorization", token)
            .get("/v1/namespaces/tenant-listed/timers?page_size=2")
            .then()
            .statusCode(200)
            .body("items", hasSize(2))
            .body("items[0].task_id", equalTo("a"))
            .body("items[0].kind", equalTo("RETRY"))
            .body("next_cursor", notNullValue())
            .extract()
            .path("next_cursor");
    given()
        .header("Authorization", token)
        .queryParam("cursor", next)
        .get("/v1/namespaces/tenant-listed/timers")
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].reason_code", equalTo("RUN.DEADLINE_EXCEEDED"));
    given()
        .header("Authorization", TestTokens.bearer("reader", "tenant-other", "auditor"))
        .get("/v1/namespaces/tenant-listed/timers")
        .then()
        .statusCode(404);
    given().get("/v1/namespaces/tenant-listed/timers").then().statusCode(401);
  }

  @Test
  void the_service_is_ready_and_counts_what_it_fires() throws Exception {
    Lane lane = new Lane(5);
    JournalWriter run = run("run-counted", lane).retry("build", 2, 1_000);
    publish(run, lane, 1, 1);
    await().atMost(Duration.ofSeconds(20)).until(() -> inbox.size() == 1);

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    given()
        .get("/q/health/ready")
        .then()
        .body(
            "checks.find { it.name == 'nats' }.data",
            equalTo(Map.of("connected", true, "durability", "sync_interval is always")));
    given().get("/q/health/live").then().statusCode(200);
    assertThat(given().get("/q/metrics").asString())
        .contains("dome_timer_lateness_seconds_count{kind=\"RETRY\"}", "dome_timers_pending");
  }
}
