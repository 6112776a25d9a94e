package dev.dome.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  record Position(String list, long createdAtMs, String runId) {}

  private static final Position POSITION = new Position("runs", 1_700_000_000_000L, "demo-1");

  @Test
  void aCursorComesBackAsThePositionItWasMadeOf() {
    String text = Cursor.encode(POSITION);

    assertThat(text).matches("[A-Za-z0-9_-]+");
    assertThat(Cursor.decode(text, Position.class)).isEqualTo(POSITION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "%%%", "AAAA", "bnVsbA", "e30=", "🙂", "W10"})
  void textThatIsNoCursorIsABadRequest(String text) {
    assertBad(text);
  }

  @Test
  void aCursorWithAnotherSpellingIsRefused() {
    assertBad(base64("{\"run_id\":\"demo-1\",\"list\":\"runs\",\"created_at_ms\":1}"));
    assertBad(base64("{\"created_at_ms\":1,\"extra\":1,\"list\":\"runs\",\"run_id\":\"demo-1\"}"));
    assertBad(Cursor.encode(POSITION) + "=");
  }

  @Test
  void aCursorWithANulIsRefused() {
    assertBad(Cursor.encode(new Position("runs", 1, "demo-\0")));
  }

  @Test
  void anEndlessCursorIsRefusedBeforeItIsRead() {
    assertBad("A".repeat(100_000));
  }

  private static String base64(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertBad(String text) {
    assertThatThrownBy(() -> Cursor.decode(text, Position.class))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(400);
              assertThat(problem.reasonCode()).isEqualTo(WebReason.BAD_CURSOR);
            });
  }
}
