package dev.dome.client;

import static dev.dome.client.WorkerScript.grant;
import static dev.dome.client.WorkerScript.lease;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.ScriptedServer.Request;
import dev.dome.client.ScriptedServer.Response;
import dev.dome.contracts.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class WorkerTest {
  private final WorkerScript script = new WorkerScript();

  @Test
  void aClaimWhoseAnswerWasLostIsRepeatedUnderItsName() {
    script.claims.add(Response.lost());
    script.claims.add(grant(1, 30_000));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker = start(client, task -> Result.pass())) {
      whileWorking(worker, () -> server.requests("/claims").size() >= 3);

      List<Request> claims = server.requests("/claims");
      assertThat(claims.get(1).json().path("claim_id"))
          .isEqualTo(claims.get(0).json().path("claim_id"));
      assertThat(claims.get(2).json().path("claim_id"))
          .isNotEqualTo(claims.get(0).json().path("claim_id"));
    }
  }

  @Test
  void aResultIsRepeatedWithTheSameBodyUntilItIsAnswered() {
    AtomicInteger tries = new AtomicInteger();
    script.claims.add(grant(1, 30_000));
    script.result =
        request ->
            switch (tries.incrementAndGet()) {
              case 1 -> Response.lost();
              case 2 -> Response.problem(503, "INFRA.BUSY");
              default -> Response.json(200, "{}");
            };
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker = start(client, task -> Result.pass().withNotes("done"))) {
      whileWorking(worker, () -> tries.get() >= 3);

      List<Request> results = server.requests("/result");
      assertThat(results).extracting(Request::body).containsOnly(results.getFirst().body());
      assertThat(results.getFirst().json().path("fence").asLong()).isEqualTo(7);
      assertThat(results.getFirst().json().path("status").asText()).isEqualTo("PASS");
      assertThat(results.getFirst().json().path("claim_next").path("claim_id").isTextual())
          .isTrue();
    }
  }

  @Test
  void whatClaimNextWasGrantedIsWorkedWithoutAnotherClaim() {
    BlockingQueue<Integer> worked = new LinkedBlockingQueue<>();
    script.claims.add(grant(1, 30_000));
    script.result =
        request -> request.path().contains("att-1/") ? grant(2, 30_000) : Response.json(200, "{}");
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            start(
                client,
                task -> {
                  worked.add(task.attempt());
                  return Result.pass();
                })) {
      whileWorking(worker, () -> server.requests("/result").size() == 2);

      assertThat(worked).containsExactly(1, 2);
      assertThat(server.requests("/heartbeat")).as("quick tasks need no heartbeat").isEmpty();
    }
  }

  @Test
  void theCancelDirectiveInterruptsTheHandlerAndItsResultIsDropped() {
    script.claims.add(grant(1, 600));
    script.heartbeat = request -> lease(600, "\"CANCEL\"");

    assertThat(reasonOfInterrupt()).isEqualTo(CancelReason.DIRECTIVE);
  }

  @Test
  void aClaimThatIsAnsweredWithDrainEndsTheWorker() throws InterruptedException {
    script.claims.add(Response.json(200, "{\"tasks\":[],\"directives\":[\"DRAIN\"]}"));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker = start(client, task -> Result.pass())) {
      worker.awaitStop();

      assertThat(worker.draining()).isTrue();
      assertThat(server.requests("/claims")).hasSize(1);
    }
  }

  @Test
  void everyClaimSaysWhatTheWorkerOffers() {
    script.claims.add(grant(1, 30_000));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("default", task -> Result.pass())
                .label("gpu", "a100")
                .label("zone", "b")
                .start(client)) {
      whileWorking(
          worker,
          () -> server.requests("/claims").size() >= 2 && server.requests("/result").size() == 1);

      Map<String, String> offered = Map.of("gpu", "a100", "zone", "b");
      assertThat(server.requests("/claims"))
          .extracting(claim -> claim.json().path("labels"))
          .containsOnly(Json.tree(offered));
      assertThat(server.requests("/result").getFirst().json().at("/claim_next/labels"))
          .isEqualTo(Json.tree(offered));
    }
  }

  @Test
  void theDrainDirectiveLetsTheWorkFinishAndTakesNothingNew() throws InterruptedException {
    AtomicReference<Worker> self = new AtomicReference<>();
    script.claims.add(grant(1, 600));
    script.heartbeat = request -> lease(30_000, "\"DRAIN\"");
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            start(
                client,
                task -> {
                  await()
                      .atMost(Duration.ofSeconds(20))
                      .until(() -> self.get() != null && self.get().draining());
                  return Result.pass();
                })) {
      self.set(worker);
      worker.awaitStop();

      assertThat(server.requests("/claims")).hasSize(1);
      assertThat(server.requests("/result")).hasSize(1);
      assertThat(server.requests("/result").getFirst().json().has("claim_next")).isFalse();
    }
  }

  @Test
  void aFencedHeartbeatInterruptsTheHandlerAndItsResultIsDropped() {
    script.claims.add(grant(1, 600));
    script.heartbeat = request -> Response.problem(409, "ATTEMPT.FENCED");

    assertThat(reasonOfInterrupt()).isEqualTo(CancelReason.LEASE_LOST);
  }

  @Test
  void aLeaseThatCannotBeRenewedInTimeCountsAsLost() {
    script.claims.add(grant(1, 1_200));
    script.heartbeat = request -> Response.lost();

    assertThat(reasonOfInterrupt()).isEqualTo(CancelReason.LEASE_LOST);
  }

  @Test
  void aLongTaskKeepsItsLeaseByHeartbeatsAndReports() {
    AtomicInteger beats = new AtomicInteger();
    script.claims.add(grant(1, 900));
    script.heartbeat =
        request -> {
          beats.incrementAndGet();
          return lease(900, "");
        };
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            start(
                client,
                task -> {
                  await().atMost(Duration.ofSeconds(20)).until(() -> beats.get() >= 4);
                  return Result.pass();
                })) {
      whileWorking(worker, () -> !server.requests("/result").isEmpty());

      assertThat(beats.get()).isGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void anExceptionOfTheHandlerIsReportedAsAFailure() {
    script.claims.add(grant(1, 30_000));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            start(
                client,
                task -> {
                  throw new IllegalStateException("password=hunter2");
                })) {
      whileWorking(worker, () -> !server.requests("/result").isEmpty());

      Request result = server.requests("/result").getFirst();
      assertThat(result.json().path("reason_code").asText()).isEqualTo("EXEC.HANDLER_FAILED");
      assertThat(result.body()).doesNotContain("hunter2");
    }
  }

  @Test
  void closingGivesBackWhatDidNotFinishWithinTheGrace() {
    CountDownLatch running = new CountDownLatch(1);
    script.claims.add(grant(1, 30_000));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT)) {
      Worker worker =
          Worker.on("default", task -> blockUntilInterrupted(running))
              .grace(Duration.ofMillis(50))
              .start(client);
      await().until(() -> running.getCount() == 0);
      worker.close();

      assertThat(server.requests("/release")).hasSize(1);
      assertThat(server.requests("/result")).isEmpty();
    }
  }

  @Test
  void closingFinishesAndReportsWhatRuns() {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayFinish = new CountDownLatch(1);
    script.claims.add(grant(1, 30_000));
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT)) {
      Worker worker =
          start(
              client,
              task -> {
                running.countDown();
                mayFinish.await();
                return Result.pass();
              });
      await().until(() -> running.getCount() == 0);
      worker.drain();
      mayFinish.countDown();
      worker.close();

      assertThat(server.requests("/result")).hasSize(1);
      assertThat(server.requests("/result").getFirst().json().has("claim_next")).isFalse();
    }
  }

  private CancelReason reasonOfInterrupt() {
    AtomicReference<CancelReason> reason = new AtomicReference<>();
    CountDownLatch running = new CountDownLatch(1);
    WorkerListener listener =
        new WorkerListener() {
          @Override
          public void cancelled(TaskContext task, CancelReason why) {
            reason.set(why);
          }
        };
    try (ScriptedServer server = new ScriptedServer(script);
        DomeClient client = server.client(RetryPolicy.DEFAULT);
        Worker worker =
            Worker.on("default", task -> blockUntilInterrupted(running))
                .listener(listener)
                .start(client)) {
      whileWorking(worker, () -> reason.get() != null);
      assertThat(server.requests("/result")).isEmpty();
      return reason.get();
    }
  }

  private static Result blockUntilInterrupted(CountDownLatch running) throws InterruptedException {
    running.countDown();
    new CountDownLatch(1).await();
    return Result.pass();
  }

  private static void whileWorking(Worker worker, Callable<Boolean> condition) {
    assertThat(worker.draining()).isFalse();
    await().atMost(Duration.ofSeconds(20)).until(condition);
  }

  private static Worker start(DomeClient client, TaskHandler handler) {
    return Worker.on("default", handler).waitSeconds(0).start(client);
  }
}
