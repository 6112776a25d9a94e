package dev.dome.client.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The CPU time of a process with everything it started that is still its descendant, the ended and
 * awaited ones included where there is a /proc. A limit on the process alone (RLIMIT_CPU) would
 * count each child from zero.
 */
final class CpuTime {
  /** USER_HZ: the unit of /proc/pid/stat, 100 per second on every Linux that Java runs on. */
  private static final long TICK_MS = 10;

  /** Fields 14 to 17 of proc(5): utime, stime, cutime, cstime; counted from the state, field 3. */
  private static final int FIRST_TIME = 14 - 3;

  private static final int TIMES = 4;

  private CpuTime() {}

  static Duration of(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(CpuTime::of)
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration of(ProcessHandle process) {
    try {
      Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
      return ofStat(Files.readString(stat, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // It is gone, or the system has no /proc.
      return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
  }

  /** The name in field 2 may hold anything, so fields are counted from its closing parenthesis. */
  static Duration ofStat(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    long ticks = 0;
    for (int i = FIRST_TIME; i < FIRST_TIME + TIMES; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return Duration.ofMillis(ticks * TICK_MS);
  }
}
