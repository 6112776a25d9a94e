package dev.dome.statecontroller.application;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.artifact.TelemetryRef;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** W3C trace context to the ids that decisions record. */
final class Traces {
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private Traces() {}

  /** The ids of a traceparent; ids hashed from the seed when it is absent or malformed. */
  static TelemetryRef of(String traceparent, String seed) {
    if (traceparent != null) {
      Matcher matcher = TRACEPARENT.matcher(traceparent);
      if (matcher.matches()) {
        return new TelemetryRef(matcher.group(1), matcher.group(2));
      }
    }
    String hash = CanonicalJson.sha256(seed.getBytes(StandardCharsets.UTF_8));
    return new TelemetryRef(hash.substring(0, 32), hash.substring(32, 48));
  }

  /** A sampled traceparent. */
  static String parent(String traceIdHex, String spanIdHex) {
    return "00-" + traceIdHex + "-" + spanIdHex + "-01";
  }
}
