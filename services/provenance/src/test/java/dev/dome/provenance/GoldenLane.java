package dev.dome.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kernel's frozen histories, one after the other in the lane that they belong to. */
public final class GoldenLane {
  public static final Lane LANE = new Lane(3);
  public static final String NAMESPACE = "team-a";

  private static final Path FOLDER =
      Path.of(System.getProperty("dome.root"), "libs", "kernel", "src/test/resources/golden", "v1");

  private final Map<String, List<JournalRow>> runs = new LinkedHashMap<>();
  private long position;

  /** The lane of these histories; each run has an id of its own. */
  public static GoldenLane of(String... histories) {
    GoldenLane lane = new GoldenLane();
    for (String history : histories) {
      List<JournalRow> rows = lane.sealed(history);
      lane.runs.put(rows.getFirst().envelope().runId().value(), rows);
    }
    return lane;
  }

  /** The rows of a run by its id, none when the lane has no such run. */
  public List<JournalRow> run(String runId) {
    return runs.getOrDefault(runId, List.of());
  }

  public List<String> runIds() {
    return List.copyOf(runs.keySet());
  }

  /** Every row in lane order. */
  public List<JournalRow> rows() {
    return runs.values().stream().flatMap(List::stream).toList();
  }

  public static List<JsonNode> trees(List<JournalRow> rows) {
    return rows.stream().<JsonNode>map(Json::tree).toList();
  }

  /** The run with another risk in its gate decision, and a chain that hides it. */
  public static List<JournalRow> forged(List<JournalRow> rows) {
    List<JournalRow> forged = new ArrayList<>();
    String prevHash = JournalRow.GENESIS;
    for (JournalRow row : rows) {
      ObjectNode tree = (ObjectNode) Json.tree(row);
      if (row.envelope().topic().equals("gate.verdict")) {
        tree.withObject("/envelope/payload/decision").put("risk_score", 1);
      }
      JournalRow sealed = seal(Json.read(tree, JournalRow.class), row.lanePosition(), prevHash);
      prevHash = sealed.hash();
      forged.add(sealed);
    }
    return forged;
  }

  private List<JournalRow> sealed(String history) {
    List<JournalRow> rows = new ArrayList<>();
    String prevHash = JournalRow.GENESIS;
    for (String line : lines(history)) {
      JournalRow golden = Json.read(line.getBytes(StandardCharsets.UTF_8), JournalRow.class);
      JournalRow row = seal(golden, ++position, prevHash);
      prevHash = row.hash();
      rows.add(row);
    }
    return rows;
  }

  private static JournalRow seal(JournalRow row, long lanePosition, String prevHash) {
    return JournalRow.seal(
        new JournalEntry(row.kind(), row.envelope()),
        row.runUid(),
        row.namespace(),
        row.lane(),
        lanePosition,
        prevHash);
  }

  private static List<String> lines(String history) {
    try {
      return Files.readAllLines(FOLDER.resolve(history + ".jsonl"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
