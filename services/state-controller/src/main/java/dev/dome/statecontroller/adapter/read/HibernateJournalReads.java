package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.Lane;
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
