package dev.dome.cli.run;

import dev.dome.client.model.Run;
import dev.dome.client.model.Task;
import dev.dome.client.model.TaskStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** A run's graph as lines of text: one per task, indented by how deep it stands in the graph. */
public final class GraphText {
  private static final int BAR_WIDTH = 12;

  private GraphText() {}

  /** The run and under it its tasks, each below the tasks it depends on. */
  public static List<String> of(Run run, List<Task> tasks, Ansi ansi) {
    return of(run, tasks, ansi, Integer.MAX_VALUE);
  }

  /** As above, in so many lines at most: what is not settled stays, and the last line counts. */
  static List<String> of(Run run, List<Task> tasks, Ansi ansi, int maxLines) {
    Map<String, Task> byId =
        tasks.stream().collect(Collectors.toMap(Task::taskId, Function.identity(), (a, b) -> a));
    Map<String, Integer> depths = new HashMap<>();
    List<Task> ordered =
        tasks.stream().sorted(Comparator.comparingInt(task -> depth(task, byId, depths))).toList();
    Set<Task> shown = shown(ordered, maxLines - 1);
    List<String> lines = new ArrayList<>();
    lines.add(runLine(run, tasks, ansi));
    ordered.stream()
        .filter(shown::contains)
        .forEach(task -> lines.add(branch(depth(task, byId, depths)) + taskLine(task, ansi)));
    if (shown.size() < ordered.size()) {
      lines.add("  … " + (ordered.size() - shown.size()) + " further tasks");
    }
    return lines;
  }

  private static Set<Task> shown(List<Task> ordered, int lines) {
    int room = ordered.size() <= lines ? ordered.size() : Math.max(0, lines - 1);
    return ordered.stream()
        .sorted(Comparator.comparing(task -> task.status().isSettled()))
        .limit(room)
        .collect(Collectors.toSet());
  }

  /** The run in one line: id, state, progress and why it stands where it stands. */
  public static String runLine(Run run, List<Task> tasks, Ansi ansi) {
    long settled = tasks.stream().filter(task -> task.status().isSettled()).count();
    StringBuilder line = new StringBuilder();
    line.append(ansi.string("@|bold " + run.runId() + "|@  "));
    line.append(ansi.string(colour(run.status().name(), runColour(run))));
    line.append("  ").append(bar(settled, tasks.size()));
    line.append(" ").append(settled).append('/').append(tasks.size());
    if (run.paused()) {
      line.append("  paused");
    }
    if (run.reasonCode() != null) {
      line.append("  ").append(run.reasonCode());
    } else if (run.waitingOn() != null && run.waitingOn().hasNonNull("reason_code")) {
      line.append("  waits: ").append(run.waitingOn().path("reason_code").asText());
    }
    return line.toString();
  }

  /** A task in one line: mark, id, state, attempt, worker and reason. */
  public static String taskLine(Task task, Ansi ansi) {
    StringBuilder line = new StringBuilder();
    line.append(ansi.string(colour(mark(task.status()), taskColour(task.status()))));
    line.append(' ').append(task.taskId()).append("  ");
    line.append(ansi.string(colour(task.status().name(), taskColour(task.status()))));
    if (task.attempt() > 1 || task.status() != TaskStatus.QUEUED) {
      line.append("  attempt ").append(task.attempt());
    }
    if (task.reasonCode() != null) {
      line.append("  ").append(task.reasonCode());
    }
    if (task.dependencies().size() > 1) {
      line.append("  after ").append(String.join(", ", task.dependencies()));
    }
    return line.toString();
  }

  /** The longest way from a task without dependencies; the plan has no cycles. */
  private static int depth(Task task, Map<String, Task> byId, Map<String, Integer> known) {
    Integer cached = known.get(task.taskId());
    if (cached != null) {
      return cached;
    }
    int depth = 0;
    for (String dependency : task.dependencies()) {
      Task before = byId.get(dependency);
      depth = before == null ? depth : Math.max(depth, 1 + depth(before, byId, known));
    }
    known.put(task.taskId(), depth);
    return depth;
  }

  private static String branch(int depth) {
    return depth == 0 ? "  " : "  " + "   ".repeat(depth - 1) + "└─ ";
  }

  private static String bar(long settled, int total) {
    int filled = total == 0 ? 0 : (int) (BAR_WIDTH * settled / total);
    return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  }

  private static String mark(TaskStatus status) {
    return switch (status) {
      case QUEUED, UNKNOWN -> "○";
      case CLAIMED -> "◔";
      case RUNNING -> "◐";
      case GATED -> "◉";
      case DONE -> "●";
      case BLOCKED -> "✗";
    };
  }

  private static String taskColour(TaskStatus status) {
    return switch (status) {
      case QUEUED, UNKNOWN -> "faint";
      case CLAIMED, RUNNING -> "yellow";
      case GATED -> "cyan";
      case DONE -> "green";
      case BLOCKED -> "red";
    };
  }

  private static String runColour(Run run) {
    return switch (run.status()) {
      case PROMOTED -> "bold,green";
      case REJECTED, CANCELLED, EXPIRED -> "bold,red";
      case AWAITING_APPROVAL -> "bold,magenta";
      case PLANNED, RUNNING, GATING, UNKNOWN -> "yellow";
    };
  }

  private static String colour(String text, String style) {
    return "@|" + style + " " + text + "|@";
  }
}
