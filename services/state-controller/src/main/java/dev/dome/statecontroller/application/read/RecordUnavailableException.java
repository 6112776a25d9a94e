package dev.dome.statecontroller.application.read;

/** The database did not answer, or not in time; asking again may help. */
public final class RecordUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RecordUnavailableException(Throwable cause) {
    super("the record is not available", cause);
  }
}
