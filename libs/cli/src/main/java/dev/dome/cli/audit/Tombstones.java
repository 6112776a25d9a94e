package dev.dome.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.transparency.BundleCheck;
import dev.dome.transparency.TrustedRoot;
import dev.dome.verification.Tombstone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tombstones of the audit, from the server or from a file that came of it. */
public final class Tombstones {
  /** Where a tombstone that was taken away has the Sigstore bundle of its statement. */
  static final String BUNDLE = "bundle";

  private static final String RESOURCE = "audit/tombstones";
  private static final String PAGE_SIZE = "200";

  private Tombstones() {}

  /** Those a namespace has, of some runs only where they are named, without the rows' hashes. */
  public static List<JsonNode> listed(DomeClient client, Optional<String> runs) {
    Map<String, String> parameters = new HashMap<>(Map.of("page_size", PAGE_SIZE));
    runs.ifPresent(named -> parameters.put("run_id", named));
    List<JsonNode> all = new ArrayList<>();
    Optional<String> more = Optional.of("");
    while (more.isPresent()) {
      more = page(client, parameters, more.get(), all);
    }
    return all;
  }

  /**
   * One page of those a namespace has, without the rows' hashes.
   *
   * @param cursor where it begins; empty for the first
   * @param to takes it
   * @return where the next one begins
   */
  static Optional<String> page(DomeClient client, String cursor, List<JsonNode> to) {
    return page(client, Map.of("page_size", PAGE_SIZE), cursor, to);
  }

  private static Optional<String> page(
      DomeClient client, Map<String, String> filter, String cursor, List<JsonNode> to) {
    Map<String, String> parameters = new HashMap<>(filter);
    if (!cursor.isEmpty()) {
      parameters.put("cursor", cursor);
    }
    JsonNode page = client.read(RESOURCE, parameters);
    page.path("items").forEach(to::add);
    return Optional.ofNullable(page.path("next_cursor").textValue());
  }

  /** Those of one run, with the hashes of its rows. */
  public static List<JsonNode> ofRun(DomeClient client, String runId) {
    return listed(client, Optional.of(runId)).stream()
        .map(listed -> whole(client, listed))
        .toList();
  }

  /** Those of one run, each with the signed statement about it where there is one. */
  static List<JsonNode> signedOfRun(DomeClient client, String runId) {
    return ofRun(client, runId).stream()
        .map(shown -> {
          ObjectNode signed = shown.deepCopy();
          TombstoneProofs.bundle(client, shown.path("digest").asText())
              .ifPresent(bundle -> signed.set(BUNDLE, bundle));
          return (JsonNode) signed;
        })
        .toList();
  }

  /** One that was listed; that of a run with the hashes of its rows. */
  static JsonNode whole(DomeClient client, JsonNode listed) {
    return Tombstone.isOfARun(listed)
        ? client.read(RESOURCE + "/" + listed.path("index").asLong(), Map.of())
        : listed;
  }

  /**
   * Reads what {@code dome audit tombstones --run RUN -o json} printed.
   *
   * @param keys from elsewhere; with them each tombstone must have its signed statement
   * @throws CliException when it is no such file, or a tombstone does not hold to itself or to its
   *     statement
   */
  static List<Tombstone> read(Path file, Optional<TrustedRoot> keys) throws IOException {
    JsonNode content;
    try {
      content =
          Json.mapper()
              .readerFor(JsonNode.class)
              .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw refused(file, "it is no JSON");
    }
    List<JsonNode> shown = new ArrayList<>();
    if (content.isArray()) {
      content.forEach(shown::add);
    } else {
      shown.add(content);
    }
    if (shown.isEmpty()) {
      throw refused(file, "it has none");
    }
    try {
      List<Tombstone> read = shown.stream().map(Tombstone::read).toList();
      keys.ifPresent(trusted -> signed(shown, new BundleCheck(trusted)));
      return read;
    } catch (IllegalArgumentException e) {
      throw refused(file, e.getMessage());
    } catch (Failure e) {
      throw refused(file, e.code() + ": " + e.getMessage());
    }
  }

  private static void signed(List<JsonNode> tombstones, BundleCheck keys) {
    for (JsonNode tombstone : tombstones) {
      String at = "tombstone " + tombstone.path("index").asText() + ": ";
      Failure.unless(
          tombstone.path(BUNDLE).isObject(),
          Failure.MISSING,
          at + "its statement is missing; with --proofs it is taken along");
      TombstoneStatement.held(
          at, Json.write(tombstone.path(BUNDLE)), tombstone.path("digest").asText(), keys);
    }
  }

  private static CliException refused(Path file, String why) {
    return new CliException(
        ExitCode.FAILED,
        file + " is no tombstone that holds: " + why,
        "./dome audit tombstones --run RUN -o json writes one");
  }
}
