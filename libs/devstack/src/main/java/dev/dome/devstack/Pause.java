package dev.dome.devstack;

/** The wait between two looks at another process. */
final class Pause {
  private Pause() {}

  static void ofMs(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DevstackException("interrupted while waiting for another process", e);
    }
  }
}
