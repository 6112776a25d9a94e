package dev.dome.retryscheduler.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SigningSecretTest {

  /** The example of the reference libraries of Standard Webhooks. */
  @Test
  void aSignatureIsThatOfStandardWebhooks() {
    SigningSecret secret =
        SigningSecret.read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").orElseThrow();
    assertThat(
            secret.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void oneThatWasMadeIsReadAgain() {
    SigningSecret made = SigningSecret.make();
    assertThat(made.written()).startsWith("whsec_");
    assertThat(SigningSecret.read(made.written()).orElseThrow().bytes()).isEqualTo(made.bytes());
    assertThat(SigningSecret.make().bytes()).isNotEqualTo(made.bytes());
    assertThat(made.toString()).doesNotContain(made.written().substring(6));
  }

  @Test
  void whatIsTooShortTooLongOrNoBase64IsNone() {
    assertThat(SigningSecret.read("whsec_" + base64(23))).isEmpty();
    assertThat(SigningSecret.read("whsec_" + base64(24))).isPresent();
    assertThat(SigningSecret.read("whsec_" + base64(64))).isPresent();
    assertThat(SigningSecret.read("whsec_" + base64(65))).isEmpty();
    assertThat(SigningSecret.read("whsec_!" + base64(32))).isEmpty();
    assertThat(SigningSecret.read(base64(32))).isEmpty();
  }

  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
