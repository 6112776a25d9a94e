package dev.dome.provenance.adapter.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.provenance.application.PurgeSource;
import dev.dome.provenance.application.PurgedRecords;
import dev.dome.provenance.config.ProvenanceConfig;
import dev.dome.security.TrustedCertificates;
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

/**
 * Reads {@code GET /v1/audit/all-tombstones} of audit-export. One request takes up to five seconds
 * and is not repeated: the next round is near, and nobody waits.
 */
@ApplicationScoped
public class AuditTombstones implements PurgeSource {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PAGE = 200;

  private final HttpClient http;
  private final URI base;
  private final Optional<Path> tokenFile;

  @Inject
  AuditTombstones(ProvenanceConfig config) {
    this.http = TrustedCertificates.client(PATIENCE, config.auditExport().caFile());
    this.base = config.auditExport().url();
    this.tokenFile = config.auditExport().tokenFile();
  }

  @Override
  public List<PurgedRecords.Told> from(long from) {
    try {
      HttpResponse<byte[]> answer =
          http.send(request(from), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("audit-export answered " + answer.statusCode());
      }
      JsonNode page = Json.read(answer.body(), JsonNode.class);
      return StreamSupport.stream(page.required("items").spliterator(), false)
          .map(AuditTombstones::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("audit-export is away", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private HttpRequest request(long from) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                base.resolve("/v1/audit/all-tombstones?from=%d&limit=%d".formatted(from, PAGE)))
            .timeout(PATIENCE)
            .header("Accept", "application/json");
    if (tokenFile.isPresent()) {
      // Read anew for each request, because tokens are short-lived and whoever issues them rotates.
      String token = Files.readString(tokenFile.get(), StandardCharsets.UTF_8).strip();
      request.header("Authorization", "Bearer " + token);
    }
    return request.GET().build();
  }

  private static PurgedRecords.Told read(JsonNode listed) {
    return new PurgedRecords.Told(
        listed.required("index").asLong(),
        listed.required("digest").asText(),
        listed.required("document"));
  }
}
