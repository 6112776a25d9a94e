package dev.dome.messaging;

import dev.dome.contracts.id.Lane;
import java.util.concurrent.CompletionStage;

/** Where a service has got to in each lane of the journal; its database knows. */
@FunctionalInterface
public interface CursorSource {
  /** Lane position of the last row whose effect is committed, 0 for none. */
  CompletionStage<Long> position(Lane lane);
}
