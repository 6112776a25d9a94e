package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.wire.Outcome;
import dev.dome.messaging.OutcomeAwaiter.Awaited;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests await and give up while outcomes arrive: nobody waits for ever and nothing is kept. */
class OutcomeAwaiterRaceTest {
  private static final int THREADS = 4;
  private static final int REQUESTS_OF_EACH = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void every_request_is_told_and_none_is_left_behind() throws Exception {
    try (Rig rig = Rig.start(directory);
        CoreMessages core = rig.link.core();
        OutcomeAwaiter awaiter = new OutcomeAwaiter(rig.link, "ingest-1");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<List<CompletableFuture<Awaited>>>> asked = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        String name = "operation-" + thread + "-";
        asked.add(threads.submit(requests(awaiter, core, name)));
      }

      for (Future<List<CompletableFuture<Awaited>>> ofThread : asked) {
        List<CompletableFuture<Awaited>> requests = ofThread.get();
        for (int i = 0; i < requests.size(); i++) {
          Awaited told = Rig.get(requests.get(i));
          assertThat(told)
              .as("request %d", i)
              .isInstanceOf(isGivenUp(i) ? Awaited.NotYet.class : Awaited.Arrived.class);
        }
      }
      assertThat(awaiter.waiting()).isZero();
    }
  }

  private static Callable<List<CompletableFuture<Awaited>>> requests(
      OutcomeAwaiter awaiter, CoreMessages core, String name) {
    return () -> {
      List<CompletableFuture<Awaited>> requests = new ArrayList<>();
      for (int i = 0; i < REQUESTS_OF_EACH; i++) {
        String operationId = name + i;
        requests.add(awaiter.await(operationId, PATIENCE));
        if (isGivenUp(i)) {
          awaiter.forget(operationId);
        }
        Outcome outcome = new Outcome(operationId, 201, null, null, null, null, null);
        core.send(awaiter.replyTo(), Json.write(outcome), null);
      }
      return requests;
    };
  }

  private static boolean isGivenUp(int request) {
    return request % 3 == 0;
  }
}
