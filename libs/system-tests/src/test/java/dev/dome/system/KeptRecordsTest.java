package dev.dome.system;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.client.RunEvidence;
import dev.dome.client.Worker;
import dev.dome.client.WorkerCalls;
import dev.dome.client.command.CommandWorker;
import dev.dome.client.model.Grant;
import dev.dome.client.model.RunStatus;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.security.PatternRedactor;
import dev.dome.system.Suite.Running;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of a contract, worked as {@code ./dome worker} does, and what is left of them. */
@ExtendWith(Suite.class)
class KeptRecordsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ROOT = "/v1/namespaces/" + Suite.NAMESPACE + "/runs";

  private static final String RELEASED = "TRANSIENT.RELEASED";

  private final Running suite;
  @TempDir private Path directory;

  KeptRecordsTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aCommandThatKeepsToItsPathsPassesAndLeavesItsEvidence() throws Exception {
    String runId =
        finished(constrained("mkdir src; echo fine > src/a; echo done"), RunStatus.PROMOTED);

    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      RunEvidence evidence = auditor.runEvidence(runId);
      assertThat(evidence.artifacts())
          .singleElement()
          .satisfies(artifact -> {
            assertThat(artifact.taskId()).isEqualTo("build");
            assertThat(artifact.attempt()).isEqualTo(1);
            assertThat(artifact.attemptId()).isNotNull();
            assertThat(artifact.path()).isEqualTo("output.txt");
            assertThat(artifact.bytes()).isEqualTo(5);
            assertThat(artifact.mediaType()).isEqualTo("text/plain; charset=utf-8");
            assertThat(artifact.redaction()).isEqualTo("CHECKED");
          });
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      auditor.evidence().get(evidence.artifacts().getFirst().sha256(), content);
      assertThat(content.toString(StandardCharsets.UTF_8)).isEqualTo("done\n");

      assertFits(SchemaNames.EVIDENCE_CAPSULE, evidence.capsule(auditor));
      JsonNode space = auditor.read("runs/" + runId + "/state-space", Map.of());
      assertFits(SchemaNames.STATE_SPACE, space);
      assertFits(SchemaNames.EVIDENCE_BUNDLE_TELEMETRY, space.at("/work_items/0/telemetry"));
      assertThat(space.at("/work_items/0/gate/status").asText()).isEqualTo("DONE");
      assertThat(space.at("/work_items/0/telemetry/otel/run_id").asText()).isEqualTo(runId);
    }
  }

  @Test
  void aCommandThatWritesAForbiddenPathEndsWithItsReasonCode() throws Exception {
    String runId =
        finished(constrained("mkdir -p src/keys; echo x > src/keys/a"), RunStatus.REJECTED);

    try (DomeClient auditor = suite.client("auditor", "auditor")) {
      JsonNode task = auditor.read("runs/" + runId + "/tasks", Map.of()).at("/items/0");
      assertThat(task.path("reason_code").asText()).isEqualTo("EXEC.FORBIDDEN_PATH");
      assertThat(auditor.gate(runId).orElseThrow().reasonCodes())
          .extracting(Object::toString)
          .containsExactly("EXEC.FORBIDDEN_PATH");
      JsonNode space = auditor.read("runs/" + runId + "/state-space", Map.of());
      assertFits(SchemaNames.STATE_SPACE, space);
      JsonNode item = space.at("/work_items/0");
      assertThat(item.at("/gate/status").asText()).isEqualTo("BLOCKED");
      assertThat(item.at("/gate/reason_code").asText()).isEqualTo("EXEC.FORBIDDEN_PATH");
      assertThat(item.at("/gate/notes").asText()).contains("src/keys/a");
      assertThat(space.at("/memory/0/claim").asText()).contains("src/keys/a");
      assertThat(space.at("/memory/0/provenance/run_id").asText()).isEqualTo(runId);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "../up", "a/../../b", "a\\b", ""})
  void aPathThatLeadsOutOfTheWorkingDirectoryIsNoConstraint(String path) {
    submitAllowing(path)
        .statusCode(422)
        .body("errors[0].pointer", equalTo("/constraints/allowed_paths/1"));
  }

  @Test
  void aPathThatEndsEarlyForSomeReadersIsNoText() {
    submitAllowing("a\u0000b").statusCode(400).body("reason_code", equalTo("REQUEST.BAD_ENCODING"));
  }

  private ValidatableResponse submitAllowing(String path) {
    ObjectNode document = constrained("true");
    document.withObject("/constraints").withArray("allowed_paths").add(path);
    return given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(suite.token("submitter", "submitter"))
        .contentType("application/json")
        .body(Json.write(document))
        .post(ROOT)
        .then();
  }

  @Test
  void aLateReportCanBeRead() {
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");
    try (DomeClient eve = suite.client("eve", "submitter", "worker", "auditor")) {
      eve.submit(Documents.chain(runId, queue, 1));
      var calls = eve.worker();
      var first = claim(calls, queue);
      calls.release(first.attemptId(), first.fence(), RELEASED);
      var second = claim(calls, queue);
      given()
          .baseUri(suite.stack().apiUrl())
          .auth()
          .oauth2(suite.token("eve", "worker"))
          .contentType("application/json")
          .body(
              Map.of(
                  "fence", first.fence(),
                  "artifact_kind", "dome.task.result/v0.2",
                  "task_id", "step-1",
                  "status", "PASS",
                  "notes", "password=hunter2-hunter2"))
          .post("/v1/namespaces/" + Suite.NAMESPACE + "/attempts/" + first.attemptId() + "/result")
          .then()
          .statusCode(409);

      List<JsonNode> late = new ArrayList<>();
      eve.lateReports(runId, late::add);

      assertThat(late).hasSize(1);
      assertThat(late.getFirst().path("attempt_id").asText()).isEqualTo(first.attemptId());
      assertThat(late.getFirst().at("/report/fence").asLong()).isEqualTo(first.fence());
      assertThat(late.getFirst().at("/actor/subject").asText()).isEqualTo("eve");
      assertThat(late.getFirst().toString()).contains("REDACTED").doesNotContain("hunter2");
      calls.release(second.attemptId(), second.fence(), RELEASED);
      eve.cancel(runId, "OPERATOR.CANCELLED", "seen enough");
    }
  }

  @Test
  void whatNoLaneCouldHandleIsListedAndShownRedacted() throws Exception {
    String mark = Documents.freshId("garbage");
    Connection nats = Nats.connect(suite.stack().connections().natsUrl());
    try {
      byte[] garbage = (mark + " token=hunter2-hunter2").getBytes(StandardCharsets.UTF_8);
      nats.jetStream().publish("dome.inbox.3", garbage);
    } finally {
      nats.close();
    }

    try (DomeClient dome = operatorOfDome()) {
      String id =
          await()
              .atMost(PATIENCE)
              .until(() -> poison(dome, mark), Optional::isPresent)
              .orElseThrow();
      JsonNode shown = dome.readGlobal("poison/" + DomeClient.segment(id), Map.of());

      assertThat(shown.path("lane").asInt()).isEqualTo(3);
      assertThat(shown.path("reason_code").asText()).isEqualTo("INTERNAL.POISON");
      assertThat(shown.path("cause").asText()).isNotBlank();
      assertThat(shown.path("message").asText()).contains("REDACTED").doesNotContain("hunter2");
    }
  }

  private static Optional<String> poison(DomeClient dome, String mark) {
    for (JsonNode item : dome.readGlobal("poison", Map.of("lane", "3")).path("items")) {
      String id = item.path("poison_id").asText();
      JsonNode whole = dome.readGlobal("poison/" + DomeClient.segment(id), Map.of());
      if (whole.path("message").asText().contains(mark)) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  private DomeClient operatorOfDome() {
    String namespace = ServerOption.SYSTEM_NAMESPACE;
    String token =
        suite
            .stack()
            .issuer()
            .mint("operator", Map.of(namespace, List.of("operator")), Duration.ofHours(1));
    return DomeClient.of(URI.create(suite.stack().apiUrl()), namespace, () -> token);
  }

  private static Grant claim(WorkerCalls calls, String queue) {
    return calls
        .claim(
            new WorkerCalls.ClaimRequest(queue, Documents.freshId("claim"), "by-hand", null, 1, 20))
        .tasks()
        .getFirst();
  }

  /** One task with a command, which may change src but not src/keys. */
  private static ObjectNode constrained(String script) {
    ObjectNode document = Documents.preContract(Documents.freshId("pkt"), "true");
    document.put("schema_version", "xtrl.pre_contract/v0.3").putObject("actions");
    ObjectNode constraints = document.putObject("constraints");
    constraints.putArray("allowed_paths").add("src");
    constraints.putArray("forbidden_paths").add("src/keys");
    ObjectNode task = document.putArray("tasks").addObject();
    task.put("task_id", "build").put("goal", "build it").put("status", "QUEUED");
    task.put("queue", Documents.freshId("q"));
    task.putArray("dependencies");
    task.putArray("command").add("sh").add("-c").add(script);
    return document;
  }

  private String finished(ObjectNode document, RunStatus status) throws Exception {
    String runId = document.path("packet_id").asText();
    try (DomeClient client = suite.client("builder", "submitter", "worker")) {
      CommandWorker commands =
          new CommandWorker(
              directory,
              PatternRedactor.standard(),
              client.evidence(),
              CommandWorker.Limits.DEFAULT);
      try (Worker worker =
          Worker.on(document.at("/tasks/0/queue").asText(), commands).start(client)) {
        client.submit(document);
        await().atMost(PATIENCE).until(() -> client.run(runId).status() == status);
        worker.drain();
      }
    }
    return runId;
  }

  private static void assertFits(String schema, JsonNode document) {
    assertThat(SchemaCatalog.standard().validate(schema, document)).as(schema).isEmpty();
  }
}
