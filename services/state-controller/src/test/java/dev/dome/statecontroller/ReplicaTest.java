package dev.dome.statecontroller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.statecontroller.application.Messages;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The running service, asked as ingest asks it. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class ReplicaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final NamespaceId namespace =
      new NamespaceId("ns-" + UUID.randomUUID().toString().substring(0, 8));
  private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
  private NatsLink link;
  private CoreMessages core;

  @BeforeEach
  void connect() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> RestAssured.get("/q/health/ready").then().statusCode(200));
    link = NatsLink.open(LinkOptions.of(TestStack.shared().connections().natsUrl(), "test"));
    core = link.core();
    core.listen(
        "dome.replies.test",
        message -> {
          Outcome outcome = Json.read(message.body(), Outcome.class);
          outcomes.put(outcome.operationId(), outcome);
        });
  }

  @AfterEach
  void disconnect() {
    core.close();
    link.close();
  }

  @Test
  void itsReadinessSaysHowNatsStands() {
    RestAssured.get("/q/health/ready")
        .then()
        .body(
            "checks.find { it.name == 'nats' }.data",
            equalTo(Map.of("connected", true, "durability", "sync_interval is always")))
        .body("checks.find { it.name == 'lanes' }.status", equalTo("UP"));
  }

  private Outcome ask(InboxMessage message) {
    AttemptId attempt = message.attemptId();
    Lane lane = attempt == null ? Lane.of(namespace, message.runId(), 16) : attempt.lane();
    assertThat(link.inboxPublisher().publish(lane, message).join().stored()).isTrue();
    return await()
        .atMost(PATIENCE)
        .until(() -> outcomes.get(message.operationId()), o -> o != null);
  }

  private static InboxMessage repliedHere(InboxMessage m) {
    return new InboxMessage(
        m.operationId(),
        m.kind(),
        m.namespace(),
        m.runId(),
        m.attemptId(),
        m.actor(),
        m.idempotency(),
        m.receivedAtMs(),
        m.traceparent(),
        "dome.replies.test",
        m.body());
  }

  private List<Claim.GrantedTask> claim(String claimId) throws Exception {
    Claim.Request request =
        Messages.claim(namespace, claimId, 1, System.currentTimeMillis() + 5_000);
    var answer =
        core.request(Subjects.CLAIMS, Json.write(request), PATIENCE, null)
            .get(20, TimeUnit.SECONDS);
    assertThat(answer).isInstanceOf(CoreMessages.Answer.Replied.class);
    return Json.read(((CoreMessages.Answer.Replied) answer).body(), Claim.Reply.class).tasks();
  }

  @Test
  void aRunGoesFromTheInboxToItsPromotionAndItsJournalIsPublished() throws Exception {
    RunId runId = new RunId("run-e2e");
    String operation = UUID.randomUUID().toString();
    Outcome submitted =
        ask(repliedHere(Messages.submit(operation, namespace, runId, Messages.chain(runId, 3))));
    assertThat(submitted.status()).isEqualTo(201);

    Outcome last = null;
    for (int i = 0; i < 3; i++) {
      Claim.GrantedTask task = claim("claim-" + i).getFirst();
      String id = UUID.randomUUID().toString();
      last =
          ask(
              repliedHere(
                  Messages.report(id, namespace, task, Messages.pass(task.taskId()), null)));
    }

    assertThat(last.body().get("run_status").asText()).isEqualTo("PROMOTED");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(sumOverLanes("published_position"))
                .isGreaterThan(10)
                .isEqualTo(sumOverLanes("position")));
    assertThat(link.streams().usage(Subjects.JOURNAL_STREAM).messages()).isPositive();
    RestAssured.get("/q/metrics").then().statusCode(200);
  }

  @Test
  void aRunWhoseTaskLacksAPermitSaysSo() throws Exception {
    for (String id : List.of("run-a", "run-b")) {
      JsonNode document = Messages.chain(new RunId(id), 1);
      ((ObjectNode) document.at("/tasks/0")).put("concurrency_key", "database");
      String operation = UUID.randomUUID().toString();
      ask(repliedHere(Messages.submit(operation, namespace, new RunId(id), document)));
    }
    String holder = claim("claim-a").getFirst().runId().value();
    String waiting = holder.equals("run-a") ? "run-b" : "run-a";

    RestAssured.given()
        .header("Authorization", TestTokens.bearer("carol", namespace.value(), "auditor"))
        .get("/v1/namespaces/" + namespace + "/runs/" + waiting)
        .then()
        .body("waiting_on.reason_code", equalTo("WAITING.CONCURRENCY_LIMIT"))
        .body("waiting_on.limit", equalTo("key:database"))
        .body("waiting_on.blocking_task", equalTo(waiting + "-t1"));
  }

  @Test
  void aPageOfALanesJournalEndsByItsBytesAndTheNextGoesOn() {
    for (int i = 0; i < 4; i++) {
      RunId runId = inLaneFive(i);
      JsonNode document = Messages.chain(runId, 1);
      ((ObjectNode) document.at("/tasks/0")).put("goal", "x".repeat(900_000));
      ask(repliedHere(Messages.submit(UUID.randomUUID().toString(), namespace, runId, document)));
    }
    List<Integer> positions = new ArrayList<>();
    int pages = 0;
    JsonPath page = laneFive(0);
    while (page.get("next_after") != null) {
      positions.addAll(page.getList("items.lane_position", Integer.class));
      pages++;
      page = laneFive(page.getLong("next_after"));
    }

    assertThat(positions)
        .isEqualTo(IntStream.rangeClosed(1, positions.size()).boxed().toList())
        .hasSizeGreaterThan(11);
    assertThat(pages).isGreaterThan(1);
  }

  private RunId inLaneFive(int number) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> new RunId("large-" + number + "-" + i))
        .filter(runId -> Lane.of(namespace, runId, 16).equals(new Lane(5)))
        .findFirst()
        .orElseThrow();
  }

  private static JsonPath laneFive(long after) {
    return RestAssured.given()
        .header("Authorization", TestTokens.bearer("carol", "dome-system", "auditor"))
        .get("/v1/journal/5?limit=500&after=" + after)
        .jsonPath();
  }

  @Test
  void theProcessIsAliveAsLongAsTheWriterMakesTurns() {
    RestAssured.get("/q/health/live")
        .then()
        .statusCode(200)
        .body("checks.find { it.name == 'lane-writer' }.status", equalTo("UP"));
  }

  private static long sumOverLanes(String field) {
    return RestAssured.given()
        .header("Authorization", TestTokens.bearer("carol", "dome-system", "auditor"))
        .get("/v1/lanes")
        .jsonPath()
        .getList("items." + field, Long.class)
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }
}
