package dev.dome.ingest.api;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Requests of two principals at one moment: what each is told is what some order of them makes. */
public class TokenBucketsRaceTest {
  private static final int BURST = 2;

  private final TokenBuckets buckets = new TokenBuckets(1, BURST, () -> 0);

  @Operation
  public int takeOne() {
    return buckets.take("one");
  }

  @Operation
  public int takeOther() {
    return buckets.take("other");
  }

  @Test
  void noInterleavingGivesATokenTwice() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(200)
        .threads(3)
        .actorsPerThread(2)
        .check(TokenBucketsRaceTest.class);
  }
}
