package dev.dome.web.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * A body that does not say its length on its way into memory. One beyond the limit is read on for a
 * while and thrown away, so that a client that writes before it listens sees its refusal.
 */
final class Gathering {
  private final RoutingContext context;
  private final HttpServerRequest request;
  private final long maxBytes;
  private final Buffer body = Buffer.buffer();
  private long bytes;

  Gathering(RoutingContext context, long maxBytes) {
    this.context = context;
    this.request = context.request();
    this.maxBytes = maxBytes;
  }

  /** Reads the body; the next handler finds it in the context. */
  void begin() {
    request.handler(this::take).endHandler(end -> finish());
    if (request.getHeader(HttpHeaders.EXPECT) != null) {
      context.response().writeContinue();
    }
    request.resume();
  }

  private void take(Buffer piece) {
    bytes += piece.length();
    if (bytes <= maxBytes) {
      body.appendBuffer(piece);
    } else if (bytes > Replies.MAX_DRAINED_BYTES) {
      request.handler(rest -> {}).endHandler(end -> {});
      EdgeRoutes.refuseBody(context);
    }
  }

  private void finish() {
    if (context.response().ended()) {
      return; // It was given up, and its sender told so.
    }
    if (bytes > maxBytes) {
      EdgeRoutes.refuseBody(context);
    } else {
      ((RoutingContextInternal) context).setBody(body);
      context.next();
    }
  }
}
