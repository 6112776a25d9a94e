package dev.dome.statecontroller.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PoisonTest {
  private static final String SECRET = "hunter2-hunter2";

  private static Changes.PoisonRow row(byte[] bytes, Exception cause) {
    return Poison.row(new Command.Delivery(new Lane(3), 1, "life", 7, bytes), cause, 1_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=" + SECRET,
        "{\"kind\":\"NO_SUCH\",\"body\":{\"api_key\":\"" + SECRET + "\"}}",
        "{\"kind\":\"NO_SUCH\",\"command\":[\"token=" + SECRET + "\"]}",
        "{\"token=" + SECRET + "\":1}",
        "{\"cut off\":\"token=" + SECRET + "\"",
      })
  void aSecretInWhatIsSetAsideIsNotKept(String text) {
    Changes.PoisonRow row = row(text.getBytes(UTF_8), new IllegalStateException(text));

    assertThat(row.reasonCode()).isEqualTo("INTERNAL.POISON");
    assertThat(row.message()).contains("REDACTED").doesNotContain(SECRET);
    assertThat(row.cause()).contains("IllegalStateException").doesNotContain(SECRET);
  }

  @Test
  void whatHasNoSecretIsKeptAsItIs() {
    String text = "{\"kind\":\"SUBMIT_RUN\",\"run_id\":\"pkt-1\",\"body\":{\"n\":1}}";

    assertThat(row(text.getBytes(UTF_8), new IllegalStateException()).message()).isEqualTo(text);
  }

  @Test
  void bytesOfAnyKindAreKeptAsText() {
    byte[] deep = "[".repeat(100_000).getBytes(UTF_8);

    assertThat(row(new byte[] {1, 0, (byte) 0xff}, new IllegalStateException()).message())
        .doesNotContain("\0");
    assertThat(row(new byte[0], new IllegalStateException()).message()).isEmpty();
    assertThat(row(deep, new IllegalStateException()).message()).isNotEmpty();
  }
}
