package dev.dome.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.EvidenceSink;
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
 * EXEC.NONZERO_EXIT}, a spent time limit {@code EXEC.TIMEOUT}, spent CPU time {@code
 * EXEC.CPU_LIMIT}, a program that cannot be started {@code EXEC.NOT_STARTED}. A task without a
 * command passes with a note.
 *
 * <p>Each attempt has a home and a working directory in it, of its own below the runtime root,
 * removed afterwards, and no environment variables but PATH, HOME, LANG, TZ and DOME_*. What the
 * command changed in its working directory must lie within the contract's allowed_paths and outside
 * its forbidden_paths, and no link may lead out of it, else the result is {@code
 * EXEC.FORBIDDEN_PATH}; without either list anything may change. Output is cut, redacted and stored
 * as evidence, which the result names by digest. When the attempt ends, for whatever reason, so do
 * the processes it left behind.
 */
public final class CommandWorker implements TaskHandler {
  private static final String PATH_WHEN_UNSET = "/usr/local/bin:/usr/bin:/bin";

  private final Path runtimeRoot;
  private final Redactor redactor;
  private final EvidenceSink evidence;
  private final Limits limits;

  /**
   * What one command may use.
   *
   * @param time when neither the task nor its run sets a shorter limit
   * @param cpu CPU time of the command and everything it starts
   * @param outputBytes how much of its output is kept: the first and the last half
   */
  public record Limits(Duration time, Duration cpu, int outputBytes) {
    /** Ten minutes, ten minutes of CPU time, and 64 KiB. */
    public static final Limits DEFAULT =
        new Limits(Duration.ofMinutes(10), Duration.ofMinutes(10), 64 * 1024);
  }

  /**
   * A worker below a runtime root.
   *
   * @param runtimeRoot made when missing
   * @param evidence takes the output of commands
   */
  public CommandWorker(Path runtimeRoot, Redactor redactor, EvidenceSink evidence, Limits limits) {
    this.runtimeRoot = runtimeRoot;
    this.redactor = redactor;
    this.evidence = evidence;
    this.limits = limits;
  }

  @Override
  public Result handle(TaskContext task) throws IOException, InterruptedException {
    List<String> command = commandOf(task.inputs());
    if (command.isEmpty()) {
      return Result.pass().withNotes("The task has no command.");
    }
    Files.createDirectories(runtimeRoot);
    Path home = Files.createTempDirectory(runtimeRoot.toRealPath(), "attempt-");
    try {
      return run(task, command, home, Files.createDirectory(home.resolve("work")));
    } finally {
      Leftovers.delete(home);
    }
  }

  private Result run(TaskContext task, List<String> command, Path home, Path work)
      throws IOException, InterruptedException {
    PathRules rules = PathRules.of(task.inputs().path("constraints"));
    WorkingTree before = WorkingTree.of(work);
    Path resultFile = home.resolve("dome-result.json");
    CommandProcess.Ending ending =
        CommandProcess.run(
            new CommandProcess.Order(
                command,
                work,
                home,
                environment(task, home, resultFile),
                timeLimit(task),
                limits.cpu(),
                limits.outputBytes()));
    CommandReport report = new CommandReport(redactor, new AttemptBundle(redactor, evidence, task));
    return switch (ending) {
      case CommandProcess.NotStarted e -> report.notStarted(command.getFirst());
      case CommandProcess.TimedOut e -> report.timedOut(e);
      case CommandProcess.CpuSpent e -> report.cpuSpent(e);
      case CommandProcess.Exited e -> {
        List<String> forbidden = violations(rules, before, work);
        yield forbidden.isEmpty()
            ? report.exited(e, ResultFile.read(resultFile))
            : report.forbidden(e, forbidden);
      }
    };
  }

  private static List<String> violations(PathRules rules, WorkingTree before, Path work)
      throws IOException {
    if (rules.isEmpty()) {
      return List.of();
    }
    WorkingTree after = WorkingTree.of(work);
    return after.changedSince(before).stream()
        .filter(path -> !rules.permits(path) || after.leadsOut(path))
        .toList();
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

  private static Map<String, String> environment(TaskContext task, Path home, Path resultFile) {
    String path = System.getenv("PATH");
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", path == null ? PATH_WHEN_UNSET : path);
    environment.put("HOME", home.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("TZ", "UTC");
    environment.put("DOME_RUN_ID", task.runId());
    environment.put("DOME_TASK_ID", task.taskId());
    environment.put("DOME_ATTEMPT", Integer.toString(task.attempt()));
    environment.put("DOME_RESULT_FILE", resultFile.toString());
    return environment;
  }
}
