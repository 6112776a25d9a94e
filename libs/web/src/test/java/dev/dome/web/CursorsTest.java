package dev.dome.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorsTest {
  record Place(long createdAtMs, String runId) {}

  private static final Place PLACE = new Place(1_700_000_000_000L, "demo-1");
  private static final Cursors RUNS = Cursors.of("runs", "default", "RUNNING", null);

  @Test
  void aCursorComesBackAsThePlaceItWasMadeOf() {
    String text = RUNS.encode(PLACE);

    assertThat(text).matches("[A-Za-z0-9_-]+");
    assertThat(RUNS.decode(text, Place.class)).contains(PLACE);
  }

  @Test
  void withoutACursorAListBegins() {
    assertThat(RUNS.decode(null, Place.class)).isEmpty();
  }

  @Test
  void aCursorIsOfOneListUnderOneFilter() {
    assertBad(Cursors.of("timers", "default", "RUNNING", null).encode(PLACE));
    assertBad(Cursors.of("runs", "other", "RUNNING", null).encode(PLACE));
    assertBad(Cursors.of("runs", "default", null, "RUNNING").encode(PLACE));
    assertBad(Cursors.of("runs", "default", "RUNNING").encode(PLACE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "%%%", "AAAA", "bnVsbA", "e30", "e30=", "🙂", "W10"})
  void textThatIsNoCursorIsABadRequest(String text) {
    assertBad(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"created_at_ms\":1}",
        "{\"run_id\":\"demo-1\"}",
        "{\"created_at_ms\":1,\"run_id\":null}",
        "{\"created_at_ms\":1,\"extra\":1,\"run_id\":\"demo-1\"}",
        "{\"run_id\":\"demo-1\",\"created_at_ms\":1}",
        "{}",
        "1",
        "null",
      })
  void aPlaceThatIsNotWholeOrSpeltOtherwiseIsRefused(String place) {
    assertBad(base64("{\"list\":\"" + listOf(RUNS) + "\",\"place\":" + place + "}"));
  }

  @Test
  void theSameCursorInAnotherSpellingIsRefused() {
    assertBad(RUNS.encode(PLACE) + "=");
  }

  @Test
  void aCursorWithANulIsRefused() {
    assertBad(RUNS.encode(new Place(1, "demo-\0")));
  }

  @Test
  void anEndlessCursorIsRefusedBeforeItIsRead() {
    assertBad("A".repeat(100_000));
  }

  private static String listOf(Cursors cursors) {
    byte[] json = Base64.getUrlDecoder().decode(cursors.encode(PLACE));
    return Json.read(json, JsonNode.class).path("list").asText();
  }

  private static String base64(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertBad(String text) {
    assertThatThrownBy(() -> RUNS.decode(text, Place.class))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(400);
              assertThat(problem.reasonCode()).isEqualTo(WebReason.BAD_CURSOR);
            });
  }
}
