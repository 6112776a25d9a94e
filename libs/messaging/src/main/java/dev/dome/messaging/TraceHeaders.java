package dev.dome.messaging;

import io.nats.client.Message;
import io.nats.client.impl.Headers;

/** The W3C trace context as a NATS header. */
final class TraceHeaders {
  static final String TRACEPARENT = "traceparent";

  private TraceHeaders() {}

  static Headers of(String traceparent) {
    Headers headers = new Headers();
    if (traceparent != null) {
      headers.put(TRACEPARENT, traceparent);
    }
    return headers;
  }

  static String read(Message message) {
    return message.hasHeaders() ? message.getHeaders().getFirst(TRACEPARENT) : null;
  }
}
