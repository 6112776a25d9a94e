package dev.dome.retryscheduler.webhook.adapter.http;

import dev.dome.retryscheduler.webhook.Attempted;
import dev.dome.retryscheduler.webhook.Delivery.Fault;
import dev.dome.retryscheduler.webhook.Destinations.Destination;
import dev.dome.retryscheduler.webhook.Receiver;
import io.vertx.core.Future;
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
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Receivers over HTTP/1.1. It connects to the address it is given and resolves nothing; the name
 * goes into the Host header and into TLS, where the certificate must be for it. Redirects are not
 * followed. Of an answer's body up to 64 KiB are read and forgotten.
 */
public final class VertxReceiver implements Receiver, AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 64 << 10;
  private static final int MAX_HEAD_BYTES = 16 << 10;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private final Vertx vertx;
  private final HttpClient http;
  private final long answerTimeoutMs;

  /**
   * What it waits for and whom it trusts.
   *
   * @param connectTimeoutMs until there is a connection
   * @param answerTimeoutMs for the whole attempt, connecting included
   * @param inFlight attempts at a time
   * @param caFile certificates of authorities to trust instead of the platform's
   */
  public record Settings(
      int connectTimeoutMs, long answerTimeoutMs, int inFlight, Optional<Path> caFile) {}

  public VertxReceiver(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.answerTimeoutMs = settings.answerTimeoutMs();
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(settings.connectTimeoutMs())
            .setKeepAlive(false)
            .setMaxHeaderSize(MAX_HEAD_BYTES)
            .setVerifyHost(true);
    settings
        .caFile()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    this.http =
        vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(settings.inFlight()));
  }

  @Override
  public Attempted post(Destination destination, Map<String, String> headers, byte[] body) {
    Call call = new Call();
    try {
      return http.request(options(destination))
          .compose(request -> call.send(request, headers, Buffer.buffer(body)))
          .map(this::answered)
          .toCompletionStage()
          .toCompletableFuture()
          .get(answerTimeoutMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      call.giveUp();
      return new Attempted.Failed(Fault.TIMED_OUT);
    } catch (ExecutionException e) {
      return new Attempted.Failed(Fault.NO_CONNECTION);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      call.giveUp();
      return new Attempted.Failed(Fault.NO_CONNECTION);
    }
  }

  /** One request, which is not sent any more once it was given up. */
  private static final class Call {
    private HttpClientRequest sent;
    private boolean givenUp;

    synchronized Future<HttpClientResponse> send(
        HttpClientRequest request, Map<String, String> headers, Buffer body) {
      if (givenUp) {
        request.reset();
        return Future.failedFuture("given up before there was a connection");
      }
      sent = request;
      headers.forEach(request::putHeader);
      return request.send(body);
    }

    synchronized void giveUp() {
      givenUp = true;
      if (sent != null) {
        sent.reset();
      }
    }
  }

  private static RequestOptions options(Destination destination) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(
            SocketAddress.inetSocketAddress(
                new InetSocketAddress(destination.address(), destination.port())))
        .setHost(destination.host())
        .setPort(destination.port())
        .setSsl(destination.tls())
        .setURI(destination.target())
        .setFollowRedirects(false);
  }

  /** The head decides; the body is read so that the receiver is not cut off while it writes. */
  private Attempted answered(HttpClientResponse response) {
    HttpClientRequest request = response.request();
    long timer = vertx.setTimer(answerTimeoutMs, late -> request.reset());
    int[] read = new int[1];
    response
        .handler(part -> {
          read[0] += part.length();
          if (read[0] > MAX_ANSWER_BYTES) {
            request.reset();
          }
        })
        .endHandler(end -> vertx.cancelTimer(timer))
        .exceptionHandler(cutShort -> vertx.cancelTimer(timer));
    return new Attempted.Answered(response.statusCode(), retryAfterMs(response));
  }

  /** RFC 9110 section 10.2.3, as seconds; a date is not heeded. */
  private static Long retryAfterMs(HttpClientResponse response) {
    String value = response.getHeader("retry-after");
    return value != null && SECONDS.matcher(value).matches()
        ? TimeUnit.SECONDS.toMillis(Long.parseLong(value))
        : null;
  }

  @Override
  public void close() {
    http.close().toCompletionStage().toCompletableFuture().join();
  }
}
