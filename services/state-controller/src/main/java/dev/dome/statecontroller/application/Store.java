package dev.dome.statecontroller.application;

import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.AttemptId;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.BreakerSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The record behind the lane writer. Everything is read and written inside one fenced transaction:
 * while it is open no other replica can take over a lane it holds.
 *
 * <p>Any method may throw a {@link StoreException}, whose kind says what became of the transaction.
 */
public interface Store {

  /**
   * Opens a transaction that holds those lanes whose epoch is still the given one.
   *
   * @param wanted what the batch is known to need; lanes to open are opened only when held
   */
  Transaction begin(Map<Lane, Long> epochs, Wanted wanted);

  /** One open transaction. Closing it without a commit undoes everything. */
  interface Transaction extends AutoCloseable {
    Found found();

    /** The runs with their event rows in order; absent ones are left out. */
    List<StoredRun> runs(Set<RunUid> runUids);

    /**
     * Holds the limits until the transaction is over, waiting for other transactions that hold
     * them, and says what is taken of each. To be asked once in a transaction and for all limits:
     * they are taken hold of in one order, so that no two transactions wait for each other.
     *
     * @param ended attempts whose slots this transaction gives back
     */
    Usage usage(Set<LimitKey> limits, Set<AttemptId> ended);

    /**
     * Open runs of the lane that have an unsettled task which the breaker may guard, by uid and
     * past {@link LaneBreaker#toldUpTo}; some of them may have none that it does guard.
     */
    List<RunUid> guarded(LaneBreaker breaker, int max);

    /** Writes and makes durable, all or nothing; rows of lanes that are not held are refused. */
    void commit(Changes changes);

    @Override
    void close();
  }

  record RunName(NamespaceId namespace, RunId runId) {}

  record ClaimName(NamespaceId namespace, String claimId) {
    static ClaimName of(Claim.Request request) {
      return new ClaimName(request.namespace(), request.claimId());
    }
  }

  record AnswerKey(NamespaceId namespace, String principal, String operation, String key) {}

  record OperationName(NamespaceId namespace, String operationId) {}

  /** A slot of something scarce, held by an attempt until it is over. */
  record Permit(LimitKey limit, int slot, AttemptId attemptId) {}

  /** The theoretical arrival time of a rate after grants, epoch microseconds. */
  record RateUse(LimitKey limit, long tatUs) {}

  /**
   * What is taken of limits.
   *
   * @param nowUs epoch microseconds on the store's clock, which is the same for all replicas
   */
  record Usage(long nowUs, Map<LimitKey, Taken> taken) {}

  /**
   * What is taken of one limit.
   *
   * @param tatUs as {@link RateUse} has it, 0 before the first grant
   */
  record Taken(Set<Integer> slots, long tatUs) {}

  /**
   * The limits of every namespace.
   *
   * @param version rises with every change
   */
  record KnownLimits(long version, List<TaskLimit> limits) {
    static final long NONE = -1;
  }

  /**
   * A breaker as a lane was last told of it.
   *
   * @param toldUpTo every open run up to this uid knows it, null once all do
   */
  record LaneBreaker(Lane lane, NamespaceId namespace, BreakerSnapshot breaker, String toldUpTo) {}

  /**
   * What a batch must know before it decides.
   *
   * @param opening lanes whose cursor and ready work are needed; their live leases gain one term
   * @param sweep lanes whose expired leases are needed
   * @param limitsKnown the version of the limits that are known; null when others are not needed
   */
  record Wanted(
      long nowMs,
      Set<Lane> opening,
      Set<AnswerKey> answers,
      Set<OperationName> operations,
      Set<RunName> runs,
      Set<AttemptId> attempts,
      Set<ClaimName> claims,
      Set<Lane> sweep,
      Long limitsKnown) {}

  /**
   * What there was; absent keys are missing.
   *
   * @param held the lanes the transaction holds
   * @param expired live leases of swept lanes whose time was over, oldest first, at most some
   *     hundreds
   * @param limits null unless they are others than those known
   */
  record Found(
      Set<Lane> held,
      Map<Lane, OpenedLane> opened,
      Map<AnswerKey, FirstAnswer> answers,
      Map<OperationName, Outcome> operations,
      Map<RunName, RunUid> runs,
      Map<AttemptId, Lease> attempts,
      Map<ClaimName, List<Lease>> claims,
      List<Lease> expired,
      KnownLimits limits) {}

  /** Where a lane stands, its tasks that were QUEUED and assigned, and the breakers it knows. */
  record OpenedLane(
      long position, InboxCursor cursor, List<ReadyTask> ready, List<LaneBreaker> breakers) {}

  /** The stored answer to a key. */
  record FirstAnswer(String bodyHmac, String hmacKeyId, Outcome outcome) {}

  /** A run's identity, the head of its chain, and its EVENT rows in order. */
  record StoredRun(
      RunUid runUid,
      String headHash,
      String submissionHmac,
      String hmacKeyId,
      List<EventEnvelope> events) {}

  /**
   * A lease row.
   *
   * @param version rises with every renewal
   * @param ordinal the place of the lease among those of its claim, from 0
   * @param endedAtMs when the attempt was over, null while it is not; the row stays so that a late
   *     report is recognised
   */
  record Lease(
      AttemptId attemptId,
      RunUid runUid,
      String taskId,
      NamespaceId namespace,
      Lane lane,
      String queue,
      long fence,
      long version,
      String claimId,
      int ordinal,
      String workerId,
      long termMs,
      long expiresAtMs,
      Long endedAtMs) {

    boolean ended() {
      return endedAtMs != null;
    }
  }
}
