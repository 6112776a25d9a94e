package dev.dome.deployment;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The table of doc/operations/capacity.md from which memory is asked for. */
final class CapacityTable {
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| ([a-z-]+) \\|.*\\| (?<request>\\d+[MG]i) \\| (?<limit>\\d+[MG]i) \\|$");

  private CapacityTable() {}

  /**
   * What one workload asks for.
   *
   * @param limit that it may not exceed
   */
  record Memory(String request, String limit) {}

  /** By the workload's name. */
  static Map<String, Memory> memory() {
    Map<String, Memory> rows = new TreeMap<>();
    ROW.matcher(Repository.read("doc/operations/capacity.md"))
        .results()
        .forEach(row -> rows.put(row.group(1), new Memory(row.group(2), row.group(3))));
    return rows;
  }
}
