package dev.dome.security;

import dev.dome.contracts.wire.Actor;
import java.util.List;

/** The answer to whether a caller may do something. */
public sealed interface Access {
  /** Yes, as this actor. */
  record Allowed(Actor actor) implements Access {}

  /**
   * The caller holds roles in the namespace, but none that may. 403 {@code AUTH.SCOPE}.
   *
   * @param anyOf the roles that may, sorted
   */
  record Forbidden(List<String> anyOf) implements Access {}

  /**
   * The caller holds no role in the namespace, so must not learn whether it exists: the answer is
   * the very bytes given for something absent. 404.
   */
  record Hidden() implements Access {}
}
