package dev.dome.kernel;

import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.TaskId;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a run takes over from the run it redrives: the tasks that passed there are settled from the
 * start by their recorded results, so that only what failed, and what depends on it, runs again.
 */
final class Redrives {
  private Redrives() {}

  /** Why the results cannot be those of a run of this plan; empty when they can, or are none. */
  static Optional<Rejection> mismatch(Input.SubmitRun input, Plan plan) {
    Input.Redrive redrive = input.redrive();
    if (redrive == null) {
      return Optional.empty();
    }
    if (input.redriveOf() == null) {
      return refused("/redrive_of", "expected the run that is redriven but was none");
    }
    Map<TaskId, PlannedTask> tasks =
        plan.tasks().stream().collect(Collectors.toMap(PlannedTask::taskId, Function.identity()));
    Set<TaskId> carried = new LinkedHashSet<>();
    redrive.carried().forEach(result -> carried.add(result.taskId()));
    for (TaskResult result : redrive.carried()) {
      PlannedTask task = tasks.get(result.taskId());
      if (task == null
          || result.status() != ResultStatus.PASS
          || !carried.containsAll(task.dependencies())) {
        return refused(
            "/redrive/carried",
            "expected a PASS of a planned task whose dependencies passed but was "
                + result.taskId());
      }
    }
    boolean again =
        !redrive.deadLetters().isEmpty()
            && redrive.deadLetters().stream()
                .allMatch(
                    dead -> tasks.containsKey(dead.taskId()) && !carried.contains(dead.taskId()));
    return again && carried.size() == redrive.carried().size()
        ? Optional.empty()
        : refused(
            "/redrive/dead_letters",
            "expected planned tasks that did not pass, and one result each");
  }

  /** Records which tasks are tried again, then settles in plan order those that passed before. */
  static void takeOver(Proceedings proceedings, Input.SubmitRun input) {
    Input.Redrive redrive = input.redrive();
    if (redrive == null) {
      return;
    }
    for (Input.DeadLetter dead : redrive.deadLetters()) {
      proceedings.record(
          new Event.TaskRedriven(
              dead.taskId(),
              dead.deadLetterId(),
              input.redriveOf(),
              redrive.runUid(),
              proceedings.actor(),
              redrive.reasonCode(),
              redrive.comment()));
    }
    Map<TaskId, TaskResult> carried =
        redrive.carried().stream()
            .collect(Collectors.toMap(TaskResult::taskId, Function.identity()));
    for (TaskState task : proceedings.run().tasks()) {
      TaskResult result = carried.get(task.plan().taskId());
      if (result != null) {
        proceedings.record(new Event.TaskSettled(task.plan().taskId(), result));
      }
    }
  }

  private static Optional<Rejection> refused(String pointer, String detail) {
    return Optional.of(Rejections.field(KernelReasonCodes.REDRIVE_MISMATCH, pointer, detail));
  }
}
