package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.WorkerCalls;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.DomeService;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.system.Suite.Running;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A claim that waits at one replica finds work that becomes ready at the other. */
@ExtendWith(Suite.class)
class TwoReplicasTest {
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final int CLAIMS = 12;
  private static final NamespaceId NAMESPACE = new NamespaceId(Suite.NAMESPACE);

  private final Running suite;
  private final Servers servers;
  private final String queue = Documents.freshId("q");

  TwoReplicasTest(Running suite) {
    this.suite = suite;
    this.servers = new Servers(suite);
  }

  private String replica(int number) {
    return suite.stack().replica(DomeService.STATE_CONTROLLER, number).orElseThrow().name();
  }

  private List<Lane> lanesOf(String replica) throws SQLException {
    return servers
        .column(
            "SELECT lane FROM state_controller.lane WHERE expires_at > now() AND owner = '"
                + replica
                + "'")
        .stream()
        .map(lane -> new Lane(Integer.parseInt(lane)))
        .toList();
  }

  /** A run whose lane the replica owns. */
  private String runOf(String replica) throws SQLException {
    await().atMost(WAIT).until(() -> lanesOf(replica).size() == 8);
    List<Lane> lanes = lanesOf(replica);
    return Stream.generate(() -> Documents.freshId("run"))
        .filter(id -> lanes.contains(Lane.of(NAMESPACE, new RunId(id), 16)))
        .findFirst()
        .orElseThrow();
  }

  private Claim.Request claim() {
    return new Claim.Request(
        NAMESPACE,
        new QueueName(queue),
        Documents.freshId("claim"),
        "by-hand",
        null,
        null,
        1,
        System.currentTimeMillis() + WAIT.toMillis(),
        new Actor("by-hand", List.of("worker")),
        null);
  }

  private void aClaimParkedAtOneIsAnsweredWithWorkOf(int parkedAt, int workAt) throws Exception {
    String runId = runOf(replica(workAt));
    try (NatsLink link =
            NatsLink.open(LinkOptions.of(suite.stack().connections().natsUrl(), "two-replicas"));
        DomeClient client = suite.client("driver", "submitter", "operator")) {
      CoreMessages core = link.core();
      // Past the queue group, so that it is known who holds the claim.
      CompletableFuture<CoreMessages.Answer> answer =
          core.request(Subjects.claimsOf(replica(parkedAt)), Json.write(claim()), WAIT, null)
              .toCompletableFuture();
      client.submit(Documents.chain(runId, queue, 1));

      CoreMessages.Answer got = answer.get(WAIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(got).isInstanceOf(CoreMessages.Answer.Replied.class);
      Claim.Reply reply = Json.read(((CoreMessages.Answer.Replied) got).body(), Claim.Reply.class);
      assertThat(reply.tasks()).extracting(task -> task.runId().value()).containsExactly(runId);
      client.cancel(runId, "OPERATOR.CANCELLED", "the test is over");
      core.close();
    }
  }

  private ObjectNode work(String runId, int priority) {
    ObjectNode document = Documents.independent(runId);
    for (int i = 0; i < CLAIMS; i++) {
      Documents.task(document.withArray("tasks"), "t-" + i, queue).put("priority", priority);
    }
    return document;
  }

  /** Claims over HTTP come to either replica. */
  private void theHigherPriorityComesFirst(int lowAt, int highAt) throws Exception {
    String low = runOf(replica(lowAt));
    String high = runOf(replica(highAt));
    AtomicInteger announced = new AtomicInteger();
    try (NatsLink link =
            NatsLink.open(LinkOptions.of(suite.stack().connections().natsUrl(), "two-replicas"));
        DomeClient client = suite.client("driver", "submitter", "operator", "worker")) {
      CoreMessages core = link.core();
      core.listen(
          Subjects.READY_HINT,
          message -> {
            JsonNode hint = Json.read(message.body(), JsonNode.class);
            if (hint.path("queue").asText().equals(queue)
                && hint.at("/top/priority").asInt() == 9) {
              announced.incrementAndGet();
            }
          });
      client.submit(work(low, 0));
      client.submit(work(high, 9));
      // Whoever said it a second time was heard the first time.
      await().atMost(WAIT).until(() -> announced.get() >= 2);
      List<String> granted = new ArrayList<>();
      for (int i = 0; i < CLAIMS; i++) {
        client
            .worker()
            .claim(
                new WorkerCalls.ClaimRequest(
                    queue, Documents.freshId("claim"), "by-hand", null, 1, 10))
            .tasks()
            .forEach(task -> granted.add(task.runId()));
      }

      assertThat(granted).hasSize(CLAIMS).containsOnly(high);
      client.cancel(low, "OPERATOR.CANCELLED", "the test is over");
      client.cancel(high, "OPERATOR.CANCELLED", "the test is over");
      core.close();
    }
  }

  @Test
  void theFirstDoesNotGrantWhatIsLessUrgentThanWorkOfTheSecond() throws Exception {
    theHigherPriorityComesFirst(0, 1);
  }

  @Test
  void theSecondDoesNotGrantWhatIsLessUrgentThanWorkOfTheFirst() throws Exception {
    theHigherPriorityComesFirst(1, 0);
  }

  @Test
  void atTheFirstForWorkOfTheSecond() throws Exception {
    aClaimParkedAtOneIsAnsweredWithWorkOf(0, 1);
  }

  @Test
  void atTheSecondForWorkOfTheFirst() throws Exception {
    aClaimParkedAtOneIsAnsweredWithWorkOf(1, 0);
  }
}
