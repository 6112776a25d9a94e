package dev.dome.web.edge;

import dev.dome.web.ProblemException;
import dev.dome.web.ProblemResponses;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;

/** Problems as answers of handlers that run before or beside the resources. */
public final class Replies {
  /** What is read of a refused body at most. */
  static final long MAX_DRAINED_BYTES = 8 << 20;

  /** How long a refused body is read at most. */
  private static final long MAX_DRAIN_MS = 5_000;

  private static final long LINGER_MS = 500;

  private Replies() {}

  /**
   * Answers. A body of moderate length is read first and thrown away, so that a client that writes
   * before it listens sees its refusal instead of a reset connection.
   */
  public static void refuse(RoutingContext context, ProblemException problem) {
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      problem(context, problem);
    } else if (StatedLength.of(request) <= MAX_DRAINED_BYTES
        && request.getHeader(HttpHeaders.EXPECT) == null
        && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
      drain(context, problem);
    } else {
      giveUp(context, problem);
    }
  }

  private static void drain(RoutingContext context, ProblemException problem) {
    long timer = context.vertx().setTimer(MAX_DRAIN_MS, id -> giveUp(context, problem));
    context.addEndHandler(ended -> context.vertx().cancelTimer(timer));
    context.request().endHandler(end -> problem(context, problem)).resume();
  }

  /**
   * Answers while the body still comes, and closes the connection once its client had a moment to
   * read the answer; does nothing when an answer has begun.
   */
  public static void giveUp(RoutingContext context, ProblemException problem) {
    HttpServerRequest request = context.request();
    if (request.response().closed() || request.response().headWritten()) {
      return;
    }
    closeAfterwards(request);
    problem(context, problem);
    if (request.version() != HttpVersion.HTTP_2) {
      context.vertx().setTimer(LINGER_MS, id -> request.connection().close());
    }
  }

  /** What is left of the body is not read; HTTP/2 resets the stream by itself. */
  private static void closeAfterwards(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
  }

  /** Ends the request; does nothing when its answer has begun or its client has left. */
  public static void problem(RoutingContext context, ProblemException problem) {
    problem(context, problem, context.normalizedPath());
  }

  /**
   * Ends the request; does nothing when its answer has begun or its client has left.
   *
   * @param path named as the problem's instance, or null when it could not be read
   */
  static void problem(RoutingContext context, ProblemException problem, String path) {
    HttpServerResponse out = context.response();
    if (out.ended() || out.closed() || out.headWritten()) {
      return;
    }
    Response response = ProblemResponses.of(problem, path);
    out.setStatusCode(response.getStatus());
    response
        .getHeaders()
        .forEach((name, values) -> values.forEach(v -> out.putHeader(name, v.toString())));
    out.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    out.putHeader("X-Content-Type-Options", "nosniff");
    out.end(Buffer.buffer((byte[]) response.getEntity()));
  }
}
