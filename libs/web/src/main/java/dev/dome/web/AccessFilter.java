package dev.dome.web;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.security.Access;
import dev.dome.security.AccessPolicy;
import dev.dome.security.Identity;
import dev.dome.security.Operation;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets a request pass only to a resource method that says who may call it. A method that says
 * nothing is a bug and is never reached.
 */
public final class AccessFilter {
  private final TokenVerifier tokens;
  private final Caller caller;

  AccessFilter(TokenVerifier tokens, Caller caller) {
    this.tokens = tokens;
    this.caller = caller;
  }

  @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
  public void authorise(ContainerRequestContext request, ResourceInfo resource) {
    Method method = resource.getResourceMethod();
    if (find(method, Anonymous.class) != null) {
      return;
    }
    Identity identity = tokens.verify(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    caller.is(identity);
    Authorized authorized = find(method, Authorized.class);
    if (authorized != null) {
      require(identity, namespace(authorized, request), authorized.value());
    } else if (find(method, Authenticated.class) == null) {
      throw new IllegalStateException(method + " does not say who may call it");
    }
  }

  /**
   * Passes when the identity may do the operation in the namespace.
   *
   * @throws ProblemException 404 without any role in it, else 403 AUTH.SCOPE
   */
  static void require(Identity identity, NamespaceId namespace, Operation operation) {
    switch (AccessPolicy.decide(identity, namespace, operation)) {
      case Access.Allowed allowed -> {}
      case Access.Hidden hidden -> throw ProblemException.notFound();
      case Access.Forbidden forbidden ->
          throw ProblemException.forbidden(
              WebReason.SCOPE,
              "This needs one of the roles " + String.join(", ", forbidden.anyOf()) + ".");
    }
  }

  private static NamespaceId namespace(Authorized authorized, ContainerRequestContext request) {
    if (!authorized.namespace().isEmpty()) {
      return new NamespaceId(authorized.namespace());
    }
    return RequestValues.namespace(
        request.getUriInfo().getPathParameters().getFirst(Authorized.NAMESPACE_PARAMETER));
  }

  private static <A extends Annotation> A find(Method method, Class<A> type) {
    A onMethod = method.getAnnotation(type);
    return onMethod != null ? onMethod : method.getDeclaringClass().getAnnotation(type);
  }
}
