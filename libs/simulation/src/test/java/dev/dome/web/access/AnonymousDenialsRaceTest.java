package dev.dome.web.access;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.wire.AccessDecision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Test;

/** Refusals are counted while windows are taken out: none is forgotten and none told twice. */
public class AnonymousDenialsRaceTest {
  private static final long WINDOW_MS = 1_000;
  private static final NamespaceId NAMESPACE = new NamespaceId("x");
  private static final ReasonCode REASON = new ReasonCode("AUTH.INVALID_TOKEN");

  private final AnonymousDenials denials = new AnonymousDenials(Duration.ofMillis(WINDOW_MS));
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong told = new AtomicLong();

  @Operation
  public void refuseInTheFirstWindow() {
    add(1);
  }

  @Operation
  public void refuseInTheSecondWindow() {
    add(WINDOW_MS + 1);
  }

  private void add(long atMs) {
    denials.add(atMs, "192.0.2.1", NAMESPACE, REASON);
    refused.incrementAndGet();
  }

  @Operation(nonParallelGroup = "log")
  public void takeWhatIsOver() {
    tell(denials.before(WINDOW_MS + 2));
  }

  private void tell(List<AccessDecision> decisions) {
    decisions.forEach(decision -> told.addAndGet(decision.count()));
  }

  @Validate
  public void everyRefusalIsTold() {
    tell(denials.all());
    if (told.get() != refused.get()) {
      throw new IllegalStateException(refused + " were refused but told were " + told);
    }
  }

  @Test
  void noInterleavingForgetsARefusal() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(100)
        .threads(3)
        .actorsPerThread(2)
        .verifier(EpsilonVerifier.class)
        .check(AnonymousDenialsRaceTest.class);
  }
}
