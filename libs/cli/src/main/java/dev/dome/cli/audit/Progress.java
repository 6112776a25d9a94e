package dev.dome.cli.audit;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Says now and then how far long work has come, and when it is likely to end. */
final class Progress {
  static final Progress SILENT = new Progress(line -> {}, () -> 0);

  private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Consumer<String> lines;
  private final LongSupplier nanos;
  private String what = "";
  private long beganNanos;
  private long saidNanos;

  /**
   * Progress in lines.
   *
   * @param nanos a clock that never goes back
   */
  Progress(Consumer<String> lines, LongSupplier nanos) {
    this.lines = lines;
    this.nanos = nanos;
  }

  /** Says beside this one how far work has come that is made of such work. */
  Progress another() {
    return new Progress(lines, nanos);
  }

  /**
   * Work has come so far; said at most every two seconds.
   *
   * @param total in the unit of done; 0 when nobody knows
   */
  void at(String work, long done, long total) {
    long now = nanos.getAsLong();
    if (!work.equals(what)) {
      what = work;
      beganNanos = now;
      saidNanos = now;
    }
    if (now - saidNanos >= SAY_EVERY_NANOS) {
      saidNanos = now;
      lines.accept(work + ": " + (total > 0 ? share(done, total, now) : "%,d".formatted(done)));
    }
  }

  private String share(long done, long total, long now) {
    double leftNanos = (now - beganNanos) * ((double) total / Math.max(1, done) - 1);
    return String.format(
        Locale.ROOT,
        "%d %%, about %d s left",
        100 * done / total,
        TimeUnit.NANOSECONDS.toSeconds((long) leftNanos));
  }
}
