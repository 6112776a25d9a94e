package dev.dome.cli.bench;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** How many requests a second an address answers that has next to nothing to do. */
final class HttpBound {
  private HttpBound() {}

  /** Asks from as many hands for as long; the client is the JDK's, as that of the library is. */
  static double perSecond(URI address, int hands, Duration lasting) {
    LongAdder answered = new LongAdder();
    long start = System.nanoTime();
    try (HttpClient client = HttpClient.newHttpClient();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < hands; i++) {
        threads.execute(() -> {
          while (System.nanoTime() - start < lasting.toNanos()) {
            ask(client, address);
            answered.increment();
          }
        });
      }
    }
    return answered.sum() * 1e9 / (System.nanoTime() - start);
  }

  private static void ask(HttpClient client, URI address) {
    try {
      int status =
          client
              .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
              .statusCode();
      if (status != 200) {
        throw new CliException(ExitCode.FAILED, address + " answered " + status, "./dome logs");
      }
    } catch (IOException e) {
      throw new CliException(ExitCode.FAILED, address + " does not answer: " + e, "./dome logs");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }
}
