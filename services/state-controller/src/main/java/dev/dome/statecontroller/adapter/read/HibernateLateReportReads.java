package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.id.RunUid;
import dev.dome.statecontroller.application.read.LateReportReads;
import dev.dome.statecontroller.application.read.LateReportView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** {@link LateReportReads} on the table late_report. */
@ApplicationScoped
public class HibernateLateReportReads implements LateReportReads {
  private static final String AFTER =
      "from LateReportEntity l where l.runUid = :runUid and (l.receivedAtMs > :receivedAtMs"
          + " or l.receivedAtMs = :receivedAtMs and l.operationId > :operationId)"
          + " order by l.receivedAtMs, l.operationId";

  /** Before every report. */
  private static final After START = new After(Long.MIN_VALUE, "");

  private final Reader reader;

  HibernateLateReportReads(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<List<LateReportView>> of(RunUid runUid, After after, int limit) {
    After from = after == null ? START : after;
    return reader.read(session ->
        session
            .createSelectionQuery(AFTER, LateReportEntity.class)
            .setParameter("runUid", runUid.value())
            .setParameter("receivedAtMs", from.receivedAtMs())
            .setParameter("operationId", from.operationId())
            .setMaxResults(limit)
            .getResultList()
            .map(rows -> rows.stream().map(LateReportEntity::toView).toList()));
  }
}
