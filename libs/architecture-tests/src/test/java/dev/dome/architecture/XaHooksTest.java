package dev.dome.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.dome.cli.security.NatsPrivileges;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.SchemaCatalog;
import dev.dome.contracts.SchemaNames;
import dev.dome.contracts.artifact.CloudEvent;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.TelemetryRef;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Actor;
import dev.dome.ingest.adapter.profiles.ProfileFiles;
import dev.dome.ingest.application.Profiles;
import dev.dome.kernel.Context;
import dev.dome.kernel.Decision;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.PolicySet;
import dev.dome.kernel.RecordedInput;
import dev.dome.kernel.RunSignal;
import dev.dome.kernel.RunState;
import dev.dome.kernel.RunStatus;
import dev.dome.kernel.RunTransitions;
import dev.dome.kernel.RuntimeProfile;
import dev.dome.kernel.Step;
import dev.dome.security.AccessPolicy;
import dev.dome.security.Operation;
import dev.dome.security.Role;
import dev.dome.telemetry.Fields;
import dev.dome.telemetry.JournalSpans;
import dev.dome.verification.Finding;
import dev.dome.verification.LedgerVerifier;
import io.opentelemetry.api.trace.SpanContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ten interfaces to the sister substrate that the design names, one test each. The golden
 * histories stand for every run: what they hold is what today's decider makes, as kernel's tests
 * show.
 */
class XaHooksTest {
  private static final Path ROOT = Path.of(System.getProperty("dome.root"));
  private static final Path GOLDEN = ROOT.resolve("libs/kernel/src/test/resources/golden/v1");
  private static final SchemaCatalog SCHEMAS = SchemaCatalog.standard();
  private static final TelemetryRef TRACE = new TelemetryRef("0a".repeat(16), "0b".repeat(8));

  private final Map<String, List<JournalRow>> histories = histories();

  @TempDir Path directory;

  private static Map<String, List<JournalRow>> histories() {
    Map<String, List<JournalRow>> histories = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(GOLDEN)) {
      for (Path file : files.sorted().toList()) {
        List<JournalRow> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          rows.add(Json.read(line.getBytes(StandardCharsets.UTF_8), JournalRow.class));
        }
        histories.put(file.getFileName().toString(), List.copyOf(rows));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(histories).hasSizeGreaterThan(10);
    return histories;
  }

  private Stream<JournalRow> rows() {
    return histories.values().stream().flatMap(List::stream);
  }

  private static List<JsonNode> payloads(List<JournalRow> rows, String topic) {
    return rows.stream()
        .filter(row -> row.envelope().topic().equals(topic))
        .map(row -> row.envelope().payload())
        .toList();
  }

  private static JsonNode read(String file) throws IOException {
    return Json.read(Files.readAllBytes(ROOT.resolve(file)), JsonNode.class);
  }

  private static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(Files.readAllBytes(ROOT.resolve(file)));
  }

  @Test
  void xa01VerdictsHaveTheSubstratesWordsAndKeepTheirReasons() {
    Map<String, String> words = new HashMap<>();
    for (List<JournalRow> rows : histories.values()) {
      List<JsonNode> promotions = payloads(rows, "promotion.decision");
      for (JsonNode payload : payloads(rows, "gate.verdict")) {
        JsonNode gate = payload.path("decision");
        words.put(gate.path("status").asText(), gate.path("substrate_status").asText());
        assertThat(SCHEMAS.validate(SchemaNames.GATE_DECISION, gate)).isEmpty();
        assertThat(promotions.getFirst().at("/decision/reason_codes"))
            .isEqualTo(gate.path("reason_codes"));
        ObjectNode confused = gate.deepCopy();
        confused.put(
            "substrate_status", gate.path("status").asText().equals("REJECT") ? "STOP" : "DENY");
        assertThat(SCHEMAS.validate(SchemaNames.GATE_DECISION, confused)).isNotEmpty();
      }
    }
    assertThat(words)
        .isEqualTo(Map.of("APPROVE", "PROMOTE", "REJECT", "DENY", "NEEDS_HUMAN", "STOP"));
  }

  @Test
  void xa02ArtifactsOfVersion02GoInAndComeOutUnchanged() throws IOException {
    for (String name : List.of("demo.pre_contract", "work.queue")) {
      JsonNode document = read("ssot/examples/" + name + ".json");
      assertThat(SCHEMAS.validate(name, document)).isEmpty();
      assertThat(document.toString()).contains("/v0.2");
      Step step = Kernel.step(null, submission(document, null), context());
      assertThat(step.decision()).isInstanceOf(Decision.Accepted.class);
      JsonNode recorded = step.entries().getFirst().envelope().payload().at("/input/document");
      assertThat(CanonicalJson.text(recorded)).isEqualTo(CanonicalJson.text(document));
    }
    JsonNode result = read("ssot/examples/task.result.json");
    assertThat(CanonicalJson.text(Json.tree(Json.read(result, TaskResult.class))))
        .isEqualTo(CanonicalJson.text(result));
    assertThat(
            rows()
                .filter(row -> row.envelope().topic().equals("task.result"))
                .map(row -> row.envelope().payload().path("result"))
                // Who was blocked before a first attempt has none, which v0.2 has no way to say.
                .filter(made -> !made.path("attempt_history").isEmpty()))
        .isNotEmpty()
        .allSatisfy(made ->
            assertThat(SCHEMAS.validate(SchemaNames.TASK_RESULT, made)).as("%s", made).isEmpty());
  }

  private static Input.SubmitRun submission(JsonNode document, RuntimeProfile profile) {
    boolean contract = document.has("packet_id");
    NamespaceId namespace = new NamespaceId("team-a");
    RunId runId = new RunId(document.path(contract ? "packet_id" : "run_id").asText());
    return new Input.SubmitRun(
        RunUid.derive(namespace, runId, "0193-submission"),
        namespace,
        runId,
        new Lane(3),
        contract ? Input.SourceKind.PRE_CONTRACT : Input.SourceKind.WORK_QUEUE,
        document,
        CanonicalJson.sha256(document),
        profile,
        null,
        null,
        null);
  }

  private static Context context() throws IOException {
    PolicySet policies = Json.read(read("ssot/policy/runtime.policies.json"), PolicySet.class);
    Actor alice = new Actor("alice", List.of("submitter"));
    return new Context(1_795_000_000_000L, alice, TRACE, policies);
  }

  @Test
  void xa03EveryRowIsAnEnvelopeAndEveryEventACloudEvent() {
    for (List<JournalRow> rows : histories.values()) {
      long sequence = 0;
      for (JournalRow row : rows) {
        sequence++;
        JsonNode envelope = Json.tree(row.envelope());
        assertThat(SCHEMAS.validate(SchemaNames.EVENT_ENVELOPE, envelope)).isEmpty();
        assertThat(row.envelope().sequence()).isEqualTo(sequence);
        JsonNode event = Json.tree(CloudEvent.of(row.namespace(), row.envelope()));
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("id")).isEqualTo(envelope.path("event_id"));
        assertThat(event.path("type").asText()).isEqualTo("dev.dome." + row.envelope().topic());
        assertThat(event.path("subject")).isEqualTo(envelope.path("run_id"));
        assertThat(event.path("data")).isEqualTo(envelope.path("payload"));
      }
    }
  }

  @Test
  void xa04PoliciesAreVersionedDataThatANamespaceChooses() throws IOException {
    ObjectNode config = (ObjectNode) read("ssot/examples/runtime.config.json");
    config.withObject("/profiles/standard/budgets").put("risk_threshold", 31);
    Files.write(directory.resolve("team-a.json"), Json.write(config));
    Profiles profiles = ProfileFiles.in(directory, SCHEMAS);

    Profiles.Choice chosen = profiles.choose(new NamespaceId("team-a"), Optional.empty());
    Profiles.Choice other = profiles.choose(new NamespaceId("team-b"), Optional.empty());

    assertThat(other).isInstanceOf(Profiles.Choice.None.class);
    RuntimeProfile profile =
        Json.read(((Profiles.Choice.Chosen) chosen).profile(), RuntimeProfile.class);
    JsonNode document = read("ssot/examples/demo.pre_contract.json");
    Step careful = Kernel.step(null, submission(document, profile), context());
    Step usual = Kernel.step(null, submission(document, null), context());
    assertThat(careful.state().policies().gate().riskThreshold()).isEqualTo(31);
    assertThat(usual.state().policies()).isEqualTo(context().policies());
    JsonNode row = careful.entries().getFirst().envelope().payload();
    assertThat(row.at("/context/policies/version"))
        .isEqualTo(read("ssot/policy/runtime.policies.json").path("version"));
    assertThat(row.at("/input/profile/config_sha256").asText())
        .isEqualTo(CanonicalJson.sha256(config));
  }

  @Test
  void xa05OnlyWhatIsListedCrossesHttpAndNats() throws IOException {
    JsonNode graph =
        new TomlMapper().readTree(ROOT.resolve("contracts/service-graph.toml").toFile());
    Set<String> services = new TreeSet<>();
    graph.fieldNames().forEachRemaining(services::add);
    for (String service : services) {
      assertThat(graph.path(service).path("calls").toString()).doesNotContain("ingest");
      yaml("contracts/openapi/" + service + "/v1.yaml")
          .path("paths")
          .properties()
          .forEach(path -> {
            if (!service.equals("ingest") && path.getValue().has("x-dome-owner")) {
              assertThat(path.getKey()).startsWith("/v1/namespaces");
            }
          });
    }

    List<NatsPrivileges.Attempt> attempts = NatsPrivileges.tried(ROOT, directory.resolve("nats"));

    assertThat(attempts).filteredOn(attempt -> !attempt.refused()).isEmpty();
    Set<String> tried = new TreeSet<>();
    attempts.forEach(attempt -> tried.add(attempt.user()));
    assertThat(tried).containsAll(services);
  }

  @Test
  void xa06AWorkerWhoseFenceIsOldMovesNothingAndNoMoveIsUnlisted() {
    List<JournalRow> rows = histories.get("approve.jsonl");
    int report = first(rows, "input.report_result");
    RunState before = played(rows.subList(0, report));
    RecordedInput recorded = RecordedInput.read(rows.get(report).envelope());
    Input.ReportResult good = (Input.ReportResult) recorded.input();
    Input late = new Input.ReportResult(good.attemptId(), good.fence() - 1, good.result());

    Step step = Kernel.step(before, late, recorded.context());

    assertThat(step.decision())
        .isInstanceOfSatisfying(
            Decision.Rejected.class,
            rejected -> {
              assertThat(rejected.rejection().reasonCode().value()).isEqualTo("ATTEMPT.FENCED");
              assertThat(rejected.recorded()).isEmpty();
            });
    assertThat(Json.tree(step.state())).isEqualTo(Json.tree(before));
    Set<String> listed = new HashSet<>();
    RunTransitions.TABLE.forEach(move -> listed.add(move.from() + " " + move.signal()));
    for (RunStatus from : RunStatus.values()) {
      for (RunSignal signal : RunSignal.values()) {
        assertThat(RunTransitions.next(from, signal).isPresent())
            .as("%s %s", from, signal)
            .isEqualTo(listed.contains(from + " " + signal));
      }
    }
  }

  private static int first(List<JournalRow> rows, String topic) {
    return rows.stream().map(row -> row.envelope().topic()).toList().indexOf(topic);
  }

  private static RunState played(List<JournalRow> rows) {
    RunState state = null;
    for (JournalRow row : rows) {
      if (row.kind() == JournalEntry.Kind.INPUT) {
        RecordedInput recorded = RecordedInput.read(row.envelope());
        state = Kernel.step(state, recorded.input(), recorded.context()).state();
      }
    }
    return state;
  }

  @Test
  void xa07TelemetryHasTheFieldsOfTheContractAndRowsAreSpansOfTheirTrace() {
    assertThat(
            Stream.of(
                    Fields.RUN_ID,
                    Fields.TASK_ID,
                    Fields.TASK_STATUS,
                    Fields.TASK_ATTEMPTS,
                    Fields.TASK_REASON_CODE,
                    Fields.TASK_WORKER_MODEL,
                    Fields.TASK_DURATION_MS,
                    Fields.POLICY_REASON_CODE)
                .map(field -> field.getKey()))
        .containsExactly(
            "run.id",
            "task.id",
            "task.status",
            "task.attempts",
            "task.reason_code",
            "task.worker_model",
            "task.duration_ms",
            "policy_reason_code");
    for (List<JournalRow> rows : histories.values()) {
      Set<String> spans = new HashSet<>();
      for (JournalRow row : rows) {
        if (row.kind() == JournalEntry.Kind.INPUT) {
          SpanContext own = JournalSpans.own(row.runUid(), row.envelope()).orElseThrow();
          assertThat(own.getTraceId())
              .isEqualTo(
                  row.envelope().payload().at("/context/telemetry_ref/trace_id_hex").asText());
          assertThat(spans.add(own.getSpanId())).isTrue();
        }
      }
    }
  }

  @Test
  void xa08NothingIsPromotedButThroughItsGateAndByWhoeverMay() throws IOException {
    for (List<JournalRow> rows : histories.values()) {
      boolean promoted =
          payloads(rows, "run.completed").stream()
              .anyMatch(end -> end.path("status").asText().equals("PROMOTED"));
      List<JsonNode> promotions = payloads(rows, "promotion.decision");
      List<JsonNode> gates = payloads(rows, "gate.verdict");
      String last =
          promotions.isEmpty() ? "" : promotions.getLast().at("/decision/decision").asText();
      assertThat(last.equals("APPROVE")).isEqualTo(promoted);
      for (JsonNode promotion : promotions) {
        assertThat(promotion.at("/decision/gate_decision_ref/telemetry_ref"))
            .isEqualTo(gates.getLast().at("/decision/telemetry_ref"));
      }
      for (JsonNode approval : payloads(rows, "approval.recorded")) {
        assertThat(approval.path("gate_digest").asText())
            .isEqualTo(CanonicalJson.sha256(gates.getLast().path("decision")));
      }
    }
    assertThat(AccessPolicy.rolesFor(Operation.DECIDE_APPROVAL)).containsExactly(Role.APPROVER);
    JsonNode release = yaml("contracts/planned/release-gates.v1.yaml");
    assertThat(release.at("/components/schemas/Verdict/properties").has("decision")).isTrue();
  }

  @Test
  void xa09AHistoryReplaysAndAChangedOneIsFound() {
    for (List<JournalRow> rows : histories.values()) {
      List<JsonNode> ledger = new ArrayList<>(rows.stream().<JsonNode>map(Json::tree).toList());
      assertThat(LedgerVerifier.verify(ledger))
          .isInstanceOfSatisfying(
              Finding.Match.class,
              match -> assertThat(match.headHash()).isEqualTo(rows.getLast().hash()));
      ObjectNode forged = ledger.getLast().deepCopy();
      forged.withObject("/envelope/payload").put("forged", true);
      ledger.set(ledger.size() - 1, forged);
      assertThat(LedgerVerifier.verify(ledger)).isNotInstanceOf(Finding.Match.class);
    }
  }

  @Test
  void xa10TheAuditIsTakenAwayByAuditorsAndEachTakingIsARecord() throws IOException {
    JsonNode paths = yaml("contracts/openapi/audit-export/v1.yaml").path("paths");
    JsonNode export = paths.path("/v1/namespaces/{ns}/audit/exports/{run_id}").path("get");
    JsonNode records = paths.path("/v1/namespaces/{ns}/audit/records").path("get");
    assertThat(export.at("/responses/200/content").has("application/x-ndjson")).isTrue();
    assertThat(records.path("parameters").findValuesAsText("name"))
        .contains("run_id", "actor", "reason_code", "topic", "from", "to", "cursor");
    for (Operation operation : List.of(Operation.EXPORT_AUDIT, Operation.READ_AUDIT)) {
      assertThat(AccessPolicy.rolesFor(operation)).containsExactly(Role.AUDITOR);
    }
    assertThat(AccessPolicy.recordsAllow(Operation.EXPORT_AUDIT)).isTrue();
    for (Operation operation : Operation.values()) {
      boolean reads = operation.name().startsWith("READ") || operation == Operation.HEARTBEAT;
      assertThat(AccessPolicy.recordsAllow(operation)).as("%s", operation).isEqualTo(!reads);
    }
  }
}
