package dev.dome.kernel;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.TaskId;

/** What the store must change beside journal and run state, in the same transaction. */
public sealed interface Effect {
  /** Insert a lease that expires termMs after the observed time. */
  record GrantLease(
      TaskId taskId,
      int attempt,
      AttemptId attemptId,
      long fence,
      String claimId,
      String workerId,
      long termMs)
      implements Effect {}

  /** Delete the lease and every permit of the attempt. */
  record EndLease(AttemptId attemptId) implements Effect {}
}
