package dev.dome.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunAck;
import dev.dome.client.model.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The demo's runs in which a worker or what it depends on is away.
 *
 * @param dave holds the operator role
 */
record DemoFailures(Stage stage, DomeClient dave) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long LOOK_EVERY_MS = 100;

  /** A run whose only task is held by a worker that says nothing any more. */
  record Handover(String runId, SilentWorker silent) {}

  /** A worker takes a task and falls silent; the rest of the demo goes on meanwhile. */
  Handover begun(DomeClient eve) {
    stage.chapter(1, "A worker takes a task and falls silent");
    String runId = stage.submitted("demo.silent_worker.pre_contract.json");
    SilentWorker silent = SilentWorker.takeFrom(eve, runId);
    stage
        .narrator()
        .say(
            "eve's worker holds attempt "
                + silent.held().attempt()
                + " under fence "
                + silent.held().fence()
                + " until "
                + silent.held().leaseExpiresAt()
                + ", and says nothing more. Meanwhile:");
    return new Handover(runId, silent);
  }

  /** Somebody else does the work; what the silent worker says afterwards changes nothing. */
  Run takenOver(Handover handover) {
    stage.chapter(7, "The silent worker's task is taken over, its late report is fenced");
    Run run = stage.finished(handover.runId(), RunStatus.PROMOTED);
    DomeException refusal = handover.silent().reportLate();
    if (!refusal.has("ATTEMPT.FENCED")) {
      throw refusal;
    }
    stage.narrator().say("eve's worker is back and reports success under its old fence:");
    stage.narrator().refusal(refusal);
    stage.narrator().say(evidenceOf(handover));
    return run;
  }

  /** What was refused changes nothing, and is not lost either. */
  private String evidenceOf(Handover handover) {
    String attempt = handover.silent().held().attemptId();
    List<JsonNode> reports = new ArrayList<>();
    dave.lateReports(handover.runId(), reports::add);
    JsonNode late =
        reports.stream()
            .filter(report -> report.path("attempt_id").asText().equals(attempt))
            .findFirst()
            .orElseThrow(() -> Stage.unexpected(handover.runId(), "without the late report", "it"));
    return "kept as evidence: %s by %s under fence %s at %s  (./dome run late %s)"
        .formatted(
            late.at("/report/result/status").asText(),
            late.at("/actor/subject").asText(),
            late.at("/report/fence").asText(),
            late.path("received_at").asText(),
            handover.runId());
  }

  /** A budget of attempts ends; an operator tries the task again in a new run. */
  Run redriven() {
    stage.chapter(6, "A budget that ends in a dead letter, and its redrive");
    String runId = stage.submitted("demo.dead_letter.pre_contract.json");
    stage.finished(runId, RunStatus.REJECTED);
    JsonNode letter = deadLetter(runId);
    String id = letter.path("dead_letter_id").asText();
    stage
        .narrator()
        .fact(
            "dead letter",
            "%s  task %s  %d attempts, the last for %s"
                .formatted(
                    id,
                    letter.path("task_id").asText(),
                    letter.path("attempts").asInt(),
                    letter.path("cause").asText()));
    stage.narrator().say("dave sees that the other side is back and redrives it:");
    stage
        .narrator()
        .curl(
            "POST",
            "/v1/namespaces/" + dave.namespace() + "/dead-letters/" + id + "/redrive",
            "dave",
            "operator",
            "'{\"reason_code\":\"OPERATOR.REDRIVE\",\"comment\":\"…\"}'");
    RunAck again = dave.redrive(id, "OPERATOR.REDRIVE", "The other side is back.");
    stage.narrator().say("what passed before is kept; only what failed runs again:");
    return stage.finished(again.runId(), RunStatus.PROMOTED);
  }

  /** The dead letter of a run; retry-scheduler follows the journal a moment behind. */
  private JsonNode deadLetter(String runId) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<JsonNode> letter = firstOf(dave.read("dead-letters", Map.of("run_id", runId)));
      if (letter.isPresent()) {
        return letter.orElseThrow();
      }
      pause();
    }
    throw Stage.unexpected(runId, "without a dead letter", "one");
  }

  private static Optional<JsonNode> firstOf(JsonNode page) {
    return Optional.ofNullable(page.path("items").get(0));
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
