package dev.dome.statecontroller.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.JournalRow;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class ReadApiTest {
  private static final long START_MS = 1_795_000_000_000L;

  private final SeedStore store = new SeedStore();
  private final String namespace = "ns-" + UUID.randomUUID();

  private SeededRun submitted(String runId) {
    return SeededRun.submitted(store, namespace, runId, START_MS);
  }

  private ValidatableResponse get(String resource) {
    return get(resource, "submitter");
  }

  private ValidatableResponse get(String resource, String role) {
    return given()
        .header("Authorization", TestTokens.bearer("alice", namespace, role))
        .get("/v1/namespaces/" + namespace + "/" + resource)
        .then();
  }

  @Test
  void anOpenRunSaysWhereItStands() {
    SeededRun run = submitted("open-run").claim("plan");

    get("runs/open-run")
        .statusCode(200)
        .body("run_id", equalTo("open-run"))
        .body("run_uid", equalTo(run.state().runUid().value()))
        .body("status", equalTo("RUNNING"))
        .body("submitter", equalTo("alice"))
        .body("created_at", equalTo("2026-11-18T11:06:40.000Z"))
        .body("tasks.total", equalTo(3))
        .body("tasks.claimed", equalTo(1))
        .body("position.sequence", equalTo((int) run.state().sequence()))
        .body("head_hash", equalTo(run.headHash()))
        .body("state_hash", equalTo(run.state().digest()))
        .body("gate_digest", nullValue())
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("Cache-Control", equalTo("no-store"));
  }

  @Test
  void tasksAndGraphFollowThePlan() {
    submitted("plan-run").claim("plan");

    get("runs/plan-run/tasks")
        .statusCode(200)
        .body("items.task_id", contains("plan-run-plan", "plan-run-implement", "plan-run-verify"))
        .body("items.status", contains("CLAIMED", "QUEUED", "QUEUED"))
        .body("items[0].worker_id", equalTo("worker-1"))
        .body("items[0].attempt_id", notNullValue())
        .body("items[1].dependencies", contains("plan-run-plan"))
        .body("items[2].command", contains("make", "check"));
    get("runs/plan-run/graph")
        .statusCode(200)
        .body("nodes", hasSize(3))
        .body("edges[0].from", equalTo("plan-run-plan"))
        .body("edges[0].to", equalTo("plan-run-implement"));
  }

  @Test
  void tasksAndGraphComePageByPageAndTasksByStatus() {
    submitted("paged-run").claim("plan");

    String next =
        get("runs/paged-run/tasks?page_size=2")
            .statusCode(200)
            .body("items.task_id", contains("paged-run-plan", "paged-run-implement"))
            .extract()
            .path("next_cursor");
    get("runs/paged-run/tasks?page_size=2&cursor=" + next)
        .body("items.task_id", contains("paged-run-verify"))
        .body("next_cursor", nullValue());
    get("runs/paged-run/tasks?status=QUEUED&page_size=2")
        .body("items.task_id", contains("paged-run-implement", "paged-run-verify"))
        .body("next_cursor", nullValue());
    get("runs/paged-run/tasks?status=QUEUED&cursor=" + next).statusCode(400);
    get("runs/paged-run/tasks?status=LOST").statusCode(400);
    get("runs/paged-run/tasks?page_size=201").statusCode(400);

    String rest =
        get("runs/paged-run/graph?page_size=1")
            .body("nodes.task_id", contains("paged-run-plan"))
            .body("edges", hasSize(0))
            .extract()
            .path("next_cursor");
    get("runs/paged-run/graph?cursor=" + rest)
        .body("nodes.task_id", contains("paged-run-implement", "paged-run-verify"))
        .body("edges.from", contains("paged-run-plan", "paged-run-implement"))
        .body("next_cursor", nullValue());
  }

  @Test
  void aPausedQueueSaysWhoPausedItInItsRunsAndInTheList() {
    SeededRun run = submitted("held-run");
    store.writeBreaker(namespace, SeededRun.paused(START_MS + 5_000));
    run.breaker(SeededRun.paused(START_MS + 5_000));

    get("runs/held-run")
        .body("waiting_on.reason_code", equalTo("BREAKER.PAUSED"))
        .body("waiting_on.blocking_task", equalTo("held-run-plan"))
        .body("waiting_on.queue", equalTo("default"))
        .body("waiting_on.breaker", equalTo("queue:default"))
        .body("waiting_on.since", equalTo("2026-11-18T11:06:45.000Z"))
        .body("waiting_on.until", nullValue())
        .body("waiting_on.paused.actor", equalTo("olga"))
        .body("waiting_on.paused.reason_code", equalTo("OPERATOR.PAUSED"))
        .body("waiting_on.pollers_last_seen", nullValue());
    get("queues")
        .body("items.queue", contains("default"))
        .body("items[0].ready", equalTo(1))
        .body("items[0].paused.actor", equalTo("olga"));
  }

  @Test
  void aRedriveTakesOverWhatPassedAndNamesBothRuns() {
    SeededRun run = submitted("dead-run").claimAndPass("plan");
    String deadLetterId = run.giveUp("implement");

    get("redrive-plans/" + deadLetterId)
        .statusCode(200)
        .body("run_id", equalTo("dead-run"))
        .body("run_final", equalTo(true))
        .body("next_run_id", equalTo("dead-run.r1"))
        .body("source_kind", equalTo("PRE_CONTRACT"))
        .body("document.packet_id", equalTo("dead-run"))
        .body("submitters", contains("alice"))
        .body("dead_letters.dead_letter_id", contains(deadLetterId))
        .body("dead_letters.task_id", contains("dead-run-implement"))
        .body("carried.task_id", contains("dead-run-plan"));
    get("redrive-plans/" + run.state().runUid() + "-2").statusCode(404);
    get("redrive-plans/" + "0".repeat(32) + "-9").statusCode(404);
    get("redrive-plans/nonsense").statusCode(404);

    SeededRun.redriving(store, run);
    get("runs/dead-run").body("redriven_as", contains("dead-run.r1"));
    get("runs/dead-run.r1")
        .body("redrive_of", equalTo("dead-run"))
        .body("redriven_as", nullValue())
        .body("tasks.gated", equalTo(1));
    get("runs?status=RUNNING").body("items.redrive_of", contains("dead-run"));
  }

  @Test
  void aPromotedRunShowsItsDecisions() {
    SeededRun run = submitted("promoted-run").promoted();

    String etag =
        get("runs/promoted-run/gate")
            .statusCode(200)
            .body("status", equalTo("APPROVE"))
            .body("substrate_status", equalTo("PROMOTE"))
            .body("task_id", equalTo("wave-gate"))
            .extract()
            .header("ETag");
    get("runs/promoted-run/promotion").statusCode(200).body("decision", equalTo("APPROVE"));
    get("runs/promoted-run")
        .body("status", equalTo("PROMOTED"))
        .body("waiting_on", nullValue())
        .body("gate_digest", equalTo(etag.replace("\"", "")));
    get("runs/promoted-run/state-space")
        .statusCode(200)
        .body("version", equalTo("0.2.0"))
        .body("work_items.gate.status", contains("DONE", "DONE", "DONE"))
        .body("work_items[1].node.deps", contains("promoted-run-plan"));
    get("runs/promoted-run/summary")
        .statusCode(200)
        .body("tasks.done", equalTo(3))
        .body("retries", equalTo(0))
        .body("work_ms", equalTo(120))
        .body("duration_ms", equalTo((int) (run.state().changedAtMs() - run.state().createdAtMs())))
        .body("alert_gate.status", equalTo("PASS"));
  }

  @Test
  void aFailedTaskRaisesTheAlertGate() {
    submitted("failed-run").claim("plan").fail("plan", "EXEC.NONZERO_EXIT");

    get("runs/failed-run/summary")
        .body("failed", equalTo(3))
        .body("alert_gate.status", equalTo("ALERT"));
  }

  @Test
  void aDecisionThatIsNotMadeYetIsAbsentWithItsOwnReason() {
    submitted("undecided-run");

    get("runs/undecided-run/gate").statusCode(404).body("reason_code", equalTo("GATE.NOT_FOUND"));
    get("runs/undecided-run/promotion")
        .statusCode(404)
        .contentType("application/problem+json")
        .body("reason_code", equalTo("PROMOTION.NOT_FOUND"));
  }

  @Test
  void pagesOfRunsHoldEachRunOnceNewestFirst() {
    for (int i = 0; i < 7; i++) {
      SeededRun.submitted(store, namespace, "page-" + i, START_MS + 1_000L * (i / 2));
    }

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          tree(get("runs?page_size=3" + cursor).statusCode(200).extract().asByteArray());
      page.path("items").forEach(run -> seen.add(run.path("run_id").asText()));
      cursor = page.has("next_cursor") ? "&cursor=" + page.path("next_cursor").asText() : null;
    } while (cursor != null);

    assertThat(seen)
        .containsExactly("page-6", "page-4", "page-5", "page-2", "page-3", "page-0", "page-1");
  }

  @Test
  void aListCanBeFiltered() {
    submitted("filter-open");
    submitted("filter-done").promoted();

    get("runs?status=PROMOTED").body("items.run_id", contains("filter-done"));
    get("runs?submitter=alice").body("items", hasSize(2));
    get("runs?submitter=bob").body("items", hasSize(0)).body("next_cursor", nullValue());
  }

  @Test
  void aCursorOfAnotherListIsRefused() {
    submitted("cursor-1");
    submitted("cursor-2");
    String cursor = get("runs?page_size=1").extract().path("next_cursor");

    get("runs?page_size=1&status=RUNNING&cursor=" + cursor)
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_CURSOR"));
  }

  @Test
  void eventsArePagedBySequenceWithoutTheInputs() {
    SeededRun run = submitted("events-run").promoted();

    List<Long> sequences = new ArrayList<>();
    String after = "0";
    do {
      JsonNode page =
          tree(
              get("runs/events-run/events?page_size=4&after=" + after)
                  .statusCode(200)
                  .extract()
                  .asByteArray());
      page.path("items").forEach(event -> sequences.add(event.path("sequence").asLong()));
      after = page.has("next_after") ? page.path("next_after").asText() : null;
    } while (after != null);

    assertThat(sequences).isSorted().doesNotHaveDuplicates();
    assertThat(sequences.getFirst()).isEqualTo(2);
    assertThat(sequences.getLast()).isEqualTo(run.state().sequence());
    get("runs/events-run/events").body("items[0].topic", equalTo("plan.wave.created"));
  }

  @Test
  void theLedgerIsAnUnbrokenChainWithTheInputs() {
    SeededRun run = submitted("ledger-run").promoted();

    JsonNode ledger =
        tree(get("runs/ledger-run/ledger?page_size=200").statusCode(200).extract().asByteArray());
    String prevHash = JournalRow.GENESIS;
    long sequence = 0;
    for (JsonNode item : ledger.path("items")) {
      JournalRow row = Json.read(item, JournalRow.class);
      assertThat(row.hashHolds()).isTrue();
      assertThat(row.prevHash()).isEqualTo(prevHash);
      assertThat(row.envelope().sequence()).isEqualTo(++sequence);
      prevHash = row.hash();
    }

    assertThat(prevHash).isEqualTo(run.headHash());
    assertThat(ledger.path("items").path(0).path("kind").asText()).isEqualTo("INPUT");
  }

  @Test
  void queuesCountWhatIsReadyHeldAndLeased() {
    submitted("queue-1");
    submitted("queue-2").claim("plan");

    get("queues")
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].ready", equalTo(1))
        .body("items[0].held", equalTo(4))
        .body("items[0].leased", equalTo(1));
  }

  @Test
  void anOperationIsDoneOrPendingOrUnknown() {
    String done = uuid7(System.currentTimeMillis());
    store.writeOperation(
        namespace,
        done,
        new Outcome(done, 201, Json.tree(Map.of("run_id", "x")), null, null, null, null));

    get("operations/" + done)
        .statusCode(200)
        .body("status", equalTo("DONE"))
        .body("outcome.status", equalTo(201))
        .body("outcome.body.run_id", equalTo("x"));
    get("operations/" + uuid7(System.currentTimeMillis()))
        .statusCode(200)
        .body("status", equalTo("PENDING"));
    get("operations/" + uuid7(START_MS - 1_000_000_000L))
        .statusCode(404)
        .body("reason_code", equalTo("OPERATION.NOT_FOUND"));
    get("operations/" + UUID.randomUUID())
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_IDENTIFIER"));
  }

  @Test
  void operationsAreListedByIdWithWhatTheyRepeatAndByTheirRun() {
    String first = uuid7(START_MS);
    String again = uuid7(START_MS + 1);
    String old = uuid7(START_MS + 2);
    JsonNode body = Json.tree(Map.of("run_id", "some-run", "run_uid", "u"));
    for (String id : List.of(again, first)) {
      store.writeOperation(
          namespace,
          new Outcome(
              id, 201, body, null, null, null, new Outcome.Position(new RunId("some-run"), 3)),
          InboxKind.SUBMIT_RUN,
          "some-run",
          id.equals(again) ? first : null);
    }
    store.writeOperation(namespace, old, new Outcome(old, 404, null, null, null, null, null));

    JsonNode page =
        tree(get("operations?page_size=2", "auditor").statusCode(200).extract().asByteArray());
    JsonNode rest =
        tree(
            get("operations?page_size=2&cursor=" + page.path("next_cursor").asText(), "operator")
                .statusCode(200)
                .extract()
                .asByteArray());

    assertThat(page.path("items").findValuesAsText("operation_id")).containsExactly(first, again);
    assertThat(page.at("/items/0").has("repeats")).isFalse();
    assertThat(page.at("/items/1/repeats").asText()).isEqualTo(first);
    assertThat(page.at("/items/0/answer_sha256")).isEqualTo(page.at("/items/1/answer_sha256"));
    assertThat(page.at("/items/0/run_uid").asText()).isEqualTo("u");
    assertThat(page.at("/items/0/sequence").asLong()).isEqualTo(3);
    assertThat(rest.path("items").findValuesAsText("operation_id")).containsExactly(old);
    assertThat(rest.has("next_cursor")).isFalse();
    get("operations?run_id=no-run,some-run", "auditor").statusCode(200).body("items", hasSize(2));
    get("operations?run_id=some-run", "auditor").statusCode(200).body("items", hasSize(2));
    get("operations?run_id=some-run&cursor=" + page.path("next_cursor").asText(), "auditor")
        .statusCode(400);
    get("operations").statusCode(403);
  }

  private static String uuid7(long atMs) {
    UUID random = UUID.randomUUID();
    long high = (atMs << 16) | 0x7000 | (random.getMostSignificantBits() & 0x0fff);
    return new UUID(high, random.getLeastSignificantBits()).toString();
  }

  @Test
  void aReadWaitsForItsPositionAndSaysWhenItIsNotReached() {
    SeededRun run = submitted("position-run");
    long sequence = run.state().sequence();

    get("runs/position-run?min_position=" + sequence).statusCode(200);
    get("runs/position-run?min_position=" + (sequence + 1))
        .statusCode(503)
        .header("Retry-After", equalTo("1"))
        .body("reason_code", equalTo("INFRA.READ_BEHIND"))
        .body("retryable", equalTo(true))
        .body("trace_id", notNullValue());
  }

  @Test
  void catalogAndPoliciesAreTheShippedOnes() {
    get("reason-codes").statusCode(200).body("items.code", hasItem("RUN.NOT_FOUND"));
    get("policies")
        .statusCode(200)
        .body("policies.retry.max_retries", equalTo(2))
        .body("digest", notNullValue());
  }

  private static JsonNode tree(byte[] body) {
    return Json.read(body, JsonNode.class);
  }
}
