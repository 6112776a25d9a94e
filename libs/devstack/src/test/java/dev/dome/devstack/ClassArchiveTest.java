package dev.dome.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassArchiveTest {
  @TempDir Path directory;

  @Test
  void a_rebuilt_jar_has_another_archive_and_the_older_one_goes() throws Exception {
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
  void a_checkout_that_shares_the_cache_keeps_its_archive() throws Exception {
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
  void the_archive_of_this_build_stays() throws Exception {
    var jar = Files.writeString(directory.resolve("quarkus-run.jar"), "build");
    var archive = ClassArchive.of("ingest", jar, new Cache(directory.resolve("cache")));
    Files.writeString(archive.file(), "classes");

    archive.deleteOlder();

    assertThat(archive.file()).exists();
  }
}
