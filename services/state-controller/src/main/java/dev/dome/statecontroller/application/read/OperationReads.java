package dev.dome.statecontroller.application.read;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.Outcome;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** What became of operations. Reads fail with {@link RecordUnavailableException}. */
public interface OperationReads {
  /** The outcome of an operation of the namespace, once it has one. */
  Uni<Optional<Outcome>> outcome(NamespaceId namespace, String operationId);

  /**
   * Operations of the namespace by id, which is nearly the order in which they were asked for.
   *
   * @param runIds only about one of these; empty for those of every run and of none
   * @param afterId exclusive, empty for the first page
   */
  Uni<List<OperationRecord>> list(
      NamespaceId namespace, List<RunId> runIds, String afterId, int limit);

  /**
   * One operation. All but the first three are null where they do not apply and for operations of
   * before they were kept.
   *
   * @param runId the run it names or whose attempt it names
   * @param repeats the operation that used the key first, null when this is that one
   * @param keyFingerprint see {@link dev.dome.contracts.wire.InboxMessage.IdempotencyKey}
   * @param keyDerived whether the key was made from the request
   * @param bodyFingerprint equal for equal bodies under one HMAC key
   */
  record OperationRecord(
      String operationId,
      String principal,
      Outcome outcome,
      long createdAtMs,
      InboxKind kind,
      RunId runId,
      String repeats,
      String keyFingerprint,
      Boolean keyDerived,
      String bodyFingerprint) {}
}
