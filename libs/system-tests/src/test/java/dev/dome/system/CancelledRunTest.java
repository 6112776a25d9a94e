package dev.dome.system;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import dev.dome.client.CancelReason;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.WorkerListener;
import dev.dome.client.model.Grant;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Suite.class)
class CancelledRunTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final Running suite;

  CancelledRunTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aWorkerOfARunThatIsCancelledIsToldToStop() {
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");
    BlockingQueue<Grant> working = new LinkedBlockingQueue<>();
    BlockingQueue<CancelReason> stopped = new LinkedBlockingQueue<>();
    WorkerListener listener =
        new WorkerListener() {
          @Override
          public void cancelled(TaskContext task, CancelReason reason) {
            stopped.add(reason);
          }
        };
    try (DomeClient client = suite.client("driver", "submitter", "worker");
        Worker worker =
            Worker.on(
                    queue,
                    task -> {
                      working.add(task.grant());
                      new CountDownLatch(1).await();
                      return Result.pass();
                    })
                .listener(listener)
                .start(client)) {
      client.submit(Documents.chain(runId, queue, 1));
      await().atMost(PATIENCE).until(() -> !working.isEmpty());

      client.cancel(runId, "OPERATOR.CANCELLED", "No longer wanted");
      await().atMost(PATIENCE).until(() -> !stopped.isEmpty());

      assertThat(stopped).containsExactly(CancelReason.DIRECTIVE);
      assertThat(worker).isNotNull();
      Grant grant = working.element();
      heartbeat(grant, grant.fence()).then().statusCode(200).body("directives", contains("CANCEL"));
      heartbeat(grant, grant.fence() + 1)
          .then()
          .statusCode(409)
          .body("reason_code", equalTo("ATTEMPT.FENCED"));
    }
  }

  private io.restassured.response.Response heartbeat(Grant grant, long fence) {
    return given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(suite.token("driver", "worker"))
        .contentType("application/json")
        .body(Map.of("fence", fence))
        .post(
            "/v1/namespaces/" + Suite.NAMESPACE + "/attempts/" + grant.attemptId() + "/heartbeat");
  }
}
