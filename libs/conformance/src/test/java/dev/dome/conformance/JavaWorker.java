package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.Worker;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The SDK's worker with the handlers that the suite asks for; see doc/workers.md. */
public final class JavaWorker {
  private JavaWorker() {}

  public static void main(String[] arguments) throws InterruptedException {
    String token = System.getenv("DOME_TOKEN");
    try (DomeClient client =
            DomeClient.of(
                URI.create(System.getenv("DOME_URL")),
                System.getenv("DOME_NAMESPACE"),
                () -> token);
        Worker worker =
            Worker.on(System.getenv("DOME_QUEUE"), JavaWorker::handle)
                .concurrency(Integer.parseInt(System.getenv("DOME_CONCURRENCY")))
                .start(client)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> endWell(worker)));
      worker.awaitStop();
    }
  }

  /** A JVM that was told to stop would end with the number of the signal. */
  private static void endWell(Worker worker) {
    worker.close();
    Runtime.getRuntime().halt(0);
  }

  private static Result handle(TaskContext task) throws InterruptedException {
    JsonNode inputs = task.inputs().path("task_spec").path("inputs");
    String text = inputs.path("text").asText();
    return switch (inputs.path("handler").asText()) {
      case "echo" -> Result.pass().withNotes(text);
      case "fail_transient" ->
          Result.retry("TRANSIENT.UNAVAILABLE")
              .withRetryAfter(Duration.ofMillis(inputs.path("retry_after_ms").asLong()));
      case "fail_permanent" -> Result.fail("VERIFY.TEST_FAILURE");
      case "sleep" -> {
        TimeUnit.MILLISECONDS.sleep(inputs.path("millis").asLong());
        yield Result.pass();
      }
      case "crash" -> throw new IllegalStateException(text);
      case "evidence" ->
          Result.pass()
              .withEvidence(text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
      default -> Result.fail("PLAN.TASK_SPEC");
    };
  }
}
