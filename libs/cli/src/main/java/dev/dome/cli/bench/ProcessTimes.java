package dev.dome.cli.bench;

import dev.dome.devstack.StackState;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Processor time of a stack's processes and of this one, user and system, since each started.
 *
 * @param ms by the process's name, with the processes it has started and that still run
 */
record ProcessTimes(Map<String, Long> ms) {
  private static final String BENCH = "bench";

  static ProcessTimes now(StackState stack) {
    Map<String, Long> ms = new TreeMap<>();
    for (StackState.Member member : stack.members()) {
      ms.put(member.name(), ProcessHandle.of(member.pid()).map(ProcessTimes::tree).orElse(0L));
    }
    ms.put(BENCH, own(ProcessHandle.current()));
    return new ProcessTimes(ms);
  }

  private static long tree(ProcessHandle root) {
    try (Stream<ProcessHandle> below = root.descendants()) {
      return own(root) + below.mapToLong(ProcessTimes::own).sum();
    }
  }

  private static long own(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
  }

  /** What each has used since; a process that ended in between counts as nothing. */
  Map<String, Long> since(ProcessTimes before) {
    Map<String, Long> used = new TreeMap<>();
    ms.forEach(
        (name, now) -> used.put(name, Math.max(0, now - before.ms().getOrDefault(name, 0L))));
    return used;
  }
}
