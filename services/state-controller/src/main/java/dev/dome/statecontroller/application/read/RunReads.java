package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.BreakerSteering;
import dev.dome.kernel.RunStatus;
import dev.dome.kernel.TaskState;
import dev.dome.kernel.TaskStatus;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
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

  /**
   * A run's tasks in the order of its plan.
   *
   * @param status only those that stand here, or null for any
   * @param afterIndex the place in the plan of the last task of the page before, -1 for the first
   */
  Uni<List<TaskRecord>> tasks(RunUid runUid, TaskStatus status, int afterIndex, int limit);

  /** The leases of those attempts, ended ones included where they are kept. */
  Uni<List<LeaseRecord>> leases(Collection<AttemptId> attemptIds);

  /** How many tasks wait and run in each queue of a namespace, and who paused it, by queue. */
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
   * A task as of the last commit of its run.
   *
   * @param planIndex its place in the plan, from 0
   */
  record TaskRecord(int planIndex, TaskState task) {}

  /**
   * A lease as a reader sees it.
   *
   * @param progress what the worker last said, JSON text, or null
   */
  record LeaseRecord(String attemptId, String workerId, long expiresAtMs, String progress) {}

  /**
   * One queue.
   *
   * @param ready tasks a worker may claim unless the queue is paused or its breaker open
   * @param held tasks that wait for a dependency or a delay
   * @param leased tasks a worker holds
   * @param paused the word of the operator who paused it, null unless one did
   */
  record QueueRecord(String queue, long ready, long held, long leased, BreakerSteering paused) {}
}
