package dev.dome.statecontroller.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.statecontroller.application.read.WorkerReads;
import dev.dome.testkit.StackTestResource;
import dev.dome.testkit.TestStack;
import dev.dome.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who works, who drains, and what a draining worker is told. */
@QuarkusTest
@QuarkusTestResource(
    value = StackTestResource.class,
    initArgs = @ResourceArg(name = "service", value = "state-controller"))
class WorkersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String namespace = "ns-" + UUID.randomUUID().toString().substring(0, 8);
  private NatsLink link;
  private CoreMessages core;

  @Inject WorkerReads reads;

  @BeforeEach
  void connect() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    link = NatsLink.open(LinkOptions.of(TestStack.shared().connections().natsUrl(), "test"));
    core = link.core();
  }

  @AfterEach
  void disconnect() {
    core.close();
    link.close();
  }

  private CompletableFuture<CoreMessages.Answer> claims(
      String worker, String queue, String version, long waitMs) {
    Claim.Request request =
        new Claim.Request(
            new NamespaceId(namespace),
            new QueueName(queue),
            "claim-" + UUID.randomUUID(),
            worker,
            version,
            Map.of("zone", "b"),
            1,
            System.currentTimeMillis() + waitMs,
            new Actor("worker", List.of("worker")),
            null);
    return core.request(Subjects.CLAIMS, Json.write(request), PATIENCE, null).toCompletableFuture();
  }

  private static Claim.Reply reply(CompletableFuture<CoreMessages.Answer> answer) throws Exception {
    CoreMessages.Answer got = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return Json.read(((CoreMessages.Answer.Replied) got).body(), Claim.Reply.class);
  }

  private void seen(String worker, String queue, String version) throws Exception {
    reply(claims(worker, queue, version, 0));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            get("workers?queue=" + queue)
                .body("items.find { it.worker_id == '" + worker + "' }.queue", equalTo(queue)));
  }

  private ValidatableResponse get(String resource) {
    return given()
        .header("Authorization", TestTokens.bearer("carol", namespace, "auditor"))
        .get("/v1/namespaces/" + namespace + "/" + resource)
        .then();
  }

  private ValidatableResponse post(String resource, String role) {
    return given()
        .header("Authorization", TestTokens.bearer("olga", namespace, role))
        .post("/v1/namespaces/" + namespace + "/" + resource)
        .then();
  }

  @Test
  void aWorkerIsListedWithWhatItsClaimSaid() throws Exception {
    seen("w-1", "q", "v1");
    seen("w-2", "q", null);
    seen("w-2", "other", null);

    get("workers")
        .statusCode(200)
        .body("items.worker_id", contains("w-1", "w-2", "w-2"))
        .body("items.queue", contains("q", "other", "q"))
        .body("items[0].deployment_version", equalTo("v1"))
        .body("items[0].labels", equalTo(Map.of("zone", "b")))
        .body("items[0].draining", equalTo(false))
        .body("items[0].leases", equalTo(0))
        .body("items[1].deployment_version", nullValue());
    get("workers?queue=other").body("items.worker_id", contains("w-2"));
    String next =
        get("workers?page_size=1").body("items", hasSize(1)).extract().path("next_cursor");
    get("workers?page_size=2&cursor=" + next)
        .body("items.queue", contains("other", "q"))
        .body("next_cursor", nullValue());
  }

  @Test
  void aDrainedWorkerIsToldWithinASecondAndAnUndrainedOneWaitsAgain() throws Exception {
    seen("w-1", "q", "v1");
    CompletableFuture<CoreMessages.Answer> waiting = claims("w-1", "q", "v1", 15_000);
    post("workers/w-1/drain", "operator")
        .statusCode(200)
        .body("worker_id", equalTo("w-1"))
        .body("draining", equalTo(true))
        .body("by", equalTo("olga"));
    long began = System.nanoTime();

    assertThat(reply(waiting).directives()).containsExactly("DRAIN");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(reply(claims("w-1", "elsewhere", null, 15_000)).directives())
        .containsExactly("DRAIN");
    get("workers?queue=q").body("items[0].draining", equalTo(true));

    post("workers/w-1/undrain", "operator").statusCode(200).body("draining", equalTo(false));
    await().atMost(PATIENCE).until(() -> reply(claims("w-1", "q", "v1", 0)).directives() == null);
  }

  @Test
  void aDrainedVersionMeansItsWorkersOnThatQueueAlsoLaterOnes() throws Exception {
    seen("w-1", "q", "v1");
    post("queues/q/deployments/v1/drain", "operator")
        .statusCode(200)
        .body("queue", equalTo("q"))
        .body("deployment_version", equalTo("v1"));

    await().atMost(PATIENCE).until(() -> reply(claims("w-9", "q", "v1", 0)).directives() != null);
    assertThat(reply(claims("w-1", "q", "v2", 0)).directives()).isNull();
    assertThat(reply(claims("w-1", "other", "v1", 0)).directives()).isNull();
    post("queues/q/deployments/v1/undrain", "operator").statusCode(200);
    await().atMost(PATIENCE).until(() -> reply(claims("w-9", "q", "v1", 0)).directives() == null);
  }

  @Test
  void aDrainIsForOperatorsAndForThoseThatWereSeen() throws Exception {
    seen("w-1", "q", "v1");

    post("workers/w-1/drain", "worker").statusCode(403);
    post("workers/w-2/drain", "operator").statusCode(404);
    post("workers/w-2/undrain", "operator").statusCode(404);
    post("queues/q/deployments/v9/drain", "operator").statusCode(404);
    post("workers/-bad/drain", "operator")
        .statusCode(400)
        .body("reason_code", equalTo("REQUEST.BAD_IDENTIFIER"));
    post("workers/w-1/drain", "operator").statusCode(200);
    String since = post("workers/w-1/drain", "operator").statusCode(200).extract().path("since");
    post("workers/w-1/drain", "operator").body("since", equalTo(since));
    post("workers/w-1/undrain", "operator").statusCode(200);
  }

  @Test
  void pollersOfAQueueAreThoseThatClaimed() throws Throwable {
    seen("w-1", "q", "v1");
    seen("w-2", "other", null);

    List<WorkerReads.WorkerRecord> pollers =
        VertxContextSupport.subscribeAndAwait(
            () -> reads.listPollers(new NamespaceId(namespace), new QueueName("q")));
    assertThat(pollers)
        .singleElement()
        .satisfies(poller -> {
          assertThat(poller.workerId()).isEqualTo("w-1");
          assertThat(poller.drainingSinceMs()).isNull();
        });
  }
}
