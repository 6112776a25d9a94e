package dev.dome.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.function.Supplier;

/**
 * What a request carries; every try sends the same bytes.
 *
 * @param publisher makes the body anew for each try
 */
record Payload(String contentType, Supplier<BodyPublisher> publisher) {
  static Payload json(String text) {
    return new Payload("application/json", () -> BodyPublishers.ofString(text));
  }

  static Payload content(byte[] bytes, String mediaType) {
    return new Payload(mediaType, () -> BodyPublishers.ofByteArray(bytes));
  }
}
