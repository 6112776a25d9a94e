package dev.dome.statecontroller.application;

/**
 * A delivery that the store refused when it was alone.
 *
 * @param recordable whether its answer may still be stored; not once that was refused as well
 */
record Condemned(Command.Delivery delivery, StoreException cause, boolean recordable) {

  /** The sentence after another refusal: the sender is still told, but nothing of it is stored. */
  static Condemned after(Condemned earlier, Command.Delivery delivery, StoreException cause) {
    boolean again = earlier != null && earlier.delivery().equals(delivery);
    return new Condemned(delivery, again ? earlier.cause() : cause, !again);
  }
}
