package dev.dome.journal;

import java.util.Map;

/**
 * What a service has not applied of the journal, as the server counts it; fired at every look.
 *
 * @param atMs epoch milliseconds of the look
 * @param messagesByLane messages of one or more rows, by the lane's number
 */
public record Backlogs(long atMs, Map<String, Long> messagesByLane) {
  public Backlogs {
    messagesByLane = Map.copyOf(messagesByLane);
  }

  /** Of all lanes together. */
  public long messages() {
    return messagesByLane.values().stream().mapToLong(Long::longValue).sum();
  }
}
