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
      case CLAIM_TASKS, HEARTBEAT, REPORT_RESULT, RELEASE_TASK -> EnumSet.of(Role.WORKER);
      case READ -> EnumSet.allOf(Role.class);
      case READ_LANE -> EnumSet.of(Role.OPERATOR, Role.AUDITOR);
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
