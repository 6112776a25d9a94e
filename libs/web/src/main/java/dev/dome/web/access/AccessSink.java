package dev.dome.web.access;

import dev.dome.contracts.wire.AccessBatch;
import java.util.concurrent.CompletionStage;

/** Where access decisions go; each service gives the one it has. */
@FunctionalInterface
public interface AccessSink {
  /**
   * Hands a batch over. The same batch may come again after false; it is stored once.
   *
   * @return whether it is stored; never fails
   */
  CompletionStage<Boolean> publish(AccessBatch batch);
}
