package dev.dome.provenance.adapter.db;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.Sha256;
import dev.dome.journal.adapter.db.Transactions;
import dev.dome.provenance.application.SealStore;
import dev.dome.provenance.application.Unsealed;
import dev.dome.provenance.config.ProvenanceConfig;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.EntryBundle;
import dev.dome.transparency.Growth;
import dev.dome.transparency.Hashes;
import dev.dome.transparency.TileId;
import dev.dome.transparency.TreeHead;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * {@link SealStore} on PostgreSQL. The row of the log's head is locked by whoever grows the log,
 * and a growth is stored only under the epoch that its sequencer was given.
 */
@ApplicationScoped
public class PgSealStore implements SealStore {
  private final Transactions transactions;
  private final String origin;
  private final Duration patience;
  private volatile long epoch;

  @Inject
  PgSealStore(Transactions transactions, ProvenanceConfig config) {
    this.transactions = transactions;
    this.origin = config.log().origin();
    this.patience = config.log().store();
  }

  private <T> T in(Function<Mutiny.Session, Uni<T>> work) {
    return transactions.in((session, context) -> work.apply(session)).await().atMost(patience);
  }

  /** For what a caller of the service may wait for: it is told when the database is away. */
  private <T> T read(Function<Mutiny.Session, Uni<T>> work) {
    return transactions.bounded((session, context) -> work.apply(session)).await().indefinitely();
  }

  @Override
  public boolean claim(String holder, long nowMs, long untilMs) {
    long granted =
        in(session ->
            session
                .createNativeQuery(
                    """
                    insert into log_head (origin, size, root) values (:origin, 0, :root)
                    on conflict do nothing
                    """)
                .setParameter("origin", origin)
                .setParameter("root", TreeHead.EMPTY.root())
                .executeUpdate()
                .flatMap(made -> locked(session))
                .map(head -> granted(head, holder, nowMs, untilMs)));
    epoch = granted;
    return granted > 0;
  }

  /** The epoch under which the holder may grow the log, 0 while another one may. */
  private long granted(LogHeadEntity head, String holder, long nowMs, long untilMs) {
    boolean mine = head.holder.equals(holder) && head.epoch == epoch;
    if (!mine && !head.holder.equals(holder) && head.untilMs > nowMs) {
      return 0;
    }
    head.epoch = mine ? head.epoch : head.epoch + 1;
    head.holder = holder;
    head.untilMs = untilMs;
    return head.epoch;
  }

  private Uni<LogHeadEntity> locked(Mutiny.Session session) {
    return session.find(LogHeadEntity.class, origin, LockModeType.PESSIMISTIC_WRITE);
  }

  @Override
  public TreeHead head() {
    return row().map(LogHeadEntity::head).orElse(TreeHead.EMPTY);
  }

  private Optional<LogHeadEntity> row() {
    return Optional.ofNullable(read(session -> session.find(LogHeadEntity.class, origin)));
  }

  @Override
  public Optional<String> checkpoint() {
    return row().map(row -> row.checkpoint);
  }

  @Override
  public byte[] read(TileId.Part part) {
    TileId id = part.id();
    LogTileEntity tile =
        read(session ->
            session.find(LogTileEntity.class, new LogTileEntity.Key(id.level(), id.index())));
    if (tile == null) {
      throw new MissingTileException(part);
    }
    if (id.level() == TileId.ENTRIES) {
      return EntryBundle.first(tile.body, part.width());
    }
    if (tile.body.length < part.width() * Hashes.SIZE) {
      throw new MissingTileException(part);
    }
    return Arrays.copyOf(tile.body, part.width() * Hashes.SIZE);
  }

  @Override
  public void grow(Growth growth) {
    seal(growth, List.of(), List.of());
  }

  @Override
  public void seal(Growth growth, List<Sealed> statements, List<Long> seqs) {
    in(session ->
        locked(session)
            .invoke(head -> {
              if (head.epoch != epoch || !head.head().equals(growth.before())) {
                throw new StaleHeadException(growth.before());
              }
              head.size = growth.after().size();
              head.root = growth.after().root();
            })
            .flatMap(head -> taken(session, seqs))
            .invoke(taken -> {
              if (taken != seqs.size()) {
                throw new StaleHeadException(growth.before());
              }
            })
            .flatMap(taken -> tiles(session, List.copyOf(growth.tiles().entrySet()), 0))
            .flatMap(stored ->
                session.persistAll(statements.stream().map(StatementEntity::of).toArray())));
  }

  private static Uni<Integer> taken(Mutiny.Session session, List<Long> seqs) {
    return seqs.isEmpty()
        ? Uni.createFrom().item(0)
        : session
            .createMutationQuery("delete from Unsealed where seq in :seqs")
            .setParameter("seqs", seqs)
            .executeUpdate();
  }

  /** One after the other, as a session allows. */
  private static Uni<Void> tiles(
      Mutiny.Session session, List<Map.Entry<TileId, byte[]>> tiles, int at) {
    if (at == tiles.size()) {
      return Uni.createFrom().voidItem();
    }
    TileId id = tiles.get(at).getKey();
    return session
        .createNativeQuery(
            """
            insert into log_tile (level, index, body) values (:level, :index, :body)
            on conflict (level, index) do update set body = excluded.body
            """)
        .setParameter("level", id.level())
        .setParameter("index", id.index())
        .setParameter("body", tiles.get(at).getValue())
        .executeUpdate()
        .flatMap(stored -> tiles(session, tiles, at + 1));
  }

  @Override
  public void publish(String signed) {
    long size = Checkpoint.parse(signed).orElseThrow().head().size();
    in(session ->
        locked(session)
            .invoke(head -> {
              if (head.epoch == epoch && head.checkpointSize < size) {
                head.checkpoint = signed;
                head.checkpointSize = size;
              }
            }));
  }

  @Override
  public Backlog backlog() {
    return in(session ->
        session
            .createSelectionQuery(
                "select count(*), coalesce(min(sinceMs), 0) from Unsealed", Object[].class)
            .getSingleResult()
            .map(row -> new Backlog(((Number) row[0]).longValue(), ((Number) row[1]).longValue())));
  }

  @Override
  public List<Unsealed> unsealed(int limit) {
    return in(session ->
        session
            .createSelectionQuery(
                """
                from Unsealed u
                where u.kind = 'RUN' and exists (select 1 from Manifest m where m.runUid = u.id)
                   or u.kind = 'REPLAY' and exists (select 1 from Replay r where r.replayId = u.id)
                   or u.kind = 'TOMBSTONE'
                     and exists (select 1 from Tombstone t where t.digest = u.id)
                order by u.seq
                """,
                UnsealedEntity.class)
            .setMaxResults(limit)
            .getResultList()
            .flatMap(rows -> new UnsealedRows(session, rows).found()));
  }

  @Override
  public List<Sealed> statements(NamespaceId namespace, RunId runId) {
    return read(session ->
        session
            .createSelectionQuery(
                "from Statement where namespace = :namespace and runId = :runId order by logIndex",
                StatementEntity.class)
            .setParameter("namespace", namespace.value())
            .setParameter("runId", runId.value())
            .setMaxResults(1000)
            .getResultList()
            .map(rows -> rows.stream().map(StatementEntity::sealed).toList()));
  }

  @Override
  public Optional<Sealed> ofTombstone(NamespaceId namespace, Sha256 digest) {
    return read(session ->
        session
            .createSelectionQuery(
                """
                from Statement
                where kind = 'TOMBSTONE' and subject = :digest and namespace = :namespace
                """,
                StatementEntity.class)
            .setParameter("digest", digest.value())
            .setParameter("namespace", namespace.value())
            .getResultList()
            .map(rows -> rows.stream().findFirst().map(StatementEntity::sealed)));
  }
}
