package dev.dome.web;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.security.Identity;
import dev.dome.web.access.AccessLog;
import dev.dome.web.access.Asked;
import dev.dome.web.identity.TokenVerifier;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets a request pass only to a resource method that says who may call it, and records what it
 * decides. A method that says nothing is a bug and is never reached.
 */
public final class AccessFilter {
  private final TokenVerifier tokens;
  private final Caller caller;
  private final AccessCheck check;
  private final AccessLog log;

  AccessFilter(TokenVerifier tokens, Caller caller, AccessCheck check, AccessLog log) {
    this.tokens = tokens;
    this.caller = caller;
    this.check = check;
    this.log = log;
  }

  @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
  public void authorise(
      ContainerRequestContext request, ResourceInfo resource, HttpServerRequest connection) {
    Method method = resource.getResourceMethod();
    if (find(method, Anonymous.class) != null) {
      return;
    }
    Authorized authorized = find(method, Authorized.class);
    Asked asked =
        Asked.of(
            request.getUriInfo().getRequestUri().getRawPath(),
            authorized == null ? null : authorized.value());
    Identity identity =
        identity(request.getHeaderString(HttpHeaders.AUTHORIZATION), asked, connection);
    caller.is(identity, asked);
    if (authorized != null) {
      check.require(identity, asked.in(namespace(authorized, request)));
    } else if (find(method, Authenticated.class) == null) {
      throw new IllegalStateException(method + " does not say who may call it");
    }
  }

  private Identity identity(String authorization, Asked asked, HttpServerRequest connection) {
    try {
      return tokens.verify(authorization);
    } catch (ProblemException refused) {
      log.deniedAnonymous(connection.remoteAddress().hostAddress(), asked, refused.reasonCode());
      throw refused;
    }
  }

  private static NamespaceId namespace(Authorized authorized, ContainerRequestContext request) {
    if (!authorized.namespace().isEmpty()) {
      return new NamespaceId(authorized.namespace());
    }
    return RequestValues.namespace(
        request.getUriInfo().getPathParameters().getFirst(Authorized.NAMESPACE_PARAMETER));
  }

  static <A extends Annotation> A find(Method method, Class<A> type) {
    A onMethod = method.getAnnotation(type);
    return onMethod != null ? onMethod : method.getDeclaringClass().getAnnotation(type);
  }
}
