package dev.dome.messaging;

/**
 * How full a stream is.
 *
 * @param incarnation which making of the stream it is
 * @param lastSequence of the newest message ever stored
 */
public record StreamUsage(
    String incarnation, long messages, long bytes, long maxBytes, long lastSequence) {
  /** 0 to 1; operators are alerted at 0.7. */
  public double ratio() {
    return maxBytes <= 0 ? 0 : (double) bytes / maxBytes;
  }
}
