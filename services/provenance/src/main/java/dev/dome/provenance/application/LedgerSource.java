package dev.dome.provenance.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.OptionalLong;

/** The state-controller's record of a run. */
@FunctionalInterface
public interface LedgerSource {

  /**
   * One page of a run's rows behind a sequence; without rows when there is no such run. Fails with
   * {@link LedgerUnavailableException}.
   */
  Uni<Page> page(NamespaceId namespace, RunId runId, long after);

  /**
   * Rows in order.
   *
   * @param nextAfter where the ledger goes on, empty at its end
   */
  record Page(List<JsonNode> rows, OptionalLong nextAfter) {}
}
