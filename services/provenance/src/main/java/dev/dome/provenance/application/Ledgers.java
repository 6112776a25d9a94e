package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/** Reads ledgers page by page. What has been read is let go: no page is held beside the next. */
public final class Ledgers {
  private final LedgerSource source;

  public Ledgers(LedgerSource source) {
    this.source = source;
  }

  /** Takes the rows of one ledger, in order; never by two threads at once. */
  @FunctionalInterface
  public interface RowReader {
    /** Takes one row; false when no further one is wanted. */
    boolean add(JsonNode row);
  }

  /**
   * Gives the rows of a run to a reader, on a worker thread, until the ledger or the reader ends.
   * Fails with {@link LedgerUnavailableException}, or with what the reader throws.
   *
   * @return how many rows were given; none when there is no such run
   */
  public Uni<Long> read(NamespaceId namespace, RunId runId, RowReader reader) {
    return Multi.createBy()
        .repeating()
        .uni(
            () -> new Reading(reader),
            reading ->
                source
                    .page(namespace, runId, reading.after)
                    .emitOn(Infrastructure.getDefaultWorkerPool())
                    .map(reading::take))
        .whilst(reading -> reading.wantsMore)
        .collect()
        .last()
        .map(reading -> reading.rows);
  }

  /** How far one reading has come. */
  private static final class Reading {
    private final RowReader reader;
    private long after;
    private long rows;
    private boolean wantsMore = true;

    private Reading(RowReader reader) {
      this.reader = reader;
    }

    private Reading take(LedgerSource.Page page) {
      for (JsonNode row : page.rows()) {
        rows++;
        if (!reader.add(row)) {
          wantsMore = false;
          return this;
        }
      }
      page.nextAfter().ifPresentOrElse(next -> after = next, () -> wantsMore = false);
      return this;
    }
  }
}
