package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.system.Dome.Ended;
import dev.dome.system.Suite.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What operators set is recorded with what it was set to, wherever the audit is read. */
@ExtendWith(Suite.class)
class AdministrativeChangesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Running suite;
  private final String operator = Documents.freshId("olga");
  private final String queue = Documents.freshId("q");
  @TempDir private Path directory;

  AdministrativeChangesTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aLimitIsFoundWithItsValueInTheAuditInOcsfAndInAnExport() throws Exception {
    Instant from = Instant.now();
    ObjectNode four = Json.mapper().createObjectNode().put("max_concurrent", 4);
    try (DomeClient client = suite.client(operator, "operator")) {
      client.setLimit("queue:" + queue, four);
      client.deleteLimit("queue:" + queue);
    }

    List<JsonNode> changes = awaitChanges(2);
    assertThat(changes.getFirst().path("operation").asText()).isEqualTo("SET_LIMIT");
    assertThat(changes.getFirst().at("/change/name").asText()).isEqualTo("queue:" + queue);
    assertThat(changes.getFirst().at("/change/value")).isEqualTo(four);
    assertThat(changes.getLast().path("change").has("value")).isFalse();
    assertThat(records("OCSF"))
        .extracting(activity -> activity.at("/resources/1/data"))
        .contains(four);

    Path bag = directory.resolve("range");
    Ended exported =
        Dome.run(
            directory,
            Map.of("DOME_TOKEN", suite.token("auditor", "auditor")),
            "audit",
            "export",
            "-n",
            Suite.NAMESPACE,
            "--from",
            from.toString(),
            "--until",
            Instant.now().toString(),
            "--to",
            bag.toString(),
            "--server",
            suite.stack().apiUrl());
    assertThat(exported.exitCode()).as(exported.output()).isZero();
    String name = "\"name\":\"queue:" + queue + "\"";
    assertThat(bag.resolve("data/records.jsonl"))
        .content()
        .contains(name + ",\"value\":{\"max_concurrent\":4}");
    Ended verified = Dome.run(directory, Map.of(), "audit", "verify", bag.toString());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
  }

  @Test
  void aPauseOfAQueueIsRecordedAndItsEnd() {
    try (DomeClient client = suite.client(operator, "operator")) {
      client.pauseQueue(queue, "OPERATOR.MAINTENANCE", "new disks");
      client.resumeQueue(queue, null, "done");
    }

    List<JsonNode> changes = awaitChanges(2);
    assertThat(changes)
        .extracting(decision -> decision.at("/change/name").asText())
        .containsOnly("queue:" + queue);
    assertThat(changes)
        .extracting(decision -> decision.at("/change/value/paused").asBoolean())
        .containsExactly(true, false);
    assertThat(changes.getFirst().at("/change/value/reason_code").asText())
        .isEqualTo("OPERATOR.MAINTENANCE");
    assertThat(changes.toString()).doesNotContain("new disks");
  }

  @Test
  void ofAWebhookSchemeAndHostAreRecordedAndNeitherPathNorSecret() {
    try (DomeClient client = suite.client(operator, "operator")) {
      JsonNode added =
          client
              .webhooks()
              .add("http://127.0.0.1:9/a-place-of-its-own", List.of("run.completed"), null);
      client.webhooks().delete(added.path("webhook_id").asText());

      List<JsonNode> changes = awaitChanges(2);
      assertThat(changes.getFirst().at("/change/value/url").asText()).isEqualTo("http://127.0.0.1");
      assertThat(changes.getFirst().at("/change/value/topics/0").asText())
          .isEqualTo("run.completed");
      assertThat(changes.toString())
          .doesNotContain("a-place-of-its-own", added.path("secret").asText());
    }
  }

  /** The decisions of the operator that say what they changed, in their order. */
  private List<JsonNode> awaitChanges(int count) {
    await().atMost(PATIENCE).until(() -> changes().size() == count);
    return changes();
  }

  private List<JsonNode> changes() {
    return records("RECORD").stream()
        .map(record -> record.at("/access/decision"))
        .filter(decision -> decision.has("change"))
        .toList();
  }

  private List<JsonNode> records(String format) {
    List<JsonNode> records = new ArrayList<>();
    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      auditor
          .read("audit/records", Map.of("actor", operator, "kind", "ACCESS", "format", format))
          .path("items")
          .forEach(records::add);
    }
    return records;
  }
}
