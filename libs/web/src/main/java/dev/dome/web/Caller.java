package dev.dome.web;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Actor;
import dev.dome.security.Identity;
import dev.dome.web.access.Asked;
import jakarta.enterprise.context.RequestScoped;

/** Who sent the current request; known once the access filter has let it pass. */
@RequestScoped
public class Caller {
  private Identity identity;
  private Asked asked;

  void is(Identity verified, Asked request) {
    identity = verified;
    asked = request;
  }

  /**
   * The verified identity.
   *
   * @throws IllegalStateException in a resource that asked for no token
   */
  public Identity identity() {
    if (identity == null) {
      throw new IllegalStateException("an anonymous resource has no caller");
    }
    return identity;
  }

  /** What the request asks for; null in a resource that asked for no token. */
  public Asked asked() {
    return asked;
  }

  /** The caller with the roles of one namespace, as it travels to the state-controller. */
  public Actor actor(NamespaceId namespace) {
    return identity().actorIn(namespace);
  }
}
