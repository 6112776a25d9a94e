package dev.dome.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.ScriptedServer.Request;
import dev.dome.client.ScriptedServer.Response;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunAck;
import dev.dome.client.model.RunEvent;
import dev.dome.client.model.RunStatus;
import dev.dome.client.model.Task;
import dev.dome.client.model.TaskStatus;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.wire.SeenAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DomeClientTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofSeconds(5), Duration.ofMillis(5), Duration.ofMillis(20));
  private static final String ACK =
      "{\"run_id\":\"pkt-1\",\"status\":\"RUNNING\",\"position\":{\"run_id\":\"pkt-1\","
          + "\"sequence\":4},\"from_the_future\":true}";
  private static final JsonNode DOCUMENT = Json.mapper().createObjectNode().put("a", 1);

  @Test
  void aLostAnswerIsAskedForAgainWithTheSameBody() {
    try (ScriptedServer server = scripted(Response.lost(), Response.json(201, ACK));
        DomeClient client = server.client(QUICK)) {
      RunAck ack = client.submit(DOCUMENT, "key-1");

      assertThat(ack.position().sequence()).isEqualTo(4);
      List<Request> sent = server.requests("/runs");
      assertThat(sent).hasSize(2);
      assertThat(sent.get(1).body()).isEqualTo(sent.get(0).body());
      assertThat(sent.get(1).headers()).containsEntry("Idempotency-Key", "key-1");
      assertThat(sent.get(1).headers()).containsEntry("Authorization", "Bearer token-1");
    }
  }

  @Test
  void tasksAndGraphsAreReadPageByPage() {
    Response first = Response.json(200, page("a", "\"next_cursor\":\"c-2\""));
    Response last = Response.json(200, page("b", "\"status\":\"RUNNING\""));
    try (ScriptedServer server = scripted(first, last, first, last);
        DomeClient client = server.client(QUICK)) {
      assertThat(client.tasks("pkt-1", TaskStatus.QUEUED))
          .extracting(Task::taskId)
          .containsExactly("a", "b");
      JsonNode graph = client.graph("pkt-1");

      assertThat(graph.path("nodes")).extracting(JsonNode::textValue).containsExactly("a", "b");
      assertThat(graph.path("edges")).hasSize(2);
      assertThat(graph.has("next_cursor")).isFalse();
      assertThat(server.requests("cursor=c-2&page_size=200&status=QUEUED")).hasSize(1);
      assertThat(server.requests("/graph?cursor=c-2&page_size=200")).hasSize(1);
    }
  }

  private static String page(String id, String rest) {
    return "{\"items\":[{\"task_id\":\"%1$s\"}],\"nodes\":[\"%1$s\"],\"edges\":[1],%2$s}"
        .formatted(id, rest);
  }

  @Test
  void everyTryOfAWriteIsWrittenDownAsItCame(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("answers.jsonl");
    Response ack = Response.json(201, ACK).with("Dome-Operation-Id", "op-1");
    Response shed = Response.problem(503, "INFRA.INBOX_FULL").with("Dome-Operation-Id", "op-0");
    try (ScriptedServer server = scripted(Response.lost(), shed, ack);
        AnswerLog log = AnswerLog.to(file);
        DomeClient client = server.client(QUICK).recording(log, "alice")) {
      client.submit(DOCUMENT, "key-1");
      client.run("pkt-1");
    }

    List<SeenAnswer> seen =
        Files.readAllLines(file).stream()
            .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), SeenAnswer.class))
            .toList();
    assertThat(seen).hasSize(3).allMatch(line -> line.principal().equals("alice"));
    assertThat(seen).extracting(SeenAnswer::status).containsExactly(null, 503, 201);
    assertThat(seen).extracting(SeenAnswer::operationId).containsExactly(null, "op-0", "op-1");
    assertThat(seen).extracting(SeenAnswer::idempotencyKey).containsOnly("key-1");
    assertThat(seen.get(2).runId()).isEqualTo("pkt-1");
    assertThat(seen.get(2).bodySha256())
        .isEqualTo(CanonicalJson.sha256("{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void retryAfterIsAFloorForTheNextTry() {
    Response busy = Response.problem(503, "INFRA.BUSY").with("Retry-After", "1");
    try (ScriptedServer server = scripted(busy, Response.json(201, ACK));
        DomeClient client = server.client(QUICK)) {
      long start = System.nanoTime();
      client.submit(DOCUMENT);

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void aRetryAfterBeyondTheBudgetEndsTheCallAtOnce() {
    Response busy = Response.problem(429, "LIMIT.RATE_LIMITED").with("Retry-After", "60");
    try (ScriptedServer server = new ScriptedServer(request -> busy);
        DomeClient client = server.client(QUICK)) {
      DomeException e = catchThrowableOfType(DomeException.class, () -> client.submit(DOCUMENT));

      assertThat(e.status()).isEqualTo(429);
      assertThat(server.requests("/runs")).hasSize(1);
    }
  }

  @Test
  void aRefusalIsNotRepeatedAndKeepsItsReasonCode() {
    try (ScriptedServer server =
            new ScriptedServer(request -> Response.problem(409, "RUN.ID_CONFLICT"));
        DomeClient client = server.client(QUICK)) {
      DomeException e = catchThrowableOfType(DomeException.class, () -> client.submit(DOCUMENT));

      assertThat(e.has("RUN.ID_CONFLICT")).isTrue();
      assertThat(server.requests("/runs")).hasSize(1);
    }
  }

  @Test
  void aSpentBudgetSaysThatTheOutcomeIsUnknown() {
    RetryPolicy shortBudget = QUICK.within(Duration.ofSeconds(1));
    try (ScriptedServer server = new ScriptedServer(request -> Response.lost());
        DomeClient client = server.client(shortBudget)) {
      DomeException e = catchThrowableOfType(DomeException.class, () -> client.submit(DOCUMENT));

      assertThat(e.problem()).isEmpty();
      assertThat(server.requests("/runs")).hasSizeGreaterThan(1);
    }
  }

  @Test
  void anAcceptedOperationIsFollowedToItsOutcome() {
    String operation = "/v1/namespaces/demo/operations/op-1";
    Response accepted =
        Response.json(202, "{\"operation_id\":\"op-1\"}").with("Location", operation);
    Response pending = Response.json(200, "{\"operation_id\":\"op-1\",\"status\":\"PENDING\"}");
    Response done =
        Response.json(
            200, "{\"operation_id\":\"op-1\",\"outcome\":{\"status\":201,\"body\":" + ACK + "}}");
    try (ScriptedServer server =
            scripted(accepted, Response.problem(404, "OPERATION.NOT_FOUND"), pending, done);
        DomeClient client = server.client(QUICK)) {
      assertThat(client.submit(DOCUMENT).runId()).isEqualTo("pkt-1");
    }
  }

  @Test
  void aRejectedOperationIsARefusal() {
    Response accepted =
        Response.json(202, "{}").with("Location", "/v1/namespaces/demo/operations/x");
    Response done =
        Response.json(200, "{\"outcome\":{\"status\":409,\"reason_code\":\"RUN.ID_CONFLICT\"}}");
    try (ScriptedServer server = scripted(accepted, done);
        DomeClient client = server.client(QUICK)) {
      DomeException e = catchThrowableOfType(DomeException.class, () -> client.submit(DOCUMENT));

      assertThat(e.has("RUN.ID_CONFLICT")).isTrue();
    }
  }

  @Test
  void aCommandCarriesOneKeyThroughAllItsTries() {
    try (ScriptedServer server = scripted(Response.lost(), Response.json(200, ACK));
        DomeClient client = server.client(QUICK)) {
      client.decide("pkt-1", Verdict.APPROVE, "POLICY.RISK_ACCEPTED", "looked at it", "d");

      List<Request> sent = server.requests("/approval");
      assertThat(sent).hasSize(2);
      assertThat(sent.get(0).headers().get("Idempotency-Key"))
          .isNotNull()
          .isEqualTo(sent.get(1).headers().get("Idempotency-Key"));
    }
  }

  @Test
  void whatANewerServerKnowsIsPassedOver() {
    String body = "{\"run_id\":\"pkt-1\",\"status\":\"HIBERNATING\",\"mood\":\"good\"}";
    try (ScriptedServer server = scripted(Response.json(200, body));
        DomeClient client = server.client(QUICK)) {
      Run run = client.run("pkt-1");

      assertThat(run.status()).isEqualTo(RunStatus.UNKNOWN);
    }
  }

  @Test
  void aBrokenEventStreamGoesOnAfterTheLastEventSeen() {
    Response first = events(event(1, "plan.wave.created") + event(2, "task.assigned"));
    Response second =
        events(event(2, "task.assigned") + ": still here\n\n" + event(3, "run.completed"));
    try (ScriptedServer server = scripted(first, Response.lost(), second);
        DomeClient client = server.client(QUICK);
        EventStream stream = client.events("pkt-1", 0)) {
      List<Long> seen = new ArrayList<>();
      stream.forEachRemaining((RunEvent event) -> seen.add(event.sequence()));

      assertThat(seen).containsExactly(1L, 2L, 3L);
      assertThat(server.requests("/events").getLast().headers())
          .containsEntry("Last-Event-ID", "2");
    }
  }

  @Test
  void aRefusedEventStreamIsARefusal() {
    try (ScriptedServer server = scripted(Response.problem(404, "RUN.NOT_FOUND"));
        DomeClient client = server.client(QUICK);
        EventStream stream = client.events("pkt-1", 0)) {
      DomeException e = catchThrowableOfType(DomeException.class, stream::hasNext);

      assertThat(e.has("RUN.NOT_FOUND")).isTrue();
    }
  }

  private static Response events(String body) {
    return Response.json(200, body).with("Content-Type", "text/event-stream");
  }

  private static String event(long sequence, String topic) {
    return "id: %d\ndata: {\"sequence\":%d,\"topic\":\"%s\"}\n\n"
        .formatted(sequence, sequence, topic);
  }

  private static ScriptedServer scripted(Response... responses) {
    AtomicInteger next = new AtomicInteger();
    Function<Request, Response> script =
        request -> responses[Math.min(next.getAndIncrement(), responses.length - 1)];
    return new ScriptedServer(script);
  }
}
