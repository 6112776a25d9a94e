package dev.dome.kernel;

import java.nio.file.Path;

/** Replays the journal files it is given; run by tests in JVMs of other habits. */
final class ReplayMain {
  private ReplayMain() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] files) {
    for (String file : files) {
      System.out.println(Replay.verify(Histories.read(Path.of(file))));
    }
  }
}
