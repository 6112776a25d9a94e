package dev.dome.statecontroller.api;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.statecontroller.application.read.JournalReads;
import dev.dome.statecontroller.application.read.RunFold;
import dev.dome.statecontroller.application.read.RunReads;
import dev.dome.statecontroller.application.read.RunRecord;
import dev.dome.web.ProblemException;
import dev.dome.web.RequestValues;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds the run of a request, at least as far as the request asks. */
@ApplicationScoped
public class RunLookup {
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long RETRY_MS = 25;
  private static final int RETRY_AFTER_SECONDS = 1;

  private final RunReads runs;
  private final JournalReads journal;

  RunLookup(RunReads runs, JournalReads journal) {
    this.runs = runs;
    this.journal = journal;
  }

  /** A run's row, and its state at that row's sequence. */
  record Folded(RunRecord run, RunState state) {}

  /**
   * The run's row; read again for up to two seconds until it has reached the position.
   *
   * @param minPosition sequence the caller has seen already, or null
   * @return fails with a 404, or with 503 INFRA.READ_BEHIND when the position was not reached
   */
  Uni<RunRecord> find(String namespace, String runId, String minPosition) {
    NamespaceId inNamespace = RequestValues.namespace(namespace);
    RunId id = RequestValues.runId(runId);
    long position = RequestValues.number(minPosition, "min_position", 0, 0, Long.MAX_VALUE);
    return find(inNamespace, id, position, System.nanoTime());
  }

  private Uni<RunRecord> find(NamespaceId namespace, RunId runId, long position, long sinceNanos) {
    return runs.find(namespace, runId)
        .chain(found -> {
          if (found.isPresent() && found.get().sequence() >= position) {
            return Uni.createFrom().item(found.get());
          }
          if (position == 0 || System.nanoTime() - sinceNanos > WAIT_NANOS) {
            return Uni.createFrom().failure(behind(found));
          }
          return ContextDelay.ofMillis(RETRY_MS)
              .chain(() -> find(namespace, runId, position, sinceNanos));
        });
  }

  private static ProblemException behind(Optional<RunRecord> found) {
    return found.isEmpty()
        ? ProblemException.notFound()
        : ProblemException.unavailable(
            WebReason.READ_BEHIND,
            "The run has not reached the position asked for.",
            RETRY_AFTER_SECONDS);
  }

  /** The run with its state. */
  Uni<Folded> fold(String namespace, String runId, String minPosition) {
    return find(namespace, runId, minPosition).chain(this::fold);
  }

  private Uni<Folded> fold(RunRecord run) {
    return journal
        .events(run.runUid(), 0, Math.toIntExact(run.sequence()))
        .map(events -> new Folded(run, RunFold.of(upTo(run.sequence(), events))));
  }

  /** The journal may have grown since the row was read; the state shown is the row's. */
  private static List<JournalRow> upTo(long sequence, List<JournalRow> events) {
    return events.stream().filter(row -> row.envelope().sequence() <= sequence).toList();
  }
}
