package dev.dome.web.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** How long a request says that its body is. */
public final class StatedLength {
  /** More digits than that do not fit into a long. */
  private static final int MAX_DIGITS = 18;

  private StatedLength() {}

  /** Bytes; 0 when it does not say, {@link Long#MAX_VALUE} when the number is beyond measure. */
  public static long of(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      return 0;
    }
    return length.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(length);
  }
}
