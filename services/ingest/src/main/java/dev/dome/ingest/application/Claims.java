package dev.dome.ingest.application;

import dev.dome.contracts.wire.Claim;
import dev.dome.ingest.application.Workers.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Claims that wait in this process, bounded so that idle workers cannot exhaust it. */
public final class Claims {
  private final Workers workers;
  private final int maxParked;
  private final AtomicInteger parked = new AtomicInteger();

  public Claims(Workers workers, int maxParked) {
    this.workers = workers;
    this.maxParked = maxParked;
  }

  /** How many claims wait now. */
  public int parked() {
    return parked.get();
  }

  /** The controller's answer; absent at once when too many claims wait already. */
  public Optional<CompletionStage<Response<Claim.Reply>>> claim(
      Claim.Request request, Duration wait) {
    if (parked.incrementAndGet() > maxParked) {
      parked.decrementAndGet();
      return Optional.empty();
    }
    return Optional.of(
        workers.claim(request, wait).whenComplete((reply, bug) -> parked.decrementAndGet()));
  }
}
