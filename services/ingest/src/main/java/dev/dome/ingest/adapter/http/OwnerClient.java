package dev.dome.ingest.adapter.http;

import dev.dome.ingest.config.IngestConfig;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.streams.ReadStream;
import jakarta.enterprise.util.TypeLiteral;
import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Calls to one owner. The budget: 1 s to connect and 10 s until the response head by default, then
 * the body streams for as long as it lasts. After half of at least 20 calls failed the circuit is
 * open for a second. Nothing is tried twice here: the caller may repeat a read.
 */
final class OwnerClient {
  private static final int MAX_CONNECTIONS = 2_048;
  private static final int MAX_WAITING = 4_096;
  private static final int BREAKER_WINDOW_CALLS = 20;
  private static final double BREAKER_FAILURE_RATIO = 0.5;
  private static final long BREAKER_OPEN_MS = 1_000;

  private final HttpClient http;
  private final URI url;
  private final TypedGuard<Uni<HttpClientResponse>> guard;

  OwnerClient(Vertx vertx, String owner, URI url, IngestConfig.Proxy budget) {
    this.url = url;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) budget.connectTimeout().toMillis())
                .setMaxWaitQueueSize(MAX_WAITING),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.guard =
        TypedGuard.create(new TypeLiteral<Uni<HttpClientResponse>>() {})
            .withDescription("reads owned by " + owner)
            .withCircuitBreaker()
            .requestVolumeThreshold(BREAKER_WINDOW_CALLS)
            .failureRatio(BREAKER_FAILURE_RATIO)
            .delay(BREAKER_OPEN_MS, ChronoUnit.MILLIS)
            .done()
            .withTimeout()
            .duration(budget.headTimeout().toMillis(), ChronoUnit.MILLIS)
            .done()
            .build();
  }

  /**
   * Sends a request; completes with the response head, its body not read yet.
   *
   * @param headers fills in the headers of the outgoing request
   * @param body paused; null when there is none
   */
  Uni<HttpClientResponse> send(
      HttpMethod method, String uri, Consumer<HttpClientRequest> headers, ReadStream<Buffer> body) {
    return guard.get(() -> {
      AtomicReference<HttpClientRequest> sent = new AtomicReference<>();
      return Uni.createFrom()
          .<HttpClientResponse>emitter(emitter ->
              http.request(options(method, uri))
                  .compose(request -> {
                    headers.accept(request);
                    sent.set(request);
                    request.response().onSuccess(HttpClientResponse::pause);
                    return body == null ? request.send() : request.send(body);
                  })
                  .onSuccess(emitter::complete)
                  .onFailure(emitter::fail))
          // Only a timeout or a caller that left: the body of an answer is still to be read.
          .onCancellation()
          .invoke(() -> Optional.ofNullable(sent.get()).ifPresent(HttpClientRequest::reset));
    });
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
