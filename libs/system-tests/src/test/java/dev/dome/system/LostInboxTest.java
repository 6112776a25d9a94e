package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.RetryPolicy;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * DOME_INBOX is not a copy: deleted under a live system, it takes with it what was accepted and not
 * applied. The system says so, heals, and does nothing twice.
 */
@ExtendWith(Suite.class)
class LostInboxTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int RUNS = 6;

  private final Running suite;
  private final Servers servers;
  private final String queue = Documents.freshId("q");

  LostInboxTest(Running suite) {
    this.suite = suite;
    this.servers = new Servers(suite);
  }

  private List<ServiceProcess> controllers() {
    return Stream.of(0, 1)
        .map(n -> suite.stack().replica(DomeService.STATE_CONTROLLER, n).orElseThrow())
        .toList();
  }

  private DomeClient patientClient(String... roles) {
    String token = suite.token("driver", roles);
    return DomeClient.of(
        URI.create(suite.stack().apiUrl()),
        Suite.NAMESPACE,
        () -> token,
        RetryPolicy.DEFAULT.within(PATIENCE));
  }

  private static List<String> freshRuns() {
    return Stream.generate(() -> Documents.freshId("run")).limit(RUNS).toList();
  }

  private Response submitOnce(String runId) {
    return RestAssured.given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(suite.token("driver", "submitter"))
        .contentType("application/json")
        .body(Documents.chain(runId, queue, 2).toString())
        .post("/v1/namespaces/" + Suite.NAMESPACE + "/runs");
  }

  @Test
  void runsGoOnNewOnesAreAcceptedAndNothingIsAppliedTwice() throws Exception {
    List<String> before = freshRuns();
    List<String> after = freshRuns();
    try (DomeClient client = patientClient("submitter", "worker", "auditor");
        Worker worker = Worker.on(queue, task -> Result.pass()).concurrency(4).start(client)) {
      before.forEach(id -> client.submit(Documents.chain(id, queue, 4)));
      servers.streams(management -> management.deleteStream(Subjects.INBOX_STREAM));
      after.forEach(id -> client.submit(Documents.chain(id, queue, 2)));

      List<String> all = new ArrayList<>(before);
      all.addAll(after);
      // A report that was lost is made up for when its lease is over.
      all.forEach(id ->
          await()
              .atMost(PATIENCE)
              .ignoreExceptions()
              .until(() -> client.run(id).status() == RunStatus.PROMOTED));
      worker.drain();
      all.forEach(id -> Histories.assertReplays(client, id));
    }
    assertThat(
            servers.column(
                "SELECT operation_id FROM state_controller.operation"
                    + " GROUP BY operation_id HAVING count(*) > 1"))
        .isEmpty();
  }

  @Test
  void whatWasAcceptedAndNotAppliedIsGoneIsSaidAndMayBeSubmittedAgain() throws Exception {
    String lost = Documents.freshId("run");
    long saidBefore = timesLossIsSaid();
    controllers().forEach(ServiceProcess::pause);
    try {
      assertThat(submitOnce(lost).statusCode()).isEqualTo(202);
      servers.streams(management -> management.deleteStream(Subjects.INBOX_STREAM));
    } finally {
      controllers().forEach(ServiceProcess::resume);
    }

    try (DomeClient client = patientClient("submitter", "worker");
        Worker worker = Worker.on(queue, task -> Result.pass()).start(client)) {
      await().atMost(PATIENCE).until(() -> timesLossIsSaid() > saidBefore);
      client.submit(Documents.chain(lost, queue, 2));
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> client.run(lost).status() == RunStatus.PROMOTED);
      worker.drain();
    }
  }

  private long timesLossIsSaid() throws IOException {
    long times = 0;
    for (ServiceProcess controller : controllers()) {
      try (Stream<String> lines = Files.lines(controller.log())) {
        times += lines.filter(line -> line.contains("inbox stream was lost")).count();
      }
    }
    return times;
  }
}
