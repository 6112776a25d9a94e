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

  private CommandProcess() {}

  /** How a command ended. */
  sealed interface Ending {}

  /** The system would not start it. */
  record NotStarted() implements Ending {}

  /** It ran longer than it may and was ended. */
  record TimedOut(OutputCut output, Duration limit) implements Ending {}

  /** It ended by itself. */
  record Exited(int exitCode, OutputCut output, Duration took) implements Ending {}

  /**
   * Runs a command to its end.
   *
   * @throws InterruptedException after everything it started was ended
   */
  static Ending run(
      List<String> command,
      Path directory,
      Map<String, String> environment,
      Duration limit,
      int outputBytes)
      throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().clear();
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Command not started", e);
      return new NotStarted();
    }
    OutputCut output = new OutputCut(outputBytes);
    Thread reader = Thread.ofPlatform().daemon().start(() -> drain(process, output));
    boolean ended;
    try {
      ended = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      Leftovers.end(process, directory);
      reader.join(TimeUnit.SECONDS.toMillis(2));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return ended ? new Exited(process.exitValue(), output, took) : new TimedOut(output, limit);
  }

  private static void drain(Process process, OutputCut output) {
    byte[] buffer = new byte[8192];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        output.add(buffer, n);
      }
    } catch (IOException e) {
      // The pipe breaks when the process is ended by force; what was read so far is the output.
      LOG.log(System.Logger.Level.DEBUG, "Output ended early", e);
    }
  }
}
