package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildProcessTest {
  @TempDir Path directory;

  @Test
  void aDetachedProcessIsFoundAgainByPidAndStartTimeAndByNothingElse() {
    var child = sleep(Lifetime.DETACHED);
    var pid = child.pid();
    var startedAtMs = child.startedAtMs();

    assertThat(ChildProcess.find(pid, startedAtMs)).isPresent();
    assertThat(ChildProcess.find(pid, startedAtMs - 60_000)).isEmpty();
    child.stop("TERM", Duration.ofSeconds(5));

    assertThat(ChildProcess.find(pid, startedAtMs)).isEmpty();
  }

  @Test
  void aProcessThatIgnoresTheSignalIsKilledAfterTheGracePeriod() {
    var child = start(Lifetime.WITH_PARENT, "sh", "-c", "trap '' TERM; while :; do sleep 1; done");

    child.stop("TERM", Duration.ofMillis(300));

    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aPausedProcessCanBeStopped() {
    var child = sleep(Lifetime.WITH_PARENT);

    child.pause();
    child.stop("TERM", Duration.ofSeconds(5));

    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aFailedFillLeavesNoCacheEntry() {
    var cache = new Cache(directory.resolve("cache"));

    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() ->
                cache.directory(
                    "entry",
                    target -> {
                      throw new DevstackException("half way");
                    })))
        .hasMessage("half way");
    var made =
        cache.directory("entry", target -> PrivateFiles.write(target.resolve("a"), new byte[1]));

    assertThat(Files.exists(made.resolve("a"))).isTrue();
  }

  private ChildProcess sleep(Lifetime lifetime) {
    return start(lifetime, "sleep", "60");
  }

  private ChildProcess start(Lifetime lifetime, String... command) {
    return ChildProcess.start(
        new ChildProcess.Launch(
            List.of(command), Map.of(), directory, directory.resolve("log"), lifetime));
  }
}
