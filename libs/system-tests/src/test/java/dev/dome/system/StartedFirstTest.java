package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.devstack.DevServer;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.system.Suite.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Services that start before their message server say so, and go on when it comes. */
@ExtendWith(Suite.class)
class StartedFirstTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Running suite;

  StartedFirstTest(Running suite) {
    this.suite = suite;
  }

  @Test
  void everyServiceStartsWithoutNatsAndIsReadyOnceItIsThere() throws Exception {
    DevServer nats = suite.stack().infrastructure().nats().orElseThrow();
    List<ServiceProcess> services =
        Arrays.stream(DomeService.values())
            .map(service -> suite.stack().service(service).orElseThrow())
            .toList();
    services.forEach(DevServer::kill);
    nats.kill();
    try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient http = HttpClient.newHttpClient()) {
      List<CompletableFuture<Void>> ready =
          services.stream()
              .map(service -> CompletableFuture.runAsync(service::restart, starts))
              .toList();
      try {
        for (ServiceProcess service : services) {
          await()
              .atMost(PATIENCE)
              .ignoreExceptions()
              .untilAsserted(() -> {
                assertThat(get(http, service, "ready").statusCode()).isEqualTo(503);
                assertThat(get(http, service, "live").statusCode()).isEqualTo(200);
              });
        }
        assertThat(ready).noneMatch(CompletableFuture::isDone);
      } finally {
        nats.restart();
      }
      ready.forEach(CompletableFuture::join);
    }
  }

  private static HttpResponse<String> get(HttpClient http, ServiceProcess service, String what)
      throws IOException, InterruptedException {
    URI uri = URI.create(service.url() + "/q/health/" + what);
    return http.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
