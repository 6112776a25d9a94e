package dev.dome.web.edge;

import dev.dome.web.ProblemException;
import dev.dome.web.WebReason;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/**
 * The result of a request that could not be decoded and is handed to the application all the same,
 * as one that was: only so does the HTTP server ask the application instead of answering itself.
 */
final class Undecoded extends DecoderResult {
  private final ProblemException problem;

  Undecoded(Throwable cause) {
    super(cause);
    this.problem =
        switch (cause) {
          case TooLongHttpLineException line ->
              ProblemException.of(414, WebReason.URI_TOO_LONG, "The request line is too long.");
          case TooLongHttpHeaderException header ->
              ProblemException.of(
                  431, WebReason.HEADERS_TOO_LARGE, "The request headers are too large.");
          default -> badFraming();
        };
  }

  static ProblemException badFraming() {
    return ProblemException.badRequest(
        WebReason.BAD_FRAMING, "The request is not well-formed HTTP, or is framed ambiguously.");
  }

  /** What it is answered with. */
  ProblemException problem() {
    return problem;
  }

  @Override
  public boolean isSuccess() {
    return true;
  }

  @Override
  public boolean isFailure() {
    return false;
  }
}
