package dev.dome.cli.chaos;

import dev.dome.verification.invariant.AnswerCounts;
import dev.dome.verification.invariant.InvariantReport;
import java.util.List;
import java.util.Map;

/**
 * What came of a run of faults.
 *
 * @param seed of the order of faults, where there is any chance in it
 * @param processors of the machine, which held clients and stack
 * @param runsPerSecond of the load
 * @param waiting runs that were open a minute after the last submission, by what they waited on
 * @param invariants what {@code ./dome admin verify} says afterwards
 * @param violations everything that should not have been seen; empty when all is well
 */
record ChaosReport(
    long seed,
    int processors,
    double runsPerSecond,
    double tookSeconds,
    List<Row> faults,
    Totals totals,
    SoakReport soak,
    Map<String, Long> waiting,
    List<InvariantReport.Line> invariants,
    List<String> violations) {

  /**
   * One fault.
   *
   * @param requests tries of writes of all clients while it was played
   * @param accepted runs whose submission was answered with success meanwhile
   * @param lost of these, runs that are not in the record, and broken promises of acceptance
   * @param doubled effects of these runs that took place twice
   * @param staleWrites journal rows that a superseded writer wrote
   * @param takeoverSeconds null where no lane changed its owner
   * @param recoverySeconds null where it did not recover
   */
  record Row(
      String fault,
      String what,
      Result result,
      AnswerCounts requests,
      long accepted,
      long lost,
      long doubled,
      long staleWrites,
      Double takeoverSeconds,
      Double recoverySeconds,
      String note) {
    Row judged(long lostRuns, long doubledEffects, long stale) {
      boolean broken = lostRuns + doubledEffects + stale > 0;
      return new Row(
          fault,
          what,
          broken ? Result.VIOLATED : result,
          requests,
          accepted,
          lostRuns,
          doubledEffects,
          stale,
          takeoverSeconds,
          recoverySeconds,
          note);
    }
  }

  /** How a fault ended. */
  enum Result {
    HELD("held"),
    VIOLATED("VIOLATED"),
    NOT_POSSIBLE_HERE("not possible here");

    private final String words;

    Result(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** All faults together, and the load before and after them. */
  record Totals(AnswerCounts requests, long accepted, long lost, long doubled, long staleWrites) {}
}
