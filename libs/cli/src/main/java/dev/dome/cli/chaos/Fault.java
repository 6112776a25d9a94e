package dev.dome.cli.chaos;

import java.util.List;

/**
 * Something that is done to a stack under load and undone again.
 *
 * @param name on the command line and in reports
 * @param what one sentence for people
 */
record Fault(String name, String what, Play play) {

  /** Does it, undoes it, and returns when the stack serves again. */
  @FunctionalInterface
  interface Play {
    Outcome on(Scene scene) throws Exception;
  }

  /** How it went. */
  sealed interface Outcome {
    /**
     * It was done and undone.
     *
     * @param takeoverSeconds until every lane of the victim was another's; null where no lane was
     * @param recoverySeconds until a run of every lane went from submission to promotion
     * @param note what else there is to say; may be empty
     * @param violations what should not have been seen
     */
    record Played(
        Double takeoverSeconds, Double recoverySeconds, String note, List<String> violations)
        implements Outcome {
      static Played recovered(double seconds) {
        return new Played(null, seconds, "", List.of());
      }

      static Played tookOver(double takeover, double recovery) {
        return new Played(takeover, recovery, "", List.of());
      }
    }

    /** This machine does not allow it. */
    record NotPossible(String why) implements Outcome {}
  }
}
