package dev.dome.verification.invariant;

/** What must hold of every dome system, under the numbers operators and reports use. */
public enum Invariant {
  ONE_EVENT_PER_ANSWER(1, "every accepted request has exactly one place in the record"),
  GAPLESS_SEQUENCE(2, "the sequence of a run is gapless from 1"),
  LEGAL_TRANSITIONS(3, "tasks move only as the tables say, and final is final"),
  ONE_EFFECT_PER_KEY(4, "every claim, report, settlement and decision took effect once"),
  EPOCHS_NEVER_DECREASE(5, "no row was written under a superseded epoch"),
  STATE_IS_FOLDED(6, "replaying the inputs gives the recorded events and the shown state"),
  SAME_KEY_SAME_ANSWER(7, "a repeated key is answered as the first time, another body with 409"),
  RETRIES_IN_BOUNDS(8, "attempts stay in budget and delays inside their seeded bounds"),
  TIMERS_FIRE_ONCE(9, "a timer fires once and never early"),
  PUBLISHED_OR_PENDING(10, "journal rows are published or pending, and copies equal the journal"),
  DEAD_LETTERS_ONCE(11, "what ran out of budget is a dead letter once, with its history"),
  UNBROKEN_CHAINS(12, "hash chains are unbroken and the audit record covers them"),
  NAMESPACES_APART(13, "nothing of a run shows another namespace"),
  NO_SECRETS(14, "no planted secret is found anywhere"),
  FINAL_OR_EXPLAINED(15, "a run is final or names what it waits on"),
  SHED_LEAVES_NOTHING(16, "a shed request left no state");

  private final int number;
  private final String statement;

  Invariant(int number, String statement) {
    this.number = number;
    this.statement = statement;
  }

  /** From 1 to 16. */
  public int number() {
    return number;
  }

  public String statement() {
    return statement;
  }
}
