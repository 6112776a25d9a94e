package dev.dome.messaging;

import java.time.Duration;

/**
 * Every wait and window of the messaging library in one place. Nothing here waits longer, or holds
 * more, than these figures say.
 *
 * @param openMs how long {@link NatsLink#open} tries to reach a server before it gives up
 * @param connectMs one attempt to connect
 * @param reconnectMs pause between attempts to reconnect, plus up to as much again at random
 * @param pingMs a connection that misses two pings in a row counts as lost
 * @param requestMs a JetStream management request, such as creating a consumer
 * @param publishMs one publish, until its acknowledgement
 * @param publishWindow publishes of one publisher that may wait for acknowledgement at a time; one
 *     more is refused as {@link Publication.Cause#WINDOW_FULL}
 * @param batchMs one atomic batch, until its acknowledgement; the server drops an unfinished batch
 *     after 10 s
 * @param pullMessages messages asked for by one pull of a reader, and so the most it holds unread
 * @param pullBytes of those messages; more than the largest message that a server takes
 * @param pullMs how long the server keeps a pull open; also the longest a reader needs to notice a
 *     consumer that the server forgot
 * @param retryFloorMs first pause of a reader after a failure; it doubles up to {@code retryCapMs}
 * @param outcomeWindow outcomes that may be awaited at a time
 */
public record LinkBudget(
    long openMs,
    long connectMs,
    long reconnectMs,
    long pingMs,
    long requestMs,
    long publishMs,
    int publishWindow,
    long batchMs,
    int pullMessages,
    int pullBytes,
    long pullMs,
    long retryFloorMs,
    long retryCapMs,
    int outcomeWindow) {

  public static final LinkBudget DEFAULT =
      new LinkBudget(
          30_000, 2_000, 250, 5_000, 3_000, 5_000, 4_096, 5_000, 500, 4 << 20, 2_000, 50, 2_000,
          65_536);

  /** The same with other bounds for publishing. */
  public LinkBudget withPublishing(long publishMs, int publishWindow, long batchMs) {
    return new LinkBudget(
        openMs,
        connectMs,
        reconnectMs,
        pingMs,
        requestMs,
        publishMs,
        publishWindow,
        batchMs,
        pullMessages,
        pullBytes,
        pullMs,
        retryFloorMs,
        retryCapMs,
        outcomeWindow);
  }

  Duration connect() {
    return Duration.ofMillis(connectMs);
  }

  Duration request() {
    return Duration.ofMillis(requestMs);
  }

  Duration publish() {
    return Duration.ofMillis(publishMs);
  }

  Duration batch() {
    return Duration.ofMillis(batchMs);
  }
}
