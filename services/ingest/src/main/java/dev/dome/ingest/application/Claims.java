package dev.dome.ingest.application;

import dev.dome.contracts.wire.Claim;
import dev.dome.ingest.application.Workers.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Claims that wait in this process, bounded so that idle workers cannot exhaust it.
 *
 * <p>A claim is parked at a controller for a few seconds at a time and then asked again under the
 * same claim id. A replica that was stopped or cut off still counts as a listener of the message
 * server for minutes, so a claim that it swallowed must find another one long before its wait is
 * over. A grant whose answer got lost is not lost either: a repeated claim id gets the same leases.
 */
public final class Claims {
  /** How long one controller may hold a claim before it is asked again, maybe elsewhere. */
  static final Duration SLICE = Duration.ofSeconds(2);

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

  /**
   * The controller's answer; absent at once when too many claims wait already.
   *
   * @param gone whether the worker has left; then nobody is asked again on its behalf
   */
  public Optional<CompletionStage<Response<Claim.Reply>>> claim(
      Claim.Request request, Duration wait, BooleanSupplier gone) {
    if (parked.incrementAndGet() > maxParked) {
      parked.decrementAndGet();
      return Optional.empty();
    }
    long deadlineNanos = System.nanoTime() + wait.toNanos();
    return Optional.of(
        sliced(request, deadlineNanos, gone)
            .whenComplete((reply, bug) -> parked.decrementAndGet()));
  }

  private CompletionStage<Response<Claim.Reply>> sliced(
      Claim.Request whole, long deadlineNanos, BooleanSupplier gone) {
    Duration left = left(deadlineNanos);
    Duration slice = left.compareTo(SLICE) > 0 ? SLICE : left;
    long expiresAtMs = whole.expiresAtMs() - left.minus(slice).toMillis();
    return workers
        .claim(whole.expiringAt(expiresAtMs), slice)
        .thenCompose(response ->
            settles(response) || left(deadlineNanos).isZero() || gone.getAsBoolean()
                ? CompletableFuture.completedStage(response)
                : sliced(whole, deadlineNanos, gone));
  }

  private static Duration left(long deadlineNanos) {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  /** Whether asking again cannot help. */
  private static boolean settles(Response<Claim.Reply> response) {
    return switch (response) {
      case Response.Answered<Claim.Reply>(Claim.Reply reply) -> reply.settles();
      case Response.Silent<Claim.Reply> silent -> false;
      case Response.Nobody<Claim.Reply> nobody -> true;
    };
  }
}
