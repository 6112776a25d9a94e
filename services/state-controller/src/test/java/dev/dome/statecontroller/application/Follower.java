package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.JournalRow;
import java.util.List;
import java.util.Random;

/** A service of a simulation that follows the journal. */
public interface Follower {

  /** Does something, as far as the faults let it. */
  void step();

  /**
   * Reads all there is and does all that is due, while nothing fails.
   *
   * @return whether it did anything
   */
  boolean heal();

  /** What must hold after every step. */
  void check();

  /** What must hold once everything came to rest. */
  void checkAtRest();

  /** What it sees of the rest, and what makes its life a seed's. */
  interface World {
    PlantedBug bug();

    Faults faults();

    Violations violations();

    Random random();

    long nowMs();

    int lanes();

    /** Rows that the journal's stream has of a lane behind a position, in order. */
    List<JournalRow> streamed(Lane lane, long after, int max);

    /** Rows that the controller's table has of a lane behind a position, in order. */
    List<JournalRow> owned(Lane lane, long after, int max);

    /** Stores a message in a lane's inbox and acknowledges it. */
    void send(Lane lane, InboxMessage message);
  }
}
