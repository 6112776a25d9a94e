package dev.dome.kernel;

/** Names of INPUT rows; frozen with the journal format. */
final class InputTopic {
  private InputTopic() {}

  static String of(Input input) {
    return switch (input) {
      case Input.SubmitRun i -> "input.submit_run";
      case Input.ClaimTask i -> "input.claim_task";
      case Input.StartTask i -> "input.start_task";
      case Input.ReportResult i -> "input.report_result";
      case Input.ReleaseTask i -> "input.release_task";
      case Input.ExpireLease i -> "input.expire_lease";
      case Input.RetryDue i -> "input.retry_due";
      case Input.DecideApproval i -> "input.decide_approval";
      case Input.CancelRun i -> "input.cancel_run";
      case Input.PauseRun i -> "input.pause_run";
      case Input.ResumeRun i -> "input.resume_run";
      case Input.RunDeadlineDue i -> "input.run_deadline_due";
    };
  }
}
