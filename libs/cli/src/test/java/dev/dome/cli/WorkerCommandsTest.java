package dev.dome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerCommandsTest {
  private static final String ROOT = "/v1/namespaces/default/";

  @TempDir private Path directory;
  private CommandsOnServer commands;

  @BeforeEach
  void start() throws IOException {
    commands = new CommandsOnServer(directory);
  }

  @AfterEach
  void stop() {
    commands.close();
  }

  @Test
  void workersAreListedWithTheirVersions() {
    commands.answers.put(
        ROOT + "workers",
        """
        {"items": [{"worker_id": "w-1", "queue": "default", "deployment_version": "v1",
          "labels": {"gpu": "a100"}, "last_seen_at": "2026-11-22T17:00:30.000Z", "draining": true,
          "leases": 2}], "next_cursor": "abc"}
        """);

    assertThat(commands.run("worker", "list", "-q", "default")).isEqualTo(ExitCode.OK.number());
    assertThat(commands.out()).contains("WORKER_ID", "w-1", "v1");
    assertThat(commands.err()).contains("more: ./dome worker list -q default").contains("abc");
  }

  @Test
  void oneWorkerIsDrainedAndGoesOn() throws IOException {
    commands.answers.put(
        ROOT + "workers/w-1/drain", "{\"worker_id\": \"w-1\", \"draining\": true}");
    commands.answers.put(
        ROOT + "workers/w-1/undrain", "{\"worker_id\": \"w-1\", \"draining\": false}");

    assertThat(commands.run("worker", "drain", "w-1", "-o", "json"))
        .isEqualTo(ExitCode.OK.number());
    assertThat(Json.mapper().readTree(commands.out()).path("draining").asBoolean()).isTrue();
    assertThat(commands.run("worker", "undrain", "w-1")).isEqualTo(ExitCode.OK.number());
  }

  @Test
  void aVersionIsDrainedByItsQueue() {
    commands.answers.put(
        ROOT + "queues/default/deployments/v1/drain",
        "{\"queue\": \"default\", \"deployment_version\": \"v1\", \"draining\": true}");

    assertThat(commands.run("worker", "drain", "--queue", "default", "--deployment-version", "v1"))
        .isEqualTo(ExitCode.OK.number());
    assertThat(commands.run("worker", "drain", "--deployment-version", "v1"))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(commands.run("worker", "drain")).isEqualTo(ExitCode.USAGE.number());
    assertThat(
            commands.run(
                "worker", "drain", "w-1", "--queue", "default", "--deployment-version", "v1"))
        .isEqualTo(ExitCode.USAGE.number());
  }
}
