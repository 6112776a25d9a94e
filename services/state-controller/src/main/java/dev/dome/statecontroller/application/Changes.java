package dev.dome.statecontroller.application;

import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunState;
import dev.dome.kernel.TaskState;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Everything one batch writes. */
public record Changes(
    List<JournalLine> journal,
    List<RunRow> runs,
    List<TaskRow> tasks,
    List<Store.Lease> granted,
    List<Renewal> renewed,
    List<EndedLease> ended,
    List<Store.Permit> permits,
    List<Store.RateUse> rates,
    List<AnswerRow> answers,
    List<OperationRow> operations,
    List<LateReport> lateReports,
    List<PoisonRow> poison,
    List<LaneRow> lanes,
    List<Store.LaneBreaker> breakers,
    List<Rewind> rewinds) {

  /**
   * Fails when a row belongs to a lane that the transaction does not hold. Every store asks before
   * it writes, because the fence protects only what is written under it.
   *
   * @throws StoreException of kind REFUSED; nothing is written then
   */
  public void requireWithin(Set<Lane> held) {
    writtenLanes()
        .filter(lane -> !held.contains(lane))
        .findAny()
        .ifPresent(lane -> {
          throw new StoreException(
              StoreException.Kind.REFUSED,
              new IllegalStateException(
                  "expected rows of held lanes " + held + " but one is of lane " + lane));
        });
  }

  private Stream<Lane> writtenLanes() {
    return Stream.of(
            journal.stream().map(line -> line.row().lane()),
            runs.stream().map(row -> row.state().lane()),
            tasks.stream().map(TaskRow::lane),
            granted.stream().map(Store.Lease::lane),
            renewed.stream().map(renewal -> renewal.attemptId().lane()),
            ended.stream().map(lease -> lease.attemptId().lane()),
            permits.stream().map(permit -> permit.attemptId().lane()),
            poison.stream().map(PoisonRow::lane),
            lanes.stream().map(LaneRow::lane),
            breakers.stream().map(Store.LaneBreaker::lane),
            rewinds.stream().map(Rewind::lane))
        .flatMap(written -> written);
  }

  /** A sealed row and the canonical text of its envelope. */
  public record JournalLine(JournalRow row, String envelopeText, long epoch) {}

  /** A run as it stands after the batch. */
  public record RunRow(
      RunState state,
      String headHash,
      String stateHash,
      String policyDigest,
      String submissionHmac,
      String hmacKeyId,
      long epoch) {}

  /** A task that the batch changed; planIndex is its place in the plan. */
  public record TaskRow(
      RunUid runUid, NamespaceId namespace, Lane lane, int planIndex, TaskState state) {}

  /** A sign of life: the version rises by one. */
  public record Renewal(AttemptId attemptId, long expiresAtMs, String progress) {}

  /** An attempt that is over; its lease row stays, its permits go. */
  public record EndedLease(AttemptId attemptId, long endedAtMs) {}

  /** The first answer to a key. */
  public record AnswerRow(
      Store.AnswerKey key, String bodyHmac, String hmacKeyId, Outcome outcome, long createdAtMs) {}

  /**
   * What became of an operation.
   *
   * @param runId the run that it names or that its attempt belongs to, or null
   * @param key what a repeat is recognised by, or null
   * @param repeats the operation that used the key first, null when this is that one
   */
  public record OperationRow(
      NamespaceId namespace,
      String principal,
      InboxKind kind,
      RunId runId,
      InboxMessage.IdempotencyKey key,
      String repeats,
      Outcome outcome,
      long createdAtMs) {}

  /** A report that came too late, kept as evidence. */
  public record LateReport(
      String operationId,
      RunUid runUid,
      NamespaceId namespace,
      AttemptId attemptId,
      String reasonCode,
      Actor actor,
      String body,
      long receivedAtMs) {}

  /** An input whose handling threw. */
  public record PoisonRow(
      Lane lane,
      String incarnation,
      long sequence,
      String reasonCode,
      String cause,
      String message,
      long atMs) {}

  /** A lane whose journal is published again: it counts as published up to a position only. */
  public record Rewind(Lane lane, long after) {}

  /** Where a lane stands after the batch. */
  public record LaneRow(Lane lane, long position, InboxCursor cursor) {}
}
