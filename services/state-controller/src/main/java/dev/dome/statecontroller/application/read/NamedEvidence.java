package dev.dome.statecontroller.application.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.artifact.TaskResult;
import dev.dome.contracts.wire.KnownEvidence;
import dev.dome.kernel.JournalEntry;
import dev.dome.kernel.JournalRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The evidence that rows of a run name: the artifacts of the bundle, or of each bundle of a list,
 * of every reported result, and of the results that a redrive took over. What is known of their
 * digests came with the report, or with the submission of the redrive.
 */
public final class NamedEvidence {
  private static final String RAW_RESULT = "task.result.raw";

  private final Map<String, KnownEvidence> known = new HashMap<>();
  private final List<Named> named = new ArrayList<>();
  private Place last = Place.START;
  private JsonNode reportedBefore;

  private NamedEvidence() {}

  /**
   * A place among what a run names.
   *
   * @param after the sequence behind which everything needed to go on from here is found
   * @param sequence of the row that names it
   * @param index among what that row names
   */
  public record Place(long after, long sequence, int index) {
    /** Before everything. */
    public static final Place START = new Place(0, 0, 0);

    private static final int WHOLE_ROW = Integer.MAX_VALUE;

    boolean isBefore(Place other) {
      return sequence < other.sequence || (sequence == other.sequence && index < other.index);
    }
  }

  /** One file and where it is named. */
  public record Named(Place place, EvidenceView view) {}

  /**
   * What the rows name.
   *
   * @param submission the run's first row
   * @param rows such as {@link JournalReads#naming} gives them
   */
  public static NamedEvidence of(JournalRow submission, List<JournalRow> rows) {
    NamedEvidence evidence = new NamedEvidence();
    evidence.learn(submission.envelope().payload().at("/input/redrive/evidence"));
    long report = 0;
    for (JournalRow row : rows) {
      long sequence = row.envelope().sequence();
      if (row.kind() == JournalEntry.Kind.INPUT) {
        evidence.learn(row.envelope().payload().at("/input/evidence"));
        evidence.last = new Place(sequence - 1, sequence, Place.WHOLE_ROW);
        report = sequence;
      } else {
        evidence.read(row, report == 0 ? sequence - 1 : report - 1);
        report = 0;
      }
    }
    return evidence;
  }

  private void learn(JsonNode facts) {
    for (JsonNode fact : facts) {
      KnownEvidence each = Json.read(fact, KnownEvidence.class);
      known.put(each.sha256().value(), each);
    }
  }

  /** A task is settled with the result that was reported just before, or with one taken over. */
  private void read(JournalRow row, long after) {
    JsonNode payload = row.envelope().payload();
    boolean raw = row.envelope().topic().equals(RAW_RESULT);
    long sequence = row.envelope().sequence();
    if (raw || !payload.path("task_id").equals(reportedBefore)) {
      int index = 0;
      for (JsonNode artifact : artifacts(payload.path("result").path("evidence"))) {
        EvidenceView view = EvidenceView.of(payload, sequence, artifact, known, !raw);
        named.add(new Named(new Place(after, sequence, index++), view));
      }
    }
    reportedBefore = raw ? payload.path("task_id") : null;
    last = new Place(after, sequence, Place.WHOLE_ROW);
  }

  private static List<JsonNode> artifacts(JsonNode evidence) {
    List<JsonNode> artifacts = new ArrayList<>();
    for (JsonNode bundle : evidence.isArray() ? evidence : List.of(evidence)) {
      for (JsonNode artifact : bundle.path("artifacts")) {
        if (artifact.path("sha256").isTextual()) {
          artifacts.add(artifact);
        }
      }
    }
    return artifacts;
  }

  /** What is named behind a place, in the order of the journal. */
  public List<Named> after(Place place) {
    return named.stream().filter(each -> place.isBefore(each.place())).toList();
  }

  /** Behind the last row, whether or not it names something. */
  public Place last() {
    return last;
  }

  /** What is known of the digests that the results name, each once. */
  List<KnownEvidence> known(List<TaskResult> results) {
    Map<String, KnownEvidence> of = new LinkedHashMap<>();
    for (TaskResult result : results) {
      if (result.evidence() != null) {
        for (JsonNode artifact : artifacts(result.evidence())) {
          String digest = artifact.path("sha256").asText();
          if (known.containsKey(digest)) {
            of.put(digest, known.get(digest));
          }
        }
      }
    }
    return List.copyOf(of.values());
  }
}
