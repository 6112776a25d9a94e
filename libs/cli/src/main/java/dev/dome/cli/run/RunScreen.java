package dev.dome.cli.run;

import dev.dome.client.model.Run;
import dev.dome.client.model.Task;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * Shows a run as it changes: a terminal gets the whole graph drawn over itself, anything else one
 * line per change.
 */
public final class RunScreen {
  private final PrintWriter out;
  private final boolean live;
  private final Map<String, String> lastLines = new HashMap<>();
  private int drawnLines;

  /**
   * A screen on a writer.
   *
   * @param live whether the writer is a terminal that understands cursor movement
   */
  public RunScreen(PrintWriter out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /** A screen that is live where standard output is a terminal. */
  public static RunScreen on(PrintWriter out) {
    return new RunScreen(out, Ansi.AUTO.enabled());
  }

  /** Shows the run as it is now. */
  public void show(Run run, List<Task> tasks) {
    if (live) {
      draw(GraphText.of(run, tasks, Ansi.ON));
    } else {
      tell(run, tasks);
    }
    out.flush();
  }

  private void draw(List<String> lines) {
    if (drawnLines > 0) {
      // Up to the first line of the last drawing, then clear to the end of the screen.
      out.printf("\u001B[%dA\r\u001B[J", drawnLines);
    }
    lines.forEach(out::println);
    drawnLines = lines.size();
  }

  private void tell(Run run, List<Task> tasks) {
    for (Task task : tasks) {
      tellOnce("task " + task.taskId(), GraphText.taskLine(task, Ansi.OFF));
    }
    tellOnce("run", GraphText.runLine(run, tasks, Ansi.OFF));
  }

  private void tellOnce(String key, String line) {
    if (!line.equals(lastLines.put(key, line))) {
      out.println(line);
    }
  }
}
