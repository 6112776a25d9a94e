package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.kernel.JournalRow;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The stream that consumers of the journal read. */
public interface JournalStream {
  /**
   * Appends rows of one lane in order. After a failure some of the first may be there.
   *
   * @return whether all are durable; false also when nobody knows. Never completes exceptionally
   */
  CompletableFuture<Boolean> append(Lane lane, List<JournalRow> rows);

  /**
   * Names the life of the stream; of another life nothing is in it.
   *
   * @throws RuntimeException when the server cannot be asked
   */
  String incarnation();
}
