package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.LimitName;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One seeded life of two replicas that share a store, with the production lane writer and publisher
 * on one thread: everything random comes from the seed. Processes die at any call of any port,
 * store calls fail, other calls throw what nothing foresees, messages are dropped, repeated,
 * delayed and overtaken, clocks jump, and stopped processes wake up again.
 */
final class Simulation {
  static final NamespaceId NAMESPACE = new NamespaceId("sim");
  private static final int LANES = 4;
  private static final int REPLICAS = 2;
  private static final int MAX_TURNS = 5_000;

  private final Random random;
  private final Faults faults = new Faults();
  private final MemoryStore store = new MemoryStore(LANES);
  private final FaultyStore faulty = new FaultyStore(store, store, faults);
  private final SimulatedInbox.Stream stream = new SimulatedInbox.Stream();
  private final SimulatedStream published = new SimulatedStream(faults);
  private final SimulatedClients clients = new SimulatedClients(store, faults);
  private final Recorder said = new Recorder();
  private final List<LiveReplica> zombies = new ArrayList<>();
  private final List<Command> delayed = new ArrayList<>();
  private final List<InboxMessage> dropped = new ArrayList<>();
  private final List<LiveReplica> replicas = new ArrayList<>();
  private final LimitCheck limits;
  private long now = 1_800_000_000_000L;
  private int operations;
  private int claims;
  private int submitted;

  /** One replica: what dies with it and what it alone knows. */
  private record LiveReplica(
      Mailbox mailbox, SimulatedInbox inbox, JournalPublisher publisher, LaneWriter writer) {}

  Simulation(long seed) {
    this.random = new Random(seed);
    List<TaskLimit> limited = limits();
    store.limit(limited);
    this.limits = new LimitCheck(store, limited);
    for (int number = 0; number < REPLICAS; number++) {
      replicas.add(null);
      restart(number);
    }
  }

  /** Each of them is there in some lives. */
  private List<TaskLimit> limits() {
    List<TaskLimit> all = new ArrayList<>();
    if (random.nextInt(3) != 0) {
      all.add(limit("key:database", 1 + random.nextInt(3), null));
    }
    if (random.nextBoolean()) {
      Rate rate = random.nextBoolean() ? null : new Rate(5, 1, 1 + random.nextInt(3));
      all.add(limit("queue:default", 3 + random.nextInt(4), rate));
    }
    if (random.nextInt(3) != 0) {
      all.add(limit("rate:api", null, new Rate(1, 1 + random.nextInt(3), 1 + random.nextInt(3))));
    }
    return all;
  }

  private static TaskLimit limit(String name, Integer slots, Rate rate) {
    return new TaskLimit(NAMESPACE, new LimitName(name), slots, rate);
  }

  private LiveReplica some() {
    return replicas.get(random.nextInt(REPLICAS));
  }

  /** The old process is gone, or sleeps; a new one takes its lanes over. */
  private void restart(int number) {
    Mailbox mailbox = new Mailbox(100_000, 1 << 26);
    SimulatedInbox inbox = new SimulatedInbox(stream, mailbox, faults);
    JournalPublisher publisher = new JournalPublisher(faulty, published);
    LaneWriter writer =
        new LaneWriter(
            "sim-" + number,
            new LaneWriter.Ports(inbox, faulty, crashing(publisher), clients, said, () -> now),
            mailbox,
            TestPolicies::standard,
            said,
            LaneWriter.Pace.DEFAULT.with(1 + random.nextInt(20), 8 + random.nextInt(64)));
    replicas.set(number, new LiveReplica(mailbox, inbox, publisher, writer));
    store.disconnect();
    store
        .takeOver(lane -> lane.number() % REPLICAS == number)
        .forEach((lane, epoch) -> mailbox.offer(new Command.LaneGained(lane, epoch)));
  }

  private Publisher crashing(Publisher publisher) {
    return new Publisher() {
      @Override
      public void open(Lane lane, long epoch) {
        faults.call("publish lane " + lane, () -> publisher.open(lane, epoch));
      }

      @Override
      public void close(Lane lane) {
        faults.call("publish no more lane " + lane, () -> publisher.close(lane));
      }

      @Override
      public void rewound(Lane lane) {
        faults.call("publish again lane " + lane, () -> publisher.rewound(lane));
      }

      @Override
      public void committed(Lane lane, List<JournalRow> rows) {
        faults.call("hand over " + rows.size(), () -> publisher.committed(lane, rows));
      }
    };
  }

  /** Lives through some inputs and heals. */
  void run(int inputs) {
    for (int i = 0; i < inputs; i++) {
      tick();
      act();
      replicas.forEach(replica -> replica.inbox().bring(random));
      if (random.nextInt(3) == 0) {
        overtake();
        turn(random.nextInt(REPLICAS));
      }
      if (random.nextInt(8) == 0) {
        publish(random.nextInt(REPLICAS));
      }
      if (random.nextInt(150) == 0) {
        replace(random.nextInt(REPLICAS));
      }
      if (random.nextInt(30) == 0) {
        wakeZombies();
      }
    }
    settle();
  }

  private void tick() {
    now +=
        switch (random.nextInt(60)) {
          case 0 -> 45_000;
          case 1 -> -random.nextInt(5_000);
          default -> random.nextInt(400);
        };
  }

  private void act() {
    int choice = random.nextInt(100);
    if (choice < 18) {
      submit();
    } else if (choice < 46) {
      claim();
    } else if (choice < 74) {
      report();
    } else if (choice < 84) {
      heartbeat();
    } else if (choice < 92) {
      timers();
    } else if (choice < 98) {
      steer();
    } else {
      gossip();
    }
  }

  private void turn(int number) {
    switch (random.nextInt(10)) {
      case 0 -> faults.crashIn(1 + random.nextInt(60));
      case 1 ->
          faults.failStoreIn(
              1 + random.nextInt(5), StoreException.Kind.UNKNOWN, random.nextBoolean());
      case 2 -> faults.failStoreIn(1 + random.nextInt(5), StoreException.Kind.CONFLICT, false);
      case 3 -> faults.breakIn(1 + random.nextInt(20));
      default -> faults.calm();
    }
    LaneWriter.Turn turn = replicas.get(number).writer().turn();
    boolean died = faults.dead();
    faults.calm();
    store.disconnect();
    limits.afterTurn();
    if (died) {
      restart(number);
    }
    faults.note("turn " + number + " " + now + (died ? " died" : " " + turn));
    relay();
  }

  /** What the replicas tell each other; some of it is lost. */
  private void relay() {
    clients.forwarded.forEach((replicaId, asked) -> {
      if (random.nextInt(10) != 0) {
        replicas.get(Integer.parseInt(replicaId.substring("sim-".length()))).mailbox().offer(asked);
      }
    });
    clients.forwarded.clear();
    for (Command hint : clients.hints) {
      if (random.nextInt(10) != 0) {
        replicas.forEach(replica -> replica.mailbox().offer(hint));
      }
    }
    clients.hints.clear();
  }

  private void publish(int number) {
    LiveReplica replica = replicas.get(number);
    switch (random.nextInt(12)) {
      case 0 -> faults.crashIn(1 + random.nextInt(12));
      case 1 -> faults.failStoreIn(1, StoreException.Kind.UNKNOWN, random.nextBoolean());
      case 2 -> published.lose(SimulatedStream.Loss.BATCH);
      case 3 -> published.lose(SimulatedStream.Loss.ANSWER);
      case 4 -> published.recreate();
      default -> faults.calm();
    }
    try {
      replica.publisher().checkIncarnation();
      replica.publisher().round();
      replica.publisher().record();
    } catch (Faults.Crash crash) {
      faults.note("died " + crash.getMessage());
      restart(number);
    } catch (StoreException e) {
      faults.note("publication failed " + e.kind());
    } finally {
      faults.calm();
      published.lose(SimulatedStream.Loss.NONE);
    }
  }

  /** Another replica takes over although this one is alive and knows nothing of it. */
  private void replace(int number) {
    zombies.add(replicas.get(number));
    restart(number);
  }

  private void wakeZombies() {
    for (LiveReplica zombie : List.copyOf(zombies)) {
      zombie.inbox().bring(random);
      zombie.writer().turn();
      limits.afterTurn();
      if (zombie.writer().lanesOwned() == 0) {
        zombies.remove(zombie);
      }
    }
  }

  /** Claims and heartbeats come in any order, and some never. */
  private void overtake() {
    while (!delayed.isEmpty() && random.nextInt(4) != 0) {
      Command next = delayed.remove(random.nextInt(delayed.size()));
      if (random.nextInt(10) != 0) {
        some().mailbox().offer(next);
      }
    }
  }

  private void send(InboxMessage message) {
    switch (random.nextInt(10)) {
      case 0 -> dropped.add(message);
      case 1 -> {
        append(message);
        append(message);
      }
      default -> append(message);
    }
  }

  private void append(InboxMessage message) {
    stream.append(
        message.attemptId() != null
            ? message.attemptId().lane()
            : Lane.of(NAMESPACE, message.runId(), LANES),
        message);
  }

  private String operation() {
    return "op-" + ++operations;
  }

  private void submit() {
    boolean again = submitted > 0 && random.nextInt(4) == 0;
    RunId runId = new RunId("run-" + (again ? random.nextInt(submitted) : submitted++));
    JsonNode document = Messages.chain(runId, 1 + random.nextInt(3));
    if (random.nextInt(4) == 0) {
      document.get("tasks").forEach(task -> ((ObjectNode) task).put("concurrency_key", "database"));
    }
    if (random.nextInt(4) == 0) {
      document.get("tasks").forEach(task -> ((ObjectNode) task).putArray("rate_limits").add("api"));
    }
    send(Messages.submit(operation(), NAMESPACE, runId, document));
  }

  private void claim() {
    boolean again = claims > 0 && random.nextInt(5) == 0;
    String id = "claim-" + (again ? random.nextInt(claims) : claims++);
    delayed.add(
        new Command.ClaimAsked(
            Messages.claim(NAMESPACE, id, 1 + random.nextInt(2), now + 2_000), id));
  }

  private void report() {
    if (clients.held.isEmpty()) {
      return;
    }
    Claim.GrantedTask task = clients.held.get(random.nextInt(clients.held.size()));
    if (random.nextInt(4) != 0) {
      clients.held.remove(task);
    }
    TaskResult result =
        random.nextInt(6) == 0 ? Messages.flaky(task.taskId()) : Messages.pass(task.taskId());
    Claim.Request next =
        random.nextBoolean() ? null : Messages.claim(NAMESPACE, "claim-" + claims++, 1, now);
    send(Messages.report(operation(), NAMESPACE, task, result, next));
  }

  private void heartbeat() {
    if (!clients.held.isEmpty()) {
      Claim.GrantedTask task = clients.held.get(random.nextInt(clients.held.size()));
      delayed.add(
          new Command.HeartbeatAsked(
              new Claim.Heartbeat(
                  NAMESPACE, task.attemptId(), task.fence(), null, Messages.WORKER, null),
              "heartbeat"));
    }
  }

  private void timers() {
    for (Changes.RunRow row : List.copyOf(store.runs.values())) {
      for (TaskState task : row.state().tasks()) {
        if (task.retryDueAtMs() != null && task.retryDueAtMs() <= now) {
          send(
              Messages.retryDue(
                  operation(),
                  NAMESPACE,
                  row.state().runId(),
                  task.plan().taskId(),
                  task.attempt()));
        }
      }
    }
  }

  private void steer() {
    if (submitted == 0) {
      return;
    }
    RunId runId = new RunId("run-" + random.nextInt(submitted));
    send(
        switch (random.nextInt(5)) {
          case 0 -> Messages.cancel(operation(), NAMESPACE, runId);
          case 1, 2 -> Messages.pause(operation(), NAMESPACE, runId);
          default -> Messages.resume(operation(), NAMESPACE, runId);
        });
  }

  /** What other replicas and the housekeeping say, true or not. */
  private void gossip() {
    List<ReadyTask> once =
        store.runs.values().stream()
            .flatMap(
                row -> row.state().tasks().stream().map(task -> ReadyTask.of(row.state(), task)))
            .limit(5)
            .toList();
    LiveReplica replica = some();
    replica.mailbox().offer(new Command.Reindex(once));
    Claim.Request asked = Messages.claim(NAMESPACE, "none", 1, now);
    replica
        .mailbox()
        .offer(
            new Command.HintSeen(new ReadyHint("sim-0", NAMESPACE, asked.queue(), 1, null, null)));
  }

  /** Everything heals: workers go on until every run is final and every message is applied. */
  private void settle() {
    dropped.forEach(this::append);
    for (int i = 0; i < 2_000 && !finished(); i++) {
      now += 5_000;
      for (Changes.RunRow row : List.copyOf(store.runs.values())) {
        if (row.state().paused() && !row.state().status().isFinal()) {
          append(Messages.resume(operation(), NAMESPACE, row.state().runId()));
        }
      }
      timers();
      for (LiveReplica replica : replicas) {
        String id = "claim-" + claims++;
        replica
            .mailbox()
            .offer(new Command.ClaimAsked(Messages.claim(NAMESPACE, id, 5, now + 1_000), id));
      }
      drain();
      clients.held.forEach(task ->
          append(
              Messages.report(operation(), NAMESPACE, task, Messages.pass(task.taskId()), null)));
      clients.held.clear();
      drain();
      wakeZombies();
    }
    for (LiveReplica replica : replicas) {
      replica.publisher().checkIncarnation();
      for (int i = 0; i < 20; i++) {
        replica.publisher().round();
      }
    }
  }

  private void drain() {
    for (LiveReplica replica : replicas) {
      replica.inbox().bringAll();
      for (int i = 0; replica.writer().turn() != LaneWriter.Turn.IDLE; i++) {
        limits.afterTurn();
        replica.inbox().bringAll();
        if (i > MAX_TURNS) {
          throw new AssertionError("the writer does not come to rest: some input stops its lane");
        }
      }
    }
    relay();
  }

  private boolean finished() {
    return replicas.stream().allMatch(replica -> replica.mailbox().size() == 0)
        && stream.applied(store.cursors)
        && store.runs.values().stream().allMatch(row -> row.state().status().isFinal());
  }

  void check() {
    assertThat(said.broken)
        .as("nothing but what was asked for stops a turn, and no check of a port failed in one")
        .allMatch(cause -> String.valueOf(cause.getMessage()).startsWith("asked for behind"));
    new JournalCheck(store).check(stream, published);
  }

  /** Of everything that was asked, stored and said. */
  String traceHash() {
    return faults.traceHash();
  }

  /** What happened, for the report of all seeds. */
  Map<String, Integer> figures() {
    return Map.of(
        "runs", store.runs.size(),
        "rows", store.journal.size(),
        "full", limits.full(),
        "crashes", faults.crashes(),
        "breaks", faults.breaks(),
        "failures", faults.failures());
  }
}
