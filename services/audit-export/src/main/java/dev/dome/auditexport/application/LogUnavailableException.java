package dev.dome.auditexport.application;

/** The log's database did not answer, or not in time; asking again may help. */
public final class LogUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LogUnavailableException(Throwable cause) {
    super("the log is not available", cause);
  }
}
