package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.ResultStatus;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.Event;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Kernel;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One seeded life of the production lane writer: everything random comes from the seed. */
final class Simulation {
  private static final int LANES = 4;
  private static final String LIFE = "life-1";

  private final Random random;
  private final MemoryStore store = new MemoryStore(LANES);
  private final FaultyStore faulty = new FaultyStore(store);
  private final NamespaceId namespace = new NamespaceId("sim");
  private final Map<Lane, List<Command.Delivery>> stream = new TreeMap<>();
  private final List<Claim.GrantedTask> held = new ArrayList<>();
  private final List<LaneWriter> zombies = new ArrayList<>();
  private Recorder said = new Recorder();
  private Mailbox mailbox;
  private LaneWriter writer;
  private Map<Lane, Long> epochs;
  private long now = 1_800_000_000_000L;
  private long sequence;
  private int operations;
  private int claims;
  private int runs;

  Simulation(long seed) {
    this.random = new Random(seed);
    restart();
  }

  /** The old process is gone, or a zombie; a new one takes over and reads from the cursors. */
  private void restart() {
    if (writer != null && random.nextBoolean()) {
      zombies.add(writer);
    }
    said = new Recorder();
    mailbox = new Mailbox(100_000);
    epochs = store.takeOver();
    writer =
        new LaneWriter(
            "sim",
            new LaneWriter.Ports(said, faulty, said, said, () -> now),
            mailbox,
            TestPolicies::standard,
            said,
            LaneWriter.Pace.DEFAULT.with(1 + random.nextInt(20), 8 + random.nextInt(64)));
    epochs.forEach((lane, epoch) -> mailbox.offer(new Command.LaneGained(lane, epoch)));
    writer.turn();
    stream.forEach((lane, messages) -> messages.forEach(this::bring));
  }

  private void bring(Command.Delivery d) {
    mailbox.offer(
        new Command.Delivery(
            d.lane(), epochs.get(d.lane()), d.incarnation(), d.sequence(), d.bytes()));
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      now += random.nextInt(400);
      act();
      if (random.nextInt(3) == 0) {
        fault();
        writer.turn();
        collect();
      }
    }
    faulty.fault = FaultyStore.Fault.NONE;
    settle();
  }

  private void act() {
    switch (random.nextInt(10)) {
      case 0, 1 -> submit();
      case 2, 3, 4 -> claim();
      case 5, 6, 7 -> report();
      case 8 -> repeatDelivery();
      default -> timers();
    }
  }

  private void fault() {
    switch (random.nextInt(40)) {
      case 0 -> restart();
      case 1 -> faulty.fault = FaultyStore.Fault.LOST_BEFORE;
      case 2 -> faulty.fault = FaultyStore.Fault.LOST_AFTER;
      case 3 -> faulty.fault = FaultyStore.Fault.CONFLICT;
      case 4 -> zombies.forEach(LaneWriter::turn);
      case 5 -> now += 45_000;
      default -> faulty.fault = FaultyStore.Fault.NONE;
    }
  }

  private void send(InboxMessage message) {
    Lane lane =
        message.attemptId() != null
            ? message.attemptId().lane()
            : Lane.of(namespace, message.runId(), LANES);
    Command.Delivery delivery =
        new Command.Delivery(lane, epochs.get(lane), LIFE, ++sequence, Json.write(message));
    stream.computeIfAbsent(lane, k -> new ArrayList<>()).add(delivery);
    bring(delivery);
  }

  private String operation() {
    return "op-" + ++operations;
  }

  private void submit() {
    RunId runId = new RunId("run-" + (random.nextInt(4) == 0 ? random.nextInt(runs + 1) : runs++));
    send(
        Messages.submit(
            operation(), namespace, runId, Messages.chain(runId, 1 + random.nextInt(3))));
  }

  private void claim() {
    String id = "claim-" + (random.nextInt(5) == 0 ? random.nextInt(claims + 1) : claims++);
    mailbox.offer(
        new Command.ClaimAsked(
            Messages.claim(namespace, id, 1 + random.nextInt(2), now + 2_000), id));
  }

  private void collect() {
    said.claims.values().forEach(held::addAll);
    said.claims.clear();
  }

  private void report() {
    if (held.isEmpty()) {
      return;
    }
    Claim.GrantedTask task = held.get(random.nextInt(held.size()));
    if (random.nextInt(4) != 0) {
      held.remove(task);
    }
    TaskResult result = random.nextInt(6) == 0 ? flaky(task) : Messages.pass(task.taskId());
    Claim.Request next =
        random.nextBoolean() ? null : Messages.claim(namespace, "next-" + ++claims, 1, now);
    send(Messages.report(operation(), namespace, task, result, next));
  }

  private static TaskResult flaky(Claim.GrantedTask task) {
    return new TaskResult(
        TaskResult.ARTIFACT_KIND,
        task.taskId(),
        ResultStatus.FAIL,
        null,
        null,
        null,
        new ReasonCode("TRANSIENT.LEASE_EXPIRED"),
        true,
        null,
        null,
        null,
        null,
        1L,
        null,
        null);
  }

  /** The same message again: the writer's cursor must know it. */
  private void repeatDelivery() {
    List<List<Command.Delivery>> lanes = new ArrayList<>(stream.values());
    if (!lanes.isEmpty()) {
      List<Command.Delivery> lane = lanes.get(random.nextInt(lanes.size()));
      Command.Delivery last = lane.get(random.nextInt(lane.size()));
      if (store.cursors.get(last.lane()).covers(LIFE, last.sequence())) {
        bring(last);
      }
    }
  }

  private void timers() {
    for (Changes.RunRow row : List.copyOf(store.runs.values())) {
      for (TaskState task : row.state().tasks()) {
        if (task.retryDueAtMs() != null && task.retryDueAtMs() <= now) {
          send(
              Messages.retryDue(
                  operation(),
                  namespace,
                  row.state().runId(),
                  task.plan().taskId(),
                  task.attempt()));
        }
      }
    }
  }

  /** Everything heals: workers go on until every run is final. */
  private void settle() {
    for (int i = 0; i < 2_000 && !finished(); i++) {
      now += 5_000;
      timers();
      mailbox.offer(
          new Command.ClaimAsked(
              Messages.claim(namespace, "heal-" + ++claims, 5, now + 1_000), "heal-" + claims));
      drain();
      collect();
      held.forEach(task ->
          send(Messages.report(operation(), namespace, task, Messages.pass(task.taskId()), null)));
      held.clear();
      drain();
      zombies.forEach(LaneWriter::turn);
    }
  }

  private void drain() {
    for (int i = 0; i < 10_000 && writer.turn() != LaneWriter.Turn.IDLE; i++) {
      collect();
    }
  }

  private boolean finished() {
    return mailbox.size() == 0
        && store.runs.values().stream().allMatch(row -> row.state().status().isFinal());
  }

  void check() {
    assertThat(store.runs.values()).allMatch(row -> row.state().status().isFinal());
    Map<Lane, Long> positions = new HashMap<>();
    Map<String, JournalRow> heads = new HashMap<>();
    Map<String, RunState> folded = new HashMap<>();
    for (JournalRow row : store.journal) {
      assertThat(row.lanePosition()).isEqualTo(positions.merge(row.lane(), 1L, Long::sum));
      JournalRow head = heads.put(row.runUid().value(), row);
      assertThat(row.envelope().sequence())
          .isEqualTo(head == null ? 1 : head.envelope().sequence() + 1);
      assertThat(row.prevHash()).isEqualTo(head == null ? JournalRow.GENESIS : head.hash());
      assertThat(row.hashHolds()).isTrue();
      if (row.kind() == JournalEntry.Kind.EVENT) {
        folded.put(row.runUid().value(), fold(folded.get(row.runUid().value()), row));
      }
    }
    for (Changes.RunRow row : store.runs.values()) {
      String runUid = row.state().runUid().value();
      assertThat(row.headHash()).isEqualTo(heads.get(runUid).hash());
      assertThat(row.stateHash()).isEqualTo(folded.get(runUid).digest());
    }
    assertThat(store.leases.values()).allMatch(Store.Lease::ended);
    assertThat(store.poison).isEmpty();
    assertThat(store.positions)
        .allSatisfy((lane, at) -> assertThat(at).isEqualTo(positions.getOrDefault(lane, 0L)));
  }

  /** Folds an event; the kernel refuses a second grant of a task that is leased. */
  private static RunState fold(RunState run, JournalRow row) {
    Event event = Event.read(row.envelope().topic(), row.envelope().payload());
    return Kernel.evolve(
        run, event, row.envelope().sequence(), Timestamps.parse(row.envelope().ts()));
  }

  int runCount() {
    return store.runs.size();
  }
}
