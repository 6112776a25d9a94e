package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.system.Suite.Running;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs of a namespace that has profiles, from the file at ingest to the journal. */
@ExtendWith(Suite.class)
class ProfiledRunTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String queue = Documents.freshId("q");
  private final DomeClient client;

  ProfiledRunTest(Running suite) {
    List<String> roles = List.of("submitter", "worker", "auditor");
    String token =
        suite.stack().issuer().mint("ada", Map.of(Suite.PROFILED, roles), Duration.ofHours(1));
    client = DomeClient.of(URI.create(suite.stack().apiUrl()), Suite.PROFILED, () -> token);
  }

  @Test
  void aRunIsHeldToItsProfileAndItsJournalSaysWhichThatWas() {
    String usual = Documents.freshId("run");
    String careful = Documents.freshId("run");
    try (client;
        Worker worker = Worker.on(queue, task -> Result.pass()).start(client)) {
      client.submit(Documents.chain(usual, queue, 1), usual, null);
      client.submit(Documents.chain(careful, queue, 1), careful, "careful");

      await().atMost(PATIENCE).until(() -> client.run(usual).status() == RunStatus.PROMOTED);
      await()
          .atMost(PATIENCE)
          .until(() -> client.run(careful).status() == RunStatus.AWAITING_APPROVAL);
      worker.drain();
      assertThat(profileOf(usual)).isEqualTo("standard");
      assertThat(profileOf(careful)).isEqualTo("careful");
      assertThatThrownBy(() -> client.submit(Documents.chain("none", queue, 1), "none", "absent"))
          .isInstanceOfSatisfying(
              DomeException.class, refused -> assertThat(refused.status()).isEqualTo(422));
    }
  }

  private String profileOf(String runId) {
    return Histories.assertReplays(client, runId)
        .getFirst()
        .envelope()
        .payload()
        .at("/input/profile/name")
        .asText();
  }
}
