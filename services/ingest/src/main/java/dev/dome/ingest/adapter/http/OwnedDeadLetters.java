package dev.dome.ingest.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.ingest.application.DeadLetters;
import dev.dome.ingest.application.InboxBodies.SourceKind;
import dev.dome.ingest.config.IngestConfig;
import dev.dome.security.TrustedCertificates;
import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Dead letters of the retry-scheduler and redrive plans of the state-controller, read with the
 * caller's token. The budget of one read: 1 s to connect, 5 s for the whole answer, one more try
 * after 200 ms; after half of at least 10 reads failed the circuit is open for a second.
 */
@Singleton
public final class OwnedDeadLetters implements DeadLetters {
  private static final Logger LOG = Logger.getLogger(OwnedDeadLetters.class);
  private static final long RETRY_DELAY_MS = 200;
  private static final int BREAKER_WINDOW_CALLS = 10;
  private static final double BREAKER_FAILURE_RATIO = 0.5;
  private static final long BREAKER_OPEN_MS = 1_000;
  private static final int PAGE_SIZE = 200;

  private final HttpClient http;
  private final URI runs;
  private final URI deadLetters;
  private final long answerTimeoutMs;
  private final TypedGuard<CompletionStage<HttpResponse<byte[]>>> guard;

  OwnedDeadLetters(IngestConfig config) {
    this.http =
        TrustedCertificates.client(config.proxy().connectTimeout(), config.proxy().caFile());
    this.runs = config.owners().get("state-controller").url();
    this.deadLetters = config.owners().get("retry-scheduler").url();
    this.answerTimeoutMs = config.proxy().answerTimeout().toMillis();
    this.guard =
        TypedGuard.create(new TypeLiteral<CompletionStage<HttpResponse<byte[]>>>() {})
            .withDescription("dead letters and redrive plans")
            .withRetry()
            .maxRetries(1)
            .delay(RETRY_DELAY_MS, ChronoUnit.MILLIS)
            .done()
            .withCircuitBreaker()
            .requestVolumeThreshold(BREAKER_WINDOW_CALLS)
            .failureRatio(BREAKER_FAILURE_RATIO)
            .delay(BREAKER_OPEN_MS, ChronoUnit.MILLIS)
            .done()
            .build();
  }

  @Override
  public CompletionStage<Read<Plan>> plan(
      NamespaceId namespace, String deadLetterId, String bearer) {
    return read(
        runs.resolve("/v1/namespaces/" + namespace + "/redrive-plans/" + encoded(deadLetterId)),
        bearer,
        OwnedDeadLetters::plan);
  }

  @Override
  public CompletionStage<Read<Page>> open(
      NamespaceId namespace, Filter filter, Optional<String> cursor, String bearer) {
    StringBuilder query = new StringBuilder("?status=OPEN&page_size=" + PAGE_SIZE);
    append(query, "queue", filter.queue());
    append(query, "run_id", filter.runId());
    append(query, "cursor", cursor.orElse(null));
    return read(
        deadLetters.resolve("/v1/namespaces/" + namespace + "/dead-letters" + query),
        bearer,
        OwnedDeadLetters::page);
  }

  private <T> CompletionStage<Read<T>> read(URI uri, String bearer, Function<JsonNode, T> reader) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Accept", "application/json")
            .header("Authorization", bearer)
            .GET()
            .build();
    return guard
        .get(() -> ask(request))
        .thenApply(response -> understood(response, reader))
        .exceptionally(failure -> {
          LOG.warnf("owner of a redrive did not answer cause=%s", cause(failure));
          return new Read.Away<>();
        });
  }

  /** A client's own timeout ends with the head; this one gives the connection up as well. */
  private CompletionStage<HttpResponse<byte[]>> ask(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    CompletableFuture.delayedExecutor(answerTimeoutMs, TimeUnit.MILLISECONDS)
        .execute(() -> answer.cancel(true));
    return answer;
  }

  private static <T> Read<T> understood(
      HttpResponse<byte[]> response, Function<JsonNode, T> reader) {
    return switch (response.statusCode()) {
      case 200 -> new Read.Found<>(reader.apply(Json.read(response.body(), JsonNode.class)));
      case 400, 404 -> new Read.Missing<>();
      default -> {
        LOG.warnf("owner of a redrive answered otherwise status=%d", response.statusCode());
        yield new Read.Away<>();
      }
    };
  }

  private static Plan plan(JsonNode body) {
    return new Plan(
        new RunId(body.required("run_id").asText()),
        new RunUid(body.required("run_uid").asText()),
        body.required("run_final").asBoolean(),
        new RunId(body.required("next_run_id").asText()),
        SourceKind.valueOf(body.required("source_kind").asText()),
        body.required("document"),
        body.get("profile"),
        StreamSupport.stream(body.required("submitters").spliterator(), false)
            .map(JsonNode::asText)
            .toList(),
        body.required("dead_letters"),
        body.required("carried"),
        body.get("evidence"));
  }

  private static Page page(JsonNode body) {
    return new Page(
        StreamSupport.stream(body.required("items").spliterator(), false)
            .map(item ->
                new Item(
                    item.required("dead_letter_id").asText(),
                    new RunId(item.required("run_id").asText()),
                    new RunUid(item.required("run_uid").asText())))
            .toList(),
        body.path("next_cursor").textValue());
  }

  private static void append(StringBuilder query, String name, String value) {
    if (value != null) {
      query.append('&').append(name).append('=').append(encoded(value));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String cause(Throwable failure) {
    Throwable root = failure.getCause() == null ? failure : failure.getCause();
    return root.getClass().getSimpleName();
  }
}
