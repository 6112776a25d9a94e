package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunStatus;
import dev.dome.client.model.Task;
import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.GateDecision;
import dev.dome.contracts.id.ReasonCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a run stands where it stands, in words.
 *
 * @param reasonCode what it waits for or ended with, null where it ended well
 * @param says what is known, one sentence each
 * @param moves what would move it, null for a final run that nothing moves
 * @param commands to type, the most useful first; empty when there is nothing to do
 */
record RunWhy(
    String runId,
    String status,
    String reasonCode,
    List<String> says,
    String moves,
    List<String> commands) {
  private static final int MOST_SHOWN = 5;

  /**
   * What the server told.
   *
   * @param queue the one that the run waits for
   * @param breaker the one that holds it back
   * @param deadLetters open ones of the run
   * @param blocked tasks of a final run
   */
  record Facts(
      Run run,
      Optional<JsonNode> queue,
      Optional<JsonNode> breaker,
      List<JsonNode> deadLetters,
      Optional<GateDecision> gate,
      List<Task> blocked) {}

  /** The answer as of now, epoch milliseconds. */
  static RunWhy of(Facts facts, long nowMs) {
    return facts.run().status().isFinal() ? ended(facts) : waiting(facts, nowMs);
  }

  /** As a person reads it. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(runId + " is " + status);
    says.forEach(sentence -> lines.add("  " + sentence));
    if (moves != null) {
      lines.add("What moves it: " + moves);
    }
    commands.forEach(command -> lines.add("  " + command));
    return lines;
  }

  private static RunWhy waiting(Facts facts, long nowMs) {
    Run run = facts.run();
    JsonNode waiting = run.waitingOn();
    if (waiting == null) {
      return new RunWhy(
          run.runId(),
          run.status().name(),
          null,
          List.of("It goes on right now."),
          "Nothing is needed.",
          List.of("./dome run watch " + run.runId()));
    }
    String code = waiting.path("reason_code").asText();
    List<String> says = new ArrayList<>();
    says.add(meaning(code) + " (" + code + ")");
    says.add(place(waiting));
    says.add("It waits since " + moment(waiting.path("since").asText(), nowMs) + ".");
    if (waiting.hasNonNull("until")) {
      says.add("It ends by itself at " + waiting.path("until").asText() + ".");
    }
    pause(waiting, facts.breaker()).ifPresent(says::add);
    facts.queue().map(RunWhy::counts).ifPresent(says::add);
    workers(waiting, code, nowMs).ifPresent(says::add);
    says.addAll(letters(facts.deadLetters()));
    if (run.deadlineAt() != null) {
      says.add("It expires at " + run.deadlineAt() + ".");
    }
    says.removeIf(String::isEmpty);
    return new RunWhy(
        run.runId(),
        run.status().name(),
        code,
        List.copyOf(says),
        action(code),
        commands(run, waiting, code));
  }

  private static RunWhy ended(Facts facts) {
    Run run = facts.run();
    List<String> says = new ArrayList<>();
    if (run.reasonCode() != null) {
      says.add("Its reason: " + meaning(run.reasonCode()) + " (" + run.reasonCode() + ")");
    }
    facts
        .gate()
        .ifPresent(gate -> {
          says.add(
              "The gate said %s at a risk of %d of 100 with a confidence of %s."
                  .formatted(gate.status(), gate.riskScore(), gate.confidence()));
          gate.reasonCodes().stream()
              .map(ReasonCode::value)
              .filter(code -> !code.equals(run.reasonCode()))
              .forEach(code -> says.add("The gate's reason: " + meaning(code) + " (" + code + ")"));
        });
    if (facts.gate().isEmpty()) {
      says.add("It ended before its gate was asked.");
    }
    facts.blocked().stream()
        .limit(MOST_SHOWN)
        .map(task ->
            "Task %s is blocked: %s"
                .formatted(task.taskId(), task.reasonCode() == null ? "-" : task.reasonCode()))
        .forEach(says::add);
    if (facts.blocked().size() > MOST_SHOWN) {
      says.add("So are " + (facts.blocked().size() - MOST_SHOWN) + " further tasks.");
    }
    says.addAll(letters(facts.deadLetters()));
    List<String> commands =
        facts.deadLetters().stream()
            .limit(1)
            .map(letter ->
                "./dome dlq redrive "
                    + letter.path("dead_letter_id").asText()
                    + " --comment 'WHY IT MAY PASS NOW'")
            .collect(Collectors.toCollection(ArrayList::new));
    commands.add("./dome run graph " + run.runId());
    boolean promoted = run.status() == RunStatus.PROMOTED;
    return new RunWhy(
        run.runId(),
        run.status().name(),
        run.reasonCode(),
        List.copyOf(says),
        facts.deadLetters().isEmpty()
            ? null
            : "Nothing any more; a redrive starts a run that keeps what passed.",
        promoted && facts.deadLetters().isEmpty() ? List.of() : List.copyOf(commands));
  }

  /** What to type; what only looks comes after what moves the run. */
  private static List<String> commands(Run run, JsonNode waiting, String code) {
    String id = run.runId();
    String queue = waiting.path("queue").asText();
    String breaker = waiting.path("breaker").asText();
    return switch (code) {
      case "WAITING.APPROVAL" ->
          List.of(
              "./dome run get " + id,
              "./dome run approve " + id + " --decision APPROVE|REJECT --comment 'WHY'");
      case "WAITING.PAUSED" -> List.of("./dome run resume " + id);
      case "WAITING.WORKER" -> List.of("./dome worker --queue " + queue, "./dome queue list");
      case "BREAKER.PAUSED" ->
          List.of(
              breaker.startsWith("queue:")
                  ? "./dome queue resume " + breaker.substring("queue:".length())
                  : "./dome breaker resume " + breaker);
      case "BREAKER.OPEN", "BREAKER.HALF_OPEN" ->
          List.of("./dome breaker show " + breaker, "./dome breaker resume " + breaker);
      case "WAITING.RESULT", "WAITING.WORKER_LIMIT", "WAITING.CONCURRENCY_LIMIT" ->
          List.of("./dome run graph " + id);
      case "WAITING.RETRY_DELAY", "WAITING.GATE" -> List.of("./dome run watch " + id);
      default -> List.of("./dome explain " + code, "./dome run graph " + id);
    };
  }

  private static String place(JsonNode waiting) {
    if (!waiting.hasNonNull("blocking_task")) {
      return "";
    }
    StringBuilder text = new StringBuilder("It is about task ");
    text.append(waiting.path("blocking_task").asText());
    if (waiting.hasNonNull("queue")) {
      text.append(" of queue ").append(waiting.path("queue").asText());
    }
    if (waiting.hasNonNull("breaker")) {
      text.append(", held by the breaker ").append(waiting.path("breaker").asText());
    }
    if (waiting.hasNonNull("limit")) {
      text.append(", for which ").append(waiting.path("limit").asText()).append(" has no room");
    }
    return text.append('.').toString();
  }

  private static Optional<String> pause(JsonNode waiting, Optional<JsonNode> breaker) {
    JsonNode paused = waiting.path("paused");
    if (!paused.isObject()) {
      return Optional.empty();
    }
    String comment =
        breaker
            .map(known -> known.at("/steering/comment").textValue())
            .map(words -> ", saying: " + words)
            .orElse("");
    return Optional.of(
        "%s paused it at %s as %s%s"
            .formatted(
                paused.path("actor").asText(),
                paused.path("at").asText(),
                paused.path("reason_code").asText(),
                comment));
  }

  private static String counts(JsonNode queue) {
    return "Queue %s has %d ready, %d held and %d leased tasks."
        .formatted(
            queue.path("queue").asText(),
            queue.path("ready").asLong(),
            queue.path("held").asLong(),
            queue.path("leased").asLong());
  }

  private static Optional<String> workers(JsonNode waiting, String code, long nowMs) {
    if (waiting.hasNonNull("pollers_last_seen")) {
      return Optional.of(
          "A worker of the queue was last heard of at "
              + moment(waiting.path("pollers_last_seen").asText(), nowMs)
              + ".");
    }
    return code.equals("WAITING.WORKER")
        ? Optional.of("No worker of the queue is known to be at work.")
        : Optional.empty();
  }

  private static List<String> letters(List<JsonNode> deadLetters) {
    return deadLetters.stream()
        .limit(MOST_SHOWN)
        .map(letter ->
            "Task %s was given up after %d attempts: %s (dead letter %s)"
                .formatted(
                    letter.path("task_id").asText(),
                    letter.path("attempts").asLong(),
                    letter.path("cause").asText("no reason"),
                    letter.path("dead_letter_id").asText()))
        .toList();
  }

  /** A time and how long ago it was. */
  private static String moment(String at, long nowMs) {
    long seconds = Math.max(0, (nowMs - Timestamps.parse(at)) / 1_000);
    String ago = Duration.ofSeconds(seconds).toString().substring("PT".length());
    return at + " (" + ago.toLowerCase(Locale.ROOT) + " ago)";
  }

  private static String meaning(String code) {
    return entry(code).map(ReasonCodes.Entry::description).orElse("This client knows no more");
  }

  private static String action(String code) {
    return entry(code).map(ReasonCodes.Entry::action).orElse("See the page of the reason code.");
  }

  private static Optional<ReasonCodes.Entry> entry(String code) {
    return ReasonCode.PATTERN.matcher(code).matches()
        ? ReasonCodes.standard().find(new ReasonCode(code))
        : Optional.empty();
  }
}
