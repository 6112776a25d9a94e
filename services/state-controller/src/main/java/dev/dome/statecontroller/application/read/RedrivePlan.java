package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.KnownEvidence;
import dev.dome.kernel.Input;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RecordedInput;
import dev.dome.kernel.RunState;
import dev.dome.kernel.RuntimeProfile;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything a redrive of a run takes over from it: what was submitted, who submitted it, which
 * tasks are tried again and the results that stand.
 *
 * @param runFinal whether the run may be redriven already
 * @param nextRunId the run that a redrive would start, or that one has started
 * @param profile the runtime profile it was submitted under, or absent
 * @param evidence what is known of the digests that the carried results name; absent when nothing
 *     is
 */
public record RedrivePlan(
    String runId,
    String runUid,
    String runStatus,
    boolean runFinal,
    String nextRunId,
    String sourceKind,
    JsonNode document,
    RuntimeProfile profile,
    List<String> submitters,
    List<DeadTask> deadLetters,
    List<TaskResult> carried,
    List<KnownEvidence> evidence) {

  /** A task that was given up, and its dead letter. */
  public record DeadTask(String taskId, String deadLetterId) {}

  /**
   * The plan of a run.
   *
   * @param submission its first row
   * @param events its EVENT rows
   * @param naming those of its rows that name evidence
   */
  public static RedrivePlan of(
      RunState run,
      JournalRow submission,
      List<JournalRow> events,
      List<JournalRow> naming,
      RunId nextRunId) {
    Input.SubmitRun input = (Input.SubmitRun) RecordedInput.read(submission.envelope()).input();
    List<TaskResult> carried =
        run.tasks().stream()
            .map(TaskState::result)
            .filter(result -> result != null && result.status() == ResultStatus.PASS)
            .toList();
    List<KnownEvidence> evidence = NamedEvidence.of(submission, naming).known(carried);
    return new RedrivePlan(
        run.runId().value(),
        run.runUid().value(),
        run.status().name(),
        run.status().isFinal(),
        nextRunId.value(),
        input.sourceKind().name(),
        input.document(),
        input.profile(),
        submitters(run),
        deadLetters(events),
        carried,
        evidence.isEmpty() ? null : evidence);
  }

  /** Every row of these events that gave a task up, by the sequence its dead letter is named by. */
  private static List<DeadTask> deadLetters(List<JournalRow> events) {
    return events.stream()
        .filter(RedrivePlan::isDeadLetter)
        .map(row ->
            new DeadTask(
                row.envelope().payload().required("task_id").asText(),
                row.runUid() + "-" + row.envelope().sequence()))
        .toList();
  }

  /** Whether the row gave a task up. */
  public static boolean isDeadLetter(JournalRow row) {
    return row.envelope().topic().equals("task.dead_lettered");
  }

  private static List<String> submitters(RunState run) {
    List<String> submitters =
        new ArrayList<>(Optional.ofNullable(run.earlierSubmitters()).orElse(List.of()));
    if (!submitters.contains(run.submitter())) {
      submitters.add(run.submitter());
    }
    return List.copyOf(submitters);
  }
}
