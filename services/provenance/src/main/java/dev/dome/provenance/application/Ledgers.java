package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/** Whole ledgers, page by page. */
public final class Ledgers {
  private final LedgerSource source;
  private final int maxRows;

  /**
   * Ledgers of a source.
   *
   * @param maxRows what one ledger may take of this process's memory
   */
  public Ledgers(LedgerSource source, int maxRows) {
    this.source = source;
    this.maxRows = maxRows;
  }

  /** The ledger is larger than this process reads at once. */
  public static final class TooLargeException extends RuntimeException {
    TooLargeException(int maxRows) {
      super("the ledger has more than " + maxRows + " rows");
    }
  }

  /**
   * Every row of a run, none when there is no such run. Fails with {@link
   * LedgerUnavailableException} or {@link TooLargeException}.
   */
  public Uni<List<JsonNode>> whole(NamespaceId namespace, RunId runId) {
    return more(namespace, runId, 0, new ArrayList<>());
  }

  private Uni<List<JsonNode>> more(
      NamespaceId namespace, RunId runId, long after, List<JsonNode> rows) {
    return source
        .page(namespace, runId, after)
        .flatMap(page -> {
          rows.addAll(page.rows());
          if (rows.size() > maxRows) {
            return Uni.createFrom().failure(new TooLargeException(maxRows));
          }
          return page.nextAfter().isEmpty()
              ? Uni.createFrom().item(rows)
              : more(namespace, runId, page.nextAfter().getAsLong(), rows);
        });
  }
}
