package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.NamespaceId;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Timers as people look at them. */
public interface TimerList {

  /** A namespace's timers by due time and id. */
  Uni<List<ListedTimer>> list(NamespaceId namespace, Optional<After> after, int limit);

  /**
   * A timer and whether it has fired.
   *
   * @param firedAtMs epoch milliseconds, empty while it is pending
   */
  record ListedTimer(Timer timer, OptionalLong firedAtMs) {}

  /** Where a listing goes on. */
  record After(long dueAtMs, String timerId) {}
}
