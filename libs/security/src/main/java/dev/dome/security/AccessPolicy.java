package dev.dome.security;

import dev.dome.contracts.id.NamespaceId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Decides access from one table of operations and roles, and from nothing else. */
public final class AccessPolicy {
  private AccessPolicy() {}

  /** The table: any one of these roles suffices. */
  public static Set<Role> rolesFor(Operation operation) {
    return switch (operation) {
      case SUBMIT_RUN -> EnumSet.of(Role.SUBMITTER);
      case CANCEL_RUN, PAUSE_RUN, RESUME_RUN -> EnumSet.of(Role.SUBMITTER, Role.OPERATOR);
      case DECIDE_APPROVAL -> EnumSet.of(Role.APPROVER);
      case REDRIVE,
          DRAIN_WORKERS,
          REBUILD_STREAMS,
          PAUSE_BREAKER,
          RESUME_BREAKER,
          SET_LIMIT,
          MANAGE_WEBHOOKS,
          READ_WEBHOOKS,
          SET_RETENTION,
          RELEASE_HOLD,
          PURGE_AUDIT ->
          EnumSet.of(Role.OPERATOR);
      case CLAIM_TASKS, HEARTBEAT, REPORT_RESULT, RELEASE_TASK -> EnumSet.of(Role.WORKER);
      // Inputs of tasks are evidence as well.
      case PUT_EVIDENCE -> EnumSet.of(Role.WORKER, Role.SUBMITTER);
      case READ -> EnumSet.allOf(Role.class);
      case REPLAY_RUN -> EnumSet.complementOf(EnumSet.of(Role.WORKER));
      case READ_LANE, READ_OPERATIONS, READ_RETENTION, READ_EXPIRED ->
          EnumSet.of(Role.OPERATOR, Role.AUDITOR);
      // Whoever finds that something must be kept can have it kept; to let it go is an operator's.
      case PLACE_HOLD -> EnumSet.of(Role.OPERATOR, Role.AUDITOR);
      case READ_AUDIT, EXPORT_AUDIT -> EnumSet.of(Role.AUDITOR);
    };
  }

  /**
   * Whether a granted access goes to the audit: writes and exports do. Plain reads do not, and a
   * heartbeat only goes on with what a recorded claim began. Every refusal goes there.
   */
  public static boolean recordsAllow(Operation operation) {
    return switch (operation) {
      case SUBMIT_RUN,
          CANCEL_RUN,
          PAUSE_RUN,
          RESUME_RUN,
          DECIDE_APPROVAL,
          PAUSE_BREAKER,
          RESUME_BREAKER,
          REDRIVE,
          DRAIN_WORKERS,
          CLAIM_TASKS,
          REPORT_RESULT,
          RELEASE_TASK,
          PUT_EVIDENCE,
          REBUILD_STREAMS,
          MANAGE_WEBHOOKS,
          SET_LIMIT,
          EXPORT_AUDIT,
          REPLAY_RUN,
          SET_RETENTION,
          PLACE_HOLD,
          RELEASE_HOLD,
          PURGE_AUDIT ->
          true;
      case HEARTBEAT,
          READ,
          READ_LANE,
          READ_OPERATIONS,
          READ_AUDIT,
          READ_WEBHOOKS,
          READ_RETENTION,
          READ_EXPIRED ->
          false;
    };
  }

  /** Whether the caller may, and as whom. */
  public static Access decide(Identity identity, NamespaceId namespace, Operation operation) {
    Set<Role> held = identity.rolesIn(namespace);
    if (held.isEmpty()) {
      return new Access.Hidden();
    }
    Set<Role> needed = rolesFor(operation);
    if (Collections.disjoint(held, needed)) {
      return new Access.Forbidden(needed.stream().map(Role::claim).sorted().toList());
    }
    return new Access.Allowed(identity.actorIn(namespace));
  }
}
