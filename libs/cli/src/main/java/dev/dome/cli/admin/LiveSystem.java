package dev.dome.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.client.DomeClient;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.verification.invariant.DeadLetterInvariants;
import dev.dome.verification.invariant.LaneInvariants;
import dev.dome.verification.invariant.ObservedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A running system as its API shows it.
 *
 * @param client of the namespace that is checked, with a role that reads
 * @param system a client that holds operator or auditor in the namespace of dome itself
 */
public record LiveSystem(DomeClient client, DomeClient system) {
  private static final Set<String> FINAL = Set.of("PROMOTED", "REJECTED", "CANCELLED", "EXPIRED");
  private static final String PAGE_SIZE = "200";
  private static final int TRIES = 5;

  /** Every run of the namespace, the newest first. */
  public List<String> runs() {
    return pages("runs", "cursor", "next_cursor", Map.of("page_size", PAGE_SIZE)).stream()
        .map(run -> run.path("run_id").asText())
        .toList();
  }

  /**
   * One run's journal and how it is shown at that point; a run that moves on faster than it can be
   * read is observed without being shown.
   */
  ObservedRun run(String runId) {
    List<PublishedRow> rows = ledger(runId, 0);
    Optional<ObservedRun.Shown> shown = Optional.empty();
    for (int tries = 0; tries < TRIES && shown.isEmpty(); tries++) {
      ObservedRun.Shown now = shown(client.read("runs/" + runId, Map.of()));
      if (now.sequence() == rows.size()) {
        shown = Optional.of(now);
      } else {
        rows.addAll(ledger(runId, rows.size()));
      }
    }
    return new ObservedRun(new NamespaceId(client.namespace()), new RunId(runId), rows, shown);
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

  /** Timers of open runs that have not fired. */
  List<JsonNode> pendingTimers() {
    return pages("timers", "cursor", "next_cursor", Map.of("page_size", PAGE_SIZE)).stream()
        .filter(timer -> !timer.hasNonNull("fired_at"))
        .toList();
  }

  List<DeadLetterInvariants.Shown> deadLetters() {
    return pages("dead-letters", "cursor", "next_cursor", Map.of("page_size", PAGE_SIZE)).stream()
        .map(letter ->
            new DeadLetterInvariants.Shown(
                letter.path("dead_letter_id").asText(),
                new RunUid(letter.path("run_uid").asText()),
                letter.path("attempts").asInt()))
        .toList();
  }

  private List<PublishedRow> ledger(String runId, long after) {
    List<PublishedRow> rows = new ArrayList<>();
    Map<String, String> from = Map.of("page_size", PAGE_SIZE, "after", Long.toString(after));
    pages("runs/" + runId + "/ledger", "after", "next_after", from)
        .forEach(row -> rows.add(Json.read(row, PublishedRow.class)));
    return rows;
  }

  private List<JsonNode> pages(
      String resource, String parameter, String next, Map<String, String> first) {
    List<JsonNode> items = new ArrayList<>();
    Map<String, String> parameters = new HashMap<>(first);
    Optional<String> more = Optional.of("");
    while (more.isPresent()) {
      JsonNode page = client.read(resource, parameters);
      page.path("items").forEach(items::add);
      more = text(page, next);
      more.ifPresent(value -> parameters.put(parameter, value));
    }
    return items;
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
