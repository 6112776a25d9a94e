package dev.dome.devstack;

import dev.dome.migrations.Database;
import dev.dome.migrations.Migrations;
import dev.dome.migrations.RetentionClasses;
import dev.dome.migrations.ServiceSchema;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Everything below the services: nats-server, PostgreSQL with current schemas, and keys. Servers
 * that already exist are used as they are.
 */
public final class Infrastructure implements AutoCloseable {
  private final Optional<NatsServer> nats;
  private final Optional<PostgresServer> postgres;
  private final Connections connections;

  /**
   * How to run it.
   *
   * @param directory holds the servers' data, the keys and the logs
   * @param natsPort 0 takes a free one, as for the others
   */
  public record Options(
      Path directory,
      int natsPort,
      int natsMonitorPort,
      int postgresPort,
      Lifetime lifetime,
      External external) {

    /** Free ports, ended with this JVM. */
    public static Options in(Path directory) {
      return new Options(
          directory.toAbsolutePath(), 0, 0, 0, Lifetime.WITH_PARENT, External.none());
    }

    public Options withPorts(int natsClients, int natsMonitor, int postgresClients) {
      return new Options(directory, natsClients, natsMonitor, postgresClients, lifetime, external);
    }

    public Options detached() {
      return new Options(
          directory, natsPort, natsMonitorPort, postgresPort, Lifetime.DETACHED, external);
    }

    public Options using(External servers) {
      return new Options(directory, natsPort, natsMonitorPort, postgresPort, lifetime, servers);
    }
  }

  /**
   * Servers that somebody else runs.
   *
   * @param postgresAdmin who may create schemas and roles there
   */
  public record External(
      Optional<String> natsUrl, Optional<String> natsMonitorUrl, Optional<Database> postgresAdmin) {
    public static External none() {
      return new External(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * From {@code DOME_NATS_URL} with {@code DOME_NATS_MONITOR_URL}, and {@code DOME_PG_URL} with
     * {@code DOME_PG_ADMIN_USER} and {@code DOME_PG_ADMIN_PASSWORD}.
     */
    public static External of(Map<String, String> environment) {
      var postgres =
          value(environment, "DOME_PG_URL")
              .map(url ->
                  Database.of(
                      url,
                      value(environment, "DOME_PG_ADMIN_USER").orElse("postgres"),
                      value(environment, "DOME_PG_ADMIN_PASSWORD").orElse("")));
      return new External(
          value(environment, "DOME_NATS_URL"),
          value(environment, "DOME_NATS_MONITOR_URL"),
          postgres);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
  }

  /**
   * What finds both servers again, from another class loader of the same JVM.
   *
   * @param natsStartedAtMs tells the process from a later one of the same pid, as for the other
   */
  public record Running(
      String directory,
      int natsPort,
      int natsMonitorPort,
      long natsPid,
      long natsStartedAtMs,
      int postgresPort,
      long postgresPid,
      long postgresStartedAtMs) {}

  private Infrastructure(
      Optional<NatsServer> nats, Optional<PostgresServer> postgres, Connections connections) {
    this.nats = nats;
    this.postgres = postgres;
    this.connections = connections;
  }

  /**
   * Starts both servers at the same time and migrates; everything serves on return.
   *
   * @throws DevstackException when a server cannot be had or started; what was started is stopped
   */
  public static Infrastructure start(Options options, Progress progress) {
    var keys = DevKeys.in(options.directory().resolve("keys"));
    var passwords = passwords(options.directory().resolve("keys"));
    var nats = CompletableFuture.supplyAsync(() -> startNats(options, progress));
    var postgres = CompletableFuture.supplyAsync(() -> startPostgres(options, passwords, progress));
    try {
      CompletableFuture.allOf(nats, postgres).join();
    } catch (CompletionException e) {
      stopStarted(nats);
      stopStarted(postgres);
      throw new DevstackException(e.getCause().getMessage(), e.getCause());
    }
    return new Infrastructure(
        nats.join(),
        postgres.join(),
        connections(options.external(), nats.join(), postgres.join(), passwords, keys));
  }

  /** What {@link #adopt} takes; both servers must be this stack's own. */
  public Running running() {
    var natsServer = nats.orElseThrow();
    var postgresServer = postgres.orElseThrow();
    return new Running(
        natsServer.log().getParent().getParent().toString(),
        natsServer.port(),
        natsServer.monitorPort(),
        natsServer.pid(),
        natsServer.startedAtMs(),
        postgresServer.port(),
        postgresServer.pid(),
        postgresServer.startedAtMs());
  }

  /** The same servers again; empty when one of them has ended or was started anew. */
  public static Optional<Infrastructure> adopt(Running running) {
    var natsProcess = ChildProcess.find(running.natsPid(), running.natsStartedAtMs());
    var postgresProcess = ChildProcess.find(running.postgresPid(), running.postgresStartedAtMs());
    if (natsProcess.isEmpty() || postgresProcess.isEmpty()) {
      return Optional.empty();
    }
    var directory = Path.of(running.directory());
    var nats =
        NatsServer.adopt(
            NatsServer.Options.in(directory.resolve("nats"))
                .withPorts(running.natsPort(), running.natsMonitorPort()),
            natsProcess.get());
    var postgres =
        PostgresServer.adopt(
            PostgresServer.Options.in(directory.resolve("postgres"))
                .withPort(running.postgresPort()),
            postgresProcess.get());
    var keys = directory.resolve("keys");
    return Optional.of(
        new Infrastructure(
            Optional.of(nats),
            Optional.of(postgres),
            connections(
                External.none(),
                Optional.of(nats),
                Optional.of(postgres),
                passwords(keys),
                DevKeys.in(keys))));
  }

  private static <T extends DevServer> void stopStarted(CompletableFuture<Optional<T>> server) {
    server.exceptionally(failed -> Optional.empty()).join().ifPresent(DevServer::stop);
  }

  private static Optional<NatsServer> startNats(Options options, Progress progress) {
    if (options.external().natsUrl().isPresent()) {
      return Optional.empty();
    }
    var settings =
        NatsServer.Options.in(options.directory().resolve("nats"))
            .withPorts(options.natsPort(), options.natsMonitorPort());
    return Optional.of(
        timed(
            progress,
            "nats-server",
            () ->
                NatsServer.start(
                    options.lifetime() == Lifetime.DETACHED ? settings.detached() : settings)));
  }

  private static Optional<PostgresServer> startPostgres(
      Options options, Map<ServiceSchema, String> passwords, Progress progress) {
    var existing = options.external().postgresAdmin();
    var retention = RetentionClasses.of(System.getenv());
    if (existing.isPresent()) {
      progress.step("schemas", () -> Migrations.migrate(existing.get(), passwords, retention));
      return Optional.empty();
    }
    var settings =
        PostgresServer.Options.in(options.directory().resolve("postgres"))
            .withPort(options.postgresPort());
    var server =
        timed(
            progress,
            "PostgreSQL",
            () ->
                PostgresServer.start(
                    options.lifetime() == Lifetime.DETACHED ? settings.detached() : settings));
    progress.step("schemas", () -> Migrations.migrate(server.admin(), passwords, retention));
    return Optional.of(server);
  }

  private static <T> T timed(Progress progress, String step, java.util.function.Supplier<T> work) {
    var began = System.nanoTime();
    progress.started(step);
    var result = work.get();
    progress.finished(step, java.time.Duration.ofNanos(System.nanoTime() - began));
    return result;
  }

  private static Map<ServiceSchema, String> passwords(Path directory) {
    var passwords = new EnumMap<ServiceSchema, String>(ServiceSchema.class);
    for (var schema : ServiceSchema.values()) {
      var file = directory.resolve("postgres-" + schema.schema() + "-password");
      passwords.put(schema, PrivateFiles.password(file));
    }
    return passwords;
  }

  private static Connections connections(
      External external,
      Optional<NatsServer> nats,
      Optional<PostgresServer> postgres,
      Map<ServiceSchema, String> passwords,
      DevKeys keys) {
    return new Connections(
        nats.map(NatsServer::url).or(external::natsUrl).orElseThrow(),
        nats.map(NatsServer::monitorUrl).or(external::natsMonitorUrl).orElse(""),
        postgres
            .map(PostgresServer::url)
            .or(() -> external.postgresAdmin().map(Database::url))
            .orElseThrow(),
        passwords,
        keys);
  }

  public Connections connections() {
    return connections;
  }

  /** The server this started; empty when somebody else's is used. */
  public Optional<NatsServer> nats() {
    return nats;
  }

  /** The server this started; empty when somebody else's is used. */
  public Optional<PostgresServer> postgres() {
    return postgres;
  }

  @Override
  public void close() {
    nats.ifPresent(NatsServer::close);
    postgres.ifPresent(PostgresServer::close);
  }
}
