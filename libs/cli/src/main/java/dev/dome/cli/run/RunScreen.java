package dev.dome.cli.run;

import dev.dome.client.model.Run;
import dev.dome.client.model.Task;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import picocli.CommandLine.Help.Ansi;

/**
 * Shows a run as it changes: a terminal gets the graph drawn over itself, as much of it as the
 * window holds, anything else one line per change.
 */
public final class RunScreen {
  private static final String WRAP_OFF = "\u001B[?7l";
  private static final String WRAP_ON = "\u001B[?7h";

  private final PrintWriter out;
  private final Optional<IntSupplier> windowRows;
  private final Map<String, String> lastLines = new HashMap<>();
  private int drawnLines;

  /**
   * A screen on a writer.
   *
   * @param windowRows of the terminal that the writer writes to, empty when it is none
   */
  RunScreen(PrintWriter out, Optional<IntSupplier> windowRows) {
    this.out = out;
    this.windowRows = windowRows;
  }

  /** A screen that draws where standard output is a terminal. */
  public static RunScreen on(PrintWriter out) {
    return Ansi.AUTO.enabled()
        ? new RunScreen(out, Optional.of(TerminalWindow::rows))
        : ofLines(out);
  }

  /** A screen that only tells changes. */
  static RunScreen ofLines(PrintWriter out) {
    return new RunScreen(out, Optional.empty());
  }

  /** Shows the run as it is now. */
  public void show(Run run, List<Task> tasks) {
    windowRows.ifPresentOrElse(
        // The cursor stands below the drawing, in a row of its own.
        rows -> draw(GraphText.of(run, tasks, Ansi.ON, rows.getAsInt() - 1)),
        () -> tell(run, tasks));
    out.flush();
  }

  private void draw(List<String> lines) {
    if (drawnLines > 0) {
      // Up to the first line of the last drawing, then clear to the end of the screen.
      out.printf("\u001B[%dA\r\u001B[J", drawnLines);
    }
    // A line that is too wide is cut by the terminal: wrapped, it would count as two.
    out.print(WRAP_OFF);
    lines.forEach(out::println);
    out.print(WRAP_ON);
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
