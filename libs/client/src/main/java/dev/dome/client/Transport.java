package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.Problem;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/**
 * Sends calls until they are answered: an unknown outcome, 429 and 5xx are tried again within the
 * call's budget, and an answer of 202 is followed to its operation's end.
 */
final class Transport implements AutoCloseable {
  private static final Set<Integer> PATIENCE = Set.of(408, 425, 429, 502, 503, 504);

  /** Until a copied answer begins; it may then last as long as it is read. */
  private static final Duration COPY_BEGINS = Duration.ofSeconds(30);

  private static final RetryPolicy POLLING =
      new RetryPolicy(Duration.ofSeconds(60), Duration.ofMillis(50), Duration.ofSeconds(1));

  private final URI base;
  private final Supplier<String> token;
  private final HttpClient http;
  private final Optional<AnswerLog.Pen> pen;

  Transport(URI base, Supplier<String> token) {
    this(base, token, http().build(), Optional.empty());
  }

  private static HttpClient.Builder http() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(5))
        .executor(Executors.newVirtualThreadPerTaskExecutor());
  }

  private Transport(
      URI base, Supplier<String> token, HttpClient http, Optional<AnswerLog.Pen> pen) {
    this.base = base;
    this.token = token;
    this.http = http;
    this.pen = pen;
  }

  /** A transport that takes these certificates of servers for good, and no others. */
  Transport trusting(SSLContext certificates) {
    return new Transport(base, token, http().sslContext(certificates).build(), pen);
  }

  /** The same transport, whose every try is written down. */
  Transport recording(AnswerLog.Pen answers) {
    return new Transport(base, token, http, Optional.of(answers));
  }

  /**
   * The settled answer.
   *
   * @throws DomeException for a refusal, or when the budget is spent without an answer
   */
  Answer send(Call call) {
    HttpResponse<byte[]> response = exchange(call);
    if (response.statusCode() != 202) {
      return answer(response.statusCode(), ClientJson.tree(response.body()), response.headers());
    }
    return settle(call, response);
  }

  /** Opens a stream of server-sent events, which is to begin in time; one try. */
  HttpResponse<InputStream> stream(String path, String lastEventId, Duration begins)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path).timeout(begins).header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  /**
   * Copies the body of a successful answer as it comes; one try.
   *
   * @throws DomeException for a refusal, or when there is no answer
   * @throws IOException when the body does not come whole, or the output fails
   */
  void copy(String path, OutputStream out) throws IOException {
    copy(path, headers -> {}, out);
  }

  /**
   * Copies the body of a successful answer as it comes; one try.
   *
   * @param head is given the answer's headers before the first byte is copied
   * @throws DomeException for a refusal, or when there is no answer
   * @throws IOException when the body does not come whole, or the output fails
   */
  void copy(String path, Consumer<HttpHeaders> head, OutputStream out) throws IOException {
    HttpResponse<InputStream> response = begun(path);
    try (InputStream body = response.body()) {
      if (response.statusCode() >= 300) {
        throw DomeException.refused(
            problemOf(response.statusCode(), ClientJson.tree(body.readAllBytes())));
      }
      head.accept(response.headers());
      body.transferTo(out);
    }
  }

  private HttpResponse<InputStream> begun(String path) {
    try {
      HttpRequest request = request(path).timeout(COPY_BEGINS).GET().build();
      return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw DomeException.unknown("No answer from " + base + " to GET " + path, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Answer settle(Call call, HttpResponse<byte[]> accepted) {
    String location = operationPath(call, accepted);
    long deadline = System.nanoTime() + POLLING.budget().toNanos();
    for (int poll = 1; System.nanoTime() < deadline; poll++) {
      pause(POLLING.delayMs(poll, 0));
      HttpResponse<byte[]> response = exchangeRaw(Call.get(location, call.retry()));
      JsonNode body = ClientJson.tree(response.body());
      JsonNode outcome = body.path("outcome");
      if (outcome.isObject()) {
        return outcomeOf(outcome, response.headers());
      }
      // The controller may not have met the operation yet: 404 means wait, as 202 does.
      if (response.statusCode() != 202 && response.statusCode() != 404 && !isPending(body)) {
        return answer(response.statusCode(), body, response.headers());
      }
    }
    throw DomeException.unknown("The operation " + location + " is still under way", null);
  }

  private static boolean isPending(JsonNode body) {
    return Set.of("PENDING", "QUEUED").contains(body.path("status").asText(""));
  }

  private String operationPath(Call call, HttpResponse<byte[]> accepted) {
    return accepted
        .headers()
        .firstValue("Location")
        .map(location -> base.resolve(location).getRawPath())
        .orElseThrow(
            () -> DomeException.unknown("202 without a Location for " + call.path(), null));
  }

  private static Answer outcomeOf(JsonNode outcome, HttpHeaders headers) {
    int status = outcome.path("status").asInt();
    if (status >= 300) {
      throw DomeException.refused(problemOf(status, outcome));
    }
    return new Answer(status, outcome.path("body"), serverTimeMs(headers));
  }

  private HttpResponse<byte[]> exchange(Call call) {
    HttpResponse<byte[]> response = exchangeRaw(call);
    if (response.statusCode() >= 300) {
      throw DomeException.refused(
          problemOf(response.statusCode(), ClientJson.tree(response.body())),
          retryAfterMs(response));
    }
    return response;
  }

  private HttpResponse<byte[]> exchangeRaw(Call call) {
    long deadline = System.nanoTime() + call.retry().budget().toNanos();
    for (int tries = 1; ; tries++) {
      long waitMs;
      try {
        HttpResponse<byte[]> response = sendOnce(call);
        waitMs = call.retry().delayMs(tries, retryAfterMs(response));
        if (!wantsRetry(response) || passes(deadline, waitMs)) {
          return response;
        }
      } catch (IOException e) {
        waitMs = call.retry().delayMs(tries, 0);
        // A certificate that is not trusted is not trusted the next time either.
        if (e instanceof SSLHandshakeException || passes(deadline, waitMs)) {
          throw DomeException.unknown(
              "No answer from " + base + " to " + call.method() + " " + call.path(), e);
        }
      }
      pause(waitMs);
    }
  }

  private static boolean passes(long deadlineNanos, long waitMs) {
    return System.nanoTime() + Duration.ofMillis(waitMs).toNanos() > deadlineNanos;
  }

  private HttpResponse<byte[]> sendOnce(Call call) throws IOException {
    try {
      HttpResponse<byte[]> response = exchangeOnce(call);
      pen.ifPresent(log -> log.note(call, Optional.of(response)));
      return response;
    } catch (IOException | DomeException e) {
      pen.ifPresent(log -> log.note(call, Optional.empty()));
      throw e;
    }
  }

  private HttpResponse<byte[]> exchangeOnce(Call call) throws IOException {
    HttpRequest.Builder request = request(call.path()).timeout(call.timeout());
    call.headers().forEach(request::header);
    if (call.body() == null) {
      request.method(call.method(), HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", call.body().contentType())
          .method(call.method(), call.body().publisher());
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    String bearer = token.get();
    return bearer == null ? request : request.header("Authorization", "Bearer " + bearer);
  }

  private static boolean wantsRetry(HttpResponse<byte[]> response) {
    if (PATIENCE.contains(response.statusCode())) {
      return true;
    }
    return response.statusCode() == 500
        && ClientJson.tree(response.body()).path("retryable").asBoolean(true);
  }

  private static long retryAfterMs(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)).toMillis())
        .orElse(0L);
  }

  private static Answer answer(int status, JsonNode body, HttpHeaders headers) {
    if (status >= 300) {
      throw DomeException.refused(problemOf(status, body));
    }
    return new Answer(status, body, serverTimeMs(headers));
  }

  private static long serverTimeMs(HttpHeaders headers) {
    try {
      return headers
          .firstValue("Date")
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
          .map(date -> date.toInstant().toEpochMilli())
          .orElseGet(System::currentTimeMillis);
    } catch (DateTimeException e) {
      return System.currentTimeMillis();
    }
  }

  /** The problem document, or one made from the status when the body is none. */
  static Problem problemOf(int status, JsonNode body) {
    ProblemBody read = body.isObject() ? ClientJson.read(body, ProblemBody.class) : null;
    String title = read == null || read.title() == null ? "HTTP " + status : read.title();
    return new Problem(
        read == null ? null : read.type(),
        title,
        status,
        read == null ? null : read.detail(),
        read == null ? null : read.instance(),
        read == null ? null : read.reasonCode(),
        read != null && read.retryable(),
        read == null ? null : read.traceId(),
        read == null ? null : read.operationId(),
        read == null || read.errors() == null ? List.of() : read.errors());
  }

  static DomeException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return DomeException.unknown("Interrupted while waiting for an answer", cause);
  }

  static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private record ProblemBody(
      String type,
      String title,
      String detail,
      String instance,
      ReasonCode reasonCode,
      boolean retryable,
      String traceId,
      String operationId,
      List<FieldError> errors) {}
}
