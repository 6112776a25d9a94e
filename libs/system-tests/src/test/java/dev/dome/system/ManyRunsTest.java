package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.Page;
import dev.dome.client.model.Run;
import dev.dome.client.model.RunStatus;
import dev.dome.system.Suite.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Suite.class)
@Order(Integer.MAX_VALUE)
class ManyRunsTest {
  private static final int RUNS = 2_000;
  private static final int SUBMITTERS = 8;
  private final Running suite;

  ManyRunsTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void twoThousandRunsWithFourWorkersAreAllPromoted() throws Exception {
    String subject = Documents.freshId("load");
    String queue = Documents.freshId("q");
    List<Worker> workers = new ArrayList<>();
    try (DomeClient client = suite.client(subject, "submitter", "worker")) {
      for (int i = 0; i < 4; i++) {
        workers.add(Worker.on(queue, task -> Result.pass()).concurrency(8).start(client));
      }
      submitAll(client, queue);

      await()
          .pollInterval(Duration.ofSeconds(2))
          .atMost(Duration.ofMinutes(5))
          .until(() -> count(client, subject, "PROMOTED") == RUNS);

      assertThat(statuses(client, subject)).isEqualTo(Map.of(RunStatus.PROMOTED, RUNS));
    } finally {
      workers.forEach(Worker::close);
    }
  }

  private static void submitAll(DomeClient client, String queue) throws Exception {
    List<Callable<Void>> submitters = new ArrayList<>();
    for (int s = 0; s < SUBMITTERS; s++) {
      submitters.add(() -> {
        for (int i = 0; i < RUNS / SUBMITTERS; i++) {
          client.submit(Documents.chain(Documents.freshId("run"), queue, 1));
        }
        return null;
      });
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : threads.invokeAll(submitters)) {
        done.get();
      }
    }
  }

  private static int count(DomeClient client, String subject, String status) {
    return pages(client, Map.of("submitter", subject, "status", status)).size();
  }

  private static Map<RunStatus, Integer> statuses(DomeClient client, String subject) {
    Map<RunStatus, Integer> counts = new TreeMap<>();
    pages(client, Map.of("submitter", subject))
        .forEach(run -> counts.merge(run.status(), 1, Integer::sum));
    return counts;
  }

  private static List<Run> pages(DomeClient client, Map<String, String> filter) {
    List<Run> runs = new ArrayList<>();
    Map<String, String> query = new HashMap<>(filter);
    query.put("page_size", "200");
    Page<Run> page;
    do {
      page = client.runs(query);
      runs.addAll(page.items());
      query.put("cursor", page.nextCursor());
    } while (page.nextCursor() != null);
    return runs;
  }
}
