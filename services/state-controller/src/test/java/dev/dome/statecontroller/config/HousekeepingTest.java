package dev.dome.statecontroller.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.NatsServer;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamsConfig;
import dev.dome.statecontroller.adapter.db.PgJournalTable;
import dev.dome.statecontroller.adapter.db.PgLaneLeases;
import dev.dome.statecontroller.adapter.db.PgUpkeep;
import dev.dome.statecontroller.adapter.nats.NatsJournalStream;
import dev.dome.statecontroller.adapter.nats.StreamWatch;
import dev.dome.statecontroller.application.JournalPublisher;
import dev.dome.statecontroller.application.LaneKeeper;
import dev.dome.statecontroller.application.Mailbox;
import dev.dome.statecontroller.application.PgFixture;
import dev.dome.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamInfoOptions;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica's housekeeping on a message server of its own and a database of its own. */
class HousekeepingTest {
  private static final Lane LANE = new Lane(3);
  private static final Lane OTHER = new Lane(4);

  private final String replica = "replica-" + UUID.randomUUID();
  private final Pool pool = PgFixture.pool("housekeeping");
  private final Mailbox mailbox = new Mailbox(3_000, 1 << 26);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Logged logged = new Logged();
  private NatsServer server;
  private NatsLink link;
  private LaneKeeper keeper;
  private Housekeeping housekeeping;

  @TempDir Path directory;

  /** What the stream watch says. */
  private static final class Logged extends Handler {
    private final List<String> errors = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord message) {
      if (message.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue()) {
        errors.add(message.getMessage());
      }
    }

    @Override
    public void flush() {
      // Nothing is kept back.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  @BeforeEach
  void start() throws InterruptedException {
    Logger.getLogger(StreamWatch.class.getName()).addHandler(logged);
    server = NatsServer.start(NatsServer.Options.in(directory));
    link = NatsLink.open(LinkOptions.of(server.url(), "housekeeping"));
    link.streams().ensure(StreamsConfig.DEFAULT);
    PgFixture.query(
        pool, "UPDATE lane_cursor SET inbox_incarnation = '', inbox_sequence = 0, position = 0");
    PgFixture.query(pool, "DELETE FROM run");
    PgFixture.query(pool, "DELETE FROM task");
    keeper = new LaneKeeper(replica, new PgLaneLeases(pool), mailbox, 120_000, 100);
    keeper.tick();
    housekeeping =
        new Housekeeping(
            link.streams(),
            StreamsConfig.DEFAULT,
            keeper,
            new JournalPublisher(
                new PgJournalTable(pool),
                new NatsJournalStream(link, Tracing.off(), new SimpleMeterRegistry())),
            new PgUpkeep(pool),
            mailbox,
            registry,
            server.monitorUrl());
    assertThat(keeper.owned()).hasSize(16);
  }

  @AfterEach
  void stop() {
    Logger.getLogger(StreamWatch.class.getName()).removeHandler(logged);
    PgLaneLeases leases = new PgLaneLeases(pool);
    leases.release(keeper.owned());
    leases.leave(replica);
    link.close();
    server.close();
  }

  private double failures(String step) {
    var counter = registry.find(Housekeeping.FAILURES).tag("step", step).counter();
    return counter == null ? 0 : counter.count();
  }

  private double lost(String stream) {
    return registry.get(StreamWatch.LOST).tag("stream", stream).counter().count();
  }

  private double stuck() {
    return registry.get("dome.lane.runs.stuck").gauge().value();
  }

  /** A run that has been RUNNING for a minute and has no task. */
  private String runWithoutProgress() {
    String runUid = UUID.randomUUID().toString().replace("-", "");
    PgFixture.query(
        pool,
        "INSERT INTO run (run_uid, namespace, run_id, lane, status, is_final, paused, sequence,"
            + " head_hash, state_hash, decider_version, policy_digest, submitter,"
            + " submission_hmac, hmac_key_id, created_at_ms, changed_at_ms, last_writer_epoch)"
            + " VALUES ($1, 'tenant', $1, $2, 'RUNNING', false, false, 3, 'h', 's', 1, 'p',"
            + " 'alice', 'm', 'k', $3, $3, 1)",
        runUid,
        LANE.number(),
        System.currentTimeMillis() - 60_000);
    return runUid;
  }

  private void task(String runUid, boolean assigned, String state) {
    PgFixture.query(
        pool,
        "INSERT INTO task (run_uid, task_id, plan_index, namespace, lane, queue, priority,"
            + " status, assigned, attempt, state) VALUES ($1, 'step', 0, 'tenant', $2,"
            + " 'default', 5, 'QUEUED', $3, 1, $4)",
        runUid,
        LANE.number(),
        assigned,
        state);
  }

  private interface Work {
    void with(Connection connection, JetStreamManagement management) throws Exception;
  }

  private void onTheServer(Work work) throws Exception {
    Connection connection = Nats.connect(server.url());
    try {
      work.with(connection, connection.jetStreamManagement());
    } finally {
      connection.close();
    }
  }

  private void publish(String subject, int messages) throws Exception {
    onTheServer((connection, management) -> {
      for (int i = 0; i < messages; i++) {
        connection.jetStream().publish(subject, new byte[] {'x'});
      }
    });
  }

  /** A durable consumer of a lane of the journal that has acknowledged so many messages. */
  private void consumer(String service, Lane lane, int acknowledged) throws Exception {
    String name = service + "-lane-" + lane.number();
    onTheServer((connection, management) -> {
      management.createConsumer(
          Subjects.JOURNAL_STREAM,
          ConsumerConfiguration.builder()
              .durable(name)
              .filterSubject(Subjects.journal(lane))
              .ackPolicy(AckPolicy.All)
              .build());
      if (acknowledged > 0) {
        JetStreamSubscription subscription =
            connection
                .jetStream()
                .subscribe(
                    Subjects.journal(lane),
                    PullSubscribeOptions.bind(Subjects.JOURNAL_STREAM, name));
        subscription
            .fetch(acknowledged, Duration.ofSeconds(5))
            .getLast()
            .ackSync(Duration.ofSeconds(5));
      }
    });
  }

  private long kept(String stream, String subject) throws Exception {
    List<Long> counts = new ArrayList<>();
    onTheServer((connection, management) ->
        counts.add(
            management
                .getStreamInfo(stream, StreamInfoOptions.filterSubjects(subject))
                .getStreamState()
                .getSubjectMap()
                .getOrDefault(subject, 0L)));
    return counts.getFirst();
  }

  private void applied(Lane lane, long sequence) {
    PgFixture.query(
        pool,
        "UPDATE lane_cursor SET inbox_incarnation = $1, inbox_sequence = $2 WHERE lane = $3",
        link.streams().incarnation(Subjects.INBOX_STREAM),
        sequence,
        lane.number());
  }

  @Test
  void stuckRunsAreFoundAndReadyTasksIndexedWhileTheMessageServerIsAway() throws Exception {
    runWithoutProgress();
    task(runWithoutProgress(), true, "{\"plan\":{\"payload_digest\":\"d\"}}");
    int before = mailbox.size();
    server.kill();

    housekeeping.pass();

    assertThat(stuck()).isOne();
    assertThat(mailbox.size()).as("one reindex").isEqualTo(before + 1);
    assertThat(failures("streams")).isOne();
    assertThat(failures("trim-inbox")).isOne();
    assertThat(failures("trim-journal")).isOne();
    assertThat(failures("stuck-runs")).isZero();
    assertThat(housekeeping.verdict().safe()).isFalse();

    server.restart();
    await().atMost(Duration.ofSeconds(20)).until(link::connected);
    housekeeping.pass();
    assertThat(failures("streams")).isOne();
    assertThat(housekeeping.verdict().safe()).isTrue();
  }

  @Test
  void retriesThatNothingHasWokenAreHandedToTheWriter() throws Exception {
    long now = System.currentTimeMillis();
    task(runWithoutProgress(), false, "{\"retry_due_at_ms\":" + (now - 60_000) + "}");
    task(runWithoutProgress(), false, "{\"retry_due_at_ms\":" + (now + 60_000) + "}");
    task(runWithoutProgress(), false, "{\"retry_due_at_ms\":" + (now - 1_000) + "}");
    int before = mailbox.size();

    housekeeping.pass();

    assertThat(mailbox.size()).isEqualTo(before + 1);
  }

  /** More than a slice: the second pass goes on where the first ended, the third begins anew. */
  @Test
  void aSweepGoesOnWhereThePassBeforeEnded() throws Exception {
    for (int i = 0; i < 1_200; i++) {
      task(runWithoutProgress(), false, "{\"retry_due_at_ms\":1}");
    }
    int before = mailbox.size();

    housekeeping.pass();

    assertThat(mailbox.size()).isEqualTo(before + 1_000);
    assertThat(stuck()).as("of no sweep that is through").isZero();

    housekeeping.pass();

    assertThat(mailbox.size()).isEqualTo(before + 1_200);
    assertThat(stuck()).isEqualTo(1_200);

    housekeeping.pass();

    assertThat(mailbox.size()).isEqualTo(before + 2_200);
    assertThat(stuck()).isEqualTo(1_200);
  }

  @Test
  void theInboxIsTrimmedLaneByLaneUpToWhatIsApplied() throws Exception {
    publish(Subjects.inbox(LANE), 5);
    publish(Subjects.inbox(OTHER), 5);
    applied(LANE, 3);

    housekeeping.pass();

    assertThat(kept(Subjects.INBOX_STREAM, Subjects.inbox(LANE))).isEqualTo(2);
    assertThat(kept(Subjects.INBOX_STREAM, Subjects.inbox(OTHER))).isEqualTo(5);
  }

  @Test
  void theJournalIsTrimmedUpToTheSlowestConsumerAndOneThatNeverMovesKeepsItsLane()
      throws Exception {
    publish(Subjects.journal(LANE), 6);
    publish(Subjects.journal(OTHER), 6);
    consumer("fast", LANE, 6);
    consumer("slow", LANE, 4);
    consumer("fast", OTHER, 6);
    consumer("never-moves", OTHER, 0);

    housekeeping.pass();

    assertThat(kept(Subjects.JOURNAL_STREAM, Subjects.journal(LANE))).isEqualTo(2);
    assertThat(kept(Subjects.JOURNAL_STREAM, Subjects.journal(OTHER))).isEqualTo(6);
  }

  @Test
  void aJournalLaneThatNobodyReadsIsKept() throws Exception {
    publish(Subjects.journal(LANE), 3);
    consumer("service", OTHER, 0);

    housekeeping.pass();

    assertThat(kept(Subjects.JOURNAL_STREAM, Subjects.journal(LANE))).isEqualTo(3);
  }

  @Test
  void aLostInboxIsMadeAgainAndWhatWasNotAppliedIsSaid() throws Exception {
    publish(Subjects.inbox(LANE), 7);
    applied(LANE, 5);
    housekeeping.pass();
    String before = link.streams().incarnation(Subjects.INBOX_STREAM);
    onTheServer((connection, management) -> management.deleteStream(Subjects.INBOX_STREAM));

    housekeeping.pass();

    assertThat(link.streams().incarnation(Subjects.INBOX_STREAM)).isNotEqualTo(before);
    assertThat(lost(Subjects.INBOX_STREAM)).isOne();
    assertThat(lost(Subjects.JOURNAL_STREAM)).isZero();
    assertThat(logged.errors)
        .singleElement()
        .asString()
        .contains("inbox stream was lost", before, "last_sequence_known=7", "applied=3:5");
  }

  @Test
  void anInboxThatWasLostWhileNobodyWatchedIsNoticedByTheLanesCursors() throws Exception {
    applied(LANE, 5);
    onTheServer((connection, management) -> management.deleteStream(Subjects.INBOX_STREAM));
    link.streams().ensure(StreamsConfig.DEFAULT);

    housekeeping.pass();
    housekeeping.pass();

    assertThat(lost(Subjects.INBOX_STREAM)).isOne();
    assertThat(logged.errors)
        .singleElement()
        .asString()
        .contains("last_sequence_known=unknown", "applied=3:5");
  }

  @Test
  void aLostJournalIsMadeAgainAndCountedButLosesNothing() throws Exception {
    housekeeping.pass();
    onTheServer((connection, management) -> management.deleteStream(Subjects.JOURNAL_STREAM));

    housekeeping.pass();

    assertThat(lost(Subjects.JOURNAL_STREAM)).isOne();
    assertThat(lost(Subjects.INBOX_STREAM)).isZero();
    assertThat(logged.errors).isEmpty();
  }
}
