package dev.dome.verification.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlantedSecretsTest {
  private static final String SECRET = "Tr0ub4dor-\"quoted\"-und-über";
  private final PlantedSecrets planted = new PlantedSecrets(List.of("harmless-one", SECRET));

  @Test
  void aSecretIsFoundAsItIsAndAsJsonAndUrlsWriteIt() {
    assertThat(planted.in("before " + SECRET + " after")).containsExactly(2);
    assertThat(planted.in("{\"note\":\"Tr0ub4dor-\\\"quoted\\\"-und-über\"}")).containsExactly(2);
    assertThat(planted.in("/runs?note=Tr0ub4dor-%22quoted%22-und-%C3%BCber&x=1"))
        .containsExactly(2);
    assertThat(planted.in("Tr0ub4dor and nothing else")).isEmpty();
  }

  @Test
  void everySecretOfAContentIsFound() {
    assertThat(planted.in(SECRET + " harmless-one " + SECRET)).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc"})
  void aSecretIsFoundInBase64WhereverItBegins(String before) {
    String encoded =
        Base64.getEncoder()
            .encodeToString((before + SECRET + " and more").getBytes(StandardCharsets.UTF_8));
    assertThat(planted.in(encoded)).containsExactly(2);
  }

  @Test
  void aSecretAcrossTwoPiecesOfAStreamIsFound() throws IOException {
    for (int before : new int[] {0, 65_530, 65_536, 200_000}) {
      String content = "x".repeat(before) + SECRET + "y".repeat(70_000);
      assertThat(planted.in(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8))))
          .containsExactly(2);
    }
    assertThat(planted.in(new ByteArrayInputStream(new byte[300_000]))).isEmpty();
  }

  @Test
  void aSecretThatChanceWouldFindIsRefusedWithoutSayingIt() {
    assertThatThrownBy(() -> new PlantedSecrets(List.of("short")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("short\"")
        .hasMessageContaining("no. 1");
  }

  @Test
  void aViolationDoesNotRepeatTheSecret() {
    assertThat(PlantedSecrets.found("default/run-1", Set.of(2)))
        .extracting(Violation::detail)
        .containsExactly("holds planted secret no. 2");
  }
}
