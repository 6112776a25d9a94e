package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.artifact.Verdict;
import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.BreakerPhase;
import dev.dome.kernel.BreakerSnapshot;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.kernel.RunStatus;
import dev.dome.kernel.TaskState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One seeded life of two replicas that share a store, and of a service that follows their journal,
 * all with the code that runs in production and on one thread. Everything random comes from the
 * seed and the number of the step, so that a step does much the same without the ones before it.
 * Processes die at any call of any port, store calls fail, other calls throw what nothing foresees,
 * messages are dropped, repeated, delayed and overtaken, clocks jump, streams are deleted, machines
 * lose their power, stopped processes wake up again, and lanes go from one living replica to the
 * other and back.
 */
public final class Simulation implements Follower.World {
  public static final NamespaceId NAMESPACE = new NamespaceId("sim");
  private static final List<BreakerPhase> PHASES = List.of(BreakerPhase.values());
  private static final int LANES = 4;
  private static final int REPLICAS = 2;
  private static final int BEFORE_THE_FIRST_STEP = -1;
  private static final int BEHIND_THE_LAST_STEP = -2;

  private final long seed;
  private final PlantedBug bug;
  private final Random random = new Random();
  private final Faults faults = new Faults();
  private final Violations violations = new Violations();
  private final MemoryStore store = new MemoryStore(LANES);
  private final PlantedStore planted;
  private final FaultyStore faulty;
  private final PlantedKernel kernel;
  private final CommitCheck commits;
  private final SimulatedInbox.Stream stream;
  private final SimulatedStream published;
  private final SimulatedClients clients = new SimulatedClients(store, faults, violations);
  private final Recorder said = new Recorder();
  private final List<LiveReplica> zombies = new ArrayList<>();
  private final List<Command> delayed = new ArrayList<>();
  private final List<SimulatedInbox.Undelivered> dropped = new ArrayList<>();
  private final List<LiveReplica> replicas = new ArrayList<>();
  private final LimitCheck limits;
  private final Follower follower;
  private final SimulatedRest rest = new SimulatedRest(this);

  /** Which replica has each lane, or had it last. */
  private final int[] owners = new int[LANES];

  private long now = 1_800_000_000_000L;
  private int operations;
  private int claims;
  private int submitted;
  private int breakerVersion;
  private int step = BEFORE_THE_FIRST_STEP;

  /** One replica: what dies with it and what it alone knows. */
  record LiveReplica(
      Mailbox mailbox, SimulatedInbox inbox, JournalPublisher publisher, LaneWriter writer) {}

  /**
   * A life that has not begun.
   *
   * @param bug that is made on purpose
   * @param follower makes the service that follows the journal
   */
  public Simulation(long seed, PlantedBug bug, Function<Follower.World, Follower> follower) {
    this.seed = seed;
    this.bug = bug;
    this.planted = new PlantedStore(store, bug, faults);
    this.faulty = new FaultyStore(planted, store, faults);
    this.kernel = new PlantedKernel(bug);
    this.stream = new SimulatedInbox.Stream(bug);
    this.published = new SimulatedStream(faults, violations, bug);
    this.commits = new CommitCheck(store, stream, violations);
    chanceOf(BEFORE_THE_FIRST_STEP);
    store.watch(commits::committed);
    this.limits = LimitCheck.of(store, SimulatedDocuments.limits(NAMESPACE, random));
    Arrays.setAll(owners, lane -> lane % REPLICAS);
    for (int number = 0; number < REPLICAS; number++) {
      replicas.add(null);
      restart(number);
    }
    this.follower = follower.apply(this);
  }

  private void chanceOf(int number) {
    step = number;
    long mixed = (seed * 0x9E3779B97F4A7C15L + number) * 0xBF58476D1CE4E5B9L;
    random.setSeed(mixed ^ (mixed >>> 31));
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
            new LaneWriter.Ports(
                inbox, faulty, new FaultyPublisher(publisher, faults), clients, said, () -> now),
            mailbox,
            TestPolicies::standard,
            said,
            LaneWriter.Pace.DEFAULT.with(1 + random.nextInt(20), 8 + random.nextInt(64)),
            kernel);
    replicas.set(number, new LiveReplica(mailbox, inbox, publisher, writer));
    store.disconnect();
    give(number, lane -> owners[lane.number()] == number);
  }

  private void give(int number, Predicate<Lane> lanes) {
    store
        .takeOver(lanes)
        .forEach((lane, epoch) -> {
          owners[lane.number()] = number;
          replicas.get(number).mailbox().offer(new Command.LaneGained(lane, epoch));
        });
  }

  /** A lane goes to the other replica, or comes back, while both live and know much of its runs. */
  private void lend() {
    Lane lane = new Lane(random.nextInt(LANES));
    give((owners[lane.number()] + 1) % REPLICAS, lane::equals);
  }

  /**
   * Lives through some steps, heals and comes to rest.
   *
   * @throws AssertionError at the first thing that does not hold
   */
  public void live(List<Integer> steps) {
    for (int number : steps) {
      chanceOf(number);
      faults.note("step " + number);
      next();
      violations.raise();
    }
    chanceOf(BEHIND_THE_LAST_STEP);
    rest.come();
    check();
  }

  /** The step that is under way, or was the last; negative before the first and behind the last. */
  public int step() {
    return step;
  }

  private void next() {
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
    if (random.nextInt(6) == 0) {
      follower.step();
      faults.calm();
    }
    if (random.nextInt(150) == 0) {
      replace(random.nextInt(REPLICAS));
    }
    if (random.nextInt(30) == 0) {
      wakeZombies();
    }
    if (random.nextInt(40) == 0) {
      keepHouse();
    }
    if (random.nextInt(200) == 0) {
      disaster();
    }
    if (random.nextInt(50) == 0) {
      lend();
    }
    follower.check();
  }

  private void tick() {
    now +=
        switch (random.nextInt(60)) {
          case 0, 1 -> 45_000;
          case 2 -> -random.nextInt(5_000);
          default -> random.nextInt(400);
        };
  }

  private void act() {
    int choice = random.nextInt(100);
    if (choice < 18) {
      submit();
    } else if (choice < 46) {
      claim();
    } else if (choice < 76) {
      report();
    } else if (choice < 86) {
      heartbeat();
    } else if (choice < 94) {
      steer();
    } else if (choice < 96) {
      breaker(PHASES.get(random.nextInt(PHASES.size())));
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
    if (died) {
      planted.crashed();
    }
    store.disconnect();
    checkLimits();
    if (died) {
      restart(number);
    }
    faults.note("turn " + number + " " + now + (died ? " died" : " " + turn));
    relay();
  }

  void checkLimits() {
    violations.check(limits::afterTurn);
  }

  /** What the replicas tell each other; some of it is lost. */
  void relay() {
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
      // Housekeeping looks for a new life of the stream; rounds do not wait for it.
      if (random.nextInt(3) == 0) {
        replica.publisher().checkIncarnation();
      }
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

  void wakeZombies() {
    for (LiveReplica zombie : List.copyOf(zombies)) {
      zombie.inbox().bring(random);
      zombie.writer().turn();
      checkLimits();
      if (zombie.writer().lanesOwned() == 0) {
        zombies.remove(zombie);
      }
    }
  }

  /** What replicas do every few seconds: trim the inbox, and wake what nothing woke. */
  void keepHouse() {
    stream.trim(store.cursors);
    for (Changes.RunRow row : List.copyOf(store.runs.values())) {
      row.state().tasks().stream()
          .filter(task -> isOverdue(row.state(), task))
          .forEach(task ->
              owner(row.state().lane())
                  .mailbox()
                  .offer(
                      new Command.RetryOverdue(
                          row.state().lane(),
                          row.state().runUid(),
                          task.plan().taskId(),
                          task.attempt())));
    }
  }

  private boolean isOverdue(RunState run, TaskState task) {
    return !run.status().isFinal()
        && task.retryDueAtMs() != null
        && task.retryDueAtMs() < now - SimulatedRest.STILL_MS;
  }

  private LiveReplica owner(Lane lane) {
    return replicas.get(owners[lane.number()]);
  }

  private void disaster() {
    if (random.nextBoolean()) {
      dropped.addAll(stream.recreate(store.cursors));
      return;
    }
    stream.losePower();
    planted.crashed();
    zombies.clear();
    for (int number = 0; number < REPLICAS; number++) {
      restart(number);
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

  private void deliver(InboxMessage message) {
    Lane lane = laneOf(message);
    switch (random.nextInt(10)) {
      case 0 -> dropped.add(new SimulatedInbox.Undelivered(lane, message));
      case 1 -> {
        send(lane, message);
        send(lane, message);
      }
      default -> send(lane, message);
    }
  }

  private static Lane laneOf(InboxMessage message) {
    return message.attemptId() != null
        ? message.attemptId().lane()
        : Lane.of(NAMESPACE, message.runId(), LANES);
  }

  private String operation() {
    return "op-" + ++operations;
  }

  private void submit() {
    boolean again = submitted > 0 && random.nextInt(4) == 0;
    RunId runId = new RunId("run-" + (again ? random.nextInt(submitted) : submitted++));
    deliver(
        Messages.submit(operation(), NAMESPACE, runId, SimulatedDocuments.document(runId, random)));
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
        switch (random.nextInt(12)) {
          case 0, 1 -> Messages.flaky(task.taskId());
          case 2 -> Messages.pass(task.taskId(), 72);
          default -> Messages.pass(task.taskId());
        };
    Claim.Request next =
        random.nextBoolean() ? null : Messages.claim(NAMESPACE, "claim-" + claims++, 1, now);
    deliver(Messages.report(operation(), NAMESPACE, task, result, next));
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

  private void steer() {
    if (submitted == 0) {
      return;
    }
    RunId runId = new RunId("run-" + random.nextInt(submitted));
    switch (random.nextInt(8)) {
      case 0 -> deliver(Messages.cancel(operation(), NAMESPACE, runId));
      case 1, 2 -> deliver(Messages.pause(operation(), NAMESPACE, runId));
      case 3 -> approve();
      case 4 -> {
        Lane lane = new Lane(random.nextInt(LANES));
        send(lane, Messages.republish(operation(), NAMESPACE, random.nextInt(20)));
      }
      default -> deliver(Messages.resume(operation(), NAMESPACE, runId));
    }
  }

  private void approve() {
    store.runs.values().stream()
        .map(Changes.RunRow::state)
        .filter(run -> run.status() == RunStatus.AWAITING_APPROVAL)
        .findFirst()
        .ifPresent(run ->
            deliver(
                Messages.decide(
                    operation(),
                    NAMESPACE,
                    run.runId(),
                    random.nextInt(3) == 0 ? Verdict.REJECT : Verdict.APPROVE,
                    CanonicalJson.sha256(Json.tree(run.gate())))));
  }

  /** A breaker of the queue changes, and not every lane hears of it. */
  void breaker(BreakerPhase phase) {
    breakerVersion++;
    BreakerSnapshot breaker =
        new BreakerSnapshot(
            new BreakerKey("queue:default"),
            breakerVersion,
            phase,
            now,
            phase == BreakerPhase.OPEN ? (Long) (now + 30_000) : null,
            phase == BreakerPhase.HALF_OPEN ? (Integer) 2 : null);
    for (int number = 0; number < LANES; number++) {
      if (phase == BreakerPhase.CLOSED || random.nextInt(8) != 0) {
        send(new Lane(number), Messages.breaker(operation(), NAMESPACE, breaker));
      }
    }
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

  private void check() {
    violations.raise();
    assertThat(said.broken)
        .as("nothing but what was asked for stops a turn")
        .allMatch(cause -> String.valueOf(cause.getMessage()).startsWith("asked for behind"));
    store.runs.values().forEach(commits::stored);
    new JournalCheck(store).check(stream, published);
    follower.checkAtRest();
    violations.raise();
  }

  /** Of everything that was asked, stored and said; ends the trace. */
  public String traceHash() {
    return faults.traceHash();
  }

  /** What happened, for the report of all seeds. */
  public Map<String, Integer> figures() {
    return Map.of(
        "runs", store.runs.size(),
        "rows", store.journal.size(),
        "full", limits.full(),
        "crashes", faults.crashes(),
        "breaks", faults.breaks(),
        "failures", faults.failures());
  }

  /** What those see who bring it to rest. */
  SimulatedRest.Parts parts() {
    return new SimulatedRest.Parts(
        store, stream, replicas, clients, dropped, follower, this::operation);
  }

  void advance(long ms) {
    now += ms;
  }

  String nextClaim() {
    return "claim-" + claims++;
  }

  void raise() {
    violations.raise();
  }

  @Override
  public PlantedBug bug() {
    return bug;
  }

  @Override
  public Faults faults() {
    return faults;
  }

  @Override
  public Violations violations() {
    return violations;
  }

  @Override
  public Random random() {
    return random;
  }

  @Override
  public long nowMs() {
    return now;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public List<JournalRow> streamed(Lane lane, long after, int max) {
    return published.after(lane, after, max);
  }

  @Override
  public List<JournalRow> owned(Lane lane, long after, int max) {
    return store.after(lane, after, max);
  }

  @Override
  public void send(Lane lane, InboxMessage message) {
    stream.append(lane, message, now);
  }
}
