package dev.dome.statecontroller.application;

/** A transaction did not become durable, or nobody knows whether it did. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is known about the transaction. */
  public enum Kind {
    /** Undone, because another replica wrote the same unique key: decide again. */
    CONFLICT,
    /** Undone, because the data cannot be stored: some input of the batch is to blame. */
    REFUSED,
    /** Nobody knows: read everything again before the next decision. */
    UNKNOWN
  }

  private final Kind kind;

  public StoreException(Kind kind, Throwable cause) {
    super(cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
