package dev.dome.auditexport.adapter.db;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
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

  private final List<AuditRecordEntity> records;

  private AuditRecordInsert(List<AuditRecordEntity> records) {
    this.records = records;
  }

  /** Completes once the records, at least one, are sent; they are stored with the transaction. */
  static Uni<Void> all(Mutiny.Session session, List<AuditRecordEntity> records) {
    return new AuditRecordInsert(records).run(session);
  }

  private Uni<Void> run(Mutiny.Session session) {
    return session
        .createNativeQuery(PLACE, String.class)
        .setParameter("namespaces", texts(record -> record.namespace))
        .setParameter("uids", texts(record -> record.runUid))
        .setParameter("runs", texts(record -> record.runId))
        .setParameter("times", longs(record -> record.atMs))
        .getResultList()
        .flatMap(places -> insert(session, places));
  }

  private Uni<Void> insert(Mutiny.Session session, List<String> places) {
    List<String[]> parts = places.stream().map(place -> place.split(" ", -1)).toList();
    return session
        .createNativeQuery(INSERT)
        .setParameter("indices", longs(record -> record.logIndex))
        .setParameter("kinds", texts(record -> record.kind.name()))
        .setParameter("namespaces", texts(record -> record.namespace))
        .setParameter("times", longs(record -> record.atMs))
        .setParameter("runs", texts(record -> record.runId))
        .setParameter("actors", texts(record -> record.actor))
        .setParameter("topics", texts(record -> record.topic))
        .setParameter("codes", texts(record -> record.reasonCodes))
        .setParameter("documents", texts(record -> record.document))
        .setParameter("lanes", integers(record -> record.lane))
        .setParameter("positions", longs(record -> record.lanePosition))
        .setParameter("uids", texts(record -> record.runUid))
        .setParameter("sequences", longs(record -> record.sequence))
        .setParameter(
            "rowKinds", texts(record -> record.rowKind == null ? null : record.rowKind.name()))
        .setParameter("previous", texts(record -> record.prevHash))
        .setParameter("hashes", texts(record -> record.hash))
        .setParameter("incarnations", texts(record -> record.incarnation))
        .setParameter("streamSequences", longs(record -> record.streamSequence))
        .setParameter("ordinals", integers(record -> record.ordinal))
        .setParameter("services", texts(record -> record.service))
        .setParameter("classes", parts.stream().map(part -> part[0]).toArray(String[]::new))
        .setParameter(
            "months", parts.stream().map(part -> Integer.valueOf(part[1])).toArray(Integer[]::new))
        .executeUpdate()
        .replaceWithVoid();
  }

  private String[] texts(Function<AuditRecordEntity, String> of) {
    return column(of, String[]::new);
  }

  private Long[] longs(Function<AuditRecordEntity, Long> of) {
    return column(of, Long[]::new);
  }

  private Integer[] integers(Function<AuditRecordEntity, Integer> of) {
    return column(of, Integer[]::new);
  }

  private <T> T[] column(Function<AuditRecordEntity, T> of, IntFunction<T[]> array) {
    return records.stream().map(of).toArray(array);
  }
}
