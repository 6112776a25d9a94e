package dev.dome.telemetry;

import dev.dome.security.Redactor;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Takes secrets out of what a request's span begins with: the path, the query and the headers that
 * its sender chose.
 */
final class RedactedSpans implements SpanProcessor {
  private static final String URL_PREFIX = "url.";

  private final Redactor redactor;

  RedactedSpans(Redactor redactor) {
    this.redactor = redactor;
  }

  @Override
  public void onStart(Context parentContext, ReadWriteSpan span) {
    span.getAttributes()
        .forEach((key, value) -> {
          if (key.getType() == AttributeType.STRING) {
            redact(span, key.getKey(), (String) value);
          }
        });
  }

  private void redact(ReadWriteSpan span, String key, String value) {
    Redactor.TextRedaction redaction =
        redactor.redactText(key.startsWith(URL_PREFIX) ? unescaped(value) : value);
    if (!redaction.rules().isEmpty()) {
      span.setAttribute(AttributeKey.stringKey(key), redaction.text());
    }
  }

  private static String unescaped(String ofUrl) {
    try {
      return URLDecoder.decode(ofUrl, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // What is no escape is searched as it stands.
      return ofUrl;
    }
  }

  @Override
  public boolean isStartRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {}

  @Override
  public boolean isEndRequired() {
    return false;
  }
}
