package dev.dome.messaging;

import io.nats.client.JetStreamApiException;

/** JetStream refused a management request; the message is the server's, the code its number. */
public final class StreamRefusedException extends RuntimeException {
  private final int apiErrorCode;

  StreamRefusedException(JetStreamApiException cause) {
    super("JetStream refused: " + cause.getErrorDescription(), cause);
    this.apiErrorCode = cause.getApiErrorCode();
  }

  public int apiErrorCode() {
    return apiErrorCode;
  }
}
