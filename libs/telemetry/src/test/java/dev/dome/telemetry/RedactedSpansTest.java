package dev.dome.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.security.PatternRedactor;
import dev.dome.security.SampleSecrets;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactedSpansTest {
  private static final long SEED = 20261127;

  private final SdkTracerProvider tracers =
      SdkTracerProvider.builder()
          .addSpanProcessor(new RedactedSpans(PatternRedactor.standard()))
          .build();

  @ParameterizedTest
  @CsvSource({
    "user_agent.original, curl/8 AKIAIOSFODNN7EXAMPLQ, AKIAIOSFODNN7EXAMPLQ",
    "url.query, note=password%3Dcorrect-horse-battery, correct-horse-battery",
    "url.query, 100%&password=correct-horse-battery, correct-horse-battery",
    "url.path, /v1/namespaces/x/runs/ghp_0123456789abcdefghijABCDEFGHIJ012345, ghp_"
  })
  void aSecretThatARequestBroughtIsNotInItsSpan(String key, String value, String secret) {
    assertThat(attribute(key, value)).contains("[REDACTED:").doesNotContain(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "user_agent.original, dome-client/1.0 (Java/25)",
    "url.path, /v1/namespaces/team-a/runs/nightly-2026-11-27/manifest",
    "url.query, page_size=50&cursor=%7B%7D"
  })
  void ordinaryTextStaysAsItIs(String key, String value) {
    assertThat(attribute(key, value)).isEqualTo(value);
  }

  @Test
  void secretsOfEveryKindAreFoundInAddressesAndHeaders() {
    List<String> leaks = new ArrayList<>();
    for (SampleSecrets.Planted planted : new SampleSecrets(SEED).sample(5)) {
      String escaped =
          URLEncoder.encode(planted.text(), StandardCharsets.UTF_8).replace("+", "%20");
      for (var attribute :
          Map.of(
                  "url.path", "/v1/namespaces/x/runs/" + escaped + "/cancel",
                  "url.query", "cursor=" + escaped + "&status=" + escaped,
                  "url.full", "http://localhost/runs?cursor=" + planted.text(),
                  "user_agent.original", planted.text())
              .entrySet()) {
        String kept = attribute(attribute.getKey(), attribute.getValue());
        if (kept.contains(planted.secret())
            || kept.contains(URLEncoder.encode(planted.secret(), StandardCharsets.UTF_8))) {
          leaks.add(planted.kind() + " in " + attribute.getKey());
        }
      }
    }
    assertThat(leaks).isEmpty();
  }

  private String attribute(String key, String value) {
    var span = tracers.get("test").spanBuilder("GET").setAttribute(key, value).startSpan();
    return ((ReadableSpan) span).getAttribute(AttributeKey.stringKey(key));
  }
}
