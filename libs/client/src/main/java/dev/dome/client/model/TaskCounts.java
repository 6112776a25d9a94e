package dev.dome.client.model;

/** How many tasks of a run stand where. */
public record TaskCounts(
    int total, int queued, int claimed, int running, int gated, int done, int blocked) {

  /** Tasks that have reported for the last time. */
  public int settled() {
    return gated + done + blocked;
  }
}
