package dev.dome.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The worker as a child process, with all it writes. */
final class WorkerProcess implements AutoCloseable {
  private static final int MAX_OUTPUT_BYTES = 1 << 20;

  private final Process process;
  private final Thread reader;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private WorkerProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  static WorkerProcess start(WorkerProgram program, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder(program.command())
            .directory(program.directory().toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("DOME_"));
    builder.environment().putAll(environment);
    try {
      return new WorkerProcess(builder.start());
    } catch (IOException e) {
      throw new BrokenRuleException("the worker cannot be started: " + e.getMessage());
    }
  }

  private void read() {
    try (InputStream in = process.getInputStream()) {
      byte[] chunk = new byte[8192];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (output.size() < MAX_OUTPUT_BYTES) {
          output.write(chunk, 0, read);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM; the process's own destroy would close its output to us as well. */
  void terminate() {
    process.toHandle().destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it ended with; empty when it has not ended by then. */
  OptionalInt exitCode(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  /** Everything written to standard output and standard error so far. */
  String output() {
    return output.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
      reader.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
