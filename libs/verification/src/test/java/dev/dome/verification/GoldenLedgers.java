package dev.dome.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The frozen histories of the kernel as ledgers, and what a forger would do to them. */
final class GoldenLedgers {
  private static final Path FOLDER =
      Path.of(System.getProperty("dome.root"), "libs", "kernel", "src/test/resources/golden", "v1");

  private GoldenLedgers() {}

  static List<Path> files() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  static List<ObjectNode> rows(Path file) throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      rows.add((ObjectNode) Json.mapper().readTree(line));
    }
    return rows;
  }

  static List<ObjectNode> approved() throws IOException {
    return history("approve");
  }

  static List<ObjectNode> history(String name) throws IOException {
    return rows(FOLDER.resolve(name + ".jsonl"));
  }

  static String lines(List<? extends JsonNode> rows) {
    return rows.stream().map(row -> CanonicalJson.text(row) + "\n").collect(Collectors.joining());
  }

  /** The rows with an unbroken chain over whatever they hold now. */
  static List<ObjectNode> resealed(List<ObjectNode> rows) {
    List<ObjectNode> forged = new ArrayList<>();
    String prevHash = JournalRow.GENESIS;
    for (ObjectNode tree : rows) {
      JournalRow row = Json.read(tree, JournalRow.class);
      JournalRow sealed =
          JournalRow.seal(
              new JournalEntry(row.kind(), row.envelope()),
              row.runUid(),
              row.namespace(),
              row.lane(),
              row.lanePosition(),
              prevHash);
      prevHash = sealed.hash();
      forged.add((ObjectNode) Json.tree(sealed));
    }
    return forged;
  }
}
