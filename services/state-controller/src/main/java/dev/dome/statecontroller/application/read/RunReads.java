package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.RunStatus;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Runs and what hangs on them. Reads fail with {@link RecordUnavailableException}. */
public interface RunReads {
  /**
   * A namespace's runs, newest first, then by run id.
   *
   * @param after the last run of the page before, or null for the first page
   */
  Uni<List<RunRecord>> list(NamespaceId namespace, Filter filter, After after, int limit);

  Uni<Optional<RunRecord>> find(NamespaceId namespace, RunId runId);

  Uni<Optional<RunRecord>> find(NamespaceId namespace, RunUid runUid);

  /** Those of the named runs that exist, in no order. */
  Uni<List<RunRecord>> named(NamespaceId namespace, List<RunId> runIds);

  /** The runs that redrive a run, oldest first. */
  Uni<List<RunRecord>> redrives(NamespaceId namespace, RunId runId);

  /** The leases of a run's attempts, ended ones included where they are kept. */
  Uni<List<LeaseRecord>> leases(RunUid runUid);

  /** How many tasks wait and run in each queue of a namespace, by queue. */
  Uni<List<QueueRecord>> queues(NamespaceId namespace);

  /**
   * Which runs to list; null means any.
   *
   * @param submitter the subject that submitted them
   */
  record Filter(RunStatus status, String submitter) {}

  /** The place of a run in the list. */
  record After(long createdAtMs, String runId) {}

  /**
   * A lease as a reader sees it.
   *
   * @param progress what the worker last said, JSON text, or null
   */
  record LeaseRecord(String attemptId, String workerId, long expiresAtMs, String progress) {}

  /**
   * Counts of one queue.
   *
   * @param ready tasks a worker may claim now
   * @param held tasks that wait for a dependency or a delay
   * @param leased tasks a worker holds
   */
  record QueueRecord(String queue, long ready, long held, long leased) {}
}
