package dev.dome.statecontroller.application;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The inbox stream and one process's readers of it: each reader brings its lane's messages in
 * order, late, and sometimes again.
 */
final class SimulatedInbox implements Inbox {
  static final String LIFE = "life-1";

  /** What is on the stream's disk; it outlives every process. */
  static final class Stream {
    private final Map<Lane, List<Stored>> lanes = new TreeMap<>();
    private long sequence;

    private record Stored(long sequence, InboxMessage message) {}

    void append(Lane lane, InboxMessage message) {
      lanes.computeIfAbsent(lane, k -> new ArrayList<>()).add(new Stored(++sequence, message));
    }

    /** Whether everything was applied, as the store has it. */
    boolean applied(Map<Lane, InboxCursor> cursors) {
      return lanes.entrySet().stream()
          .allMatch(lane ->
              cursors.get(lane.getKey()).covers(LIFE, lane.getValue().getLast().sequence()));
    }

    /** Every message that was ever acknowledged. */
    List<InboxMessage> all() {
      return lanes.values().stream().flatMap(List::stream).map(Stored::message).toList();
    }
  }

  private final Stream stream;
  private final Mailbox mailbox;
  private final Faults faults;
  private final Map<Lane, Reader> readers = new TreeMap<>();

  private static final class Reader {
    private final long number;
    private int next;

    private Reader(long number, int next) {
      this.number = number;
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
        () -> {
          List<Stream.Stored> stored = stream.lanes.getOrDefault(lane, List.of());
          int next = 0;
          while (next < stored.size() && stored.get(next).sequence() <= after.sequence()) {
            next++;
          }
          readers.put(lane, new Reader(reader, next));
        });
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
      Reader reader = readers.get(lane);
      if (reader.next > 0 && random.nextInt(8) == 0) {
        deliver(lane, reader.number, random.nextInt(reader.next));
      }
      bringNext(lane, reader, random.nextInt(4));
    }
  }

  /** Brings everything. */
  void bringAll() {
    readers.forEach((lane, reader) -> bringNext(lane, reader, Integer.MAX_VALUE));
  }

  private void bringNext(Lane lane, Reader reader, int max) {
    int waiting = stream.lanes.getOrDefault(lane, List.of()).size() - reader.next;
    for (int i = Math.min(waiting, max); i > 0; i--) {
      deliver(lane, reader.number, reader.next++);
    }
  }

  private void deliver(Lane lane, long reader, int index) {
    Stream.Stored stored = stream.lanes.get(lane).get(index);
    mailbox.offer(
        new Command.Delivery(lane, reader, LIFE, stored.sequence(), Json.write(stored.message())));
  }
}
