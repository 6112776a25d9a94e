package dev.dome.journal;

/** The service's database did not answer, or not in time; asking again may help. */
public final class DatabaseUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatabaseUnavailableException(Throwable cause) {
    super("the database is not available", cause);
  }
}
