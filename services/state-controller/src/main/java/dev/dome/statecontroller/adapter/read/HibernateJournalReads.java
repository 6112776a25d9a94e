package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import dev.dome.statecontroller.application.read.JournalReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link JournalReads} on the table journal. */
@ApplicationScoped
public class HibernateJournalReads implements JournalReads {
  private static final String EVENTS =
      "from JournalEntity j where j.runUid = :runUid and j.sequence > :after"
          + " and j.kind = 'EVENT' order by j.sequence";
  private static final String ROWS =
      "from JournalEntity j where j.runUid = :runUid and j.sequence > :after order by j.sequence";

  private static final String OF_RUNS =
      " from JournalEntity j, RunEntity r where r.namespace = :namespace"
          + " and r.runId in (:runIds) and j.runUid = r.runUid"
          + " and (j.runUid > :runUid or (j.runUid = :runUid and j.sequence > :after))"
          + " order by j.runUid, j.sequence";

  /** Canonical JSON has no spaces, so a named digest reads like this and like nothing else. */
  private static final String NAMING =
      "from JournalEntity j where j.runUid = :runUid and j.sequence > :after"
          + " and j.topic in ('input.report_result', 'task.result.raw', 'task.result')"
          + " and j.envelope like '%\"sha256\":\"%' order by j.sequence";

  private static final String LAST =
      "from JournalEntity j where j.runUid = :runUid and j.topic = :topic and j.kind = 'EVENT'"
          + " order by j.sequence desc";

  /** A page by rows, of which as many are kept as the bytes allow, and the first always. */
  private static final String LANE =
      """
      select run_uid, sequence, namespace, lane, lane_position, kind, topic, envelope, prev_hash, hash
      from (
        select page.*, sum(octet_length(envelope)) over (order by lane_position)
          - octet_length(envelope) as bytes_before
        from (select * from journal where lane = :lane and lane_position > :after
          order by lane_position limit :limit) as page) as sized
      where bytes_before < :bytes order by lane_position
      """;

  private static final long MAX_LANE_BYTES = 4L << 20;

  private static final long MAX_CHARS = 4_000_000;

  private final Reader reader;

  HibernateJournalReads(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<List<JournalRow>> events(RunUid runUid, long afterSequence, int limit) {
    return select(EVENTS, "runUid", runUid.value(), afterSequence, limit);
  }

  @Override
  public Uni<List<JournalRow>> rows(RunUid runUid, long afterSequence, int limit) {
    return select(ROWS, "runUid", runUid.value(), afterSequence, limit);
  }

  /** Their sizes come first: many runs' submissions and plans may be too much for one answer. */
  @Override
  public Uni<Part> rows(NamespaceId namespace, List<RunId> runIds, Place after, int limit) {
    return reader.read(session ->
        ofRuns(session, "select length(j.envelope)", Integer.class, namespace, runIds, after)
            .setMaxResults(limit + 1)
            .getResultList()
            .chain(sizes -> {
              if (sizes.isEmpty()) {
                return Uni.createFrom().item(new Part(List.of(), false));
              }
              int fitting = fitting(sizes, limit);
              return ofRuns(session, "select j", JournalEntity.class, namespace, runIds, after)
                  .setMaxResults(fitting)
                  .getResultList()
                  .map(rows ->
                      new Part(
                          rows.stream().map(JournalEntity::toRow).toList(),
                          fitting < sizes.size()));
            }));
  }

  static int fitting(List<Integer> sizes, int limit) {
    long chars = 0;
    int fitting = 0;
    while (fitting < Math.min(sizes.size(), limit)
        && (fitting == 0 || chars + sizes.get(fitting) <= MAX_CHARS)) {
      chars += sizes.get(fitting);
      fitting++;
    }
    return fitting;
  }

  private static <T> Mutiny.SelectionQuery<T> ofRuns(
      Mutiny.Session session,
      String selected,
      Class<T> type,
      NamespaceId namespace,
      List<RunId> runIds,
      Place after) {
    return session
        .createSelectionQuery(selected + OF_RUNS, type)
        .setParameter("namespace", namespace.value())
        .setParameter("runIds", runIds.stream().map(RunId::value).toList())
        .setParameter("runUid", after.runUid())
        .setParameter("after", after.sequence());
  }

  @Override
  public Uni<List<JournalRow>> naming(RunUid runUid, long afterSequence, int limit) {
    return select(NAMING, "runUid", runUid.value(), afterSequence, limit);
  }

  @Override
  public Uni<Optional<JournalRow>> last(RunUid runUid, String topic) {
    return reader.read(session ->
        session
            .createSelectionQuery(LAST, JournalEntity.class)
            .setParameter("runUid", runUid.value())
            .setParameter("topic", topic)
            .setMaxResults(1)
            .getSingleResultOrNull()
            .map(row -> Optional.ofNullable(row).map(JournalEntity::toRow)));
  }

  @Override
  public Uni<List<JournalRow>> lane(Lane lane, long afterPosition, int limit) {
    return reader.read(session ->
        session
            .createNativeQuery(LANE, JournalEntity.class)
            .setParameter("lane", lane.number())
            .setParameter("after", afterPosition)
            .setParameter("limit", (long) limit)
            .setParameter("bytes", MAX_LANE_BYTES)
            .getResultList()
            .map(rows -> rows.stream().map(JournalEntity::toRow).toList()));
  }

  private Uni<List<JournalRow>> select(
      String hql, String key, Object value, long after, int limit) {
    return reader.read(session -> {
      Mutiny.SelectionQuery<JournalEntity> query =
          session.createSelectionQuery(hql, JournalEntity.class);
      return query
          .setParameter(key, value)
          .setParameter("after", after)
          .setMaxResults(limit)
          .getResultList()
          .map(rows -> rows.stream().map(JournalEntity::toRow).toList());
    });
  }
}
