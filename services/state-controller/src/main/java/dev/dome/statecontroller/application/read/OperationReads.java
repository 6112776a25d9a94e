package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Outcome;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** What became of operations. Reads fail with {@link RecordUnavailableException}. */
public interface OperationReads {
  /** The outcome of an operation of the namespace, once it has one. */
  Uni<Optional<Outcome>> outcome(NamespaceId namespace, String operationId);
}
