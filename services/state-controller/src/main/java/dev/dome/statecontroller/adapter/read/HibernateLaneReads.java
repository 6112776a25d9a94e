package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.Lane;
import dev.dome.statecontroller.application.read.LaneReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** {@link LaneReads} on the tables lane, lane_cursor, journal_publication and journal. */
@ApplicationScoped
public class HibernateLaneReads implements LaneReads {
  private static final String LANES =
      "select l.lane, l.epoch, l.owner, c.position, p.position"
          + " from lane l join lane_cursor c using (lane) join journal_publication p using (lane)"
          + " order by l.lane";

  /** Rows of one epoch without a gap share the difference of position and rank in their epoch. */
  private static final String SPANS =
      "select writer_epoch, min(lane_position), max(lane_position)"
          + " from (select writer_epoch, lane_position, lane_position - row_number()"
          + " over (partition by writer_epoch order by lane_position) as island"
          + " from (select writer_epoch, lane_position from journal"
          + " where lane = :lane and lane_position > :after order by lane_position limit :rows) r) s"
          + " group by writer_epoch, island order by min(lane_position)";

  private final Reader reader;

  HibernateLaneReads(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<List<LaneRecord>> lanes() {
    return reader.read(session ->
        session
            .createNativeQuery(LANES, Object[].class)
            .getResultList()
            .map(rows -> rows.stream().map(HibernateLaneReads::lane).toList()));
  }

  @Override
  public Uni<List<EpochSpan>> epochs(Lane lane, long afterPosition, int limit) {
    return reader.read(session ->
        session
            .createNativeQuery(SPANS, Object[].class)
            .setParameter("lane", lane.number())
            .setParameter("after", afterPosition)
            .setParameter("rows", limit)
            .getResultList()
            .map(rows -> rows.stream().map(HibernateLaneReads::span).toList()));
  }

  private static LaneRecord lane(Object[] row) {
    return new LaneRecord(
        new Lane((int) number(row[0])),
        number(row[1]),
        (String) row[2],
        number(row[3]),
        number(row[4]));
  }

  private static EpochSpan span(Object[] row) {
    return new EpochSpan(number(row[0]), number(row[1]), number(row[2]));
  }

  private static long number(Object column) {
    return ((Number) column).longValue();
  }
}
