package dev.dome.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.Main;
import dev.dome.contracts.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An export of any length is made and checked in bounded memory. As long as it gets: {@code
 * -Ddome.export.records=1000000 -Ddome.export.heap-mb=256}.
 */
class ExportMemoryTest {
  private static final long RECORDS = Long.getLong("dome.export.records", 20_000);
  private static final long HEAP_MB = Long.getLong("dome.export.heap-mb", 48);
  private static final long MOST_SECONDS = 60 + RECORDS / 1_000;

  @TempDir private Path directory;

  @Test
  void a_long_export_is_made_and_checked_within_a_small_heap() throws Exception {
    Path bag = directory.resolve("bag");
    long beganNanos = System.nanoTime();
    try (GoldenServer server = new GoldenServer(directory, RECORDS)) {
      dome(
          "audit",
          "export",
          GoldenRun.RUN_ID,
          "--to",
          bag.toString(),
          "--dir",
          directory.toString(),
          "-n",
          GoldenRun.NAMESPACE,
          "--server",
          server.address());
    }
    long exportedNanos = System.nanoTime();

    String verified = dome("audit", "verify", bag.toString(), "-o", "json");

    assertThat(verified).contains("\"access_records\" : " + RECORDS);
    System.out.printf(
        "%d records, %d MB, heap %d MB: exported and checked in %d s, checked again in %d s%n",
        RECORDS,
        Files.size(bag.resolve(BagFiles.RECORDS)) >> 20,
        HEAP_MB,
        TimeUnit.NANOSECONDS.toSeconds(exportedNanos - beganNanos),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - exportedNanos));
  }

  @Test
  void aRangeOfManyRecordsIsMadeAndCheckedWithinASmallHeap() throws Exception {
    Path bag = directory.resolve("range");
    long beganNanos = System.nanoTime();
    try (RangeServer server = new RangeServer(directory, RECORDS)) {
      dome(
          "audit",
          "export",
          "--from",
          GoldenRange.RANGE.from(),
          "--until",
          GoldenRange.RANGE.until(),
          "--to",
          bag.toString(),
          "--dir",
          directory.toString(),
          "-n",
          GoldenRun.NAMESPACE,
          "--server",
          server.address());
    }

    // The export checks what it made before it says that it made it.
    JsonNode said = Json.mapper().readTree(bag.resolve(BagFiles.RANGE).toFile());
    assertThat(said.path("log_size").asLong()).isGreaterThan(RECORDS);
    System.out.printf(
        "%d records of a range, %d MB, heap %d MB: exported and checked in %d s%n",
        RECORDS,
        Files.size(bag.resolve(BagFiles.RECORDS)) >> 20,
        HEAP_MB,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos));
  }

  /** Runs a command in a process of its own; what it printed. */
  private String dome(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MB + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    Path printed = directory.resolve("printed");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).as("ends in time").isTrue();
      assertThat(process.exitValue()).as(Files.readString(printed)).isZero();
      return Files.readString(printed);
    } finally {
      process.destroyForcibly();
    }
  }
}
