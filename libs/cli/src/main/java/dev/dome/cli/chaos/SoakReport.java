package dev.dome.cli.chaos;

import java.util.List;

/**
 * What a steady load left behind between the first look and the last.
 *
 * @param minutes between the two
 * @param runs that were made meanwhile
 */
record SoakReport(double minutes, long runs, List<Growth> growths) {

  /**
   * One thing that was looked at twice.
   *
   * @param most what the last look may show
   */
  record Growth(String what, String unit, long first, long last, long most) {
    boolean isBeyond() {
      return last > most;
    }

    String sentence() {
      return what
          + " grew from "
          + first
          + " to "
          + last
          + " "
          + unit
          + ", expected at most "
          + most;
    }
  }
}
