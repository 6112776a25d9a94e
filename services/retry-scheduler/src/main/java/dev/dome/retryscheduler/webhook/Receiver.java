package dev.dome.retryscheduler.webhook;

import dev.dome.retryscheduler.webhook.Destinations.Destination;
import java.util.Map;

/** The outside. */
@FunctionalInterface
public interface Receiver {
  /**
   * Posts once, to the address that is given and nowhere else, whatever the answer says. Blocks for
   * as long as its time limits allow.
   */
  Attempted post(Destination destination, Map<String, String> headers, byte[] body);
}
