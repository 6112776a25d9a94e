package dev.dome.ingest.adapter.http;

import dev.dome.ingest.config.IngestConfig;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.streams.Pipe;
import jakarta.enterprise.util.TypeLiteral;
import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Calls to one owner. The budget: 1 s to connect and 10 s until the response head by default, then
 * the body streams for as long as it lasts. After half of at least 20 calls failed the circuit is
 * open for a second; what a client did not finish counts as no failure. Nothing is tried twice
 * here: the caller may repeat a read.
 */
final class OwnerClient {
  private static final int MAX_CONNECTIONS = 2_048;
  private static final int MAX_WAITING = 4_096;
  private static final int BREAKER_WINDOW_CALLS = 20;
  private static final double BREAKER_FAILURE_RATIO = 0.5;
  private static final long BREAKER_OPEN_MS = 1_000;

  private final Vertx vertx;
  private final HttpClient http;
  private final URI url;
  private final long headTimeoutMs;
  private final TypedGuard<Uni<Answer>> guard;

  OwnerClient(Vertx vertx, String owner, URI url, IngestConfig.Proxy budget) {
    this.vertx = vertx;
    this.url = url;
    this.headTimeoutMs = budget.headTimeout().toMillis();
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout((int) budget.connectTimeout().toMillis())
            .setMaxWaitQueueSize(MAX_WAITING);
    budget
        .caFile()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.guard =
        TypedGuard.create(new TypeLiteral<Uni<Answer>>() {})
            .withDescription("reads owned by " + owner)
            .withCircuitBreaker()
            .requestVolumeThreshold(BREAKER_WINDOW_CALLS)
            .failureRatio(BREAKER_FAILURE_RATIO)
            .delay(BREAKER_OPEN_MS, ChronoUnit.MILLIS)
            .skipOn(ClientFailedException.class)
            .done()
            .build();
  }

  /**
   * The head of an owner's answer, and its body, which waits until it is sent somewhere. The pipe
   * is there from the first moment, so that a connection lost before then fails it; a response that
   * nobody listens to loses its end, and whoever reads it later waits for ever.
   */
  record Answer(HttpClientResponse head, Pipe<Buffer> body) {
    private static Answer of(HttpClientResponse head) {
      return new Answer(head, head.pipe());
    }

    /** Gives the rest of the body up, and its connection. */
    void abandon() {
      head.request().reset();
    }
  }

  /**
   * Sends one request; completes with the response head, its body not read yet. To be subscribed on
   * an event loop, whose thread everything then happens on. Fails with {@link TimeoutException}
   * when the head is late, and with {@link ClientFailedException} when that is because the body is.
   *
   * @param headers fills in the headers of the outgoing request
   * @param body null when there is none
   */
  Uni<Answer> send(
      HttpMethod method, String uri, Consumer<HttpClientRequest> headers, ClientBody body) {
    return guard.get(() ->
        Uni.createFrom()
            .emitter(emitter ->
                new Call(body)
                    .start(options(method, uri), headers)
                    .onSuccess(emitter::complete)
                    .onFailure(emitter::fail)));
  }

  /**
   * One request with its time limit. The guard's own timeout would only stop waiting: the answer
   * that comes after all would keep its connection, with a body that nobody reads.
   */
  private final class Call {
    private final Promise<Answer> answer = Promise.promise();
    private final ClientBody body;
    private HttpClientRequest sent;

    private Call(ClientBody body) {
      this.body = body;
    }

    private Future<Answer> start(RequestOptions options, Consumer<HttpClientRequest> headers) {
      long timer = vertx.setTimer(headTimeoutMs, id -> giveUp());
      http.request(options)
          .compose(request -> {
            headers.accept(request);
            return send(request);
          })
          .onSuccess(this::deliver)
          .onFailure(this::fail);
      return answer.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private Future<Answer> send(HttpClientRequest request) {
      sent = request;
      if (answer.future().isComplete()) {
        request.reset();
      }
      Future<Answer> head = request.response().map(Answer::of);
      return (body == null ? request.send() : request.send(body)).compose(response -> head);
    }

    private void deliver(Answer head) {
      if (!answer.tryComplete(head)) {
        head.abandon();
      }
    }

    private void fail(Throwable failure) {
      answer.tryFail(
          body != null && body.broken()
              ? new ClientFailedException("the client left within its request")
              : failure);
    }

    private void giveUp() {
      answer.tryFail(
          body != null && body.awaited()
              ? new ClientFailedException("no whole request in " + headTimeoutMs + " ms")
              : new TimeoutException("no response head in " + headTimeoutMs + " ms"));
      if (sent != null) {
        sent.reset();
      }
    }
  }

  private RequestOptions options(HttpMethod method, String uri) {
    boolean ssl = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : (ssl ? 443 : 80);
    return new RequestOptions()
        .setMethod(method)
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(ssl)
        .setURI(uri);
  }
}
