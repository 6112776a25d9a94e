package dev.dome.retryscheduler.application;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunId;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Dead letters as they are asked for. */
public interface DeadLetterReads {

  /** A namespace's dead letters, the latest first, then by id. */
  Uni<List<Listed>> list(NamespaceId namespace, Filter filter, Optional<After> after, int limit);

  /** One of them, with every attempt. */
  Uni<Optional<Listed>> find(NamespaceId namespace, String deadLetterId);

  /** Which to list; null means any. */
  record Filter(QueueName queue, RunId runId, DeadLetter.Status status) {}

  /** Where a listing goes on. */
  record After(long deadAtMs, String deadLetterId) {}

  /**
   * A dead letter and what was done about it.
   *
   * @param redrives oldest first
   */
  record Listed(DeadLetter deadLetter, List<DeadLetter.Redrive> redrives) {
    public DeadLetter.Status status() {
      return redrives.isEmpty() ? DeadLetter.Status.OPEN : DeadLetter.Status.REDRIVEN;
    }
  }
}
