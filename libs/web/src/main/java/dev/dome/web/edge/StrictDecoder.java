package dev.dome.web.edge;

import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * The server's own decoder, except that a message with both a Content-Length and a chunked
 * Transfer-Encoding is refused. RFC 9112 section 6.3 lets a server drop the length; a proxy in
 * front may have believed it, and then one request becomes two.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  StrictDecoder(HttpServerOptions limits) {
    super(limits);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
  }
}
