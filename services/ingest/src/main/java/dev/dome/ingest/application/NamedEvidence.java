package dev.dome.ingest.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.artifact.Problem.FieldError;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.Sha256;
import dev.dome.contracts.wire.KnownEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Holds results, and the inputs of tasks, to the evidence they name: the artifacts of an evidence
 * bundle, or of each bundle of a list, must be in the store before the result or the run is
 * accepted, and what the store knows of them goes along with a result. Whatever names none costs
 * nothing.
 */
public final class NamedEvidence {
  private static final Logger LOG = Logger.getLogger(NamedEvidence.class);
  private static final ReasonCode MISSING = new ReasonCode("EVIDENCE.MISSING");
  private static final String EVIDENCE = "evidence";
  private static final int RETRY_AFTER_SECONDS = 2;

  private final EvidenceStore store;
  private final Executor blocking;
  private final int maxPerResult;

  /**
   * Checks against a store.
   *
   * @param blocking runs what waits for the store
   * @param maxPerResult digests that one result, or one submission, may name
   */
  public NamedEvidence(EvidenceStore store, Executor blocking, int maxPerResult) {
    this.store = store;
    this.blocking = blocking;
    this.maxPerResult = maxPerResult;
  }

  /** One digest, as it stands there, and the place it is named at, as an RFC 6901 JSON pointer. */
  record Named(String pointer, String digest) {}

  /** Whether a result may be accepted. */
  public sealed interface Checked {
    /** It may; each digest that it names once, with what the store knows, in order of naming. */
    record Present(List<KnownEvidence> known) implements Checked {}

    /** It may not, now or as it is. */
    record Absent(Answer answer) implements Checked {}
  }

  /**
   * Looks up what a result names. Never completes exceptionally.
   *
   * @param result fits its schema
   * @param at the JSON pointer of the result in its body
   */
  public CompletionStage<Checked> check(NamespaceId namespace, JsonNode result, String at) {
    return check(namespace, namedIn(result.path(EVIDENCE), at + "/" + EVIDENCE));
  }

  /**
   * Looks up what the inputs of a submission's tasks name: {@code task_spec.inputs.evidence}, in
   * the form of a result's. Never completes exceptionally.
   *
   * @param document fits its schema
   */
  public CompletionStage<Checked> checkInputs(NamespaceId namespace, JsonNode document) {
    List<Named> named = new ArrayList<>();
    JsonNode tasks = document.path("tasks");
    for (int i = 0; tasks.isArray() && i < tasks.size(); i++) {
      JsonNode inputs = tasks.get(i).path("task_spec").path("inputs");
      String at = "/tasks/" + i + "/task_spec/inputs/" + EVIDENCE;
      named.addAll(namedIn(inputs.path(EVIDENCE), at));
    }
    return check(namespace, named);
  }

  private CompletionStage<Checked> check(NamespaceId namespace, List<Named> named) {
    if (named.isEmpty()) {
      return CompletableFuture.completedStage(new Checked.Present(List.of()));
    }
    if (named.size() > maxPerResult) {
      Refusal refusal =
          Refusal.of(
              "REQUEST.LIMIT_EXCEEDED",
              "One request names at most " + maxPerResult + " artifacts.");
      return CompletableFuture.completedStage(new Checked.Absent(new Answer.Refused(refusal)));
    }
    return CompletableFuture.supplyAsync(() -> look(namespace, named), blocking);
  }

  private Checked look(NamespaceId namespace, List<Named> named) {
    Map<String, Optional<Evidence>> found = new LinkedHashMap<>();
    List<FieldError> errors = new ArrayList<>();
    try {
      for (Named each : named) {
        if (!found.containsKey(each.digest())) {
          found.put(each.digest(), find(namespace, each.digest()));
        }
        if (found.get(each.digest()).isEmpty()) {
          errors.add(new FieldError(each.pointer(), MISSING, "expected an uploaded digest"));
        }
      }
    } catch (IOException e) {
      LOG.error("evidence store failed", e);
      return new Checked.Absent(away());
    }
    return errors.isEmpty()
        ? new Checked.Present(
            found.values().stream().flatMap(Optional::stream).map(NamedEvidence::known).toList())
        : new Checked.Absent(new Answer.Refused(missing(errors)));
  }

  /** Inputs are of any shape, so what stands there may be no digest, and nothing is under it. */
  private Optional<Evidence> find(NamespaceId namespace, String digest) throws IOException {
    return Sha256.PATTERN.matcher(digest).matches()
        ? store.find(namespace, new Sha256(digest))
        : Optional.empty();
  }

  private static KnownEvidence known(Evidence evidence) {
    return new KnownEvidence(
        evidence.sha256(),
        evidence.bytes(),
        evidence.mediaType().value(),
        evidence.redaction().name());
  }

  static List<Named> namedIn(JsonNode evidence, String at) {
    List<Named> named = new ArrayList<>();
    if (evidence.isArray()) {
      for (int i = 0; i < evidence.size(); i++) {
        addArtifacts(evidence.get(i), at + "/" + i, named);
      }
    } else {
      addArtifacts(evidence, at, named);
    }
    return named;
  }

  private static void addArtifacts(JsonNode bundle, String pointer, List<Named> named) {
    JsonNode artifacts = bundle.path("artifacts");
    for (int i = 0; artifacts.isArray() && i < artifacts.size(); i++) {
      JsonNode digest = artifacts.get(i).path("sha256");
      if (digest.isTextual()) {
        String place = pointer + "/artifacts/" + i + "/sha256";
        named.add(new Named(place, digest.textValue()));
      }
    }
  }

  private static Refusal missing(List<FieldError> errors) {
    return new Refusal(
        MISSING,
        "The request names evidence that was not uploaded; errors names the places.",
        errors);
  }

  private static Answer away() {
    return new Answer.Unavailable(
        Answer.Stored.NO,
        Refusal.of(
            "INFRA.EVIDENCE_UNAVAILABLE",
            "The evidence store does not answer; nothing was stored. Repeat the request later."),
        RETRY_AFTER_SECONDS);
  }
}
