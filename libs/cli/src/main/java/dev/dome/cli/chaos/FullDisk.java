package dev.dome.cli.chaos;

import dev.dome.cli.bench.Workload;
import dev.dome.cli.chaos.Fault.Outcome;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.client.RetryPolicy;
import dev.dome.devstack.NatsServer;
import dev.dome.devstack.SmallDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The disk of nats-server is full for a while. Writes are to be answered 503 meanwhile. nats-server
 * turns its streams off when it meets a full disk and has to be started again once there is room.
 */
final class FullDisk {
  /** Room for three streams of 24 MiB within the three quarters that nats-server gives them. */
  private static final int MEGABYTES = 128;

  private static final Duration FULL_FOR = Duration.ofSeconds(5);
  private static final int UNAVAILABLE = 503;

  private FullDisk() {}

  static Outcome play(Scene scene) throws Exception {
    NatsServer nats = scene.stack().nats();
    nats.stop();
    SmallDisk.Tried tried;
    try {
      tried = SmallDisk.over(nats.store(), MEGABYTES);
    } finally {
      nats.restart();
    }
    return switch (tried) {
      case SmallDisk.Tried.Refused(String why) -> {
        scene.recovery(System.nanoTime());
        yield new Outcome.NotPossible("no small disk: " + why);
      }
      case SmallDisk.Tried.Mounted(SmallDisk disk) -> full(scene, nats, disk);
    };
  }

  private static Outcome full(Scene scene, NatsServer nats, SmallDisk disk) throws Exception {
    List<String> violations = new ArrayList<>();
    double seconds;
    try {
      scene.recovery(System.nanoTime());
      disk.fill();
      scene.hold(FULL_FOR);
      violations.addAll(probed(scene));
      disk.free();
      long freed = System.nanoTime();
      nats.restart();
      seconds = scene.recovery(freed);
    } finally {
      nats.stop();
      disk.close();
      nats.restart();
    }
    scene.recovery(System.nanoTime());
    return new Outcome.Played(
        null, seconds, "nats-server was started again once there was room", violations);
  }

  private static List<String> probed(Scene scene) {
    RetryPolicy once = RetryPolicy.DEFAULT.within(Duration.ZERO);
    String runId = "full-disk-" + Long.toString(System.nanoTime(), 36);
    try (DomeClient client = scene.stack().client(once, "submitter")) {
      client.submit(new Workload.Chain().document(runId, "nobody"));
      return List.of("a submission was taken although the disk is full");
    } catch (DomeException e) {
      return e.status() == UNAVAILABLE
          ? List.of()
          : List.of("expected 503 while the disk is full but was " + e.getMessage());
    }
  }
}
