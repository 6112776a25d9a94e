package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassArchiveTest {
  @TempDir Path directory;

  @Test
  void aRebuiltJarHasAnotherArchiveAndTheOlderOneGoes() throws Exception {
    var cache = new Cache(directory.resolve("cache"));
    var jar = Files.writeString(directory.resolve("quarkus-run.jar"), "first build");
    var first = ClassArchive.of("ingest", jar, cache);
    var otherService = ClassArchive.of("provenance", jar, cache);
    Files.writeString(first.file(), "classes");
    Files.writeString(otherService.file(), "classes");

    assertThat(ClassArchive.of("ingest", jar, cache)).isEqualTo(first);
    Files.writeString(jar, "the second build");
    var second = ClassArchive.of("ingest", jar, cache);
    second.deleteOlder();

    assertThat(second.file()).isNotEqualTo(first.file());
    assertThat(first.file()).doesNotExist();
    assertThat(otherService.file()).exists();
  }

  @Test
  void aCheckoutThatSharesTheCacheKeepsItsArchive() throws Exception {
    var cache = new Cache(directory.resolve("cache"));
    var ours = Files.writeString(directory.resolve("quarkus-run.jar"), "build");
    var other = Files.createDirectory(directory.resolve("other")).resolve("quarkus-run.jar");
    Files.writeString(other, "build");
    var theirs = ClassArchive.of("ingest", other, cache);
    Files.writeString(theirs.file(), "classes");

    ClassArchive.of("ingest", ours, cache).deleteOlder();

    assertThat(theirs.file()).exists();
  }

  @Test
  void theArchiveOfThisBuildStays() throws Exception {
    var jar = Files.writeString(directory.resolve("quarkus-run.jar"), "build");
    var archive = ClassArchive.of("ingest", jar, new Cache(directory.resolve("cache")));
    Files.writeString(archive.file(), "classes");

    archive.deleteOlder();

    assertThat(archive.file()).exists();
  }

  @Test
  void stoppingAServiceThatLeavesItsArchiveSaysSo() throws Exception {
    var missing = directory.resolve("ingest.jsa");
    var there = Files.writeString(directory.resolve("provenance.jsa"), "classes");
    var members = List.of(member("ingest", missing), member("provenance", there));
    var steps = new ConcurrentLinkedQueue<String>();

    LocalStack.stop(directory, new StackState("", "", "", "", members), heardBy(steps));

    assertThat(steps)
        .containsExactlyInAnyOrder(
            "stop ingest, which leaves its classes for the next", "stop provenance");
    assertThat(members).noneMatch(StackState.Member::runs);
  }

  private StackState.Member member(String name, Path archive) {
    var log = directory.resolve(name + ".log");
    var command =
        List.of(
            "sh",
            "-c",
            "while :; do sleep 0.1; done",
            "sh",
            ClassArchive.LEAVE,
            ClassArchive.USE + archive);
    var process =
        ChildProcess.start(
            new ChildProcess.Launch(command, Map.of(), directory, log, Lifetime.WITH_PARENT));
    return new StackState.Member(
        name, process.pid(), process.startedAtMs(), "http://127.0.0.1:1", log.toString(), "TERM");
  }

  private static Progress heardBy(Collection<String> steps) {
    return new Progress() {
      @Override
      public void started(String step) {
        steps.add(step);
      }

      @Override
      public void finished(String step, Duration took) {}
    };
  }
}
