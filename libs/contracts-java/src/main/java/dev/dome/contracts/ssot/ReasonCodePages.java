package dev.dome.contracts.ssot;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.ReasonCodes.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes one Markdown page per reason code, or per family of codes, and an index of all. */
public final class ReasonCodePages {
  private static final String INDEX = "README.md";
  private static final String MADE =
      "<!-- Made from ssot/policy/reason.codes.json; edit that. -->\n";

  private ReasonCodePages() {}

  /**
   * Replaces the pages in a directory.
   *
   * @param args the directory, usually doc/reason-codes
   * @throws IOException when it cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Map<String, String> pages = pages(ReasonCodes.standard());
    Files.createDirectories(directory);
    try (Stream<Path> old = Files.list(directory)) {
      for (Path file : old.toList()) {
        if (!pages.containsKey(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(directory.resolve(page.getKey()), page.getValue());
    }
  }

  /** File name to content. */
  public static SortedMap<String, String> pages(ReasonCodes catalog) {
    SortedMap<String, List<Entry>> byPage =
        catalog.all().stream()
            .collect(Collectors.groupingBy(Entry::page, TreeMap::new, Collectors.toList()));
    SortedMap<String, String> pages = new TreeMap<>();
    byPage.forEach((name, entries) ->
        pages.put(
            name + ".md",
            entries.getFirst().family() == null
                ? page(entries.getFirst())
                : family(name, entries)));
    pages.put(INDEX, index(byPage));
    return pages;
  }

  private static String page(Entry entry) {
    return MADE
        + "# "
        + entry.code()
        + "\n\n"
        + entry.description()
        + "\n\n"
        + facts(entry)
        + "\n## What to do\n\n"
        + entry.action()
        + "\n";
  }

  private static String family(String name, List<Entry> entries) {
    Entry first = entries.getFirst();
    StringBuilder out = new StringBuilder(MADE);
    out.append("# ").append(name).append("\n\n");
    out.append(
        "A signal is not possible in the state a task or run is in. The code ends in both: ");
    out.append('`').append(name).append(".<STATE>.<SIGNAL>`.\n\n");
    out.append(facts(first));
    out.append("\n## What to do\n\n").append(first.action()).append("\n\n## Codes\n\n");
    entries.forEach(entry ->
        out.append("- `")
            .append(entry.code())
            .append("`: ")
            .append(entry.description())
            .append('\n'));
    return out.toString();
  }

  private static String facts(Entry entry) {
    StringBuilder out = new StringBuilder("| | |\n|---|---|\n");
    row(out, "Class", entry.reasonClass() + ": " + cause(entry));
    row(out, "Severity", entry.severity().name());
    row(out, "HTTP status", Integer.toString(entry.httpStatus()));
    row(out, "Trying again may help", entry.retryable() ? "yes" : "no");
    if (!entry.givenBy().isEmpty()) {
      row(out, "Given by", String.join(", ", entry.givenBy()));
    }
    if (entry.reservedFor() != null) {
      row(out, "Not in use yet, reserved for", entry.reservedFor());
    }
    return out.toString();
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }

  private static String cause(Entry entry) {
    return switch (entry.reasonClass()) {
      case DETERMINISTIC -> "the same input gives the same answer";
      case TRANSIENT -> "a condition that passes";
      case POLICY -> "a rule or a person decided so";
      case SECURITY -> "a boundary was kept";
      case INFRA -> "dome or what it stands on has a fault";
    };
  }

  private static String index(SortedMap<String, List<Entry>> byPage) {
    StringBuilder out = new StringBuilder(MADE);
    out.append("# Reason codes\n\nEvery refusal, failure and decision carries one of these.\n\n");
    out.append("| code | class | HTTP | meaning |\n|---|---|---|---|\n");
    byPage.forEach((name, entries) -> {
      Entry entry = entries.getFirst();
      String meaning =
          entry.family() == null
              ? entry.description()
              : "A signal is not possible in the current state.";
      out.append(
          "| [%s](%s.md) | %s | %d | %s |%n"
              .formatted(name, name, entry.reasonClass(), entry.httpStatus(), meaning)
              .replace(System.lineSeparator(), "\n"));
    });
    return out.toString();
  }
}
