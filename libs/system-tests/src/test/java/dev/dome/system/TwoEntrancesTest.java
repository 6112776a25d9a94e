package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two ingests in front of two controllers, one of which is killed under load. */
@ExtendWith(Suite.class)
class TwoEntrancesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int RUNS = 120;

  /** Leases of one task of which the later was granted before the earlier was over. */
  private static final String OVERLAPPING =
      """
      WITH held AS (
        SELECT l.run_uid, l.task_id, l.fence, l.ended_at_ms, c.at_ms
        FROM state_controller.lease l
        JOIN (SELECT run_uid, envelope::json #>> '{payload,attempt_id}' AS attempt_id,
            (extract(epoch FROM (envelope::json ->> 'ts')::timestamptz) * 1000)::bigint AS at_ms
          FROM state_controller.journal WHERE topic = 'task.claimed') c
          ON c.run_uid = l.run_uid AND c.attempt_id = l.attempt_id
        WHERE l.queue = ?)
      SELECT count(*) FROM held earlier JOIN held later USING (run_uid, task_id)
      WHERE earlier.fence < later.fence
        AND (earlier.ended_at_ms IS NULL OR earlier.ended_at_ms > later.at_ms)
      """;

  private static final String LEASES =
      "SELECT count(*) FROM state_controller.lease WHERE queue = ?";

  private final Running suite;
  private final String queue = Documents.freshId("q");
  private final Map<String, AtomicInteger> working = new ConcurrentHashMap<>();
  private final Set<String> twice = ConcurrentHashMap.newKeySet();

  TwoEntrancesTest(Running suite) {
    this.suite = suite;
  }

  /** Notes a task that two handlers work at the same time; what takes them a while is a read. */
  private Result work(DomeClient client, TaskContext task) {
    String name = task.runId() + "/" + task.taskId();
    AtomicInteger at = working.computeIfAbsent(name, k -> new AtomicInteger());
    if (at.incrementAndGet() > 1) {
      twice.add(name);
    }
    try {
      return Result.pass().withNotes(client.run(task.runId()).status().name());
    } finally {
      at.decrementAndGet();
    }
  }

  private DomeClient through(ServiceProcess ingest) {
    String token = suite.token("driver", "submitter", "worker");
    return DomeClient.of(
            URI.create("http://localhost:" + ingest.port()), Suite.NAMESPACE, () -> token)
        .recording(suite.answers().log(), "driver");
  }

  @Test
  void noTwoLeasesOfATaskOverlapAlthoughAControllerIsKilled() throws Exception {
    ServiceProcess victim = suite.stack().replica(DomeService.STATE_CONTROLLER, 1).orElseThrow();
    ServiceProcess first = suite.stack().service(DomeService.INGEST).orElseThrow();
    try (Tables tables = Tables.of(suite.stack());
        ServiceProcess second = suite.stack().another(DomeService.INGEST);
        DomeClient here = through(first);
        DomeClient there = through(second);
        Worker one = Worker.on(queue, task -> work(here, task)).concurrency(4).start(here);
        Worker two = Worker.on(queue, task -> work(here, task)).concurrency(4).start(there)) {
      List<String> runs = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        String runId = Documents.freshId("run");
        (i % 2 == 0 ? here : there).submit(Documents.chain(runId, queue, 2));
        runs.add(runId);
        if (i == RUNS / 2) {
          victim.kill();
        }
      }
      try {
        for (String runId : runs) {
          await()
              .atMost(PATIENCE)
              .ignoreExceptions()
              .until(() -> here.run(runId).status() == RunStatus.PROMOTED);
        }
      } finally {
        victim.restart();
      }

      assertThat(one.draining() || two.draining()).isFalse();
      assertThat(tables.number(LEASES, queue)).isGreaterThanOrEqualTo(2L * RUNS);
      assertThat(tables.number(OVERLAPPING, queue)).as("leases that overlap").isZero();
      assertThat(twice).as("tasks that two handlers worked at once").isEmpty();
    }
  }
}
