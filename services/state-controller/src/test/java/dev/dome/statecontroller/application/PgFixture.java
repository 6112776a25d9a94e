package dev.dome.statecontroller.application;

import dev.dome.devstack.DomeService;
import dev.dome.migrations.Database;
import dev.dome.migrations.Migrations;
import dev.dome.testkit.TestStack;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The service's own role on the shared PostgreSQL, in databases of their own: a service under test
 * in the same JVM owns the lanes of the usual one, and a test that takes lanes over takes them from
 * every other test of its database.
 */
public final class PgFixture {
  private static final String SHARED = "lane_writer";
  private static final Map<String, Pool> POOLS = new HashMap<>();

  private PgFixture() {}

  public static Pool pool() {
    return pool(SHARED);
  }

  /** The pool of a database, which is made at first use. */
  public static synchronized Pool pool(String database) {
    return POOLS.computeIfAbsent(database, PgFixture::connect);
  }

  private static Pool connect(String database) {
    Map<String, String> environment =
        TestStack.shared().connections().environmentOf(DomeService.STATE_CONTROLLER);
    migrate(database);
    PgConnectOptions options =
        PgConnectOptions.fromUri(environment.get("DOME_PG_URL"))
            .setDatabase(database)
            .setUser(environment.get("DOME_PG_USER"))
            .setPassword(environment.get("DOME_PG_PASSWORD"))
            .setCachePreparedStatements(true);
    return PgBuilder.pool()
        .connectingTo(options)
        .with(new PoolOptions().setMaxSize(8))
        .using(Vertx.vertx())
        .build();
  }

  private static void migrate(String database) {
    load("org.postgresql.Driver");
    Database admin = TestStack.shared().postgres().admin();
    Migrations.createDatabase(admin, database);
    Migrations.migrate(admin.named(database), TestStack.shared().connections().passwords());
  }

  /** DriverManager looks for drivers once, maybe before this class loader was there. */
  private static void load(String driver) {
    try {
      Class.forName(driver);
    } catch (ClassNotFoundException e) {
      throw new AssertionError("the migrations bring the driver", e);
    }
  }

  public static List<Row> query(String sql, Object... parameters) {
    return query(pool(), sql, parameters);
  }

  public static List<Row> query(Pool pool, String sql, Object... parameters) {
    try {
      List<Row> rows = new ArrayList<>();
      pool.preparedQuery(sql)
          .execute(Tuple.from(Arrays.asList(parameters)))
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS)
          .forEach(rows::add);
      return rows;
    } catch (Exception e) {
      throw new AssertionError(sql, e);
    }
  }

  public static long count(String sql, Object... parameters) {
    return query(sql, parameters).getFirst().getLong(0);
  }
}
