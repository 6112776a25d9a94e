package dev.dome.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChainCheckTest {
  @Test
  void anUnbrokenChainHolds() {
    ChainCheck.Report report = ChainCheck.of(chain(3));

    assertThat(report.defect()).isEmpty();
    assertThat(report.rows()).isEqualTo(3);
  }

  @Test
  void aChangedRowIsFound() {
    List<JsonNode> rows = chain(3);
    ((ObjectNode) rows.get(1).path("envelope").path("payload")).put("amount", 2);

    assertThat(ChainCheck.of(rows).defect()).contains("row 2: its content has another hash");
  }

  @Test
  void aMissingRowIsFound() {
    List<JsonNode> rows = chain(3);
    rows.remove(1);

    assertThat(ChainCheck.of(rows).defect()).contains("row 2: the sequence has a gap");
  }

  @Test
  void aRowWithARecomputedHashBreaksTheLinkOfTheNext() {
    List<JsonNode> rows = chain(3);
    ObjectNode forged = (ObjectNode) rows.get(1);
    ((ObjectNode) forged.path("envelope").path("payload")).put("amount", 2);
    seal(forged);

    assertThat(ChainCheck.of(rows).defect()).contains("row 3: not linked to the row before");
  }

  private static List<JsonNode> chain(int length) {
    List<JsonNode> rows = new ArrayList<>();
    String previous = "0".repeat(64);
    for (int sequence = 1; sequence <= length; sequence++) {
      ObjectNode row = Json.mapper().createObjectNode();
      row.put("run_uid", "0123456789abcdef0123456789abcdef");
      row.put("lane_position", 41L + sequence);
      row.put("prev_hash", previous);
      ObjectNode envelope = row.putObject("envelope");
      envelope.put("sequence", sequence);
      envelope.putObject("payload").put("amount", 1);
      previous = seal(row);
      rows.add(row);
    }
    return rows;
  }

  private static String seal(ObjectNode row) {
    row.remove("hash");
    ObjectNode content = row.deepCopy();
    content.put("lane_position", row.path("lane_position").asText());
    String hash = CanonicalJson.sha256(content);
    row.put("hash", hash);
    return hash;
  }
}
