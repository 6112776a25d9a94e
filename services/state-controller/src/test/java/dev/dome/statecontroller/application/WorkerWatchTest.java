package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.Claim;
import dev.dome.statecontroller.adapter.db.PgWorkers;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is written down of workers, and what the writer is told, on a real PostgreSQL. */
class WorkerWatchTest {
  private static final QueueName QUEUE = new QueueName("default");
  private static final long DAY_MS = 24L * 60 * 60 * 1_000;

  private final NamespaceId namespace =
      new NamespaceId("ns-" + UUID.randomUUID().toString().substring(0, 8));
  private final Pool pool = PgFixture.pool("worker_watch");
  private final Mailbox mailbox = new Mailbox(100, 1 << 20);
  private long now = 1_800_000_000_000L;
  private final WorkerWatch watch = watch();

  private WorkerWatch watch() {
    return new WorkerWatch(new PgWorkers(pool), mailbox, () -> now);
  }

  private Claim.Request claim() {
    return Messages.offering(Messages.claim(namespace, "c", 1, now + 1_000), Map.of("gpu", "a100"));
  }

  private List<String> rows() {
    return PgFixture.query(
            pool,
            "SELECT worker_id || ' ' || queue || ' ' || coalesce(deployment_version, '-') || ' '"
                + " || coalesce(labels, '-') || ' ' || last_seen_ms FROM worker"
                + " WHERE namespace = $1",
            namespace.value())
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private void drain(String worker, String queue, String version) {
    PgFixture.query(
        pool,
        "INSERT INTO drain (namespace, worker_id, queue, deployment_version, since_ms, actor)"
            + " SELECT $1, split_part($2, ',', 1), split_part($2, ',', 2), split_part($2, ',', 3),"
            + " 1, 'olga'",
        namespace.value(),
        worker + "," + queue + "," + version);
  }

  /** What the writer was told last of this namespace; null when it was told nothing. */
  private Drains told() {
    List<Command> commands = new ArrayList<>();
    mailbox.drainTo(commands, 100, 0);
    return commands.isEmpty() ? null : ((Command.DrainsChanged) commands.getLast()).drains();
  }

  @Test
  void aSignOfLifeKeepsWhatTheClaimSaid() throws InterruptedException {
    watch.claimed(claim(), now);
    watch.tick();
    assertThat(rows()).containsExactly("worker-1 default v1 {\"gpu\":\"a100\"} " + now);
    now += 1_000;
    watch.alive(namespace, QUEUE, "worker-1", now);
    watch.tick();

    assertThat(rows()).containsExactly("worker-1 default v1 {\"gpu\":\"a100\"} " + now);
  }

  @Test
  void aWorkerIsWrittenDownOnceASecond() throws InterruptedException {
    watch.claimed(claim(), now);
    watch.tick();
    List<String> first = rows();
    now += 999;
    watch.claimed(claim(), now);
    watch.tick();
    assertThat(rows()).isEqualTo(first);
    now += 1;
    watch.tick();

    assertThat(rows()).containsExactly("worker-1 default v1 {\"gpu\":\"a100\"} " + (now - 1));
  }

  @Test
  void theWriterIsToldOfEveryChangeOnceAndAfterARestart() throws InterruptedException {
    watch.tellFirst();
    assertThat(told()).isNotNull();
    watch.tick();
    assertThat(told()).isNull();
    drain("worker-1", "", "");
    watch.tick();
    Drains.Rule rule = new Drains.Rule.OfWorker(namespace, "worker-1");
    assertThat(told().rules()).contains(rule);
    watch().tellFirst();

    assertThat(told().rules()).contains(rule);
  }

  @Test
  void theHoldersOfADrainedVersionAreKnownByName() throws InterruptedException {
    watch.claimed(claim(), now);
    watch.tick();
    drain("", "default", "v1");
    watch.tick();
    Drains drains = told();

    assertThat(drains.rules()).contains(new Drains.Rule.OfVersion(namespace, QUEUE, "v1"));
    assertThat(drains.covers(namespace, QUEUE, "worker-1")).isTrue();
    assertThat(drains.covers(namespace, QUEUE, "worker-2")).isFalse();
    assertThat(drains.covers(namespace, QUEUE, "worker-2", "v1")).isTrue();
  }

  @Test
  void whoWasNotSeenForADayIsForgottenWithItsDrain() throws InterruptedException {
    watch.claimed(claim(), now);
    watch.tick();
    drain("worker-1", "", "");
    drain("", "default", "v1");
    now += DAY_MS;
    watch.tick();
    assertThat(rows()).hasSize(1);
    now += 60_000;
    watch.tick();
    watch.tick();

    assertThat(rows()).isEmpty();
    Set<Drains.Rule> rules = new PgWorkers(pool).drains(0).rules();
    assertThat(rules)
        .contains(new Drains.Rule.OfVersion(namespace, QUEUE, "v1"))
        .doesNotContain(new Drains.Rule.OfWorker(namespace, "worker-1"));
  }

  @Test
  void howManyNamesAreKeptIsBounded() throws InterruptedException {
    for (int i = 0; i < WorkerWatch.MAX_UNWRITTEN + 10; i++) {
      watch.alive(namespace, QUEUE, "worker-" + i, now);
    }
    watch.tick();

    assertThat(rows()).hasSize(WorkerWatch.MAX_UNWRITTEN);
  }
}
