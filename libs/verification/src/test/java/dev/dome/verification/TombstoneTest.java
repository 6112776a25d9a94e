package dev.dome.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TombstoneTest {
  private static final List<String> HASHES = List.of("aa", "bb", "cc");

  private static ObjectNode shown() {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("kind", "RUN").put("namespace", "ours").put("run_id", "run-1");
    document.put("run_uid", "uid").put("first_sequence", 4).put("last_sequence", 6);
    document.put("records", 3).put("head_hash", "cc").put("chained", true);
    document.put("records_sha256", Tombstone.ofAll(HASHES));
    ObjectNode shown = Json.mapper().createObjectNode().put("index", 7);
    shown.put("digest", CanonicalJson.sha256(document)).set("document", document);
    shown.set("record_hashes", Json.tree(HASHES));
    return shown;
  }

  @Test
  void it_tells_the_hash_of_each_row_that_was_purged_and_of_no_other() {
    Tombstone tombstone = Tombstone.read(shown());

    assertThat(tombstone.hashOf(4)).contains("aa");
    assertThat(tombstone.hashOf(6)).contains("cc").contains(tombstone.headHash());
    assertThat(tombstone.hashOf(3)).isEmpty();
    assertThat(tombstone.hashOf(7)).isEmpty();
  }

  @Test
  void one_that_was_changed_does_not_hold_to_itself() {
    assertRefused("digest", document -> document.put("reason", "another"), false);
    assertRefused("a hash for each", document -> document.put("records", 2), true);
    assertRefused("a hash for each", document -> document.put("last_sequence", 9), true);
    assertRefused("head", document -> document.put("head_hash", "bb"), true);
    assertRefused("others", document -> document.put("records_sha256", "00"), true);
    assertRefused("broken", document -> document.put("chained", false), true);
    assertRefused("of no run", document -> document.put("kind", "ACCESS"), true);
  }

  private static void assertRefused(String why, Consumer<ObjectNode> edit, boolean digestedAnew) {
    ObjectNode shown = shown();
    ObjectNode document = (ObjectNode) shown.get("document");
    edit.accept(document);
    if (digestedAnew) {
      shown.put("digest", CanonicalJson.sha256(document));
    }

    assertThatThrownBy(() -> Tombstone.read(shown))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
