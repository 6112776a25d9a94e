package dev.dome.provenance.application;

/** The state-controller did not answer, or not as agreed; asking again later may help. */
public final class LedgerUnavailableException extends RuntimeException {
  public LedgerUnavailableException(String message) {
    super(message);
  }

  public LedgerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
