package dev.dome.web;

import dev.dome.contracts.wire.AccessDecision.Change;
import dev.dome.web.access.AccessLog;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/**
 * Records what administrative acts set. That somebody was let do one is recorded by the access
 * filter before its body is read; what it set is known and recorded only once it is stored.
 */
@Singleton
public final class Changes {
  private final AccessLog log;
  private final Caller caller;

  Changes(AccessLog log, Caller caller) {
    this.log = log;
    this.caller = caller;
  }

  /**
   * Notes the current request.
   *
   * @return to be told, on any thread, of what the request changed once that is stored; never fails
   */
  public Consumer<Change> begun() {
    return log.changed(caller.identity().subject(), caller.asked());
  }
}
