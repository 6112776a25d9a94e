package dev.dome.ingest.api;

import dev.dome.ingest.application.EvidenceUploads.Result;
import dev.dome.ingest.application.EvidenceUploads.Upload;
import dev.dome.ingest.application.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/**
 * A request's body on its way into an upload, one piece at a time: the next is asked for when the
 * last is on disk, so that no more than one is in memory. Files are written by worker threads,
 * everything else happens on the request's event loop.
 */
final class UploadStream {
  private final Vertx vertx;
  private final HttpServerRequest request;
  private final long pauseMs;
  private final Promise<Result> result = Promise.promise();
  private Upload upload;
  private Future<?> working = Future.succeededFuture();
  private long timer;

  private UploadStream(Vertx vertx, HttpServerRequest request, Duration pause) {
    this.vertx = vertx;
    this.request = request;
    this.pauseMs = pause.toMillis();
  }

  /**
   * Reads the body to its end or to its refusal; the upload is closed on completion. Fails with
   * {@link TimeoutException} when the body stands still, and with the store's own failure.
   *
   * @param pause how long the body may stand still
   */
  static Future<Result> read(
      Vertx vertx, HttpServerRequest request, Duration pause, Callable<Upload> begin) {
    return new UploadStream(vertx, request, pause).read(begin);
  }

  private Future<Result> read(Callable<Upload> begin) {
    request.exceptionHandler(result::tryFail).handler(this::take).endHandler(end -> finish());
    onWorker(begin)
        .onSuccess(begun -> {
          upload = begun;
          next();
        })
        .onFailure(result::tryFail);
    return result.future().eventually(this::end);
  }

  private void next() {
    if (!result.future().isComplete()) {
      timer = vertx.setTimer(pauseMs, id -> result.tryFail(new TimeoutException()));
      request.fetch(1);
    }
  }

  private void take(Buffer piece) {
    vertx.cancelTimer(timer);
    if (result.future().isComplete()) {
      return;
    }
    onWorker(() -> upload.add(ByteBuffer.wrap(piece.getBytes())))
        .onSuccess(this::afterPiece)
        .onFailure(result::tryFail);
  }

  private void afterPiece(Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      result.tryComplete(new Result.Refused(refusal.get()));
    } else {
      next();
    }
  }

  private void finish() {
    vertx.cancelTimer(timer);
    // A request that is held back never says that it has ended.
    request.resume();
    if (!result.future().isComplete()) {
      onWorker(() -> upload.finish()).onSuccess(result::tryComplete).onFailure(result::tryFail);
    }
  }

  /** Closes the upload once no worker writes into it any more. */
  private Future<Void> end() {
    vertx.cancelTimer(timer);
    return working.transform(any -> upload == null ? Future.succeededFuture() : closed());
  }

  private Future<Void> closed() {
    return onWorker(() -> {
      upload.close();
      return null;
    });
  }

  private <T> Future<T> onWorker(Callable<T> work) {
    Future<T> future = vertx.executeBlocking(work, false);
    working = future;
    return future;
  }
}
