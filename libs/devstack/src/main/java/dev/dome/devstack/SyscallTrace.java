package dev.dome.devstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a running server writes and syncs, as strace sees it, until it is closed. Whoever owns the
 * process may trace it where the system allows tracing at all.
 */
public final class SyscallTrace implements AutoCloseable {
  private static final Duration ATTACH_AT_MOST = Duration.ofSeconds(20);
  private static final Duration DETACH_AT_MOST = Duration.ofSeconds(10);

  /** Longer than any write of the servers, so that what is looked for is in the trace. */
  private static final String STRING_BYTES = Integer.toString(4 << 20);

  private final ChildProcess strace;
  private final Path file;

  /** What came of asking for one. */
  public sealed interface Tried {
    /** Every thread of every process of the server is traced; the caller closes it. */
    record Attached(SyscallTrace trace) implements Tried {}

    /** It cannot be traced here, and why. */
    record Refused(String why) implements Tried {}
  }

  private SyscallTrace(ChildProcess strace, Path file) {
    this.strace = strace;
    this.file = file;
  }

  /**
   * Traces a server and what it starts.
   *
   * @param directory of the trace and of what strace says besides
   */
  public static Tried attach(DevServer server, Path directory) {
    if (Executables.onPath("strace").isEmpty()) {
      return new Tried.Refused("strace is not installed");
    }
    var file = directory.resolve(server.name() + ".strace");
    var log = directory.resolve(server.name() + ".strace.log");
    var pids = pids(server);
    var command = new ArrayList<String>(List.of("strace", "-f", "-ttt", "-T", "-y"));
    command.addAll(List.of("-s", STRING_BYTES, "-o", file.toString()));
    command.addAll(List.of("-e", "trace=write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync"));
    pids.forEach(pid -> command.addAll(List.of("-p", Long.toString(pid))));
    var strace =
        ChildProcess.start(
            new ChildProcess.Launch(
                command, java.util.Map.of(), directory, log, Lifetime.WITH_PARENT));
    var trace = new SyscallTrace(strace, file);
    var deadline = System.nanoTime() + ATTACH_AT_MOST.toNanos();
    while (attached(log) < pids.size()) {
      if (!strace.isAlive() || System.nanoTime() > deadline) {
        trace.close();
        return new Tried.Refused(ChildProcess.tail(log, 3));
      }
      Pause.ofMs(20);
    }
    return new Tried.Attached(trace);
  }

  private static List<Long> pids(DevServer server) {
    var root = ProcessHandle.of(server.pid()).orElseThrow();
    try (Stream<ProcessHandle> below = root.descendants()) {
      return Stream.concat(Stream.of(root), below).map(ProcessHandle::pid).toList();
    }
  }

  private static long attached(Path log) {
    return ChildProcess.tail(log, Integer.MAX_VALUE)
        .lines()
        .filter(line -> line.contains(" attached"))
        .count();
  }

  /** Ends the trace, lets the server go on untraced, and reads what was written and synced. */
  public SyncedWrites end() {
    close();
    return Files.exists(file) ? SyncedWrites.read(file) : SyncedWrites.none();
  }

  /** Ends the trace; the server goes on untraced. */
  @Override
  public void close() {
    if (strace.isAlive()) {
      strace.stop("INT", DETACH_AT_MOST);
    }
  }
}
