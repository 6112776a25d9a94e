package dev.dome.messaging;

import java.time.Duration;
import org.awaitility.Awaitility;

/** Waits until a link has found its server again and JetStream answers. */
final class Connected {
  private Connected() {}

  static void await(NatsLink link) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> link.connected() && !link.streams().incarnation("DOME_INBOX").isEmpty());
  }
}
