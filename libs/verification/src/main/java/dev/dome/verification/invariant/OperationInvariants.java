package dev.dome.verification.invariant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.wire.PublishedRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every accepted operation about a run has exactly one row of its journal, and every row that
 * somebody asked for has exactly one operation. What may be accepted without a row: a repeat, a
 * submission of a run that is there already, a pause of a paused run or a resumption of a running
 * one, and a timer that came too late to matter.
 */
public final class OperationInvariants {
  /** Inputs that come through the inbox; dome makes the others itself. */
  static final Set<String> ASKED_FOR =
      Set.of(
          "input.submit_run",
          "input.report_result",
          "input.release_task",
          "input.cancel_run",
          "input.pause_run",
          "input.resume_run",
          "input.decide_approval",
          "input.retry_due",
          "input.task_deadline_due",
          "input.run_deadline_due");

  private static final int OK = 200;

  private final ObservedRun run;
  private final Map<String, OperationSeen> operations;
  private final Map<String, PublishedRow> rows = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private long held;

  /**
   * What came of a check.
   *
   * @param held how many rows and accepted operations were held against each other
   */
  public record Result(List<Violation> violations, long held) {}

  private OperationInvariants(ObservedRun run, Map<String, OperationSeen> operations) {
    this.run = run;
    this.operations = operations;
  }

  /**
   * Everything wrong between a run's journal and the operations about it.
   *
   * @param operations all that name the run, read after its journal
   */
  public static Result check(ObservedRun run, List<OperationSeen> operations) {
    OperationInvariants check =
        new OperationInvariants(
            run,
            operations.stream()
                .collect(
                    Collectors.toMap(
                        OperationSeen::operationId, Function.identity(), (first, same) -> first)));
    boolean named = operationOf(run.rows().getFirst()).isPresent();
    run.rows().stream()
        .filter(row -> ASKED_FOR.contains(row.envelope().topic()) && !isOfTheOwner(row))
        .forEach(row -> check.row(row, named));
    check.operations.values().forEach(check::operation);
    return new Result(List.copyOf(check.violations), check.held);
  }

  /** The operation that a row names; empty for rows of before operations were named. */
  public static Optional<String> operationOf(PublishedRow row) {
    JsonNode name = ObservedRun.payload(row).path("context").path("operation_id");
    return Optional.ofNullable(name.textValue());
  }

  /** The state-controller retries by itself what nobody reminded it of in time. */
  private static boolean isOfTheOwner(PublishedRow row) {
    JsonNode subject = ObservedRun.payload(row).at("/context/actor/subject");
    return row.envelope().topic().equals("input.retry_due")
        && subject.asText().equals("system:state-controller");
  }

  private void row(PublishedRow row, boolean named) {
    Optional<String> operationId = operationOf(row);
    if (operationId.isEmpty()) {
      if (named) {
        found(row, "names no operation, but the run's first row does");
      }
      return;
    }
    held++;
    OperationSeen operation = operations.get(operationId.get());
    if (rows.put(operationId.get(), row) != null) {
      found(row, "operation " + operationId.get() + " has another row already");
    } else if (operation == null) {
      found(row, "nobody is known to have asked for it as " + operationId.get());
    } else if (operation.kind().isEmpty() || !operation.topic().equals(row.envelope().topic())) {
      found(row, "operation " + operationId.get() + " asked for something else");
    } else if (operation.repeats().isPresent()) {
      found(row, "operation " + operationId.get() + " is a repeat and took effect again");
    }
  }

  private void operation(OperationSeen operation) {
    boolean later = operation.sequence().orElse(0L) > run.rows().size();
    if (operation.kind().isEmpty() || !operation.accepted() || later) {
      return;
    }
    held++;
    PublishedRow row = rows.get(operation.operationId());
    if (row == null && !mayHaveNoRow(operation)) {
      found(operation, "was answered " + operation.status() + " but has no row");
    }
    if (row != null && operation.sequence().orElse(0L) <= row.envelope().sequence()) {
      found(
          operation,
          "was answered with position "
              + operation.sequence().orElse(0L)
              + " but its row is "
              + row.envelope().sequence());
    }
  }

  private boolean mayHaveNoRow(OperationSeen operation) {
    if (operation.repeats().isPresent()) {
      return true;
    }
    return switch (operation.kind().orElse("")) {
      case "SUBMIT_RUN" -> operation.status() == OK && operation.runUid().equals(runUid());
      case "PAUSE_RUN" -> paused(operation);
      case "RESUME_RUN" -> !paused(operation);
      case "RETRY_DUE", "TASK_DEADLINE_DUE", "RUN_DEADLINE_DUE" -> true;
      default -> false;
    };
  }

  private Optional<String> runUid() {
    return Optional.of(run.rows().getFirst().runUid().value());
  }

  /** Whether the run was paused at the position the operation was answered with. */
  private boolean paused(OperationSeen operation) {
    return run.rows().stream()
        .filter(row -> row.envelope().sequence() <= operation.sequence().orElse(0L))
        .map(row -> row.envelope().topic())
        .filter(topic -> topic.equals("run.paused") || topic.equals("run.resumed"))
        .reduce((before, last) -> last)
        .filter(topic -> topic.equals("run.paused"))
        .isPresent();
  }

  private void found(PublishedRow row, String detail) {
    violations.add(
        new Violation(
            Invariant.ONE_EVENT_PER_ANSWER,
            run.subject(),
            "row " + row.envelope().sequence() + " " + row.envelope().topic() + ": " + detail));
  }

  private void found(OperationSeen operation, String detail) {
    violations.add(
        new Violation(
            Invariant.ONE_EVENT_PER_ANSWER,
            run.subject(),
            "operation " + operation.operationId() + " " + detail));
  }
}
