package dev.dome.cli.bench;

import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.WorkerListener;
import dev.dome.client.model.Reported;
import java.util.concurrent.CountDownLatch;

/** Counts the reports that were committed. */
record Reports(CountDownLatch left) implements WorkerListener {
  @Override
  public void reported(TaskContext task, Result result, Reported answer) {
    left.countDown();
  }
}
