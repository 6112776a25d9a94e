package dev.dome.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
  private final AtomicLong nowNs = new AtomicLong();
  private final TokenBuckets buckets = new TokenBuckets(2, 3, nowNs::get);

  @Test
  void aBurstPassesAndThenTheRateHolds() {
    assertThat(take(3)).containsOnly(0);
    assertThat(buckets.take("a")).isEqualTo(1);

    nowNs.addAndGet(Duration.ofMillis(500).toNanos());
    assertThat(buckets.take("a")).isZero();
    assertThat(buckets.take("a")).isEqualTo(1);
  }

  @Test
  void anIdleBucketFillsUpToItsBurstOnly() {
    take(3);
    nowNs.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(take(3)).containsOnly(0);
    assertThat(buckets.take("a")).isPositive();
  }

  @Test
  void principalsDoNotShareTheirBuckets() {
    take(3);
    assertThat(buckets.take("a")).isPositive();
    assertThat(buckets.take("b")).isZero();
  }

  @Test
  void aSlowRateSaysHowManySecondsToWait() {
    TokenBuckets slow = new TokenBuckets(1, 1, nowNs::get);
    assertThat(slow.take("a")).isZero();
    assertThat(slow.take("a")).isEqualTo(1);
  }

  private int[] take(int times) {
    return java.util.stream.IntStream.range(0, times).map(i -> buckets.take("a")).toArray();
  }
}
