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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A request's body on its way into an upload, one piece at a time: the next is asked for when the
 * last is on disk, so that no more than one is in memory. Files are written by worker threads,
 * everything else happens on the request's event loop.
 */
final class UploadStream {
  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Pace pace;
  private final Promise<Result> result = Promise.promise();
  private Upload upload;
  private Future<?> working = Future.succeededFuture();
  private long timer;
  private long askedAtNanos;
  private long waitedMs;
  private long bytes;

  private UploadStream(Vertx vertx, HttpServerRequest request, Pace pace) {
    this.vertx = vertx;
    this.request = request;
    this.pace = pace;
  }

  /**
   * How slow a client may be. Only the time that it was waited for counts against it, not the time
   * that its content took on its way to the disk.
   *
   * @param pauseMs how long the body may stand still, and what a client may lag behind its rate
   */
  record Pace(long pauseMs, long minBytesPerSecond) {
    /** How long the next piece may take after so many bytes; zero or less when it is too late. */
    private long leftMs(long waitedMs, long bytes) {
      long lag = waitedMs - TimeUnit.SECONDS.toMillis(bytes) / minBytesPerSecond;
      return Math.min(pauseMs, pauseMs - lag);
    }
  }

  /**
   * Reads the body to its end or to its refusal; the upload is closed on completion. Fails with
   * {@link TimeoutException} when the body comes too slowly, and with the store's own failure.
   */
  static Future<Result> read(
      Vertx vertx, HttpServerRequest request, Pace pace, Callable<Upload> begin) {
    return new UploadStream(vertx, request, pace).read(begin);
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
    if (result.future().isComplete()) {
      return;
    }
    long leftMs = pace.leftMs(waitedMs, bytes);
    if (leftMs <= 0) {
      result.tryFail(new TimeoutException());
      return;
    }
    timer = vertx.setTimer(leftMs, id -> result.tryFail(new TimeoutException()));
    askedAtNanos = System.nanoTime();
    request.fetch(1);
  }

  private void take(Buffer piece) {
    vertx.cancelTimer(timer);
    waitedMs += TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - askedAtNanos);
    bytes += piece.length();
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
