package dev.dome.web;

import dev.dome.security.Access;
import dev.dome.security.AccessPolicy;
import dev.dome.security.Identity;
import dev.dome.web.access.AccessLog;
import dev.dome.web.access.Asked;
import jakarta.inject.Singleton;

/** Decides by the one access table and records what it decided. */
@Singleton
public final class AccessCheck {
  private final AccessLog log;

  AccessCheck(AccessLog log) {
    this.log = log;
  }

  /**
   * Passes when the identity may do the operation in the namespace.
   *
   * @throws ProblemException 404 without any role in it, else 403 AUTH.SCOPE
   */
  public void require(Identity identity, Asked asked) {
    switch (AccessPolicy.decide(identity, asked.namespace(), asked.operation())) {
      case Access.Allowed allowed -> log.allowed(identity.subject(), asked);
      case Access.Hidden hidden -> {
        log.denied(identity.subject(), asked, WebReason.NOT_FOUND);
        throw ProblemException.notFound();
      }
      case Access.Forbidden forbidden -> {
        log.denied(identity.subject(), asked, WebReason.SCOPE);
        throw ProblemException.forbidden(
            WebReason.SCOPE,
            "This needs one of the roles " + String.join(", ", forbidden.anyOf()) + ".");
      }
    }
  }
}
