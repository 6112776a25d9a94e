package dev.dome.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SealedSecretsTest {
  private static final byte[] SECRET = "a webhook's secret".getBytes(StandardCharsets.UTF_8);

  private final SealedSecrets sealed = SealedSecrets.of(new byte[32]);

  @Test
  void whatWasSealedOpensForItsPurposeOnly() {
    String text = sealed.seal(SECRET, "tenant-a/wh-1");
    assertThat(sealed.open(text, "tenant-a/wh-1")).contains(SECRET);
    assertThat(sealed.open(text, "tenant-b/wh-1")).isEmpty();
    assertThat(text)
        .doesNotContain(new String(SECRET, StandardCharsets.UTF_8))
        .doesNotContain(Base64.getEncoder().encodeToString(SECRET));
    assertThat(sealed.seal(SECRET, "tenant-a/wh-1")).as("never the same twice").isNotEqualTo(text);
  }

  @Test
  void anotherKeyOpensNothing() {
    byte[] other = new byte[32];
    other[0] = 1;
    String text = sealed.seal(SECRET, "x");
    assertThat(SealedSecrets.of(other).open(text, "x")).isEmpty();
  }

  @Test
  void whatWasAlteredDoesNotOpen() {
    String text = sealed.seal(SECRET, "x");
    int at = text.length() - 8;
    char swapped = text.charAt(at) == 'A' ? 'B' : 'A';
    assertThat(sealed.open(text.substring(0, at) + swapped + text.substring(at + 1), "x"))
        .isEmpty();
    assertThat(sealed.open(text.substring(0, text.indexOf('.') + 1), "x")).isEmpty();
    assertThat(sealed.open("no sealed text", "x")).isEmpty();
  }
}
