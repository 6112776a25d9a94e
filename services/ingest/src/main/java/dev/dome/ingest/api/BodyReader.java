package dev.dome.ingest.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * Reads a request's body whole, holding no more than its limit. What comes beyond is thrown away
 * but still read for a while, so that a client that writes before it listens sees its refusal
 * instead of a reset connection.
 */
final class BodyReader {
  /** Beyond this the connection is closed on the client. */
  static final int MAX_READ_BYTES = 8 << 20;

  private final RoutingContext context;
  private final int limitBytes;
  private final Runnable tooLarge;
  private final Buffer body = Buffer.buffer();
  private long readBytes;
  private boolean refused;

  /**
   * A reader of one request.
   *
   * @param tooLarge answers instead of the handlers that follow
   */
  BodyReader(RoutingContext context, int limitBytes, Runnable tooLarge) {
    this.context = context;
    this.limitBytes = limitBytes;
    this.tooLarge = tooLarge;
  }

  void start() {
    HttpServerRequest request = context.request();
    if (request.version() == HttpVersion.HTTP_1_1
        && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      context.response().writeContinue();
    }
    request.handler(this::read).endHandler(end -> ended()).resume();
  }

  private void read(Buffer chunk) {
    readBytes += chunk.length();
    if (readBytes <= limitBytes) {
      body.appendBuffer(chunk);
    } else if (readBytes > MAX_READ_BYTES && !refused) {
      refused = true;
      tooLarge.run();
    }
  }

  private void ended() {
    if (refused) {
      return;
    }
    if (readBytes > limitBytes) {
      tooLarge.run();
    } else {
      ((RoutingContextInternal) context).setBody(body);
      context.next();
    }
  }
}
