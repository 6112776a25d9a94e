package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.verification.Tombstone;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActInvariantsTest {
  private final List<ObjectNode> acts = new ArrayList<>();
  private final List<JsonNode> tombstones = new ArrayList<>();

  /** A hold, and a purge that left two tombstones. */
  @BeforeEach
  void act() {
    add(Json.mapper().createObjectNode().put("act", "audit.hold.placed"));
    List<String> digests = new ArrayList<>();
    for (int index = 5; index < 7; index++) {
      ObjectNode document = Json.mapper().createObjectNode().put("run_id", "run-" + index);
      ObjectNode tombstone = Json.mapper().createObjectNode().put("index", index);
      tombstone.put("digest", CanonicalJson.sha256(document)).set("document", document);
      tombstones.add(tombstone);
      digests.add(tombstone.path("digest").asText());
    }
    ObjectNode purged = Json.mapper().createObjectNode().put("act", "audit.purged");
    purged.put("first_tombstone", 5).put("last_tombstone", 6).put("tombstones", 2);
    add(purged.put("tombstones_sha256", Tombstone.ofAll(digests)));
  }

  private void add(ObjectNode document) {
    document.put("namespace", "ours").put("sequence", acts.size() + 1);
    document.put(
        "prev_hash", acts.isEmpty() ? "0".repeat(64) : acts.getLast().at("/admin/hash").asText());
    ObjectNode act = Json.mapper().createObjectNode();
    act.putObject("admin").put("hash", CanonicalJson.sha256(document)).set("document", document);
    acts.add(act);
  }

  private List<String> found() {
    ActInvariants invariants = new ActInvariants("ours", tombstones);
    acts.forEach(invariants::add);
    return invariants.violations().stream().map(Violation::detail).toList();
  }

  @Test
  void a_chain_with_all_its_tombstones_holds() {
    assertThat(found()).isEmpty();
  }

  @Test
  void an_act_that_was_left_out_or_changed_is_found() {
    ObjectNode first = acts.removeFirst();
    assertThat(found()).containsExactly("act 1 of the audit does not follow the one before it");

    acts.addFirst(first);
    first.withObject("/admin/document").put("reason", "another");
    assertThat(found())
        .containsExactly(
            "act 1 of the audit does not have the hash of its document",
            "act 2 of the audit does not follow the one before it");
  }

  @Test
  void a_tombstone_that_is_missing_changed_or_made_up_is_found() {
    JsonNode last = tombstones.removeLast();
    assertThat(found()).containsExactly("act 2 of the audit left other tombstones than there are");

    tombstones.add(last);
    ((ObjectNode) last.get("document")).put("reason", "another");
    assertThat(found())
        .contains("tombstone 6 of the audit does not have the digest of its document");

    ((ObjectNode) last.get("document")).remove("reason");
    tombstones.add(((ObjectNode) last.deepCopy()).put("index", 9));
    assertThat(found()).containsExactly("tombstone 9 of the audit is of no purge");
  }
}
