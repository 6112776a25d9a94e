package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.Lane;
import dev.dome.statecontroller.application.read.PoisonId;
import dev.dome.statecontroller.application.read.PoisonReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link PoisonReads} on the table poison. */
@ApplicationScoped
public class HibernatePoisonReads implements PoisonReads {
  private static final String AFTER =
      "from PoisonEntity p where (p.lane > :lane or p.lane = :lane and"
          + " (p.inboxIncarnation > :incarnation or p.inboxIncarnation = :incarnation"
          + " and p.inboxSequence > :sequence)) and p.lane <= :lastLane"
          + " order by p.lane, p.inboxIncarnation, p.inboxSequence";
  private static final String ONE =
      "from PoisonEntity p where p.lane = :lane and p.inboxIncarnation = :incarnation"
          + " and p.inboxSequence = :sequence";

  private final Reader reader;

  HibernatePoisonReads(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<List<PoisonRecord>> list(Lane lane, PoisonId after, int limit) {
    PoisonId from = after == null ? new PoisonId(lane == null ? new Lane(0) : lane, "", -1) : after;
    int lastLane = lane == null ? Integer.MAX_VALUE : lane.number();
    return reader.read(session ->
        named(session, AFTER, from)
            .setParameter("lastLane", lastLane)
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(PoisonEntity::toRecord).toList()));
  }

  @Override
  public Uni<Optional<PoisonRecord>> find(PoisonId id) {
    return reader.read(session ->
        named(session, ONE, id)
            .getSingleResultOrNull()
            .map(row -> Optional.ofNullable(row).map(PoisonEntity::toRecord)));
  }

  private static Mutiny.SelectionQuery<PoisonEntity> named(
      Mutiny.Session session, String hql, PoisonId id) {
    return session
        .createSelectionQuery(hql, PoisonEntity.class)
        .setParameter("lane", id.lane().number())
        .setParameter("incarnation", id.incarnation())
        .setParameter("sequence", id.sequence());
  }
}
