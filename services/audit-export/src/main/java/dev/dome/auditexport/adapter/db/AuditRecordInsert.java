package dev.dome.auditexport.adapter.db;

import dev.dome.journal.adapter.db.Columns;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Adds records by two statements, whatever their number, with one array for each column: where they
 * are to be put, which makes the partitions that are missing, and then the records themselves.
 */
final class AuditRecordInsert {
  /** The places in the order of the records, each as class and month with a blank between them. */
  private static final String PLACE =
      """
      select retention_class || ' ' || month from place(
        cast(:namespaces as text[]), cast(:uids as text[]), cast(:runs as text[]),
        cast(:times as bigint[]))
      order by ordinality
      """;

  private static final String INSERT =
      """
      insert into audit_record
        (log_index, kind, namespace, at_ms, run_id, actor, topic, reason_codes, document,
         lane, lane_position, run_uid, sequence, row_kind, prev_hash, hash,
         incarnation, stream_sequence, ordinal, service, retention_class, month)
      select * from unnest(
        cast(:indices as bigint[]), cast(:kinds as text[]), cast(:namespaces as text[]),
        cast(:times as bigint[]), cast(:runs as text[]), cast(:actors as text[]),
        cast(:topics as text[]), cast(:codes as text[]), cast(:documents as text[]),
        cast(:lanes as integer[]), cast(:positions as bigint[]), cast(:uids as text[]),
        cast(:sequences as bigint[]), cast(:rowKinds as text[]), cast(:previous as text[]),
        cast(:hashes as text[]), cast(:incarnations as text[]),
        cast(:streamSequences as bigint[]), cast(:ordinals as integer[]),
        cast(:services as text[]), cast(:classes as text[]), cast(:months as integer[]))
      """;

  private final Columns<AuditRecordEntity> columns;

  private AuditRecordInsert(List<AuditRecordEntity> records) {
    this.columns = new Columns<>(records);
  }

  /** Completes once the records, at least one, are sent; they are stored with the transaction. */
  static Uni<Void> all(Mutiny.Session session, List<AuditRecordEntity> records) {
    return new AuditRecordInsert(records).run(session);
  }

  private Uni<Void> run(Mutiny.Session session) {
    return session
        .createNativeQuery(PLACE, String.class)
        .setParameter("namespaces", columns.texts(record -> record.namespace))
        .setParameter("uids", columns.texts(record -> record.runUid))
        .setParameter("runs", columns.texts(record -> record.runId))
        .setParameter("times", columns.longs(record -> record.atMs))
        .getResultList()
        .flatMap(places -> insert(session, places));
  }

  private Uni<Void> insert(Mutiny.Session session, List<String> places) {
    Columns<String[]> parts =
        new Columns<>(places.stream().map(place -> place.split(" ", -1)).toList());
    return session
        .createNativeQuery(INSERT)
        .setParameter("indices", columns.longs(record -> record.logIndex))
        .setParameter("kinds", columns.texts(record -> record.kind.name()))
        .setParameter("namespaces", columns.texts(record -> record.namespace))
        .setParameter("times", columns.longs(record -> record.atMs))
        .setParameter("runs", columns.texts(record -> record.runId))
        .setParameter("actors", columns.texts(record -> record.actor))
        .setParameter("topics", columns.texts(record -> record.topic))
        .setParameter("codes", columns.texts(record -> record.reasonCodes))
        .setParameter("documents", columns.texts(record -> record.document))
        .setParameter("lanes", columns.integers(record -> record.lane))
        .setParameter("positions", columns.longs(record -> record.lanePosition))
        .setParameter("uids", columns.texts(record -> record.runUid))
        .setParameter("sequences", columns.longs(record -> record.sequence))
        .setParameter(
            "rowKinds",
            columns.texts(record -> record.rowKind == null ? null : record.rowKind.name()))
        .setParameter("previous", columns.texts(record -> record.prevHash))
        .setParameter("hashes", columns.texts(record -> record.hash))
        .setParameter("incarnations", columns.texts(record -> record.incarnation))
        .setParameter("streamSequences", columns.longs(record -> record.streamSequence))
        .setParameter("ordinals", columns.integers(record -> record.ordinal))
        .setParameter("services", columns.texts(record -> record.service))
        .setParameter("classes", parts.texts(part -> part[0]))
        .setParameter("months", parts.integers(part -> Integer.valueOf(part[1])))
        .executeUpdate()
        .replaceWithVoid();
  }
}
