package dev.dome.cli.run;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The window of the terminal this process runs in. */
final class TerminalWindow {
  private static final int USUAL_ROWS = 24;
  private static final long PATIENCE_MS = 500;

  private TerminalWindow() {}

  /** How many lines it shows now; 24 where that cannot be learnt. */
  static int rows() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return USUAL_ROWS;
      }
      return rowsOf(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return USUAL_ROWS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_ROWS;
    }
  }

  /** Of what {@code stty size} says: rows and columns; 0 of either is unknown. */
  static int rowsOf(String size) {
    String rows = size.strip().split(" ", -1)[0];
    return rows.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(rows) : USUAL_ROWS;
  }
}
