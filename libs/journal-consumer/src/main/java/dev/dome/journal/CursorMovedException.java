package dev.dome.journal;

import dev.dome.contracts.id.Lane;

/** The cursor was elsewhere: whoever reads must ask for it again. */
public final class CursorMovedException extends RuntimeException {
  CursorMovedException(Lane lane, long expected) {
    super("the cursor of lane " + lane + " is not at " + expected);
  }
}
