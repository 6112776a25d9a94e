package dev.dome.kernel;

import java.util.Map;

/** Names of INPUT rows; frozen with the journal format. */
final class InputTopic {
  private static final Map<String, Class<? extends Input>> TYPES =
      Map.ofEntries(
          Map.entry("input.submit_run", Input.SubmitRun.class),
          Map.entry("input.claim_task", Input.ClaimTask.class),
          Map.entry("input.start_task", Input.StartTask.class),
          Map.entry("input.report_result", Input.ReportResult.class),
          Map.entry("input.release_task", Input.ReleaseTask.class),
          Map.entry("input.expire_lease", Input.ExpireLease.class),
          Map.entry("input.task_deadline_due", Input.TaskDeadlineDue.class),
          Map.entry("input.retry_due", Input.RetryDue.class),
          Map.entry("input.decide_approval", Input.DecideApproval.class),
          Map.entry("input.breaker_changed", Input.BreakerChanged.class),
          Map.entry("input.cancel_run", Input.CancelRun.class),
          Map.entry("input.pause_run", Input.PauseRun.class),
          Map.entry("input.resume_run", Input.ResumeRun.class),
          Map.entry("input.run_deadline_due", Input.RunDeadlineDue.class));

  private InputTopic() {}

  static String of(Input input) {
    return switch (input) {
      case Input.SubmitRun i -> "input.submit_run";
      case Input.ClaimTask i -> "input.claim_task";
      case Input.StartTask i -> "input.start_task";
      case Input.ReportResult i -> "input.report_result";
      case Input.ReleaseTask i -> "input.release_task";
      case Input.ExpireLease i -> "input.expire_lease";
      case Input.TaskDeadlineDue i -> "input.task_deadline_due";
      case Input.RetryDue i -> "input.retry_due";
      case Input.DecideApproval i -> "input.decide_approval";
      case Input.BreakerChanged i -> "input.breaker_changed";
      case Input.CancelRun i -> "input.cancel_run";
      case Input.PauseRun i -> "input.pause_run";
      case Input.ResumeRun i -> "input.resume_run";
      case Input.RunDeadlineDue i -> "input.run_deadline_due";
    };
  }

  static Class<? extends Input> typeOf(String topic) {
    Class<? extends Input> type = TYPES.get(topic);
    if (type == null) {
      throw new IllegalArgumentException("no released version wrote the topic " + topic);
    }
    return type;
  }
}
