package dev.dome.messaging;

/**
 * The size of the two streams.
 *
 * @param inboxMaxBytes bytes DOME_INBOX may hold before publishers are pushed back
 * @param journalMaxBytes bytes DOME_JOURNAL may hold before the lane writers' publishing waits
 * @param replicas 1 on one server, 3 in a cluster
 */
public record StreamsConfig(long inboxMaxBytes, long journalMaxBytes, int replicas) {
  private static final long GIB = 1L << 30;

  public static final StreamsConfig DEFAULT = new StreamsConfig(GIB, GIB, 1);
}
