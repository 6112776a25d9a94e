package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.audit.Tombstones;
import dev.dome.client.DomeClient;
import dev.dome.client.DomeException;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.Tombstone;
import dev.dome.verification.invariant.DeadLetterInvariants;
import dev.dome.verification.invariant.LaneInvariants;
import dev.dome.verification.invariant.ObservedRun;
import dev.dome.verification.invariant.OperationSeen;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A running system as its API shows it.
 *
 * @param client of the namespace that is checked, with a role that reads
 * @param system a client that holds operator or auditor in the namespace of dome itself
 */
public record LiveSystem(DomeClient client, DomeClient system) {
  private static final Set<String> FINAL = Set.of("PROMOTED", "REJECTED", "CANCELLED", "EXPIRED");
  private static final String PAGE_SIZE = "200";
  private static final String LEDGERS_PAGE_SIZE = "500";
  private static final int TRIES = 5;

  /**
   * A run to be checked.
   *
   * @param shownFinal how the list shows it, of a run that is final, so that nothing can change
   */
  public record Listed(RunId runId, Optional<ObservedRun.Shown> shownFinal) {

    /** A run of which no more is known than its name. */
    public static Listed named(String runId) {
      return new Listed(new RunId(runId), Optional.empty());
    }

    private static Listed of(JsonNode run) {
      return new Listed(
          new RunId(run.path("run_id").asText()),
          Optional.of(shown(run)).filter(ObservedRun.Shown::isFinal));
    }
  }

  /** Every run of the namespace, the newest first, page by page. */
  public void runs(Consumer<Listed> each) {
    listing("runs", Map.of(), run -> each.accept(Listed.of(run)));
  }

  /** Whether the caller may read a list, and the server has it. */
  boolean shows(String resource) {
    try {
      client.read(resource, Map.of("page_size", "1"));
      return true;
    } catch (DomeException e) {
      if (e.status() == 403 || e.status() == 404) {
        return false;
      }
      throw e;
    }
  }

  /** An answer to a bad request may name what can be no run at all. */
  boolean hasRun(String runId) {
    return RunId.PATTERN.matcher(runId).matches()
        && client.readIfPresent("runs/" + runId).isPresent();
  }

  String namespace() {
    return client.namespace();
  }

  /**
   * A run's journal and how it is shown at that point; a run that moves on faster than it can be
   * read is observed without being shown.
   *
   * @param read of the journal so far
   */
  ObservedRun run(Listed listed, List<PublishedRow> read) {
    String runId = listed.runId().value();
    List<PublishedRow> rows = new ArrayList<>(read);
    Optional<ObservedRun.Shown> shown =
        listed.shownFinal().filter(last -> last.sequence() == rows.size());
    for (int tries = 0; tries < TRIES && shown.isEmpty(); tries++) {
      ObservedRun.Shown now = shown(client.read("runs/" + runId, Map.of()));
      if (now.sequence() == rows.size()) {
        shown = Optional.of(now);
      } else {
        rows.addAll(ledger(runId, rows.size()));
      }
    }
    return new ObservedRun(new NamespaceId(namespace()), listed.runId(), rows, shown);
  }

  /** The journals of several runs, by run. */
  Map<RunId, List<PublishedRow>> ledgers(Collection<RunId> runs) {
    Map<RunId, List<PublishedRow>> ledgers = new HashMap<>();
    listing(
        "ledgers",
        Map.of("run_id", named(runs), "page_size", LEDGERS_PAGE_SIZE),
        item -> {
          PublishedRow row = Json.read(item, PublishedRow.class);
          ledgers.computeIfAbsent(row.envelope().runId(), run -> new ArrayList<>()).add(row);
        });
    return ledgers;
  }

  /** Every operation about several runs, by run. */
  Map<RunId, List<OperationSeen>> operations(Collection<RunId> runs) {
    Map<RunId, List<OperationSeen>> operations = new HashMap<>();
    listing(
        "operations",
        Map.of("run_id", named(runs)),
        item ->
            operations
                .computeIfAbsent(runIdOf(item), run -> new ArrayList<>())
                .add(OperationSeen.of(item)));
    return operations;
  }

  /** Every operation of the namespace, page by page. */
  void operations(Consumer<OperationSeen> each) {
    listing("operations", Map.of(), item -> each.accept(OperationSeen.of(item)));
  }

  /** The run that an operation was decided about; empty while it has no outcome. */
  Optional<JsonNode> outcome(String operationId) {
    return client
        .readIfPresent("operations/" + DomeClient.segment(operationId))
        .map(operation -> operation.path("outcome"))
        .filter(JsonNode::isObject);
  }

  /** Every audit record about several runs, journal rows and accesses, by run. */
  Map<RunId, List<JsonNode>> auditRecords(Collection<RunId> runs) {
    Map<RunId, List<JsonNode>> records = new HashMap<>();
    listing(
        "audit/records",
        Map.of("run_id", named(runs)),
        item -> records.computeIfAbsent(runIdOf(item), run -> new ArrayList<>()).add(item));
    return records;
  }

  /**
   * What is left of a run that was purged from the audit.
   *
   * @throws IllegalArgumentException when a tombstone does not hold to itself
   */
  List<Tombstone> tombstones(RunId run) {
    try {
      return Tombstones.ofRun(client, run.value()).stream().map(Tombstone::read).toList();
    } catch (DomeException e) {
      return unlessShown(e);
    }
  }

  /** Every tombstone of the namespace. */
  List<JsonNode> tombstones() {
    try {
      return Tombstones.listed(client, Optional.empty());
    } catch (DomeException e) {
      return unlessShown(e);
    }
  }

  /** A server of before has no tombstones to show. */
  private static <T> List<T> unlessShown(DomeException refused) {
    if (refused.status() != 403 && refused.status() != 404) {
      throw refused;
    }
    return List.of();
  }

  private static String named(Collection<RunId> runs) {
    return runs.stream().map(RunId::value).collect(Collectors.joining(","));
  }

  private static RunId runIdOf(JsonNode item) {
    return new RunId(item.path("run_id").asText());
  }

  /** The items of a resource that lists with a cursor, page by page. */
  void listing(String resource, Map<String, String> filter, Consumer<JsonNode> each) {
    Map<String, String> first = new HashMap<>(filter);
    first.putIfAbsent("page_size", PAGE_SIZE);
    pages(resource, "cursor", "next_cursor", first, each);
  }

  /** Like {@link #listing}, and nothing where the server does not show it to the caller. */
  void listingIfShown(String resource, Consumer<JsonNode> each) {
    try {
      listing(resource, Map.of(), each);
    } catch (DomeException e) {
      if (e.status() != 403 && e.status() != 404) {
        throw e;
      }
    }
  }

  List<LaneInvariants.Shown> lanes() {
    List<LaneInvariants.Shown> lanes = new ArrayList<>();
    for (JsonNode lane : system.readGlobal("lanes", Map.of()).path("items")) {
      lanes.add(
          new LaneInvariants.Shown(
              lane.path("lane").asInt(),
              lane.path("epoch").asLong(),
              lane.path("position").asLong(),
              lane.path("published_position").asLong()));
    }
    return lanes;
  }

  /** Which epochs wrote a lane, from its first row on. */
  List<LaneInvariants.Span> epochs(int lane) {
    List<LaneInvariants.Span> spans = new ArrayList<>();
    Optional<String> after = Optional.of("0");
    while (after.isPresent()) {
      JsonNode page =
          system.readGlobal("lanes/" + lane + "/epochs", Map.of("after", after.orElseThrow()));
      for (JsonNode span : page.path("items")) {
        spans.add(
            new LaneInvariants.Span(
                span.path("epoch").asLong(),
                span.path("first_position").asLong(),
                span.path("last_position").asLong()));
      }
      after = text(page, "next_after");
    }
    return spans;
  }

  /** Some rows of a lane behind a position, in order; none at its end. */
  List<PublishedRow> laneRows(int lane, long after) {
    List<PublishedRow> rows = new ArrayList<>();
    system
        .readGlobal("journal/" + lane, Map.of("after", Long.toString(after), "limit", "500"))
        .path("items")
        .forEach(row -> rows.add(Json.read(row, PublishedRow.class)));
    return rows;
  }

  /** Timers of open runs that have not fired. */
  List<JsonNode> pendingTimers() {
    List<JsonNode> pending = new ArrayList<>();
    listing(
        "timers",
        Map.of(),
        timer -> {
          if (!timer.hasNonNull("fired_at")) {
            pending.add(timer);
          }
        });
    return pending;
  }

  List<DeadLetterInvariants.Shown> deadLetters() {
    List<DeadLetterInvariants.Shown> letters = new ArrayList<>();
    listing(
        "dead-letters",
        Map.of(),
        letter ->
            letters.add(
                new DeadLetterInvariants.Shown(
                    letter.path("dead_letter_id").asText(),
                    new RunUid(letter.path("run_uid").asText()),
                    letter.path("attempts").asInt())));
    return letters;
  }

  /** Whether evidence of this digest is stored. */
  boolean hasEvidence(String digest) {
    try {
      client.download("evidence/" + digest, OutputStream.nullOutputStream());
      return true;
    } catch (DomeException e) {
      if (e.status() == 404) {
        return false;
      }
      throw e;
    }
  }

  private List<PublishedRow> ledger(String runId, long after) {
    List<PublishedRow> rows = new ArrayList<>();
    Map<String, String> from = Map.of("page_size", PAGE_SIZE, "after", Long.toString(after));
    pages(
        "runs/" + runId + "/ledger",
        "after",
        "next_after",
        from,
        row -> rows.add(Json.read(row, PublishedRow.class)));
    return rows;
  }

  private void pages(
      String resource,
      String parameter,
      String next,
      Map<String, String> first,
      Consumer<JsonNode> each) {
    Map<String, String> parameters = new HashMap<>(first);
    Optional<String> more = Optional.of("");
    while (more.isPresent()) {
      JsonNode page = client.read(resource, parameters);
      page.path("items").forEach(each);
      more = text(page, next);
      more.ifPresent(value -> parameters.put(parameter, value));
    }
  }

  private static ObservedRun.Shown shown(JsonNode run) {
    return new ObservedRun.Shown(
        FINAL.contains(run.path("status").asText()),
        run.path("position").path("sequence").asLong(),
        run.path("head_hash").asText(),
        run.path("state_hash").asText(),
        text(run.path("waiting_on"), "reason_code"));
  }

  private static Optional<String> text(JsonNode object, String name) {
    return object.hasNonNull(name) ? Optional.of(object.path(name).asText()) : Optional.empty();
  }
}
