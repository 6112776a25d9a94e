package dev.dome.statecontroller.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows who works and who drains. What the lane writer sees is written down beside its batches, at
 * most once a second for each worker, and what the table says of drains is told to the writer.
 */
public final class WorkerWatch implements Sightings {
  /** Twice in a second, so that a drain holds on every replica within one. */
  public static final long EVERY_MS = 500;

  private static final long WRITE_EVERY_MS = 1_000;

  /** A worker that was not seen for so long is gone. */
  private static final long FORGET_AFTER_MS = 24L * 60 * 60 * 1_000;

  private static final long FORGET_EVERY_MS = 60_000;

  /** Holders of leases show themselves more often than that. */
  private static final long LATELY_MS = 60L * 60 * 1_000;

  /** Names are the callers' to choose, so what is kept between two writes is bounded. */
  static final int MAX_UNWRITTEN = 10_000;

  private final WorkerTable table;
  private final Mailbox mailbox;
  private final Clock clock;
  private final Map<Drains.Polling, WorkerTable.Seen> unwritten = new ConcurrentHashMap<>();
  private Drains told;
  private long wroteAtMs;
  private long forgotAtMs;

  public WorkerWatch(WorkerTable table, Mailbox mailbox, Clock clock) {
    this.table = table;
    this.mailbox = mailbox;
    this.clock = clock;
  }

  @Override
  public void claimed(Claim.Request request, long nowMs) {
    note(
        new WorkerTable.Seen(
            request.namespace(),
            request.queue(),
            request.workerId(),
            request.deploymentVersion(),
            request.offered(),
            true,
            nowMs));
  }

  @Override
  public void alive(NamespaceId namespace, QueueName queue, String workerId, long nowMs) {
    note(new WorkerTable.Seen(namespace, queue, workerId, null, Map.of(), false, nowMs));
  }

  private void note(WorkerTable.Seen seen) {
    if (unwritten.size() < MAX_UNWRITTEN) {
      unwritten.merge(
          new Drains.Polling(seen.namespace(), seen.queue(), seen.workerId()),
          seen,
          (before, now) -> now.claimed() || !before.claimed() ? now : before);
    }
  }

  /**
   * Makes sure that the writer was told once, which it is before it is given a lane: a draining
   * worker is granted nothing after a restart either.
   *
   * @throws StoreException when the table cannot be read
   */
  public synchronized void tellFirst() throws InterruptedException {
    if (told == null) {
      tell(clock.nowMs());
    }
  }

  /** Writes down who was seen and tells the writer who drains, if that has changed. */
  public synchronized void tick() throws InterruptedException {
    long now = clock.nowMs();
    tell(now);
    if (now - wroteAtMs >= WRITE_EVERY_MS) {
      wroteAtMs = now;
      write();
    }
    if (now - forgotAtMs >= FORGET_EVERY_MS) {
      forgotAtMs = now;
      table.forget(now - FORGET_AFTER_MS);
    }
  }

  private void tell(long now) throws InterruptedException {
    Drains drains = table.drains(now - LATELY_MS);
    if (!drains.equals(told)) {
      mailbox.put(new Command.DrainsChanged(drains));
      told = drains;
    }
  }

  private void write() {
    List<WorkerTable.Seen> seen = new ArrayList<>(unwritten.values());
    if (!seen.isEmpty()) {
      table.seen(seen);
      seen.forEach(worker ->
          unwritten.remove(
              new Drains.Polling(worker.namespace(), worker.queue(), worker.workerId()), worker));
    }
  }
}
