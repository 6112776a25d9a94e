package dev.dome.ingest;

import static io.restassured.RestAssured.get;

import java.time.Duration;

/** Whether the service says that it is ready. */
final class ReadyState {
  private ReadyState() {}

  static void await() {
    await(200);
  }

  static void await(int status) {
    org.awaitility.Awaitility.await("readiness " + status)
        .atMost(Duration.ofSeconds(20))
        .until(() -> get("/q/health/ready").statusCode() == status);
  }
}
