package dev.dome.statecontroller.adapter.read;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Outcome;
import dev.dome.statecontroller.application.read.OperationReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link OperationReads} on the table operation. */
@ApplicationScoped
public class HibernateOperationReads implements OperationReads {
  private final Reader reader;

  HibernateOperationReads(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Uni<Optional<Outcome>> outcome(NamespaceId namespace, String operationId) {
    return reader.read(session ->
        session
            .createSelectionQuery(
                "select o.outcome from OperationEntity o"
                    + " where o.namespace = :namespace and o.operationId = :operationId",
                String.class)
            .setParameter("namespace", namespace.value())
            .setParameter("operationId", operationId)
            .getSingleResultOrNull()
            .map(text -> Optional.ofNullable(text).map(HibernateOperationReads::outcome)));
  }

  @Override
  public Uni<List<OperationRecord>> list(
      NamespaceId namespace, List<RunId> runIds, String afterId, int limit) {
    String ofRuns = runIds.isEmpty() ? "" : " and o.runId in (:runIds)";
    return reader.read(session -> {
      Mutiny.SelectionQuery<OperationEntity> query =
          session.createSelectionQuery(
              "from OperationEntity o where o.namespace = :namespace"
                  + ofRuns
                  + " and o.operationId > :after order by o.operationId",
              OperationEntity.class);
      query.setParameter("namespace", namespace.value()).setParameter("after", afterId);
      if (!runIds.isEmpty()) {
        query.setParameter("runIds", runIds.stream().map(RunId::value).toList());
      }
      return query
          .setMaxResults(limit)
          .getResultList()
          .map(rows -> rows.stream().map(OperationEntity::toRecord).toList());
    });
  }

  private static Outcome outcome(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), Outcome.class);
  }
}
