package dev.dome.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.Result;
import dev.dome.client.TaskContext;
import dev.dome.client.TaskHandler;
import dev.dome.security.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the command of a task and reports how it ended: status 0 is PASS, another one {@code
 * EXEC.NONZERO_EXIT}, a spent time limit {@code EXEC.TIMEOUT}, a program that cannot be started
 * {@code EXEC.NOT_STARTED}. A task without a command passes with a note.
 *
 * <p>Each attempt has a directory of its own below the runtime root, removed afterwards, and no
 * environment variables but PATH, HOME, LANG, TZ and DOME_*. Output is cut and redacted. When the
 * attempt ends, for whatever reason, so do the processes it left behind.
 */
public final class CommandWorker implements TaskHandler {
  private static final String PATH_WHEN_UNSET = "/usr/local/bin:/usr/bin:/bin";

  private final Path runtimeRoot;
  private final Redactor redactor;
  private final Limits limits;

  /**
   * What one command may use.
   *
   * @param time when neither the task nor its run sets a shorter limit
   * @param outputBytes how much of its output is kept: the first and the last half
   */
  public record Limits(Duration time, int outputBytes) {
    /** Ten minutes and 64 KiB. */
    public static final Limits DEFAULT = new Limits(Duration.ofMinutes(10), 64 * 1024);
  }

  /**
   * A worker below a runtime root.
   *
   * @param runtimeRoot made when missing
   */
  public CommandWorker(Path runtimeRoot, Redactor redactor, Limits limits) {
    this.runtimeRoot = runtimeRoot;
    this.redactor = redactor;
    this.limits = limits;
  }

  @Override
  public Result handle(TaskContext task) throws IOException, InterruptedException {
    List<String> command = commandOf(task.inputs());
    if (command.isEmpty()) {
      return Result.pass().withNotes("The task has no command.");
    }
    Files.createDirectories(runtimeRoot);
    Path directory = Files.createTempDirectory(runtimeRoot.toRealPath(), "attempt-");
    try {
      return run(task, command, directory);
    } finally {
      Leftovers.delete(directory);
    }
  }

  private Result run(TaskContext task, List<String> command, Path directory)
      throws IOException, InterruptedException {
    Path resultFile = directory.resolve("dome-result.json");
    Map<String, String> environment = environment(task, directory, resultFile);
    CommandProcess.Ending ending =
        CommandProcess.run(command, directory, environment, timeLimit(task), limits.outputBytes());
    CommandReport report = new CommandReport(redactor);
    return switch (ending) {
      case CommandProcess.NotStarted e -> report.notStarted(command.getFirst());
      case CommandProcess.TimedOut e -> report.timedOut(e);
      case CommandProcess.Exited e -> report.exited(e, ResultFile.read(resultFile));
    };
  }

  private static List<String> commandOf(JsonNode inputs) {
    List<String> command = new ArrayList<>();
    inputs.path("command").forEach(word -> command.add(word.asText()));
    return command;
  }

  private Duration timeLimit(TaskContext task) {
    Duration limit = limits.time();
    JsonNode seconds = task.inputs().path("timeout_seconds");
    if (seconds.isIntegralNumber()) {
      limit = shorter(limit, Duration.ofSeconds(seconds.asLong()));
    }
    if (task.grant().deadline() != null) {
      Duration left = Duration.between(Instant.now(), Instant.parse(task.grant().deadline()));
      limit = shorter(limit, left.isNegative() ? Duration.ZERO : left);
    }
    return limit;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Map<String, String> environment(
      TaskContext task, Path directory, Path resultFile) {
    String path = System.getenv("PATH");
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", path == null ? PATH_WHEN_UNSET : path);
    environment.put("HOME", directory.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("TZ", "UTC");
    environment.put("DOME_RUN_ID", task.runId());
    environment.put("DOME_TASK_ID", task.taskId());
    environment.put("DOME_ATTEMPT", Integer.toString(task.attempt()));
    environment.put("DOME_RESULT_FILE", resultFile.toString());
    return environment;
  }
}
