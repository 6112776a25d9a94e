package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a drill says while it runs, and the page that shows what one said. */
final class DrillReport {
  private static final Pattern SHOWN =
      Pattern.compile("(?s)(?<before>.*<!-- drill -->\\n```\\n)(?<drill>.*?)(?<after>```\\n.*)");
  private static final Pattern FIGURE = Pattern.compile("\\d+(\\.\\d+)?");

  private final StringBuilder text = new StringBuilder();
  private int steps;

  void step(String title) {
    steps++;
    text.append("── ").append(steps).append("  ").append(title).append('\n');
  }

  void say(String line) {
    text.append("   ").append(line).append('\n');
  }

  static String since(long beganNs) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - beganNs) / 1e9);
  }

  /** Asserts that the page shows this, but for its figures; writes it there when asked to. */
  void hold(Path page) throws IOException {
    Matcher shown = SHOWN.matcher(Files.readString(page));
    assertThat(shown.matches()).as(page + " has a place for the drill's output").isTrue();
    if (Boolean.getBoolean("dome.drill.write")) {
      Files.writeString(page, shown.group("before") + text + shown.group("after"));
      return;
    }
    assertThat(withoutFigures(shown.group("drill")))
        .as("run RestoreDrillTest with -Ddome.drill.write=true and look at the difference")
        .isEqualTo(withoutFigures(text.toString()));
  }

  private static String withoutFigures(String drill) {
    return FIGURE.matcher(drill).replaceAll("#");
  }
}
