package dev.dome.web.access;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts refusals of callers without a valid token, per source, namespace, reason and window: a
 * stranger who tries a thousand times a second leaves one line a minute. It knows {@value
 * #MAX_KEYS} combinations at a time; what goes beyond is counted together, without a source.
 */
final class AnonymousDenials {
  static final int MAX_KEYS = 1_000;

  private final Map<Key, Tally> tallies = new LinkedHashMap<>();

  private final long windowMs;

  AnonymousDenials(Duration window) {
    this.windowMs = window.toMillis();
  }

  private record Key(long window, String source, NamespaceId namespace, ReasonCode reasonCode) {}

  private record Tally(long firstAtMs, long count) {
    Tally plus(Tally other) {
      return new Tally(firstAtMs, count + other.count);
    }
  }

  synchronized void add(long atMs, String source, NamespaceId namespace, ReasonCode reasonCode) {
    long window = atMs / windowMs;
    Key key = new Key(window, source, namespace, reasonCode);
    if (tallies.size() >= MAX_KEYS && !tallies.containsKey(key)) {
      key = new Key(window, null, null, reasonCode);
    }
    tallies.merge(key, new Tally(atMs, 1), Tally::plus);
  }

  /** Takes out the windows that are over. */
  synchronized List<AccessDecision> before(long nowMs) {
    return take(nowMs / windowMs);
  }

  /** Takes out everything. */
  synchronized List<AccessDecision> all() {
    return take(Long.MAX_VALUE);
  }

  private List<AccessDecision> take(long untilWindow) {
    List<AccessDecision> taken = new ArrayList<>();
    tallies
        .entrySet()
        .removeIf(entry -> {
          boolean over = entry.getKey().window() < untilWindow;
          if (over) {
            taken.add(decision(entry.getKey(), entry.getValue()));
          }
          return over;
        });
    return taken;
  }

  private static AccessDecision decision(Key key, Tally tally) {
    return new AccessDecision(
        tally.firstAtMs(),
        AccessDecision.Effect.DENY,
        null,
        key.source(),
        null,
        key.namespace(),
        null,
        key.reasonCode(),
        null,
        tally.count(),
        null);
  }
}
