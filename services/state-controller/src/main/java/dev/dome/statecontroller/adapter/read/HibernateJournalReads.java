package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.JournalRow;
import dev.dome.statecontroller.application.read.JournalReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link JournalReads} on the table journal. */
@ApplicationScoped
public class HibernateJournalReads implements JournalReads {
  private static final String EVENTS =
      "from JournalEntity j where j.runUid = :runUid and j.sequence > :after"
          + " and j.kind = 'EVENT' order by j.sequence";
  private static final String ROWS =
      "from JournalEntity j where j.runUid = :runUid and j.sequence > :after order by j.sequence";
  private static final String LANE =
      "from JournalEntity j where j.lane = :lane and j.lanePosition > :after"
          + " order by j.lanePosition";

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
  public Uni<List<JournalRow>> lane(Lane lane, long afterPosition, int limit) {
    return select(LANE, "lane", lane.number(), afterPosition, limit);
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
