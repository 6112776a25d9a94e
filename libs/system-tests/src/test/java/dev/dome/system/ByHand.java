package dev.dome.system;

import static org.awaitility.Awaitility.await;

import dev.dome.client.WorkerCalls;
import dev.dome.client.WorkerCalls.ClaimRequest;
import dev.dome.client.model.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A worker that does nothing by itself. */
final class ByHand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ByHand() {}

  /**
   * A claim of its own until one is granted; a lost answer's lease is granted again after its term.
   */
  static Grant claim(WorkerCalls worker, String queue) {
    return claim(worker, queue, 1).getFirst();
  }

  /** Claims until that many tasks are granted, by however many claims. */
  static List<Grant> claim(WorkerCalls worker, String queue, int tasks) {
    List<Grant> granted = new ArrayList<>();
    while (granted.size() < tasks) {
      granted.addAll(some(worker, queue, tasks - granted.size()));
    }
    return granted;
  }

  private static List<Grant> some(WorkerCalls worker, String queue, int most) {
    ClaimRequest request =
        new ClaimRequest(queue, UUID.randomUUID().toString(), "by-hand", null, most, 5);
    return await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> worker.claim(request).tasks(), granted -> !granted.isEmpty());
  }
}
