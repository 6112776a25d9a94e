package dev.dome.cli.bench;

import dev.dome.devstack.StackState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Memory of a stack's processes as Linux counts it in {@code /proc/PID/smaps_rollup}: pages that
 * several processes map are divided among them.
 *
 * @param mb by the process's name, with the processes it has started; empty where there is no such
 *     file
 */
public record ProcessMemory(Map<String, Long> mb) {
  private static final String FIELD = "Pss:";

  /** Reads it now. */
  public static ProcessMemory now(StackState stack) {
    Map<String, Long> mb = new TreeMap<>();
    for (StackState.Member member : stack.members()) {
      long kb = ProcessHandle.of(member.pid()).map(ProcessMemory::tree).orElse(0L);
      if (kb > 0) {
        mb.put(member.name(), kb / 1024);
      }
    }
    return new ProcessMemory(mb);
  }

  private static long tree(ProcessHandle root) {
    try (Stream<ProcessHandle> below = root.descendants()) {
      return own(root) + below.mapToLong(ProcessMemory::own).sum();
    }
  }

  private static long own(ProcessHandle process) {
    Path rollup = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
    if (!Files.isReadable(rollup)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(rollup)) {
      return lines
          .filter(line -> line.startsWith(FIELD))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException | UncheckedIOException e) {
      // It ended in between.
      return process.isAlive() ? unreadable(rollup, e) : 0;
    }
  }

  private static long unreadable(Path rollup, Exception e) {
    throw new IllegalStateException(rollup + " cannot be read", e);
  }
}
