package dev.dome.cli.admin;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Says how far a long check has come and how long it will still take, every few seconds. */
final class Checking implements BiConsumer<Long, Long> {
  private static final long SAY_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

  private final PrintWriter err;
  private final boolean aloud;
  private final long beganNanos = System.nanoTime();
  private long saidNanos = beganNanos;

  Checking(PrintWriter err, boolean aloud) {
    this.err = err;
    this.aloud = aloud;
  }

  @Override
  public void accept(Long done, Long of) {
    long now = System.nanoTime();
    boolean last = done.equals(of);
    if (!aloud || (!last && now - saidNanos < SAY_EVERY_NANOS)) {
      return;
    }
    saidNanos = now;
    err.println(sentence(done, of, Duration.ofNanos(now - beganNanos)));
    err.flush();
  }

  static String sentence(long done, long of, Duration took) {
    String counted = String.format(Locale.ROOT, "%d of %d runs checked", done, of);
    long left = done == 0 ? 0 : took.toMillis() * (of - done) / done / 1_000;
    return done == of
        ? counted
        : counted + String.format(Locale.ROOT, ", about %d min %d s left", left / 60, left % 60);
  }
}
