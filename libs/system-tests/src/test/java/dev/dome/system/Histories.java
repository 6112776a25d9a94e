package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run's journal as the API gives it, checked without asking the services anything else. */
final class Histories {
  private Histories() {}

  /** Refolds the run: chain unbroken, sequence gapless from 1, every decision reproduced. */
  static List<JournalRow> assertReplays(DomeClient reader, String runId) {
    List<JournalRow> rows = ledger(reader, runId);
    assertThat(Replay.verify(rows))
        .as("replay of %s", runId)
        .isInstanceOf(Replay.Result.Match.class);
    return rows;
  }

  static List<JournalRow> ledger(DomeClient reader, String runId) {
    List<JournalRow> rows = new ArrayList<>();
    JsonNode next;
    do {
      Map<String, String> page = Map.of("page_size", "200", "after", Integer.toString(rows.size()));
      JsonNode answer = reader.read("runs/" + runId + "/ledger", page);
      for (JsonNode row : answer.path("items")) {
        rows.add(Json.read(row, JournalRow.class));
      }
      next = answer.path("next_after");
    } while (!next.isMissingNode() && !next.isNull());
    return rows;
  }
}
