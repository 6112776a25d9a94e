package dev.dome.system;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.system.OtlpReceiver.Exported;
import dev.dome.system.Suite.Running;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One trace joins HTTP, NATS, PostgreSQL and the journal's consumers, as a collector sees it. */
@ExtendWith(Suite.class)
class TracesTest {
  private static final String ROOT = "/v1/namespaces/" + Suite.NAMESPACE + "/";
  private static final String CALLER_SPAN = "00f067aa0ba902b7";
  private static final Duration EXPORTED = Duration.ofSeconds(20);

  private final Running suite;

  TracesTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void aSubmissionIsOneTraceFromTheRequestToTheJournalsConsumers() {
    String traceId = OtlpReceiver.sampledTraceId();
    String runId = Documents.freshId("run");

    submit(traceId, Documents.chain(runId, Documents.freshId("q"), 1));

    Exported server = span(traceId, "dome-ingest", s -> s.kind() == SpanKind.SPAN_KIND_SERVER);
    Exported publish = span(traceId, "dome-ingest", named("publish DOME_INBOX"));
    Exported input = span(traceId, "state-controller", named("apply input.submit_run"));
    Exported batch = span(traceId, "state-controller", named("lane batch"));
    Exported commit = span(traceId, "state-controller", named("COMMIT"));
    Exported planned = span(traceId, "state-controller", named("plan.wave.created"));
    Exported journal = span(traceId, "state-controller", named("publish DOME_JOURNAL"));
    assertThat(server.parentId()).isEqualTo(CALLER_SPAN);
    assertThat(publish.parentId()).isEqualTo(server.spanId());
    assertThat(publish.kind()).isEqualTo(SpanKind.SPAN_KIND_PRODUCER);
    assertThat(publish.attributes()).containsEntry("run.id", runId);
    assertThat(input.parentId()).isEqualTo(publish.spanId());
    assertThat(input.kind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
    assertThat(input.links()).contains(traceId + "-" + batch.spanId());
    assertThat(batch.parentId()).isEqualTo(publish.spanId());
    assertThat(batch.attributes()).containsEntry("db.system.name", "postgresql");
    assertThat(commit.parentId()).isEqualTo(batch.spanId());
    assertThat(planned.parentId()).isEqualTo(input.spanId());
    assertThat(planned.attributes()).containsEntry("run.id", runId);
    assertThat(journal.parentId()).isEqualTo(input.spanId());
    for (String consumer :
        List.of("dome-retry-scheduler", "dome-provenance", "dome-audit-export")) {
      Exported applied = span(traceId, consumer, named("apply DOME_JOURNAL"));
      assertThat(applied.parentId()).isEqualTo(input.spanId());
      assertThat(applied.attributes()).containsEntry("db.system.name", "postgresql");
    }
  }

  @Test
  void whatATaskAndTheGateCameToIsInTheTraceThatTheDecisionNames() {
    String traceId = OtlpReceiver.sampledTraceId();
    String runId = Documents.freshId("run");
    String queue = Documents.freshId("q");
    submit(traceId, Documents.chain(runId, queue, 1));
    JsonNode grant = claim(queue);

    report(grant);

    Exported claimed = span(traceId, "state-controller", named("task.claimed"));
    Exported raw = span(traceId, "state-controller", named("task.result.raw"));
    Exported settled = span(traceId, "state-controller", named("task.result"));
    Exported gate = span(traceId, "state-controller", named("gate.verdict"));
    Exported promotion = span(traceId, "state-controller", named("promotion.decision"));
    assertThat(grant.path("traceparent").asText()).contains(traceId + "-" + claimed.spanId());
    assertThat(raw.attributes())
        .containsEntry("run.id", runId)
        .containsEntry("task.id", "step-1")
        .containsEntry("task.status", "FAIL")
        .containsEntry("task.reason_code", "EXEC.NONZERO_EXIT")
        .containsEntry("task.worker_model", "model-x")
        .containsEntry("task.duration_ms", 1_500L);
    assertThat(raw.endNs() - raw.startNs()).isBetween(1_499_000_000L, 1_501_000_000L);
    assertThat(settled.attributes()).containsEntry("task.attempts", 1L);
    assertThat(gate.attributes())
        .containsEntry("dome.decision", "REJECT")
        .containsEntry("policy_reason_code", "EXEC.NONZERO_EXIT");
    assertThat(promotion.attributes()).containsEntry("dome.decision", "REJECT");
    try (DomeClient reader = suite.client("auditor", "auditor")) {
      JsonNode reference = Json.tree(reader.gate(runId).orElseThrow()).path("telemetry_ref");
      assertThat(reference.path("trace_id_hex").asText()).isEqualTo(traceId);
      assertThat(reference.path("span_id_hex").asText()).isEqualTo(gate.spanId());
    }
  }

  @Test
  void aTraceThatABatchSharesWithOthersIsInTheBatchsSpanOrLinkedFromIt() throws Exception {
    List<String> traces = Stream.generate(OtlpReceiver::sampledTraceId).limit(48).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> done :
          traces.stream()
              .<Future<?>>map(trace ->
                  threads.submit(
                      () -> submit(trace, Documents.chain(Documents.freshId("run"), "shared", 1))))
              .toList()) {
        done.get();
      }
    }

    await()
        .atMost(EXPORTED)
        .untilAsserted(() ->
            assertThat(traces)
                .allSatisfy(trace ->
                    assertThat(
                            Stream.concat(
                                suite.spans().of(trace).stream(),
                                suite.spans().linkedTo(trace).stream()))
                        .extracting(Exported::name)
                        .contains("lane batch", "publish DOME_JOURNAL")));
  }

  @Test
  void aTraceOutsideTheShareIsCarriedOnAndNotExported() {
    String traceId = OtlpReceiver.otherTraceId();
    String runId = Documents.freshId("run");
    String sampled = OtlpReceiver.sampledTraceId();

    submit(traceId, Documents.chain(runId, Documents.freshId("q"), 1));

    submit(sampled, Documents.chain(Documents.freshId("run"), Documents.freshId("q"), 1));
    span(sampled, "dome-audit-export", named("apply DOME_JOURNAL"));
    await()
        .atMost(EXPORTED)
        .until(() -> as("submitter").get(ROOT + "runs/" + runId).statusCode() == 200);
    assertThat(suite.spans().of(traceId)).isEmpty();
    assertThat(suite.spans().linkedTo(traceId)).isEmpty();
  }

  private Exported span(String traceId, String service, Predicate<Exported> wanted) {
    return await()
        .atMost(EXPORTED)
        .until(
            () ->
                suite.spans().of(traceId).stream()
                    .filter(span -> span.service().equals(service))
                    .filter(wanted)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Predicate<Exported> named(String name) {
    return span -> span.name().equals(name);
  }

  private void submit(String traceId, ObjectNode document) {
    as("submitter")
        .header("traceparent", "00-" + traceId + "-" + CALLER_SPAN + "-00")
        .body(Json.write(document))
        .post(ROOT + "runs")
        .then()
        // 202 on a machine so busy that the outcome took longer than ingest waits.
        .statusCode(anyOf(is(201), is(202)));
  }

  private JsonNode claim(String queue) {
    Response response =
        as("worker")
            .body(
                Map.of(
                    "claim_id",
                    UUID.randomUUID().toString(),
                    "worker_id",
                    "by-hand",
                    "max_tasks",
                    1,
                    "wait_seconds",
                    20))
            .post(ROOT + "queues/" + queue + "/claims");
    response.then().statusCode(200);
    return Json.read(response.asByteArray(), JsonNode.class).path("tasks").path(0);
  }

  private void report(JsonNode grant) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("fence", grant.path("fence").asLong());
    body.put("artifact_kind", "dome.task.result/v0.2");
    body.put("task_id", grant.path("task_id").asText());
    body.put("status", "FAIL");
    body.put("reason_code", "EXEC.NONZERO_EXIT");
    body.put("worker_model", "model-x");
    body.put("duration_ms", 1_500);
    as("worker")
        .header("traceparent", grant.path("traceparent").asText())
        .body(Json.write(body))
        .post(ROOT + "attempts/" + grant.path("attempt_id").asText() + "/result")
        .then()
        .statusCode(200);
  }

  private RequestSpecification as(String role) {
    return given()
        .baseUri(suite.stack().apiUrl())
        .auth()
        .oauth2(suite.token(role, role))
        .contentType("application/json");
  }
}
