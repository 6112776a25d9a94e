package dev.dome.client;

import dev.dome.client.model.Reported;

/** Tells a listener, whose failure must not end the thread that claims, works or reports. */
final class GuardedListener implements WorkerListener {
  private static final System.Logger LOG = System.getLogger(GuardedListener.class.getName());

  private final WorkerListener told;

  GuardedListener(WorkerListener told) {
    this.told = told;
  }

  @Override
  public void started(TaskContext task) {
    guarded(() -> told.started(task));
  }

  @Override
  public void reported(TaskContext task, Result result, Reported answer) {
    guarded(() -> told.reported(task, result, answer));
  }

  @Override
  public void cancelled(TaskContext task, CancelReason reason) {
    guarded(() -> told.cancelled(task, reason));
  }

  @Override
  public void refused(String what, DomeException refusal) {
    guarded(() -> told.refused(what, refusal));
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "listener failed", e);
    }
  }
}
