package dev.dome.ingest.application;

import dev.dome.ingest.application.Admission.Bounds;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Test;

/**
 * Submissions come, are decided, are late and are not stored side by side: there are never more
 * than the window lets in, and every place comes back, or the entrance would shed for ever.
 */
public class AdmissionRaceTest {
  private static final Bounds BOUNDS = new Bounds(1, 4, Duration.ofMillis(100));
  private static final long LATE_NS = Duration.ofSeconds(1).toNanos();

  private final Admission admission = new Admission(BOUNDS);
  private final AtomicInteger inside = new AtomicInteger();

  @Operation
  public void enter() {
    if (admission.enter() && inside.incrementAndGet() > BOUNDS.most()) {
      throw new IllegalStateException(inside + " are inside");
    }
  }

  @Operation
  public void decided() {
    if (leaves()) {
      admission.decided(System.nanoTime(), 1);
    }
  }

  @Operation
  public void decidedLate() {
    if (leaves()) {
      admission.decided(System.nanoTime(), LATE_NS);
    }
  }

  @Operation
  public void silent() {
    if (leaves()) {
      admission.silent(System.nanoTime());
    }
  }

  @Operation
  public void left() {
    if (leaves()) {
      admission.left();
    }
  }

  private boolean leaves() {
    return inside.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }

  @Validate
  public void everyPlaceComesBack() {
    if (admission.undecided() != inside.get()) {
      throw new IllegalStateException(inside + " are inside but counted " + admission.undecided());
    }
    while (leaves()) {
      admission.left();
    }
    if (admission.full() || admission.window() < BOUNDS.least()) {
      throw new IllegalStateException("nobody is inside of a window of " + admission.window());
    }
  }

  @Test
  void noInterleavingLosesAPlace() {
    new ModelCheckingOptions()
        .iterations(8)
        .invocationsPerIteration(200)
        .threads(3)
        .actorsPerThread(3)
        .verifier(EpsilonVerifier.class)
        .check(AdmissionRaceTest.class);
  }
}
