package dev.dome.ingest.adapter.http;

/** A forwarded request that its own client did not bring to an end; its owner is not to blame. */
final class ClientFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClientFailedException(String message) {
    super(message, null, false, false);
  }
}
