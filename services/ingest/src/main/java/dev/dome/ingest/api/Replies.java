package dev.dome.ingest.api;

import dev.dome.web.ProblemException;
import dev.dome.web.ProblemResponses;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;

/** Problems as answers of handlers that run before or beside the resources. */
public final class Replies {
  private Replies() {}

  /** Ends the request; does nothing when its answer has begun. */
  public static void problem(RoutingContext context, ProblemException problem) {
    HttpServerResponse out = context.response();
    if (out.ended() || out.headWritten()) {
      return;
    }
    Response response = ProblemResponses.of(problem, context.normalizedPath());
    out.setStatusCode(response.getStatus());
    response
        .getHeaders()
        .forEach((name, values) -> values.forEach(v -> out.putHeader(name, v.toString())));
    out.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    out.putHeader("X-Content-Type-Options", "nosniff");
    out.end(Buffer.buffer((byte[]) response.getEntity()));
  }
}
