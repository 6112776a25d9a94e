package dev.dome.cli.run;

import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.EventStream;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunEvent;
import dev.dome.client.model.RunStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Follows one run by its events until nothing more happens without a person. */
public final class RunWatch {
  private final DomeClient client;
  private final RunScreen screen;

  public RunWatch(DomeClient client, RunScreen screen) {
    this.client = client;
    this.screen = screen;
  }

  /**
   * Shows every change until the run is final, waits for an approval, or the patience is over.
   *
   * @return the run as it then stands
   * @throws DomeException when the server refuses, or stays away
   */
  public Run follow(String runId, Duration patience) {
    try (EventStream events = client.events(runId, 0)) {
      CompletableFuture<Void> alarm =
          CompletableFuture.runAsync(
              events::close,
              CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
      try {
        return follow(runId, events);
      } finally {
        alarm.cancel(false);
      }
    }
  }

  private Run follow(String runId, EventStream events) {
    Run run = show(runId);
    while (!isResting(run) && events.hasNext()) {
      RunEvent event = events.next();
      if (event.sequence() > sequenceOf(run)) {
        run = show(runId);
      }
    }
    return run;
  }

  private Run show(String runId) {
    Run run = client.run(runId);
    screen.show(run, client.tasks(runId));
    return run;
  }

  private static boolean isResting(Run run) {
    return run.status().isFinal() || run.status() == RunStatus.AWAITING_APPROVAL;
  }

  private static long sequenceOf(Run run) {
    return run.position() == null ? 0 : run.position().sequence();
  }
}
