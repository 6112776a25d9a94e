package dev.dome.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One request as it came.
 *
 * @param body a missing node when it is no JSON
 * @param content the bytes of a body that is no JSON, as Latin-1 text
 * @param arrivedNanos by {@link System#nanoTime}
 */
record Request(
    String method,
    String path,
    Map<String, String> headers,
    JsonNode body,
    String content,
    long arrivedNanos) {
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** What it asks for; {@link Kind#OTHER} for what no worker needs. */
  Kind kind() {
    String what = segment(3);
    return switch (method) {
      case "POST" ->
          switch (what) {
            case "queues" -> segment(5).equals("claims") ? Kind.CLAIM : Kind.OTHER;
            case "attempts" -> Kind.ofAttempt(segment(5));
            case "results" -> Kind.BATCH;
            default -> Kind.OTHER;
          };
      case "PUT" -> what.equals("evidence") ? Kind.UPLOAD : Kind.OTHER;
      case "GET" -> what.equals("operations") ? Kind.OPERATION : Kind.OTHER;
      default -> Kind.OTHER;
    };
  }

  /** The n-th segment of the path, from 0: {@code v1, namespaces, ns, …}. */
  String segment(int n) {
    String[] segments = path.substring(1).split("/", -1);
    return n < segments.length ? segments[n] : "";
  }
}
