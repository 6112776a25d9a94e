package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told of a run, against answers that the test chooses. */
final class WhyCommandTest {
  private static final String ROOT = "/v1/namespaces/default/";

  @TempDir private Path directory;
  private CommandsOnServer commands;

  @BeforeEach
  void start() throws IOException {
    commands = new CommandsOnServer(directory);
    commands.answers.put(ROOT + "dead-letters", "{\"items\":[]}");
    commands.answers.put(ROOT + "queues", "{\"items\":[]}");
  }

  @AfterEach
  void stop() {
    commands.close();
  }

  private void waits(String waitingOn) {
    commands.answers.put(
        ROOT + "runs/pkt-1",
        "{\"run_id\":\"pkt-1\",\"status\":\"RUNNING\",\"waiting_on\":" + waitingOn + "}");
  }

  @Test
  void aPausedQueueNamesWhoPausedItAndTheCommandThatResumesIt() {
    waits(
        """
        {"reason_code": "BREAKER.PAUSED", "blocking_task": "a", "queue": "gpu",
         "since": "2026-11-22T17:00:00.000Z", "breaker": "queue:gpu",
         "paused": {"actor": "olga", "reason_code": "OPERATOR.MAINTENANCE",
           "at": "2026-11-22T17:00:00.000Z"}}
        """);
    commands.answers.put(
        ROOT + "queues", "{\"items\":[{\"queue\":\"gpu\",\"ready\":3,\"held\":0,\"leased\":1}]}");
    commands.answers.put(ROOT + "breakers/queue:gpu", "{\"steering\":{\"comment\":\"new disks\"}}");

    assertThat(commands.run("run", "why", "pkt-1")).isZero();
    assertThat(commands.out())
        .contains(
            "pkt-1 is RUNNING",
            "An operator has paused the task's queue or key. (BREAKER.PAUSED)",
            "task a of queue gpu, held by the breaker queue:gpu",
            "2026-11-22T17:00:00.000Z",
            "olga paused it",
            "OPERATOR.MAINTENANCE, saying: new disks",
            "3 ready, 0 held and 1 leased",
            "What moves it: ",
            "./dome queue resume gpu");
  }

  @Test
  void aRunWithoutWorkersSaysSoAndHowToStartOne() {
    waits(
        """
        {"reason_code": "WAITING.WORKER", "blocking_task": "a", "queue": "default",
         "since": "2026-11-22T17:00:00.000Z"}
        """);

    assertThat(commands.run("run", "why", "pkt-1", "--json")).isZero();
    JsonNode answer = Json.read(commands.out().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    assertThat(answer.path("reason_code").asText()).isEqualTo("WAITING.WORKER");
    assertThat(answer.path("says").toString()).contains("No worker of the queue is known");
    assertThat(answer.path("commands").path(0).asText()).isEqualTo("./dome worker --queue default");
  }

  @Test
  void aCodeThatThisClientDoesNotKnowIsShownAsItIs() {
    waits("{\"reason_code\":\"WAITING.NEW_KIND\",\"since\":\"2026-11-22T17:00:00.000Z\"}");

    assertThat(commands.run("run", "why", "pkt-1")).isZero();
    assertThat(commands.out()).contains("WAITING.NEW_KIND", "./dome explain WAITING.NEW_KIND");
  }

  @Test
  void aRejectedRunSaysWhatItsGateSaidAndHowToTryAgain() {
    commands.answers.put(
        ROOT + "runs/pkt-1",
        "{\"run_id\":\"pkt-1\",\"status\":\"REJECTED\","
            + "\"reason_code\":\"RETRY.BUDGET_EXHAUSTED\"}");
    commands.answers.put(
        ROOT + "runs/pkt-1/gate",
        """
        {"version": "0.2.0", "run_id": "pkt-1", "task_id": "wave-gate", "status": "REJECT",
         "reason_codes": ["RETRY.BUDGET_EXHAUSTED"], "confidence": 0.4, "risk_score": 70}
        """);
    commands.answers.put(
        ROOT + "runs/pkt-1/tasks",
        """
        {"items": [{"task_id": "a", "status": "BLOCKED", "reason_code": "RETRY.BUDGET_EXHAUSTED"}]}
        """);
    commands.answers.put(
        ROOT + "dead-letters",
        """
        {"items": [{"dead_letter_id": "d-1", "task_id": "a", "attempts": 3,
          "cause": "TRANSIENT.NETWORK"}]}
        """);

    assertThat(commands.run("run", "why", "pkt-1")).isZero();
    assertThat(commands.out())
        .contains(
            "pkt-1 is REJECTED",
            "RETRY.BUDGET_EXHAUSTED",
            "The gate said REJECT at a risk of 70",
            "Task a is blocked",
            "given up after 3 attempts: TRANSIENT.NETWORK",
            "./dome dlq redrive d-1");
    assertThat(commands.asked).anyMatch(uri -> uri.contains("/tasks") && uri.contains("BLOCKED"));
  }

  @Test
  void operatorsPauseAndResumeQueuesAndBreakers() {
    String paused =
        "{\"key\":\"queue:gpu\",\"phase\":\"OPEN\",\"paused\":true,"
            + "\"steering\":{\"actor\":\"local\"}}";
    for (String path :
        new String[] {
          "queues/gpu/pause", "queues/gpu/resume",
          "breakers/queue:gpu/pause", "breakers/queue:gpu/resume"
        }) {
      commands.answers.put(ROOT + path, paused);
    }
    commands.answers.put(ROOT + "breakers", "{\"items\":[" + paused + "]}");

    assertThat(commands.run("queue", "pause", "gpu", "--comment", "new disks")).isZero();
    assertThat(commands.run("queue", "resume", "gpu")).isZero();
    assertThat(commands.run("breaker", "pause", "queue:gpu")).isZero();
    assertThat(commands.run("breaker", "resume", "queue:gpu")).isZero();
    assertThat(commands.run("breaker", "list")).isZero();
    assertThat(commands.out()).contains("PAUSED", "BY", "local");
  }
}
