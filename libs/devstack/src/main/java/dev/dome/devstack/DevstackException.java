package dev.dome.devstack;

/** Something of this machine kept the stack from running; the message says what to do about it. */
public final class DevstackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DevstackException(String message) {
    super(message);
  }

  public DevstackException(String message, Throwable cause) {
    super(message, cause);
  }
}
