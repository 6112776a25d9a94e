package dev.dome.provenance.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.journal.config.JournalConfig;
import dev.dome.provenance.application.LedgerSource;
import dev.dome.provenance.application.LedgerUnavailableException;
import dev.dome.security.TrustedCertificates;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;

/**
 * Reads {@code GET /v1/journal/namespaces/{namespace}/runs/{id}} of the state-controller. One
 * request takes up to five seconds and a page, with its two repetitions, up to ten; after ten
 * failures of twenty the answer is no for two seconds.
 */
@ApplicationScoped
public class StateControllerLedger implements LedgerSource {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PAGE = 500;

  private final HttpClient http;
  private final URI base;
  private final Optional<Path> tokenFile;

  @Inject
  StateControllerLedger(JournalConfig config) {
    this.http = TrustedCertificates.client(PATIENCE, config.stateController().caFile());
    this.base = config.stateController().url();
    this.tokenFile = config.stateController().tokenFile();
  }

  @Override
  @Retry(maxRetries = 2, delay = 200, jitter = 100)
  @Timeout(10_000)
  @CircuitBreaker(requestVolumeThreshold = 20, delay = 2_000)
  public Uni<Page> page(NamespaceId namespace, RunId runId, long after) {
    return Uni.createFrom()
        .completionStage(() ->
            http.sendAsync(
                request(namespace, runId, after), HttpResponse.BodyHandlers.ofByteArray()))
        .onFailure(IOException.class)
        .transform(e -> new LedgerUnavailableException("the state-controller is away", e))
        .map(StateControllerLedger::read);
  }

  private HttpRequest request(NamespaceId namespace, RunId runId, long after) {
    URI uri =
        base.resolve(
            "/v1/journal/namespaces/%s/runs/%s?after=%d&limit=%d"
                .formatted(namespace, runId, after, PAGE));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(PATIENCE).header("Accept", "application/json");
    tokenFile.ifPresent(file -> request.header("Authorization", "Bearer " + token(file)));
    return request.GET().build();
  }

  /** Read anew for each request, because tokens are short-lived and whoever issues them rotates. */
  private static String token(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new LedgerUnavailableException("the token file cannot be read", e);
    }
  }

  private static Page read(HttpResponse<byte[]> answer) {
    return switch (answer.statusCode()) {
      case 200 -> page(Json.read(answer.body(), JsonNode.class));
      case 404 -> new Page(List.of(), OptionalLong.empty());
      default ->
          throw new LedgerUnavailableException(
              "the state-controller answered " + answer.statusCode());
    };
  }

  private static Page page(JsonNode body) {
    return new Page(
        StreamSupport.stream(body.required("items").spliterator(), false).toList(),
        body.hasNonNull("next_after")
            ? OptionalLong.of(body.get("next_after").asLong())
            : OptionalLong.empty());
  }
}
