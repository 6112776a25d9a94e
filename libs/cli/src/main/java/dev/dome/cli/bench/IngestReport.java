package dev.dome.cli.bench;

/**
 * How many submissions a second ingest took, each synced to disk before its answer.
 *
 * @param perSubmission what each cost, the work behind the answers as far as it was done
 * @param httpPerSecond answers of its health check to as many hands at once
 * @param streamMessagesPerSecond atomic batches of 500 messages of {@link #BYTES} bytes
 */
record IngestReport(
    int submissions,
    int hands,
    double acceptedPerSecond,
    Usage.PerRun perSubmission,
    double httpPerSecond,
    double streamMessagesPerSecond) {
  /** About what a submission has. */
  static final int BYTES = 1024;
}
