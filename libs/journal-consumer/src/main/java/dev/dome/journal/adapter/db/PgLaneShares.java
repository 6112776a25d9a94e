package dev.dome.journal.adapter.db;

import dev.dome.contracts.id.Lane;
import dev.dome.journal.LaneShares;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Shares in the tables reader and reader_lane, by PostgreSQL's clock only. Every replica that lives
 * has an even share; those that come first by name have what does not divide.
 */
public final class PgLaneShares implements LaneShares {
  private static final String LANES =
      "insert into reader_lane (lane) select generate_series(0, :last) on conflict do nothing";
  private static final String ALIVE =
      """
      insert into reader (replica_id, expires_at)
      values (:me, now() + :term * interval '1 millisecond')
      on conflict (replica_id) do update set expires_at = excluded.expires_at
      """;
  private static final String FORGET =
      "delete from reader where expires_at < now() - interval '1 hour'";
  private static final String REPLICAS =
      "select replica_id from reader where expires_at > now() order by replica_id";
  private static final String RENEW =
      """
      update reader_lane set expires_at = now() + :term * interval '1 millisecond'
      where owner = :me returning lane
      """;
  private static final String TAKE =
      """
      with free as (
        select lane from reader_lane where owner is null or expires_at < now()
        order by lane limit :most for update skip locked)
      update reader_lane
      set owner = :me, expires_at = now() + :term * interval '1 millisecond'
      from free where reader_lane.lane = free.lane
      returning reader_lane.lane
      """;
  private static final String RELEASE =
      "update reader_lane set owner = null where owner = :me and lane >= :from";
  private static final String LEAVE = "delete from reader where replica_id = :me";

  private final Transactions transactions;
  private final String replicaId;
  private final long termMs;

  /**
   * The shares of one replica.
   *
   * @param replicaId no other replica's; the next process of the same id has its lanes at once
   * @param termMs how long lanes stay with a replica that does not call
   */
  public PgLaneShares(Transactions transactions, String replicaId, long termMs) {
    this.transactions = transactions;
    this.replicaId = replicaId;
    this.termMs = termMs;
  }

  @Override
  public Uni<Set<Lane>> renew(int laneCount) {
    return transactions.in((session, context) ->
        run(session.createNativeQuery(LANES).setParameter("last", laneCount - 1))
            .chain(() -> run(mine(session.createNativeQuery(ALIVE)).setParameter("term", termMs)))
            .chain(() -> run(session.createNativeQuery(FORGET)))
            .chain(() -> session.createNativeQuery(REPLICAS, String.class).getResultList())
            .flatMap(replicas -> settle(session, share(replicas, laneCount))));
  }

  private int share(List<String> replicas, int laneCount) {
    int rank = replicas.indexOf(replicaId);
    return laneCount / replicas.size() + (rank < laneCount % replicas.size() ? 1 : 0);
  }

  private Uni<Set<Lane>> settle(Mutiny.Session session, int share) {
    return lanes(session, RENEW)
        .getResultList()
        .map(held -> held.stream().sorted().toList())
        .flatMap(held ->
            held.size() > share ? release(session, held, share) : take(session, held, share))
        .map(lanes -> lanes.stream().map(Lane::new).collect(Collectors.toUnmodifiableSet()));
  }

  private Uni<List<Integer>> release(Mutiny.Session session, List<Integer> held, int share) {
    return run(mine(session.createNativeQuery(RELEASE)).setParameter("from", held.get(share)))
        .replaceWith(held.subList(0, share));
  }

  private Uni<List<Integer>> take(Mutiny.Session session, List<Integer> held, int share) {
    return held.size() == share
        ? Uni.createFrom().item(held)
        : lanes(session, TAKE)
            .setParameter("most", share - held.size())
            .getResultList()
            .map(taken -> join(held, taken));
  }

  private static List<Integer> join(List<Integer> held, List<Integer> taken) {
    return Stream.concat(held.stream(), taken.stream()).toList();
  }

  private Mutiny.SelectionQuery<Integer> lanes(Mutiny.Session session, String sql) {
    return session
        .createNativeQuery(sql, Integer.class)
        .setParameter("me", replicaId)
        .setParameter("term", termMs);
  }

  @Override
  public Uni<Void> leave() {
    return transactions.in((session, context) ->
        run(mine(session.createNativeQuery(RELEASE)).setParameter("from", 0))
            .chain(() -> run(mine(session.createNativeQuery(LEAVE))))
            .replaceWithVoid());
  }

  private <R> Mutiny.Query<R> mine(Mutiny.Query<R> query) {
    return query.setParameter("me", replicaId);
  }

  private static Uni<Integer> run(Mutiny.MutationQuery query) {
    return query.executeUpdate();
  }
}
