package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.JournalRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Everything a writer says, kept for the test. */
final class Recorder implements Inbox, Publisher, Replies, Sightings, WriterObserver {
  final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  final Map<String, List<Claim.GrantedTask>> claims = new LinkedHashMap<>();
  final Map<String, Claim.HeartbeatReply> heartbeats = new LinkedHashMap<>();
  final List<String> drained = new ArrayList<>();
  final List<String> seen = new ArrayList<>();
  final List<ReadyHint> hints = new ArrayList<>();
  final List<FreedHint> freed = new ArrayList<>();
  final List<String> forwarded = new ArrayList<>();
  final List<Command.ClaimAsked> moved = new ArrayList<>();
  final Map<Lane, InboxCursor> reading = new HashMap<>();
  final Map<Lane, List<JournalRow>> published = new HashMap<>();
  final List<Lane> rewound = new ArrayList<>();
  final List<String> poisoned = new ArrayList<>();
  final List<RuntimeException> failures = new ArrayList<>();
  final List<Throwable> broken = new ArrayList<>();

  /** The last reader of each lane, also of those that were closed. */
  final Map<Lane, Long> readers = new HashMap<>();

  /** The call that throws once; empty for none. */
  String breaksAt = "";

  int batches;

  private void call(String name) {
    if (name.equals(breaksAt)) {
      breaksAt = "";
      throw new NoClassDefFoundError("broken at " + name);
    }
  }

  @Override
  public void open(Lane lane, long reader, InboxCursor after) {
    call("read");
    readers.put(lane, reader);
    reading.put(lane, after);
  }

  @Override
  public void open(Lane lane, long epoch) {
    published.computeIfAbsent(lane, k -> new ArrayList<>());
  }

  @Override
  public void close(Lane lane) {
    reading.remove(lane);
  }

  @Override
  public void committed(Lane lane, List<JournalRow> rows) {
    call("hand over");
    published.computeIfAbsent(lane, k -> new ArrayList<>()).addAll(rows);
  }

  @Override
  public void rewound(Lane lane) {
    rewound.add(lane);
  }

  @Override
  public void outcome(String replyTo, Outcome outcome) {
    call("outcome");
    outcomes.put(outcome.operationId(), outcome);
  }

  @Override
  public void claim(String replyTo, Claim.Reply reply) {
    call("claim");
    claims.put(replyTo, reply.tasks());
    if (reply.directives() != null) {
      drained.add(replyTo);
    }
  }

  @Override
  public void heartbeat(String replyTo, Claim.HeartbeatReply reply) {
    heartbeats.put(replyTo, reply);
  }

  @Override
  public void readyHint(ReadyHint hint) {
    call("hint");
    hints.add(hint);
  }

  @Override
  public void freedHint(FreedHint hint) {
    freed.add(hint);
  }

  @Override
  public void forward(String replicaId, Claim.Request request, String replyTo) {
    forwarded.add(replicaId + ":" + replyTo);
    moved.add(new Command.ClaimAsked(request, replyTo, true));
  }

  @Override
  public void claimed(Claim.Request request, long nowMs) {
    seen.add("claim " + request.workerId());
  }

  @Override
  public void alive(NamespaceId of, QueueName queue, String workerId, long nowMs) {
    seen.add("alive " + workerId + " " + queue);
  }

  @Override
  public Scope batch(Supplier<List<String>> traceparents) {
    return new Scope() {
      @Override
      public void committed(BatchReport report) {
        batches++;
      }

      @Override
      public void close() {
        // The scope of a test holds nothing.
      }
    };
  }

  @Override
  public void failed(StoreException failure) {
    failures.add(failure);
  }

  @Override
  public void broke(Throwable cause) {
    broken.add(cause);
  }

  @Override
  public void poisoned(Lane lane, long sequence, String cause) {
    poisoned.add(cause);
  }

  @Override
  public void decisionFailed(RunUid runUid, RuntimeException cause) {
    failures.add(cause);
  }

  @Override
  public void heartbeatFailed(AttemptId attemptId, RuntimeException cause) {
    failures.add(cause);
  }

  @Override
  public void laneOpened(Lane lane, long epoch) {
    // Tests look at reading.
  }

  @Override
  public void laneClosed(Lane lane, long epoch) {
    // Tests look at reading.
  }
}
