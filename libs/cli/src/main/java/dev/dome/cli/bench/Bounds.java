package dev.dome.cli.bench;

import dev.dome.devstack.PostgresBound;
import dev.dome.devstack.StackState;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamBound;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the servers of the measured stack can do at most, measured beside dome's own figures, each
 * with one client and messages or rows of {@link #BYTES} bytes.
 *
 * @param streamMessagesPerSecond atomic batches of 500 into a file-backed stream
 * @param unnestRowsPerSecond inserts of 500 rows into a table like the journal
 * @param commitsPerSecond transactions of one such row
 */
record Bounds(double streamMessagesPerSecond, double unnestRowsPerSecond, double commitsPerSecond) {
  /** About what a row of W3's journal has. */
  static final int BYTES = 1024;

  private static final Duration EACH = Duration.ofSeconds(3);

  /**
   * Measures, or tells null when the stack's database is not its own.
   *
   * @param directory of the stack
   */
  static Bounds measure(Path directory, StackState stack) {
    return PostgresBound.measure(directory, stack, BYTES, EACH)
        .map(postgres ->
            new Bounds(stream(stack), postgres.rowsPerSecond(), postgres.commitsPerSecond()))
        .orElse(null);
  }

  private static double stream(StackState stack) {
    try (NatsLink link = NatsLink.open(LinkOptions.of(stack.natsUrl(), "dome-bench"))) {
      return StreamBound.messagesPerSecond(link, BYTES, EACH);
    }
  }
}
