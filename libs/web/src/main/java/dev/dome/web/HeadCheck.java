package dev.dome.web;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.security.Access;
import dev.dome.security.AccessPolicy;
import dev.dome.security.Identity;
import dev.dome.web.access.Asked;
import dev.dome.web.identity.TokenVerifier;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.lang.reflect.Method;

/**
 * Looks at a request's head for whether its body is worth memory. It neither answers nor records:
 * what it turns down comes to the {@link AccessFilter}, which does both.
 */
@Singleton
public final class HeadCheck {
  private final TokenVerifier tokens;

  HeadCheck(TokenVerifier tokens) {
    this.tokens = tokens;
  }

  /** Whether some resource method takes the request and lets its sender in. */
  public boolean mayPass(HttpServerRequest request) {
    return ResourceMethods.taking(request.method().name(), request.path()).stream()
        .anyMatch(method -> letsIn(method, request));
  }

  private boolean letsIn(Method method, HttpServerRequest request) {
    if (AccessFilter.find(method, Anonymous.class) != null) {
      return true;
    }
    try {
      Identity identity = tokens.verify(request.getHeader(HttpHeaders.AUTHORIZATION));
      Authorized authorized = AccessFilter.find(method, Authorized.class);
      return authorized == null || letsIn(authorized, identity, request.path());
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static boolean letsIn(Authorized authorized, Identity identity, String path) {
    NamespaceId namespace =
        authorized.namespace().isEmpty()
            ? Asked.of(path, authorized.value()).namespace()
            : new NamespaceId(authorized.namespace());
    return namespace != null
        && AccessPolicy.decide(identity, namespace, authorized.value()) instanceof Access.Allowed;
  }
}
