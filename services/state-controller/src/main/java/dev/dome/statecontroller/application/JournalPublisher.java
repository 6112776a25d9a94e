package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Publishes the owned lanes in order, one batch of a lane at a time. Rows that were handed over in
 * memory go out first hand; after a gap, a failure or too long a queue the table is read instead.
 * The recorded position may lag, so after a crash some rows go out twice; consumers skip them by
 * position. Rounds come from one thread; the port's methods from any.
 */
public final class JournalPublisher implements Publisher {
  /** Rows of one atomic batch. */
  private static final int MAX_BATCH = 500;

  /** A retry may be due before the next round would tell of it; nothing else is in a hurry. */
  private static final String URGENT = "task.retry.scheduled";

  /** Rows held in memory for a lane; beyond it the table holds them just as well. */
  private static final int MAX_HANDED = 5_000;

  private final JournalTable table;
  private final JournalStream stream;
  private final Map<Lane, Outgoing> lanes = new TreeMap<>();
  private final Semaphore signal = new Semaphore(0);
  private String incarnation = "";

  /** One lane on its way out; guarded by this publisher. */
  private static final class Outgoing {
    private final long epoch;
    private final Deque<JournalRow> handed = new ArrayDeque<>();
    private boolean known;
    private boolean urgent;
    private long rewind;
    private boolean behind = true;
    private long position;
    private long recorded;
    private CompletableFuture<Boolean> inFlight;
    private List<JournalRow> batch = List.of();

    private Outgoing(long epoch) {
      this.epoch = epoch;
    }

    private void learn(JournalTable.Published last, String current) {
      known = true;
      position = last.incarnation().equals(current) ? last.position() : 0;
      recorded = position;
      rewind = last.rewind();
    }

    /** Whether its rows go out without waiting for the next round. */
    private boolean hurries() {
      return urgent || behind || handed.size() >= MAX_BATCH;
    }
  }

  public JournalPublisher(JournalTable table, JournalStream stream) {
    this.table = table;
    this.stream = stream;
  }

  @Override
  public synchronized void open(Lane lane, long epoch) {
    lanes.put(lane, new Outgoing(epoch));
    signal.release();
  }

  @Override
  public synchronized void close(Lane lane) {
    lanes.remove(lane);
  }

  @Override
  public synchronized void committed(Lane lane, List<JournalRow> rows) {
    Outgoing out = lanes.get(lane);
    if (out == null) {
      return;
    }
    if (out.handed.size() + rows.size() > MAX_HANDED) {
      out.handed.clear();
      out.behind = true;
    } else {
      out.handed.addAll(rows);
      out.urgent |= rows.stream().anyMatch(JournalPublisher::isUrgent);
    }
    if (out.hurries()) {
      signal.release();
    }
  }

  private static boolean isUrgent(JournalRow row) {
    return row.envelope().topic().equals(URGENT);
  }

  /** Waits until a lane hurries; false if none did in time. */
  public boolean await(long timeoutMs) throws InterruptedException {
    boolean hurried = signal.tryAcquire(timeoutMs, TimeUnit.MILLISECONDS);
    signal.drainPermits();
    return hurried;
  }

  /** Settles what was acknowledged and sends what comes next, for every lane. */
  public void round() {
    round(out -> true);
  }

  /** The same for the lanes that cannot wait for a round. */
  public void hurry() {
    round(Outgoing::hurries);
  }

  private void round(Predicate<Outgoing> which) {
    learn();
    for (Lane lane : owned()) {
      Outgoing out = settled(lane, which);
      if (out != null) {
        send(lane, out);
      }
    }
  }

  private synchronized Collection<Lane> owned() {
    return List.copyOf(lanes.keySet());
  }

  /** Reads how far newly opened lanes were published. */
  private void learn() {
    Map<Lane, Outgoing> fresh = unknown();
    if (fresh.isEmpty()) {
      return;
    }
    String current = stream.incarnation();
    Map<Lane, JournalTable.Published> published = table.published(fresh.keySet());
    synchronized (this) {
      // Known lanes stand in the life before this one; set back, they are read next time.
      startOverIfNew(current);
      incarnation = current;
      published.forEach((lane, last) -> {
        // A lane that was opened or set back meanwhile is another one, and is read next time.
        if (lanes.get(lane) == fresh.get(lane)) {
          fresh.get(lane).learn(last, current);
        }
      });
    }
  }

  private synchronized Map<Lane, Outgoing> unknown() {
    Map<Lane, Outgoing> fresh = new TreeMap<>(lanes);
    fresh.values().removeIf(out -> out.known);
    return fresh;
  }

  /** The lane if it has no batch under way, its position is known and it is one of those. */
  private synchronized Outgoing settled(Lane lane, Predicate<Outgoing> which) {
    Outgoing out = lanes.get(lane);
    if (out == null || !out.known) {
      return null;
    }
    if (out.inFlight != null) {
      if (!out.inFlight.isDone()) {
        return null;
      }
      if (out.inFlight.join()) {
        out.position = out.batch.getLast().lanePosition();
      } else {
        out.behind = true;
      }
      out.inFlight = null;
      out.batch = List.of();
    }
    return which.test(out) ? out : null;
  }

  private void send(Lane lane, Outgoing out) {
    List<JournalRow> next = handed(out);
    boolean stored = false;
    if (next.isEmpty() && isBehind(out)) {
      next = table.after(lane, out.position, MAX_BATCH);
      stored = true;
    }
    synchronized (this) {
      if (next.isEmpty()) {
        out.behind &= !stored || !out.handed.isEmpty();
        return;
      }
      out.batch = next;
      out.inFlight = stream.append(lane, next).whenComplete((durable, bug) -> sent(out, durable));
    }
  }

  private synchronized void sent(Outgoing out, Boolean durable) {
    if (out.hurries() || !Boolean.TRUE.equals(durable)) {
      signal.release();
    }
  }

  private synchronized boolean isBehind(Outgoing out) {
    return out.behind;
  }

  /** The next rows in memory, if they follow directly on what was published. */
  private synchronized List<JournalRow> handed(Outgoing out) {
    while (!out.handed.isEmpty() && out.handed.peek().lanePosition() <= out.position) {
      out.handed.poll();
    }
    if (out.handed.isEmpty()) {
      out.urgent = false;
      return List.of();
    }
    if (out.handed.peek().lanePosition() != out.position + 1) {
      out.behind = true;
      return List.of();
    }
    List<JournalRow> next = new ArrayList<>();
    // A commit whose answer was lost was never handed over, so there may be a gap behind the first.
    long position = out.position;
    while (next.size() < MAX_BATCH
        && !out.handed.isEmpty()
        && out.handed.peek().lanePosition() == position + 1) {
      next.add(out.handed.poll());
      position++;
    }
    out.urgent = out.handed.stream().anyMatch(JournalPublisher::isUrgent);
    return next;
  }

  /** Records how far the lanes were published. */
  public void record() {
    Map<Lane, JournalTable.Published> progress = new HashMap<>();
    synchronized (this) {
      lanes.forEach((lane, out) -> {
        if (out.known && out.position > out.recorded) {
          progress.put(lane, new JournalTable.Published(incarnation, out.position, out.rewind));
        }
      });
    }
    if (progress.isEmpty()) {
      return;
    }
    table.record(progress);
    synchronized (this) {
      progress.forEach((lane, published) -> {
        Outgoing out = lanes.get(lane);
        if (out != null) {
          out.recorded = Math.min(out.position, published.position());
        }
      });
    }
  }

  /** Looks whether the stream was made anew; then every lane starts from what it lacks. */
  public void checkIncarnation() {
    startOverIfNew(stream.incarnation());
  }

  private synchronized void startOverIfNew(String current) {
    if (!incarnation.isEmpty() && !incarnation.equals(current)) {
      incarnation = current;
      List.copyOf(lanes.keySet()).forEach(this::rewound);
    }
  }

  /** What is on its way goes out once more, which consumers know. */
  @Override
  public synchronized void rewound(Lane lane) {
    Outgoing before = lanes.get(lane);
    if (before != null) {
      open(lane, before.epoch);
    }
  }

  /** Committed rows that wait in memory to be published; what the table holds beyond is not in. */
  public synchronized long waiting() {
    return lanes.values().stream().mapToLong(out -> out.handed.size() + out.batch.size()).sum();
  }
}
