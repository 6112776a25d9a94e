package dev.dome.client.model;

import java.util.List;

/** The answer to a heartbeat. */
public record Lease(String leaseExpiresAt, List<String> directives) {
  /** A directive: take nothing new. */
  public static final String DRAIN = "DRAIN";

  public Lease {
    directives = directives == null ? List.of() : List.copyOf(directives);
  }

  /** Whether the server wants this attempt stopped. */
  public boolean cancel() {
    return directives.contains("CANCEL");
  }

  /** Whether the server wants this worker to take nothing new. */
  public boolean drain() {
    return directives.contains(DRAIN);
  }
}
