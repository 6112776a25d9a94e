package dev.dome.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.client.model.Run;
import dev.dome.client.model.RunStatus;
import dev.dome.client.model.Task;
import dev.dome.client.model.TaskStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

final class GraphTextTest {
  @Test
  void tasksStandBelowWhatTheyDependOn() {
    List<String> lines =
        GraphText.of(
            run(RunStatus.RUNNING),
            List.of(
                task("verify", TaskStatus.QUEUED, "implement", "review"),
                task("plan", TaskStatus.GATED),
                task("implement", TaskStatus.RUNNING, "plan"),
                task("review", TaskStatus.QUEUED, "plan")),
            Ansi.OFF);

    assertThat(lines)
        .containsExactly(
            "pkt-1  RUNNING  ███░░░░░░░░░ 1/4",
            "  ◉ plan  GATED  attempt 1",
            "  └─ ◐ implement  RUNNING  attempt 1",
            "  └─ ○ review  QUEUED",
            "     └─ ○ verify  QUEUED  after implement, review");
  }

  @Test
  void withoutATerminalEachChangeIsOneLine() {
    StringWriter text = new StringWriter();
    RunScreen screen = RunScreen.ofLines(new PrintWriter(text));
    screen.show(run(RunStatus.RUNNING), List.of(task("plan", TaskStatus.QUEUED)));
    screen.show(run(RunStatus.RUNNING), List.of(task("plan", TaskStatus.QUEUED)));
    screen.show(run(RunStatus.RUNNING), List.of(task("plan", TaskStatus.CLAIMED)));

    assertThat(text.toString().lines())
        .containsExactly(
            "○ plan  QUEUED", "pkt-1  RUNNING  ░░░░░░░░░░░░ 0/1", "◔ plan  CLAIMED  attempt 1");
  }

  @Test
  void aTerminalIsDrawnOver() {
    StringWriter text = new StringWriter();
    RunScreen screen = new RunScreen(new PrintWriter(text), Optional.of(() -> 24));
    screen.show(run(RunStatus.RUNNING), List.of(task("plan", TaskStatus.QUEUED)));
    screen.show(run(RunStatus.RUNNING), List.of(task("plan", TaskStatus.CLAIMED)));

    assertThat(text.toString()).containsOnlyOnce("\u001B[2A\r\u001B[J");
  }

  @Test
  void aGraphThatIsHigherThanTheWindowLosesWhatIsSettledFirst() {
    StringWriter text = new StringWriter();
    RunScreen screen = new RunScreen(new PrintWriter(text), Optional.of(() -> 5));
    List<Task> tasks =
        List.of(
            task("a", TaskStatus.DONE),
            task("b", TaskStatus.DONE),
            task("c", TaskStatus.RUNNING),
            task("d", TaskStatus.QUEUED));

    screen.show(run(RunStatus.RUNNING), tasks);
    screen.show(run(RunStatus.RUNNING), tasks);

    assertThat(plain(text))
        .hasSize(8)
        .startsWith(
            "pkt-1  RUNNING  ██████░░░░░░ 2/4",
            "  ◐ c  RUNNING  attempt 1",
            "  ○ d  QUEUED",
            "  … 2 further tasks");
    assertThat(text.toString()).containsOnlyOnce("\u001B[4A");
  }

  @ParameterizedTest
  @CsvSource({"50 132,50", "0 0,24", "'',24", "stty: not a tty,24"})
  void theWindowsRowsAreWhatTheTerminalSays(String size, int rows) {
    assertThat(TerminalWindow.rowsOf(size)).isEqualTo(rows);
  }

  private static List<String> plain(StringWriter text) {
    return text.toString()
        .replaceAll("\u001B\\[[0-9;?]*[A-Za-z]", "")
        .replace("\r", "")
        .lines()
        .toList();
  }

  private static Run run(RunStatus status) {
    return new Run(
        "pkt-1", null, "default", status, false, null, null, null, null, null, null, null, null,
        null, null, null, null);
  }

  private static Task task(String id, TaskStatus status, String... dependencies) {
    return new Task(
        id,
        "goal",
        status,
        List.of(dependencies),
        "default",
        5,
        List.of(),
        1,
        null,
        null,
        null,
        null);
  }
}
