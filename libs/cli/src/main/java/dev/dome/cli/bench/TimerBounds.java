package dev.dome.cli.bench;

import dev.dome.devstack.PostgresBound;
import dev.dome.devstack.StackState;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamBound;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the servers under the timers can do at most, measured beside them, each with one client.
 *
 * @param publishesPerSecond single messages into a stream like DOME_INBOX, 64 at a time
 * @param batchedPerSecond messages in atomic batches of 500
 * @param updatesPerSecond rows of a table like the timers', changed 500 at a time
 */
record TimerBounds(double publishesPerSecond, double batchedPerSecond, double updatesPerSecond) {
  /** About what a timer's message has. */
  static final int BYTES = 512;

  static final int WINDOW = 64;
  private static final Duration EACH = Duration.ofSeconds(3);

  /** Measures; null when the database is not the stack's own. */
  static TimerBounds measure(Path directory, StackState stack) {
    return PostgresBound.measure(directory, stack, BYTES, EACH)
        .map(postgres -> {
          try (NatsLink link = NatsLink.open(LinkOptions.of(stack.natsUrl(), "dome-bench"))) {
            return new TimerBounds(
                StreamBound.publishesPerSecond(link, BYTES, WINDOW, EACH),
                StreamBound.messagesPerSecond(link, BYTES, EACH),
                postgres.updatesPerSecond());
          }
        })
        .orElse(null);
  }
}
