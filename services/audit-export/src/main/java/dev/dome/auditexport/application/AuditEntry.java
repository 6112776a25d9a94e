package dev.dome.auditexport.application;

import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.AccessDecision;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.RowFacets;
import dev.dome.web.Authorized;
import java.util.List;
import java.util.Optional;

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

  /** What comes from elsewhere and is recorded here; acts are recorded by the database itself. */
  sealed interface Incoming extends AuditEntry {}

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
      RowFacets facets)
      implements Incoming {

    public static Journal of(PublishedRow row) {
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
          RowFacets.of(row));
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
      return facets.reasonCodes();
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
      implements Incoming {

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

  /**
   * An act on the audit itself.
   *
   * @param sequence from 1 in its namespace, gapless
   * @param document canonical JSON that holds sequence and the hash before, and all the rest
   * @param hash SHA-256 of the document
   * @param about by what it is found
   */
  record Act(
      NamespaceId namespace,
      long sequence,
      String prevHash,
      String hash,
      String document,
      About about)
      implements AuditEntry {

    /**
     * By what an act is found.
     *
     * @param runId of the one run it is about
     */
    public record About(long atMs, Optional<RunId> runId, String actor, String topic) {}

    @Override
    public long atMs() {
      return about.atMs();
    }

    @Override
    public Optional<RunId> runId() {
      return about.runId();
    }

    @Override
    public Optional<String> actor() {
      return Optional.of(about.actor());
    }

    @Override
    public Optional<String> topic() {
      return Optional.of(about.topic());
    }

    @Override
    public List<ReasonCode> reasonCodes() {
      return List.of();
    }
  }
}
