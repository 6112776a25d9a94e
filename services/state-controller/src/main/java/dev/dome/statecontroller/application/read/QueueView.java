package dev.dome.statecontroller.application.read;

import dev.dome.statecontroller.application.read.RunReads.QueueRecord;

/**
 * A queue as the API shows it.
 *
 * @param ready tasks a worker may claim unless the queue is paused or its breaker open
 * @param held tasks that wait for a dependency or a delay
 * @param leased tasks a worker holds
 * @param paused who paused it, absent unless somebody did
 */
public record QueueView(String queue, long ready, long held, long leased, PauseView paused) {

  public static QueueView of(QueueRecord queue) {
    return new QueueView(
        queue.queue(), queue.ready(), queue.held(), queue.leased(), PauseView.of(queue.paused()));
  }
}
