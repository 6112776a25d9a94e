package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpServer;
import dev.dome.cli.run.ServerOption;
import dev.dome.cli.security.NamespaceWall.Neighbour;
import dev.dome.cli.security.NamespaceWall.Thing;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.model.Grant;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.Json;
import dev.dome.devstack.LocalStack;
import dev.dome.migrations.Database;
import dev.dome.transparency.Hashes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * A namespace with one of everything that a contract has a path for: a run that was promoted, one
 * that was given up, one whose task a worker is at, and what people and dome made besides.
 */
final class OccupiedNamespace implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> ROLES =
      List.of("submitter", "worker", "approver", "operator", "auditor");

  private final String namespace = Documents.freshId("house");
  private final String person = Documents.freshId("person");
  private final String queue = Documents.freshId("queue");
  private final String workerId = Documents.freshId("worker");
  private final String finished = Documents.freshId("finished");
  private final String failed = Documents.freshId("failed");
  private final String open = Documents.freshId("open");
  private final CompletableFuture<Grant> held = new CompletableFuture<>();
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final Map<String, Thing> things = new HashMap<>();
  private final HttpServer receiver;
  private final Database database;
  private final String token;
  private final DomeClient client;
  private final Worker worker;
  private PlantedTombstone tombstone;

  OccupiedNamespace(LocalStack stack) throws IOException {
    database = stack.infrastructure().postgres().orElseThrow().admin();
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
          }
        });
    receiver.start();
    token =
        stack
            .issuer()
            .mint(
                person,
                Map.of(namespace, ROLES, ServerOption.SYSTEM_NAMESPACE, ROLES),
                Duration.ofHours(1));
    client = DomeClient.of(URI.create(stack.apiUrl()), namespace, () -> token);
    worker = Worker.on(queue, this::work).workerId(workerId).concurrency(3).start(client);
  }

  private Result work(TaskContext task) throws InterruptedException {
    if (task.runId().equals(failed)) {
      return Result.retry("TRANSIENT.NETWORK");
    }
    if (task.runId().equals(open)) {
      held.complete(task.grant());
      letGo.await();
    }
    return Result.pass();
  }

  /** Makes everything there is, and says by which names. */
  Neighbour settle() throws Exception {
    people();
    runs();
    Grant grant = held.get();
    name("runs", finished);
    name("exports", finished);
    name("attempts", grant.attemptId());
    name("queues", queue);
    name("deployments", Documents.freshId("version"));
    name("workers", workerId);
    name("limits", "queue:" + queue);
    name("breakers", "queue:" + queue);
    name("statements", "vsa");
    tombstone();
    return new Neighbour(namespace, token, Map.copyOf(things), fields(grant));
  }

  private Map<String, JsonNode> fields(Grant grant) {
    Map<String, JsonNode> fields = new HashMap<>();
    fields.put("run_id", TextNode.valueOf(finished));
    fields.put("packet_id", TextNode.valueOf(finished));
    fields.put("queue", TextNode.valueOf(queue));
    fields.put("attempt_id", TextNode.valueOf(grant.attemptId()));
    fields.put("fence", LongNode.valueOf(grant.fence()));
    // Nobody waits for a task, and is told of events where the neighbour is.
    fields.put("wait_seconds", IntNode.valueOf(0));
    fields.put("url", TextNode.valueOf(url()));
    fields.put("actor", TextNode.valueOf(person));
    fields.put("submitter", TextNode.valueOf(person));
    return Map.copyOf(fields);
  }

  private void name(String collection, String name) {
    assertThat(name).as(collection).isNotEmpty();
    things.put(collection, Thing.named(name));
  }

  private void people() {
    client.setLimit("queue:" + queue, Json.mapper().createObjectNode().put("max_concurrent", 9));
    String hold = Documents.freshId("case");
    client.audit().placeHold(hold, Optional.of(finished), "a lawsuit of " + person, "the court");
    name("holds", hold);
    name("webhooks", client.webhooks().add(url(), List.of(), null).path("webhook_id").asText());
    byte[] evidence = ("seen by " + person).getBytes(StandardCharsets.UTF_8);
    String digest = client.evidence().put(evidence, "text/plain").sha256();
    byte[] other = ("read by " + person).getBytes(StandardCharsets.UTF_8);
    things.put(
        "evidence",
        new Thing(digest, HexFormat.of().formatHex(Hashes.sha256(other)), evidence, other));
  }

  private void tombstone() throws SQLException {
    tombstone = new PlantedTombstone(database, namespace);
    name("tombstones", first("audit/tombstones", "index"));
    String statement = "purge-statements/" + tombstone.digest();
    await().atMost(PATIENCE).until(() -> client.readIfPresent(statement).isPresent());
    name("purge-statements", tombstone.digest());
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/" + person;
  }

  private void runs() {
    client.submit(Documents.chain(failed, queue, 1));
    client.submit(Documents.chain(finished, queue, 1));
    client.submit(Documents.chain(open, queue, 2));
    awaitStatus(finished, RunStatus.PROMOTED);
    await()
        .atMost(PATIENCE)
        .until(() -> client.readIfPresent("runs/" + finished + "/statements/vsa").isPresent());
    name("replays", client.replay(finished).path("replay_id").asText());
    name("operations", first("operations", "operation_id"));
    name(
        "deliveries",
        first("webhooks/" + things.get("webhooks").name() + "/deliveries", "delivery_id"));
    awaitStatus(failed, RunStatus.REJECTED);
    name("dead-letters", first("dead-letters", "dead_letter_id"));
    name("redrive-plans", first("dead-letters", "dead_letter_id"));
  }

  private String first(String resource, String field) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> client.read(resource, Map.of()).at("/items/0/" + field).asText(),
            name -> !name.isEmpty());
  }

  private void awaitStatus(String runId, RunStatus status) {
    await().atMost(PATIENCE).until(() -> client.run(runId).status() == status);
  }

  /** Nobody took, ended, paused or removed anything. */
  void assertUntouched() {
    letGo.countDown();
    awaitStatus(open, RunStatus.PROMOTED);
    assertThat(client.tasks(open)).allSatisfy(task -> assertThat(task.attempt()).isEqualTo(1));
    assertThat(client.run(finished).status()).isEqualTo(RunStatus.PROMOTED);
    String dead = "dead-letters/" + things.get("dead-letters").name();
    assertThat(client.read(dead, Map.of()).path("status").asText()).isEqualTo("OPEN");
    assertThat(client.read("limits/queue:" + queue, Map.of()).path("max_concurrent").asInt())
        .isEqualTo(9);
    assertThat(client.webhooks().list().findValuesAsText("webhook_id"))
        .containsExactly(things.get("webhooks").name());
    assertThat(client.read("audit/holds", Map.of("state", "IN_FORCE")).path("items")).hasSize(1);
    assertThat(client.audit().retention().path("retention_class").asText()).isEqualTo("standard");
    assertThat(client.runs(Map.of()).items()).hasSize(3);
  }

  @Override
  public void close() throws SQLException {
    letGo.countDown();
    worker.close();
    client.webhooks().delete(things.get("webhooks").name());
    tombstone.close();
    client.close();
    receiver.stop(0);
  }
}
