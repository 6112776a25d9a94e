package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.system.Suite.Running;
import dev.dome.verification.invariant.Invariant;
import dev.dome.verification.invariant.InvariantReport;
import dev.dome.verification.invariant.InvariantReport.Line;
import dev.dome.verification.invariant.InvariantReport.Verdict;
import dev.dome.verification.invariant.Violation;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Secrets that clients send by mistake are in no table, no stream and no log. */
@ExtendWith(Suite.class)
class PlantedSecretsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Running suite;

  PlantedSecretsTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aPlantedSecretIsNowhereAndAPlantedWordIsEverywhere() {
    String inGoal = secret();
    String inNotes = secret();
    String inComment = secret();
    String word = "harmless-" + Documents.freshId("word");
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");
    String cancelled = Documents.freshId("run");
    ObjectNode document = Documents.chain(runId, queue, 1);
    ((ObjectNode) document.withArrayProperty("tasks").get(0))
        .put("goal", "deploy with password=" + inGoal + " and " + word);
    try (DomeClient client = suite.client("leaky", "submitter", "worker");
        Worker worker =
            Worker.on(queue, task -> Result.pass().withNotes("used api_key: " + inNotes))
                .start(client)) {
      client.submit(document);
      await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      client.submit(Documents.chain(cancelled, Documents.freshId("q"), 1));
      client.cancel(cancelled, "OPERATOR.CANCELLED", "rotated token=" + inComment);
      worker.drain();
    }

    InvariantReport report = suite.verified(List.of(inGoal, inNotes, inComment));

    assertThat(report.violations()).isEmpty();
    Line secrets = report.lines().get(Invariant.NO_SECRETS.number() - 1);
    assertThat(secrets.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(secrets.note()).contains("values", "messages", "log files");

    // The same search finds what was not taken out, or it would prove nothing.
    suite.verified().remove(runId);
    assertThat(suite.verified(List.of(word)).violations())
        .allMatch(found -> found.invariant() == Invariant.NO_SECRETS)
        .extracting(Violation::subject)
        .anyMatch(place -> place.contains("column state_controller.journal.envelope"))
        .anyMatch(place -> place.contains("column audit_export.audit_record.document"))
        .anyMatch(place -> place.contains(runId + " row 1"));
  }

  private static String secret() {
    return "Zq7" + UUID.randomUUID().toString().replace("-", "") + "Xw";
  }
}
