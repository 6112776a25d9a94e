package dev.dome.ingest.adapter.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;

/**
 * The body of a request on its way to an owner, which knows whether it is its client that keeps the
 * owner from answering. For use on the request's event loop.
 */
final class ClientBody implements ReadStream<Buffer> {
  private final HttpServerRequest request;
  private boolean heldBack = true;
  private boolean ended;
  private boolean broken;

  /** Holds the body back until it is asked for. */
  ClientBody(HttpServerRequest request) {
    this.request = request.pause();
  }

  /** Whether the client went away before the end. */
  boolean broken() {
    return broken;
  }

  /** Whether the client is to send more. */
  boolean awaited() {
    return !ended && !heldBack;
  }

  @Override
  public ClientBody exceptionHandler(Handler<Throwable> handler) {
    request.exceptionHandler(failure -> {
      broken = true;
      if (handler != null) {
        handler.handle(failure);
      }
    });
    return this;
  }

  @Override
  public ClientBody handler(Handler<Buffer> handler) {
    request.handler(handler);
    return this;
  }

  @Override
  public ClientBody pause() {
    heldBack = true;
    request.pause();
    return this;
  }

  @Override
  public ClientBody resume() {
    heldBack = false;
    request.resume();
    return this;
  }

  @Override
  public ClientBody fetch(long amount) {
    heldBack = false;
    request.fetch(amount);
    return this;
  }

  @Override
  public ClientBody endHandler(Handler<Void> handler) {
    request.endHandler(end -> {
      ended = true;
      if (handler != null) {
        handler.handle(null);
      }
    });
    return this;
  }
}
