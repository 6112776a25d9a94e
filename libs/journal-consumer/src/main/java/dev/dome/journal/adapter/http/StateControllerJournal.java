package dev.dome.journal.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.journal.JournalOwner;
import dev.dome.journal.config.JournalConfig;
import dev.dome.security.TrustedCertificates;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;

/**
 * Reads {@code GET /v1/journal/{lane}?after=} of the state-controller. One request takes up to five
 * seconds and a question, with its two repetitions, up to ten; after four failures of eight the
 * answer is no for two seconds.
 */
@ApplicationScoped
public class StateControllerJournal implements JournalOwner {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PAGE = 500;

  private final HttpClient http;
  private final URI base;
  private final Optional<Path> tokenFile;

  @Inject
  StateControllerJournal(JournalConfig config) {
    this.http = TrustedCertificates.client(PATIENCE, config.stateController().caFile());
    this.base = config.stateController().url();
    this.tokenFile = config.stateController().tokenFile();
  }

  @Override
  @Retry(maxRetries = 2, delay = 200, jitter = 100)
  @Timeout(10_000)
  @CircuitBreaker(requestVolumeThreshold = 8, delay = 2_000)
  public Uni<List<PublishedRow>> rows(Lane lane, long after) {
    return Uni.createFrom()
        .completionStage(() ->
            http.sendAsync(request(lane, after), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(StateControllerJournal::read));
  }

  private HttpRequest request(Lane lane, long after) {
    URI uri = base.resolve("/v1/journal/" + lane + "?after=" + after + "&limit=" + PAGE);
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
      throw new UncheckedIOException("the token file cannot be read", e);
    }
  }

  private static List<PublishedRow> read(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the journal's owner answered " + answer.statusCode());
    }
    JsonNode items = Json.read(answer.body(), JsonNode.class).required("items");
    return StreamSupport.stream(items.spliterator(), false)
        .map(item -> Json.read(item, PublishedRow.class))
        .toList();
  }
}
