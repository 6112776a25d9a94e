package dev.dome.statecontroller.application;

import dev.dome.contracts.id.Lane;
import dev.dome.statecontroller.adapter.db.PgJournalTable;
import dev.dome.statecontroller.adapter.db.PgLaneLeases;
import dev.dome.statecontroller.adapter.db.PgStore;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;

/** A store that keeps the contract, and how a test looks at what the ports do not read. */
interface StoreUnderTest {
  Store store();

  JournalTable table();

  /** Makes the caller the owner of every lane that no open transaction holds. */
  Map<Lane, Long> takeOver();

  /** Sets the limits of a namespace. */
  void limit(List<TaskLimit> limits);

  long lateReports(String operationId);

  long poison(String incarnation);

  /** The stores, each with lanes that no other test takes. */
  enum Kind {
    MEMORY,
    POSTGRESQL;

    StoreUnderTest subject() {
      return switch (this) {
        case MEMORY -> new Memory();
        case POSTGRESQL -> new Postgres();
      };
    }
  }

  /** The fake of the simulation. */
  final class Memory implements StoreUnderTest {
    private final MemoryStore store = new MemoryStore(16);

    @Override
    public Store store() {
      return store;
    }

    @Override
    public JournalTable table() {
      return store;
    }

    @Override
    public Map<Lane, Long> takeOver() {
      return store.takeOver();
    }

    @Override
    public void limit(List<TaskLimit> limits) {
      store.limit(limits);
    }

    @Override
    public long lateReports(String operationId) {
      return store.lateReports.containsKey(operationId) ? 1 : 0;
    }

    @Override
    public long poison(String incarnation) {
      return store.poison.stream().filter(row -> row.incarnation().equals(incarnation)).count();
    }
  }

  /** The real one, in a database where nobody else owns a lane. */
  final class Postgres implements StoreUnderTest {
    private static final String OWNER = "store-contract";

    /** Made here, because making the database may take longer than a test waits for a lane. */
    private final Pool pool = PgFixture.pool("store_contract");

    @Override
    public Store store() {
      return new PgStore(pool);
    }

    @Override
    public JournalTable table() {
      return new PgJournalTable(pool);
    }

    @Override
    public Map<Lane, Long> takeOver() {
      return new PgLaneLeases(pool).take(OWNER, 16, true, 600_000);
    }

    @Override
    public void limit(List<TaskLimit> limits) {
      for (TaskLimit limit : limits) {
        Rate rate = limit.rate();
        PgFixture.query(
            pool,
            """
            INSERT INTO task_limit (namespace, name, max_concurrent, rate_permits,
              rate_per_seconds, rate_burst, changed_at_ms, changed_by)
            VALUES ($1, $2, $3, $4, $5, $6, 0, 'test')
            """,
            limit.namespace().value(),
            limit.name().value(),
            limit.maxConcurrent(),
            rate == null ? null : rate.permits(),
            rate == null ? null : rate.perSeconds(),
            rate == null ? null : rate.burst());
      }
      PgFixture.query(pool, "UPDATE limit_version SET version = version + 1");
    }

    @Override
    public long lateReports(String operationId) {
      return count("SELECT count(*) FROM late_report WHERE operation_id = $1", operationId);
    }

    @Override
    public long poison(String incarnation) {
      return count("SELECT count(*) FROM poison WHERE inbox_incarnation = $1", incarnation);
    }

    private long count(String sql, Object parameter) {
      return PgFixture.query(pool, sql, parameter).getFirst().getLong(0);
    }
  }
}
