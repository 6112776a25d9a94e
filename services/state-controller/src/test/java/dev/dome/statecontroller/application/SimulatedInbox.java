package dev.dome.statecontroller.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The inbox stream and one process's readers of it: each reader brings its lane's messages in
 * order, late, and sometimes again.
 */
final class SimulatedInbox implements Inbox {

  /** What is on the stream's disk; it outlives every process, but not a deletion. */
  static final class Stream {
    private static final long SYNC_EVERY_MS = 120_000;

    private final PlantedBug bug;
    private final Map<Lane, List<Stored>> lanes = new TreeMap<>();
    private final Map<Lane, Long> delivered = new TreeMap<>();
    private final Map<Lane, Long> trimmed = new TreeMap<>();
    private final Map<String, InboxMessage> acknowledged = new LinkedHashMap<>();
    private int life = 1;
    private long sequence;
    private long syncedAtMs;

    private record Stored(long sequence, long atMs, InboxMessage message) {}

    Stream(PlantedBug bug) {
      this.bug = bug;
    }

    String incarnation() {
      return "inbox-" + life;
    }

    void append(Lane lane, InboxMessage message, long nowMs) {
      if (nowMs - syncedAtMs >= SYNC_EVERY_MS) {
        syncedAtMs = nowMs;
      }
      lanes
          .computeIfAbsent(lane, k -> new ArrayList<>())
          .add(new Stored(++sequence, nowMs, message));
      acknowledged.put(message.operationId(), message);
    }

    /**
     * Somebody deleted the stream and it was made anew. What was in it and not applied is lost,
     * which an operator is told.
     *
     * @return what its senders do not know to be answered; they send it again
     */
    List<Undelivered> recreate(Map<Lane, InboxCursor> cursors) {
      List<Undelivered> lost = new ArrayList<>();
      lanes.forEach((lane, stored) ->
          stored.stream()
              .filter(one -> !cursors.get(lane).covers(incarnation(), one.sequence()))
              .forEach(one -> lost.add(new Undelivered(lane, one.message()))));
      lost.forEach(one -> acknowledged.remove(one.message().operationId()));
      lanes.clear();
      trimmed.clear();
      delivered.clear();
      sequence = 0;
      life++;
      return lost;
    }

    /** The machine lost its power: the disk has what was synced. */
    void losePower() {
      if (bug == PlantedBug.SYNC_INTERVAL_TWO_MINUTES) {
        lanes.values().forEach(stored -> stored.removeIf(one -> one.atMs() > syncedAtMs));
      }
    }

    /** Drops what nobody will read again. */
    void trim(Map<Lane, InboxCursor> cursors) {
      cursors.forEach((lane, cursor) -> {
        if (cursor.incarnation().equals(incarnation())) {
          long upTo =
              bug == PlantedBug.TRIMMER_TOO_EAGER
                  ? delivered.getOrDefault(lane, 0L)
                  : cursor.sequence();
          trimmed.merge(lane, upTo, Math::max);
        }
      });
    }

    /** Whether everything was applied, as the store has it. */
    boolean applied(Map<Lane, InboxCursor> cursors) {
      return lanes.entrySet().stream()
          .filter(lane -> !lane.getValue().isEmpty())
          .allMatch(lane ->
              cursors
                  .get(lane.getKey())
                  .covers(incarnation(), lane.getValue().getLast().sequence()));
    }

    /** Every message whose sender was told that it is kept. */
    List<InboxMessage> acknowledged() {
      return List.copyOf(acknowledged.values());
    }

    /** The message of an operation; null for one that is not kept. */
    InboxMessage message(String operationId) {
      return acknowledged.get(operationId);
    }

    private int indexAfter(Lane lane, InboxCursor after) {
      long from = trimmed.getOrDefault(lane, 0L);
      if (after.incarnation().equals(incarnation())) {
        from = Math.max(from, after.sequence());
      }
      List<Stored> stored = lanes.getOrDefault(lane, List.of());
      int next = 0;
      while (next < stored.size() && stored.get(next).sequence() <= from) {
        next++;
      }
      return next;
    }
  }

  /** A message that its lane never applied. */
  record Undelivered(Lane lane, InboxMessage message) {}

  private final Stream stream;
  private final Mailbox mailbox;
  private final Faults faults;
  private final Map<Lane, Reader> readers = new TreeMap<>();

  private static final class Reader {
    private final long number;
    private int life;
    private int next;

    private Reader(long number, int life, int next) {
      this.number = number;
      this.life = life;
      this.next = next;
    }
  }

  SimulatedInbox(Stream stream, Mailbox mailbox, Faults faults) {
    this.stream = stream;
    this.mailbox = mailbox;
    this.faults = faults;
  }

  @Override
  public void open(Lane lane, long reader, InboxCursor after) {
    faults.call(
        "read lane " + lane + " after " + after.sequence(),
        () -> readers.put(lane, new Reader(reader, stream.life, stream.indexAfter(lane, after))));
  }

  @Override
  public void close(Lane lane) {
    faults.call("close lane " + lane, () -> readers.remove(lane));
  }

  /** Brings some of what waits, of lanes in any order; now and then something once more. */
  void bring(Random random) {
    List<Lane> open = new ArrayList<>(readers.keySet());
    for (int i = random.nextInt(4); i > 0 && !open.isEmpty(); i--) {
      Lane lane = open.get(random.nextInt(open.size()));
      Reader reader = current(lane);
      if (reader.next > 0 && random.nextInt(8) == 0) {
        deliver(lane, reader.number, random.nextInt(reader.next));
      }
      bringNext(lane, reader, random.nextInt(4));
    }
  }

  /** Brings everything. */
  void bringAll() {
    readers.keySet().forEach(lane -> bringNext(lane, current(lane), Integer.MAX_VALUE));
  }

  /** A reader of a stream that was made anew starts at its beginning. */
  private Reader current(Lane lane) {
    Reader reader = readers.get(lane);
    if (reader.life != stream.life) {
      reader.life = stream.life;
      reader.next = 0;
    }
    return reader;
  }

  private void bringNext(Lane lane, Reader reader, int max) {
    int waiting = stream.lanes.getOrDefault(lane, List.of()).size() - reader.next;
    for (int i = Math.min(waiting, max); i > 0; i--) {
      deliver(lane, reader.number, reader.next++);
    }
  }

  private void deliver(Lane lane, long reader, int index) {
    Stream.Stored stored = stream.lanes.get(lane).get(index);
    stream.delivered.merge(lane, stored.sequence(), Math::max);
    mailbox.offer(
        new Command.Delivery(
            lane, reader, stream.incarnation(), stored.sequence(), Json.write(stored.message())));
  }
}
