package dev.dome.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * One request, complete, so that a repeat is byte for byte the same.
 *
 * @param path below the base URI, with its query
 * @param body null for none
 * @param timeout for one try
 */
record Call(
    String method,
    String path,
    Payload body,
    Map<String, String> headers,
    Duration timeout,
    RetryPolicy retry) {

  static Call get(String path, RetryPolicy retry) {
    return new Call("GET", path, null, Map.of(), Duration.ofSeconds(10), retry);
  }

  static Call post(String path, Object body, RetryPolicy retry) {
    String text = body instanceof String json ? json : ClientJson.write(body);
    return new Call("POST", path, Payload.json(text), Map.of(), Duration.ofSeconds(10), retry);
  }

  static Call put(String path, Payload body, Duration timeout, RetryPolicy retry) {
    return new Call("PUT", path, body, Map.of(), timeout, retry);
  }

  static Call delete(String path, RetryPolicy retry) {
    return new Call("DELETE", path, null, Map.of(), Duration.ofSeconds(10), retry);
  }

  Call withKey(String idempotencyKey) {
    return new Call(method, path, body, Map.of("Idempotency-Key", idempotencyKey), timeout, retry);
  }

  /** Within the trace, which may be null for none. */
  Call within(String traceparent) {
    if (traceparent == null) {
      return this;
    }
    Map<String, String> more = new HashMap<>(headers);
    more.put("traceparent", traceparent);
    return new Call(method, path, body, Map.copyOf(more), timeout, retry);
  }

  Call withTimeout(Duration newTimeout) {
    return new Call(method, path, body, headers, newTimeout, retry);
  }
}
