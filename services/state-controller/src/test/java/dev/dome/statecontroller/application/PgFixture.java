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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The service's own role on the shared PostgreSQL, in a database of its own, because a service
 * under test in the same JVM owns the lanes of the usual one.
 */
public final class PgFixture {
  private static final String DATABASE = "lane_writer";
  private static Pool pool;

  private PgFixture() {}

  public static synchronized Pool pool() {
    if (pool == null) {
      Map<String, String> environment =
          TestStack.shared().connections().environmentOf(DomeService.STATE_CONTROLLER);
      migrate();
      PgConnectOptions options =
          PgConnectOptions.fromUri(environment.get("DOME_PG_URL"))
              .setDatabase(DATABASE)
              .setUser(environment.get("DOME_PG_USER"))
              .setPassword(environment.get("DOME_PG_PASSWORD"))
              .setCachePreparedStatements(true);
      pool =
          PgBuilder.pool()
              .connectingTo(options)
              .with(new PoolOptions().setMaxSize(8))
              .using(Vertx.vertx())
              .build();
    }
    return pool;
  }

  private static void migrate() {
    load("org.postgresql.Driver");
    Database admin = TestStack.shared().postgres().admin();
    Migrations.createDatabase(admin, DATABASE);
    Migrations.migrate(admin.named(DATABASE), TestStack.shared().connections().passwords());
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
    try {
      List<Row> rows = new ArrayList<>();
      pool()
          .preparedQuery(sql)
          .execute(Tuple.from(List.of(parameters)))
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
