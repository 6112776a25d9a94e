package dev.dome.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run's journal rows with their hashes, as the API gives them. */
public final class Ledger {
  private Ledger() {}

  /** Every row of the run, in order. */
  public static List<JsonNode> rows(DomeClient client, String runId) {
    List<JsonNode> rows = new ArrayList<>();
    String after = "0";
    while (after != null) {
      JsonNode page = client.read("runs/" + runId + "/ledger", Map.of("after", after));
      page.path("items").forEach(rows::add);
      after = page.hasNonNull("next_after") ? page.path("next_after").asText() : null;
    }
    return rows;
  }
}
