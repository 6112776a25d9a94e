package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.BreakerKey;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.kernel.Breaker;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Breakers and their changes, durably. Every method is one transaction. */
public interface BreakerStore {

  /** Does what an operator asks and records it; a repeat under its key changes nothing. */
  Uni<BreakerOrder.Outcome> steer(BreakerOrder order);

  /** Half-opens breakers whose time is over and records that. */
  Uni<Integer> halfOpen(long nowMs, int limit);

  /** When the next open breaker half-opens. */
  Uni<OptionalLong> nextDueAtMs();

  /** Changes that not every lane was told of, oldest first for each breaker. */
  Uni<List<BreakerChange>> unpublished(int limit);

  /** Remembers that every lane was told. */
  Uni<Void> published(List<BreakerChange> changes, long nowMs);

  /**
   * The newest changes that every lane was told of once only, before that time.
   *
   * @param beforeMs epoch milliseconds
   */
  Uni<List<BreakerChange>> toldOnce(long beforeMs, int limit);

  /** Remembers that every lane was told again. */
  Uni<Void> toldAgain(List<BreakerChange> changes);

  /** How many breakers are not closed. */
  Uni<Long> notClosed();

  /** A namespace's breakers by key. */
  Uni<List<Breaker>> list(NamespaceId namespace, Optional<BreakerKey> after, int limit);

  Uni<Optional<Breaker>> find(NamespaceId namespace, BreakerKey key);

  /** Changes of a breaker, the latest first. */
  Uni<List<BreakerChange>> changes(NamespaceId namespace, BreakerKey key, int limit);
}
