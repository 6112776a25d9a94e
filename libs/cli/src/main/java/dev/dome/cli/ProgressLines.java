package dev.dome.cli;

import dev.dome.devstack.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * One line per finished step with the time it took; what is still running is said when it starts.
 */
public final class ProgressLines implements Progress {
  private final PrintWriter out;

  public ProgressLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void started(String step) {
    out.printf(Locale.ROOT, "  …  %s%n", step);
    out.flush();
  }

  @Override
  public synchronized void finished(String step, Duration took) {
    out.printf(Locale.ROOT, "  ok %-24s %5.1f s%n", step, took.toMillis() / 1000.0);
    out.flush();
  }
}
