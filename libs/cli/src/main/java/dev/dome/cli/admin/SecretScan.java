package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeException;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamContent;
import dev.dome.migrations.Database;
import dev.dome.migrations.DatabaseContent;
import dev.dome.verification.invariant.ObservedRun;
import dev.dome.verification.invariant.OperationSeen;
import dev.dome.verification.invariant.PlantedSecrets;
import dev.dome.verification.invariant.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks for planted secrets in everything that can be read of a system: through its API, in its
 * logs, in its database and in its streams. Content passes by piece by piece.
 */
final class SecretScan {
  private static final List<String> LISTINGS =
      List.of("dead-letters", "timers", "breakers", "replays");

  private final LiveSystem system;
  private final PlantedSecrets planted;

  SecretScan(LiveSystem system, PlantedSecrets planted) {
    this.system = system;
    this.planted = planted;
  }

  /** What a scan of one place came to. */
  record Scanned(long things, List<Violation> found) {}

  /** Looks through everything the API shows of a run. */
  List<Violation> ofRun(ObservedRun run, List<OperationSeen> operations, List<JsonNode> records) {
    List<Violation> found = new ArrayList<>();
    if (planted.isEmpty()) {
      return found;
    }
    String place = system.namespace() + "/" + run.runId();
    for (PublishedRow row : run.rows()) {
      in(Json.write(row), place + " row " + row.envelope().sequence(), found);
    }
    for (JsonNode record : records) {
      in(Json.write(record), place + " audit record " + record.path("log_index"), found);
    }
    system
        .client()
        .readIfPresent("runs/" + run.runId() + "/manifest")
        .ifPresent(manifest -> in(Json.write(manifest), place + " manifest", found));
    system.listingIfShown(
        "runs/" + run.runId() + "/late-reports",
        late -> in(Json.write(late), place + " late report", found));
    for (OperationSeen operation : operations) {
      system
          .outcome(operation.operationId())
          .ifPresent(outcome ->
              in(Json.write(outcome), place + " operation " + operation.operationId(), found));
    }
    for (String digest : evidenceOf(run)) {
      found.addAll(PlantedSecrets.found(place + " evidence " + digest, evidence(digest)));
    }
    return found;
  }

  private static Set<String> evidenceOf(ObservedRun run) {
    Set<String> digests = new TreeSet<>();
    for (PublishedRow row : run.rows()) {
      if (row.envelope().topic().equals("task.result.raw")) {
        row.envelope()
            .payload()
            .path("result")
            .path("evidence")
            .findValuesAsText("sha256", new ArrayList<>())
            .forEach(digests::add);
      }
    }
    return digests;
  }

  private Set<Integer> evidence(String digest) {
    SearchingStream content = new SearchingStream(planted);
    try {
      system.client().download("evidence/" + digest, content);
    } catch (DomeException e) {
      if (e.status() != 404) {
        throw e;
      }
    }
    return content.found();
  }

  /** Looks through what the namespace lists beside its runs. */
  Scanned listings() {
    List<Violation> found = new ArrayList<>();
    long[] items = {0};
    for (String listing : LISTINGS) {
      system.listing(
          listing,
          Map.of(),
          item -> {
            items[0]++;
            in(Json.write(item), system.namespace() + " " + listing, found);
          });
    }
    return new Scanned(items[0], found);
  }

  /** Looks through every file below a directory that is named a log. */
  Scanned logs(Path directory) {
    List<Violation> found = new ArrayList<>();
    long files = 0;
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(SecretScan::isLog).sorted().toList()) {
        files++;
        try (InputStream content = Files.newInputStream(file)) {
          found.addAll(
              PlantedSecrets.found("log " + directory.relativize(file), planted.in(content)));
        }
      }
      return new Scanned(files, found);
    } catch (IOException e) {
      throw new UncheckedIOException("the logs cannot be read", e);
    }
  }

  private static boolean isLog(Path file) {
    return Files.isRegularFile(file) && file.getFileName().toString().contains(".log");
  }

  /** Looks through every text and byte string of every table. */
  Scanned database(Database database) {
    List<Violation> found = new ArrayList<>();
    try (DatabaseContent content = DatabaseContent.of(database)) {
      long values = content.read((column, value) -> in(value, "column " + column, found));
      return new Scanned(values, found);
    }
  }

  /** Looks through every message of every stream, its headers too. */
  Scanned streams(String natsUrl) {
    List<Violation> found = new ArrayList<>();
    long messages = 0;
    try (NatsLink link = NatsLink.open(LinkOptions.of(natsUrl, "dome-verify"))) {
      for (String stream :
          List.of(Subjects.INBOX_STREAM, Subjects.JOURNAL_STREAM, Subjects.ACCESS_STREAM)) {
        messages +=
            new StreamContent(link)
                .read(
                    stream,
                    (sequence, subject, headers, body) -> {
                      String place = stream + " message " + sequence;
                      in((subject + "\n" + headers).getBytes(StandardCharsets.UTF_8), place, found);
                      in(body, place, found);
                    });
      }
    }
    return new Scanned(messages, found);
  }

  private void in(byte[] content, String place, List<Violation> found) {
    found.addAll(PlantedSecrets.found(place, planted.in(content)));
  }

  /** Searches what is written to it and keeps none of it. */
  static final class SearchingStream extends OutputStream {
    private static final int OVERLAP = 1 << 12;

    private final PlantedSecrets planted;
    private byte[] tail = {};
    private final SortedSet<Integer> found = new TreeSet<>();

    SearchingStream(PlantedSecrets planted) {
      this.planted = planted;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      byte[] window = new byte[tail.length + length];
      System.arraycopy(tail, 0, window, 0, tail.length);
      System.arraycopy(bytes, offset, window, tail.length, length);
      found.addAll(planted.in(window));
      int kept = Math.min(OVERLAP, window.length);
      tail = Arrays.copyOfRange(window, window.length - kept, window.length);
    }

    SortedSet<Integer> found() {
      return found;
    }
  }
}
