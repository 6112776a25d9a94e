package dev.dome.auditexport.application;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.web.Authorized;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What a record holds: where it comes from, and by what it can be found. */
public sealed interface AuditEntry {

  /** Where the record belongs; what names no namespace belongs to dome's own. */
  NamespaceId namespace();

  /** Epoch milliseconds of the event itself, not of its recording. */
  long atMs();

  Optional<RunId> runId();

  /** Who caused it; empty for what dome derived, and for callers without a valid token. */
  Optional<String> actor();

  Optional<String> topic();

  /** Every reason code it names, sorted. */
  List<ReasonCode> reasonCodes();

  /**
   * A journal row, word by word.
   *
   * @param envelope canonical JSON, the text that the row's hash was taken of
   * @param facets what was read out of the envelope
   */
  record Journal(
      NamespaceId namespace,
      RunUid runUid,
      long sequence,
      Lane lane,
      long lanePosition,
      PublishedRow.Kind rowKind,
      String envelope,
      String prevHash,
      String hash,
      Facets facets)
      implements AuditEntry {

    /** What a row is found by. */
    public record Facets(
        long atMs, RunId runId, String topic, Optional<String> actor, List<ReasonCode> codes) {}

    public static Journal of(PublishedRow row) {
      JsonNode payload = row.envelope().payload();
      return new Journal(
          row.namespace(),
          row.runUid(),
          row.envelope().sequence(),
          row.lane(),
          row.lanePosition(),
          row.kind(),
          CanonicalJson.text(Json.tree(row.envelope())),
          row.prevHash(),
          row.hash(),
          new Facets(
              Timestamps.parse(row.envelope().ts()),
              row.envelope().runId(),
              row.envelope().topic(),
              Optional.ofNullable(payload.at("/context/actor/subject").textValue()),
              codes(payload)));
    }

    /** Of an event it is the payload's own codes, of an input those that somebody gave. */
    private static List<ReasonCode> codes(JsonNode payload) {
      TreeSet<String> found = new TreeSet<>();
      for (JsonNode place : List.of(payload, payload.path("input"))) {
        add(found, place.path("reason_code"));
        place.path("reason_codes").forEach(code -> add(found, code));
      }
      return found.stream().map(ReasonCode::new).toList();
    }

    private static void add(TreeSet<String> found, JsonNode code) {
      if (code.isTextual() && ReasonCode.PATTERN.matcher(code.textValue()).matches()) {
        found.add(code.textValue());
      }
    }

    @Override
    public long atMs() {
      return facets.atMs();
    }

    @Override
    public Optional<RunId> runId() {
      return Optional.of(facets.runId());
    }

    @Override
    public Optional<String> actor() {
      return facets.actor();
    }

    @Override
    public Optional<String> topic() {
      return Optional.of(facets.topic());
    }

    @Override
    public List<ReasonCode> reasonCodes() {
      return facets.codes();
    }
  }

  /**
   * An access decision.
   *
   * @param incarnation of DOME_ACCESS, and with sequence and ordinal the record's identity
   * @param ordinal place within the message, from 0
   * @param service who decided
   */
  record Access(
      String incarnation, long sequence, int ordinal, String service, AccessDecision decision)
      implements AuditEntry {

    @Override
    public NamespaceId namespace() {
      return decision.namespace() == null
          ? new NamespaceId(Authorized.SYSTEM_NAMESPACE)
          : decision.namespace();
    }

    @Override
    public long atMs() {
      return decision.atMs();
    }

    @Override
    public Optional<RunId> runId() {
      return Optional.ofNullable(decision.runId());
    }

    @Override
    public Optional<String> actor() {
      return Optional.ofNullable(decision.subject());
    }

    @Override
    public Optional<String> topic() {
      return Optional.empty();
    }

    @Override
    public List<ReasonCode> reasonCodes() {
      return decision.reasonCode() == null ? List.of() : List.of(decision.reasonCode());
    }
  }
}
