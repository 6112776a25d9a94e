package dev.dome.client.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One command as a process, from its start to the end of everything it started. */
final class CommandProcess {
  private static final System.Logger LOG = System.getLogger(CommandProcess.class.getName());

  /** How often the CPU time is looked at; a limit is overrun by no more than this per processor. */
  private static final long CPU_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private CommandProcess() {}

  /** How a command ended. */
  sealed interface Ending {}

  /** The system would not start it. */
  record NotStarted() implements Ending {}

  /** It ran longer than it may and was ended. */
  record TimedOut(OutputCut output, Duration limit) implements Ending {}

  /** It and what it started used more CPU time than they may and were ended. */
  record CpuSpent(OutputCut output, Duration limit) implements Ending {}

  /** It ended by itself. */
  record Exited(int exitCode, OutputCut output, Duration took) implements Ending {}

  /**
   * What to run and what it may use.
   *
   * @param directory it works in
   * @param home the HOME of its environment, by which its stray children are found
   * @param time from its start
   * @param cpu of it and everything it starts
   * @param outputBytes how much of its output is kept
   */
  record Order(
      List<String> command,
      Path directory,
      Path home,
      Map<String, String> environment,
      Duration time,
      Duration cpu,
      int outputBytes) {}

  /**
   * Runs a command to its end.
   *
   * @throws InterruptedException after everything it started was ended
   */
  static Ending run(Order order) throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(order.command())
            .directory(order.directory().toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().clear();
    builder.environment().putAll(order.environment());
    long start = System.nanoTime();
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "command not started", e);
      return new NotStarted();
    }
    OutputCut output = new OutputCut(order.outputBytes());
    Thread reader = Thread.ofPlatform().daemon().start(() -> drain(process, output));
    Stop stop;
    try {
      stop = await(process, order, start);
    } finally {
      Leftovers.end(process, order.home());
      reader.join(TimeUnit.SECONDS.toMillis(2));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return switch (stop) {
      case ITSELF -> new Exited(process.exitValue(), output, took);
      case TIME -> new TimedOut(output, order.time());
      case CPU -> new CpuSpent(output, order.cpu());
    };
  }

  /** What ended the waiting for a command. */
  private enum Stop {
    ITSELF,
    TIME,
    CPU
  }

  private static Stop await(Process process, Order order, long start) throws InterruptedException {
    long endNanos = start + order.time().toNanos();
    while (true) {
      long leftNanos = endNanos - System.nanoTime();
      if (process.waitFor(Math.min(leftNanos, CPU_LOOK_NANOS), TimeUnit.NANOSECONDS)) {
        return Stop.ITSELF;
      }
      if (System.nanoTime() - endNanos >= 0) {
        return Stop.TIME;
      }
      if (CpuTime.of(process).compareTo(order.cpu()) > 0) {
        return Stop.CPU;
      }
    }
  }

  private static void drain(Process process, OutputCut output) {
    byte[] buffer = new byte[8192];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        output.add(buffer, n);
      }
    } catch (IOException e) {
      // The pipe breaks when the process is ended by force; what was read so far is the output.
      LOG.log(System.Logger.Level.DEBUG, "output ended early", e);
    }
  }
}
