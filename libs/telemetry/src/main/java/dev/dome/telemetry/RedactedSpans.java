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
    String clean = redactor.redactText(value).text();
    if (key.startsWith(URL_PREFIX)) {
      // Some parts of a URL come with their escapes and some without: both ways are looked at.
      Redactor.TextRedaction unescaped = redactor.redactText(unescaped(clean));
      clean = unescaped.rules().isEmpty() ? clean : unescaped.text();
    }
    if (!clean.equals(value)) {
      span.setAttribute(AttributeKey.stringKey(key), clean);
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
