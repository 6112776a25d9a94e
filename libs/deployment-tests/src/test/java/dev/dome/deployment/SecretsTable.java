package dev.dome.deployment;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The table of doc/operations/kubernetes.md that tells an operator what to make beforehand. */
final class SecretsTable {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (?:Secret|ConfigMap) `([a-z0-9-]+)` \\| `([A-Za-z0-9._-]+)` \\|");

  private SecretsTable() {}

  /** Each row as {@code name/key}. */
  static Set<String> rows() {
    Set<String> rows = new TreeSet<>();
    ROW.matcher(Repository.read("doc/operations/kubernetes.md"))
        .results()
        .forEach(row -> rows.add(row.group(1) + "/" + row.group(2)));
    return rows;
  }
}
