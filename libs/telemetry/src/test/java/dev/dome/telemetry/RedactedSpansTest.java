package dev.dome.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.security.PatternRedactor;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactedSpansTest {
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

  private String attribute(String key, String value) {
    var span = tracers.get("test").spanBuilder("GET").setAttribute(key, value).startSpan();
    return ((ReadableSpan) span).getAttribute(AttributeKey.stringKey(key));
  }
}
