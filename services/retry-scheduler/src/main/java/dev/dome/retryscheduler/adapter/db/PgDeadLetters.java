package dev.dome.retryscheduler.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.retryscheduler.application.DeadLetter;
import dev.dome.retryscheduler.application.DeadLetterChanges;
import dev.dome.retryscheduler.application.DeadLetterReads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/** Dead letters on PostgreSQL. */
@ApplicationScoped
public class PgDeadLetters implements DeadLetterReads {
  private static final String REDRIVEN =
      "exists (select 1 from Redrive r where r.deadLetterId = d.deadLetterId)";

  private final Transactions transactions;

  @Inject
  PgDeadLetters(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Stores the changes in the transaction of a lane's cursor. */
  static Uni<Void> store(Mutiny.Session session, DeadLetterChanges changes) {
    return session.persistAll(
        Stream.<Object>concat(
                changes.dead().stream().map(DeadLetterEntity::of),
                changes.redrives().stream().map(RedriveEntity::of))
            .toArray());
  }

  @Override
  public Uni<List<Listed>> list(
      NamespaceId namespace, Filter filter, Optional<After> after, int limit) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    StringBuilder hql = new StringBuilder("from DeadLetter d where d.namespace = :namespace");
    parameters.put("namespace", namespace.value());
    if (filter.queue() != null) {
      hql.append(" and d.queue = :queue");
      parameters.put("queue", filter.queue().value());
    }
    if (filter.runId() != null) {
      hql.append(" and d.runId = :runId");
      parameters.put("runId", filter.runId().value());
    }
    if (filter.status() != null) {
      hql.append(filter.status() == DeadLetter.Status.OPEN ? " and not " : " and ")
          .append(REDRIVEN);
    }
    after.ifPresent(behind -> {
      hql.append(" and (d.deadAtMs < :at or (d.deadAtMs = :at and d.deadLetterId > :id))");
      parameters.put("at", behind.deadAtMs());
      parameters.put("id", behind.deadLetterId());
    });
    hql.append(" order by d.deadAtMs desc, d.deadLetterId");
    return transactions.bounded((session, context) -> {
      Mutiny.SelectionQuery<DeadLetterEntity> query =
          session.createSelectionQuery(hql.toString(), DeadLetterEntity.class);
      parameters.forEach(query::setParameter);
      return query
          .setMaxResults(limit)
          .getResultList()
          .flatMap(rows -> withRedrives(session, rows));
    });
  }

  @Override
  public Uni<Optional<Listed>> find(NamespaceId namespace, String deadLetterId) {
    return transactions.bounded((session, context) ->
        session
            .createSelectionQuery(
                "from DeadLetter d where d.namespace = :namespace and d.deadLetterId = :id",
                DeadLetterEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("id", deadLetterId)
            .getResultList()
            .flatMap(rows -> withRedrives(session, rows))
            .map(found -> found.stream().findFirst()));
  }

  private static Uni<List<Listed>> withRedrives(
      Mutiny.Session session, List<DeadLetterEntity> rows) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return session
        .createSelectionQuery(
            "from Redrive r where r.deadLetterId in (:ids) order by r.atMs, r.runUid",
            RedriveEntity.class)
        .setParameter("ids", rows.stream().map(row -> row.deadLetterId).toList())
        .getResultList()
        .map(redrives -> {
          Map<String, List<DeadLetter.Redrive>> byId =
              redrives.stream()
                  .map(RedriveEntity::redrive)
                  .collect(Collectors.groupingBy(DeadLetter.Redrive::deadLetterId));
          return rows.stream()
              .map(row ->
                  new Listed(row.deadLetter(), byId.getOrDefault(row.deadLetterId, List.of())))
              .toList();
        });
  }
}
