package dev.dome.ingest.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket per principal, in this process. Only the principals seen last are remembered: one
 * that returns after being forgotten starts with a full bucket, which is what an idle bucket holds.
 */
final class TokenBuckets {
  private static final int MAX_PRINCIPALS = 10_000;
  private static final double NS_PER_SECOND = 1e9;

  private final double refillPerNs;
  private final double capacity;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MAX_PRINCIPALS;
        }
      };

  TokenBuckets(int requestsPerSecond, int burst, LongSupplier nanoTime) {
    this.refillPerNs = requestsPerSecond / NS_PER_SECOND;
    this.capacity = burst;
    this.nanoTime = nanoTime;
  }

  /** Takes one token; returns 0, or the whole seconds until there is one. */
  synchronized int take(String principal) {
    long nowNs = nanoTime.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(principal, p -> new Bucket(capacity, nowNs));
    bucket.tokens = Math.min(capacity, bucket.tokens + (nowNs - bucket.filledAtNs) * refillPerNs);
    bucket.filledAtNs = nowNs;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return (int) Math.ceil((1 - bucket.tokens) / refillPerNs / NS_PER_SECOND);
  }

  private static final class Bucket {
    private double tokens;
    private long filledAtNs;

    private Bucket(double tokens, long filledAtNs) {
      this.tokens = tokens;
      this.filledAtNs = filledAtNs;
    }
  }
}
