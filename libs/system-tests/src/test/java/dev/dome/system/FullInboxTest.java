package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.dome.client.DomeClient;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** DOME_INBOX has a bound, which pushes back on clients until the trimmer has made room. */
@ExtendWith(Suite.class)
class FullInboxTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROOM_BYTES = 6 << 10;
  private static final long USUAL_MAX_BYTES = 1 << 30;
  private static final int ENOUGH_TO_FILL = 40;

  private final Running suite;
  private final Servers servers;
  private final String queue = Documents.freshId("q");

  FullInboxTest(Running suite) {
    this.suite = suite;
    this.servers = new Servers(suite);
  }

  private List<ServiceProcess> controllers() {
    return Stream.of(0, 1)
        .map(n -> suite.stack().replica(DomeService.STATE_CONTROLLER, n).orElseThrow())
        .toList();
  }

  private void bound(long maxBytes) throws Exception {
    servers.streams(management -> {
      StreamInfo info = management.getStreamInfo(Subjects.INBOX_STREAM);
      return management.updateStream(
          StreamConfiguration.builder(info.getConfiguration()).maxBytes(maxBytes).build());
    });
  }

  private long bytes() throws Exception {
    return servers.streams(management ->
        management.getStreamInfo(Subjects.INBOX_STREAM).getStreamState().getByteCount());
  }

  @AfterEach
  void asUsual() throws Exception {
    controllers().forEach(ServiceProcess::resume);
    bound(USUAL_MAX_BYTES);
  }

  private Response submit(String runId) {
    return RestAssured.given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(suite.token("driver", "submitter"))
        .contentType("application/json")
        .body(Documents.chain(runId, queue, 3).toString())
        .post("/v1/namespaces/" + Suite.NAMESPACE + "/runs");
  }

  @Test
  void aFullInboxShedsSubmissionsLosesNoneAndTakesThemAgainOnceItIsTrimmed() throws Exception {
    controllers().forEach(ServiceProcess::pause);
    bound(bytes() + ROOM_BYTES);
    List<String> accepted = new ArrayList<>();
    Response refused = null;
    for (int i = 0; i < ENOUGH_TO_FILL && refused == null; i++) {
      String runId = Documents.freshId("run");
      Response answer = submit(runId);
      if (answer.statusCode() == 202) {
        accepted.add(runId);
      } else {
        refused = answer;
      }
    }

    assertThat(refused).as("an answer of a full inbox").isNotNull();
    refused
        .then()
        .statusCode(503)
        .header("Retry-After", "5")
        .body("reason_code", equalTo("INFRA.INBOX_FULL"))
        .body("retryable", equalTo(true));
    assertThat(accepted).isNotEmpty();

    controllers().forEach(ServiceProcess::resume);
    await().atMost(PATIENCE).until(() -> submit(Documents.freshId("run")).statusCode() == 201);
    try (DomeClient client = suite.client("driver", "submitter", "operator")) {
      accepted.forEach(id ->
          await()
              .atMost(PATIENCE)
              .ignoreExceptions()
              .until(() -> client.run(id).runId().equals(id)));
    }
  }
}
