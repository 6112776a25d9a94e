package dev.dome.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** What a request carries; every try sends the same bytes. */
// The bytes are handed on and never compared, so a copy or a wrapper would buy nothing.
@SuppressWarnings("ArrayRecordComponent")
record Payload(String contentType, byte[] bytes) {
  static Payload json(String text) {
    return new Payload("application/json", text.getBytes(StandardCharsets.UTF_8));
  }

  static Payload content(byte[] bytes, String mediaType) {
    return new Payload(mediaType, bytes);
  }

  BodyPublisher publisher() {
    return BodyPublishers.ofByteArray(bytes);
  }
}
