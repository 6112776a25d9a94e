package dev.dome.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * One process of this machine, told apart from a later one of the same pid by its start time. Its
 * output goes to a file.
 */
public final class ChildProcess {
  /** Characters of a log line in an error message; a stack trace in JSON has ten thousand. */
  private static final int SHOWN = 400;

  private static final Set<ChildProcess> ATTACHED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(ChildProcess::endAttached, "devstack-children"));
  }

  /** Start times are reckoned from the boot time, which moves when the clock is set. */
  private static final long START_TOLERANCE_MS = 2000;

  private final ProcessHandle handle;

  private ChildProcess(ProcessHandle handle) {
    this.handle = handle;
  }

  /** What to start: argv, the complete environment to add, working directory, log file. */
  record Launch(
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Path log,
      Lifetime lifetime) {}

  static ChildProcess start(Launch launch) {
    var builder = new ProcessBuilder(sessionOf(launch)).directory(launch.directory().toFile());
    builder.environment().putAll(launch.environment());
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(PrivateFiles.log(launch.log()).toFile()));
    try {
      var child = new ChildProcess(builder.start().toHandle());
      if (launch.lifetime() == Lifetime.WITH_PARENT) {
        ATTACHED.add(child);
      }
      return child;
    } catch (IOException e) {
      throw new DevstackException("cannot start " + launch.command().getFirst(), e);
    }
  }

  /** The running process of the pid, if it is still the one that started then. */
  public static java.util.Optional<ChildProcess> find(long pid, long startedAtMs) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(ChildProcess::new)
        .filter(found -> Math.abs(found.startedAtMs() - startedAtMs) <= START_TOLERANCE_MS);
  }

  /** A session of its own keeps the terminal's Ctrl-C and hang-up from a detached child. */
  private static List<String> sessionOf(Launch launch) {
    if (launch.lifetime() == Lifetime.WITH_PARENT) {
      return launch.command();
    }
    var command = new ArrayList<String>();
    command.add(Executables.onPath("setsid").isPresent() ? "setsid" : "nohup");
    command.addAll(launch.command());
    return command;
  }

  private static void endAttached() {
    ATTACHED.forEach(child -> child.signal("INT"));
    ATTACHED.forEach(child -> child.awaitEnd(Duration.ofSeconds(5)));
    ATTACHED.forEach(ChildProcess::kill);
  }

  public long pid() {
    return handle.pid();
  }

  /** Epoch milliseconds; 0 when the system does not tell. */
  public long startedAtMs() {
    return handle.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
  }

  /** The words it was started with, without the program's; empty when the system does not tell. */
  List<String> arguments() {
    return handle.info().arguments().map(List::of).orElse(List.of());
  }

  public boolean isAlive() {
    return handle.isAlive();
  }

  /** SIGKILL, and waits until the process is gone. */
  public void kill() {
    var descendants = descendants();
    handle.destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
    // Orphans of a killed server end by themselves; whoever restarts it must not meet them.
    descendants.forEach(orphan -> awaitEnd(orphan, Duration.ofSeconds(10)));
    ATTACHED.remove(this);
  }

  /** Asks with the signal, then insists with SIGKILL after the grace period. */
  void stop(String signal, Duration grace) {
    resume();
    signal(signal);
    if (!awaitEnd(grace)) {
      kill();
    }
    ATTACHED.remove(this);
  }

  /** SIGSTOP to the process and its descendants: alive, holding its connections, and silent. */
  public void pause() {
    var all = Stream.concat(Stream.of(handle), descendants().stream()).toList();
    all.forEach(process -> signal("STOP", process));
    all.forEach(ChildProcess::awaitStop);
  }

  /** A thread that runs on another processor is stopped a moment after the signal was sent. */
  private static void awaitStop(ProcessHandle target) {
    var deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (runs(target) && System.nanoTime() < deadline) {
      Pause.ofMs(1);
    }
  }

  /** As Linux tells (proc_pid_stat(5), field 3); false where nothing does. */
  private static boolean runs(ProcessHandle target) {
    try {
      var stat = Files.readString(Path.of("/proc/" + target.pid() + "/stat"));
      return target.isAlive() && stat.charAt(stat.lastIndexOf(')') + 2) != 'T';
    } catch (IOException e) {
      return false;
    }
  }

  /** SIGCONT after {@link #pause()}. */
  public void resume() {
    descendants().forEach(child -> signal("CONT", child));
    signal("CONT");
  }

  private List<ProcessHandle> descendants() {
    try (Stream<ProcessHandle> all = handle.descendants()) {
      return all.toList();
    }
  }

  private void signal(String name) {
    signal(name, handle);
  }

  private static void signal(String name, ProcessHandle target) {
    if (!target.isAlive()) {
      return;
    }
    var result = Executables.run(List.of("kill", "-" + name, Long.toString(target.pid())));
    if (result.exitCode() != 0 && target.isAlive()) {
      throw new DevstackException("kill -" + name + " " + target.pid() + ": " + result.output());
    }
  }

  private boolean awaitEnd(Duration atMost) {
    return awaitEnd(handle, atMost);
  }

  /** Looks often: the JDK's own waiting for a process that is not its child takes seconds. */
  private static boolean awaitEnd(ProcessHandle target, Duration atMost) {
    var deadline = System.nanoTime() + atMost.toNanos();
    while (target.isAlive()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Pause.ofMs(5);
    }
    return true;
  }

  /** The last lines of a log file, as much of each as a terminal shows, for an error message. */
  static String tail(Path log, int lines) {
    try {
      var all = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
      return all.subList(Math.max(0, all.size() - lines), all.size()).stream()
          .map(line -> line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line)
          .collect(java.util.stream.Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
