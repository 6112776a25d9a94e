package dev.dome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.cli.admin.StreamRebuild;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.client.Result;
import dev.dome.client.Worker;
import dev.dome.client.model.RunStatus;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.Infrastructure;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.NatsServer;
import dev.dome.devstack.Ports;
import dev.dome.devstack.PostgresServer;
import dev.dome.devstack.Progress;
import dev.dome.migrations.Database;
import dev.dome.migrations.ServiceSchema;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * dome on servers as a cluster has them: NATS with the users of k8s/base/nats/users.conf, NATS,
 * PostgreSQL and every service with TLS, passwords in files. A stack of its own, because the
 * suite's has none of it.
 */
class SecuredServersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PASSWORD = "a-password-of-a-test";

  /** Of every connection of a service: encrypted or not. */
  private static final String PLAIN =
      "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
          + " WHERE usename LIKE 'dome\\_%' AND usename <> 'dome_admin' AND ssl = ";

  /** Where each service has TLS; its plain port is for probes and scrapes. */
  private static final Map<DomeService, Integer> TLS_PORTS = new EnumMap<>(DomeService.class);

  private static Certificates certificates;
  private static NatsServer nats;
  private static PostgresServer postgres;
  private static LocalStack stack;

  @BeforeAll
  static void start() throws Exception {
    Path directory = Files.createTempDirectory("dome-secured");
    certificates = Certificates.in(directory.resolve("tls"));
    Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    nats = startNats(directory.resolve("nats"), certificates);
    postgres = startPostgres(directory.resolve("postgres"), certificates);
    for (ServiceSchema schema : ServiceSchema.values()) {
      Path own =
          directory.resolve("stack/keys").resolve("postgres-" + schema.schema() + "-password");
      Files.createDirectories(own.getParent());
      Files.writeString(own, PASSWORD);
    }
    LocalStack.Options options =
        LocalStack.Options.in(directory.resolve("stack"))
            .using(
                new Infrastructure.External(
                    Optional.of(nats.url().replace("nats://", "tls://")),
                    Optional.of(nats.monitorUrl()),
                    Optional.of(postgres.admin().verifiedBy(certificates.certificate()))))
            .withEnvironment(environment(password));
    Map<String, Map<String, String>> ports = new TreeMap<>();
    TLS_PORTS.forEach((service, port) ->
        ports.put(service.serviceName(), Map.of("QUARKUS_HTTP_SSL_PORT", port.toString())));
    stack = LocalStack.start(options.withEnvironmentOf(ports), Progress.silent());
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (nats != null) {
      nats.close();
    }
  }

  private static NatsServer startNats(Path directory, Certificates certificates) throws Exception {
    Path users = Path.of(System.getProperty("dome.root"), "k8s/base/nats/users.conf");
    // Beside each other, as the ConfigMap and the Secret are mounted.
    Files.createDirectories(directory.resolve("config"));
    Files.copy(users, directory.resolve("config/users.conf"));
    Files.createDirectories(directory.resolve("secrets"));
    Files.writeString(directory.resolve("secrets/passwords.conf"), passwords());
    String tls =
        "tls { cert_file: \"%s\", key_file: \"%s\", timeout: 5 }"
            .formatted(certificates.certificate(), certificates.key());
    return NatsServer.start(
        NatsServer.Options.in(directory).withConfig("include \"config/users.conf\"\n" + tls));
  }

  private static String passwords() {
    StringBuilder text = new StringBuilder();
    for (String user :
        List.of("INGEST", "STATE_CONTROLLER", "RETRY_SCHEDULER", "PROVENANCE", "AUDIT_EXPORT")) {
      text.append(user).append("_PASSWORD: \"").append(PASSWORD).append("\"\n");
    }
    return text.toString();
  }

  private static PostgresServer startPostgres(Path directory, Certificates certificates)
      throws SQLException {
    PostgresServer server = PostgresServer.start(PostgresServer.Options.in(directory));
    Database admin = server.admin();
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET ssl_cert_file = '" + certificates.certificate() + "'");
      statement.execute("ALTER SYSTEM SET ssl_key_file = '" + certificates.key() + "'");
      statement.execute("ALTER SYSTEM SET ssl = on");
      statement.execute("SELECT pg_reload_conf()");
    }
    return server;
  }

  /** As k8s/components/tls sets it. */
  private static Map<String, String> environment(Path password) {
    Map<String, String> environment = new TreeMap<>();
    for (DomeService service : DomeService.values()) {
      TLS_PORTS.put(service, Ports.free());
      String name = service.serviceName().toUpperCase(Locale.ROOT).replace('-', '_');
      if (service != DomeService.INGEST) {
        environment.put("DOME_" + name + "_URL", url(service).toString());
      }
    }
    environment.put("DOME_SERVICES_CA_FILE", certificates.certificate().toString());
    environment.put("QUARKUS_HTTP_SSL_CERTIFICATE_FILES", certificates.certificate().toString());
    environment.put("QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES", certificates.key().toString());
    environment.put("DOME_NATS_PASSWORD_FILE", password.toString());
    environment.put("DOME_NATS_TRUST_STORE_FILE", certificates.trustStore().toString());
    environment.put(
        "DOME_NATS_TRUST_STORE_PASSWORD_FILE", certificates.trustStorePassword().toString());
    environment.put("DOME_PG_PASSWORD", "not the password: the file wins");
    environment.put("DOME_PG_PASSWORD_FILE", password.toString());
    environment.put("QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE", "verify-full");
    environment.put("QUARKUS_DATASOURCE_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM", "HTTPS");
    environment.put("QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM", "true");
    environment.put(
        "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS",
        certificates.certificate().toString());
    return environment;
  }

  private static DomeClient client(String subject, String... roles) {
    return clientIn(Suite.NAMESPACE, subject, roles);
  }

  private static DomeClient clientIn(String namespace, String subject, String... roles) {
    String token =
        stack.issuer().mint(subject, Map.of(namespace, List.of(roles)), Duration.ofHours(1));
    try {
      return DomeClient.of(url(DomeService.INGEST), namespace, () -> token)
          .trusting(certificates.certificate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI url(DomeService service) {
    return URI.create("https://127.0.0.1:" + TLS_PORTS.get(service));
  }

  @Test
  void everyServiceDoesItsWorkWithTheSubjectsItsUserHas() throws Exception {
    long violations = violations();
    String queue = Documents.freshId("q");
    String runId = Documents.freshId("run");
    AtomicInteger attempts = new AtomicInteger();
    try (DomeClient client = client("driver", "submitter", "worker", "auditor");
        Worker worker =
            Worker.on(
                    queue,
                    task ->
                        attempts.getAndIncrement() == 0
                            ? Result.retry("TRANSIENT.NETWORK")
                            : Result.pass())
                .start(client)) {
      client.submit(Documents.chain(runId, queue, 2));

      await().atMost(PATIENCE).until(() -> client.run(runId).status() == RunStatus.PROMOTED);
      worker.drain();
      int rows = Histories.assertReplays(client, runId).size();
      await()
          .atMost(PATIENCE)
          .until(() -> client.readIfPresent("runs/" + runId + "/manifest").isPresent());
      await()
          .atMost(PATIENCE)
          .until(() -> audited(client, Map.of("kind", "JOURNAL", "run_id", runId)) == rows);
      await().atMost(PATIENCE).until(() -> audited(client, Map.of("kind", "ACCESS")) > 0);
      // One is read by each way from service to service, all of which are https here.
      assertThat(client.read("dead-letters", Map.of()).path("items")).isEmpty();
      assertThat(client.replay(runId).path("result").asText()).isEqualTo("MATCH");
      await().atMost(PATIENCE).until(SecuredServersTest::inboxIsTrimmed);
    }
    assertTheJournalIsPublishedAgain();

    assertThat(violations()).isEqualTo(violations);
    assertThat(number(PLAIN + "true")).isPositive();
    assertThat(number(PLAIN + "false")).isZero();
  }

  @Test
  void theCommandLineTrustsTheFileThatItIsGivenAndNoOther(@TempDir Path directory)
      throws Exception {
    String token =
        stack
            .issuer()
            .mint("ada", Map.of(Suite.NAMESPACE, List.of("auditor")), Duration.ofHours(1));
    Map<String, String> environment = Map.of("DOME_TOKEN", token);
    List<String> runs =
        List.of("run", "list", "--server", url(DomeService.INGEST).toString(), "-o", "json");
    Path other = Certificates.in(directory.resolve("other")).certificate();

    Dome.Ended trusting = Dome.run(directory, environment, with(runs, certificates.certificate()));
    Dome.Ended unsure = Dome.run(directory, environment, runs.toArray(String[]::new));
    Dome.Ended deceived = Dome.run(directory, environment, with(runs, other));

    assertThat(trusting.exitCode()).as(trusting.output()).isZero();
    assertThat(unsure.exitCode()).as(unsure.output()).isNotZero();
    assertThat(deceived.exitCode()).as(deceived.output()).isNotZero();
  }

  private static String[] with(List<String> command, Path caFile) {
    return Stream.concat(command.stream(), Stream.of("--ca-file", caFile.toString()))
        .toArray(String[]::new);
  }

  /** What {@code ./dome admin rebuild-streams} does. */
  private static void assertTheJournalIsPublishedAgain() {
    try (DomeClient operator = clientIn(ServerOption.SYSTEM_NAMESPACE, "olga", "operator")) {
      List<StreamRebuild.LaneProgress> lanes =
          StreamRebuild.begin(operator, 0, List.of()).follow(PATIENCE, progress -> {});
      assertThat(lanes).isNotEmpty().allMatch(StreamRebuild.LaneProgress::done);
      assertThat(lanes).anyMatch(lane -> lane.position() > 0);
    }
  }

  /** How often nats-server refused somebody a subject so far. */
  private static long violations() throws IOException {
    return Files.readString(nats.log()).lines().filter(line -> line.contains("Violation")).count();
  }

  private static long audited(DomeClient auditor, Map<String, String> filter) {
    Map<String, String> parameters = new TreeMap<>(filter);
    parameters.put("page_size", "200");
    return auditor.read("audit/records", parameters).path("items").size();
  }

  /** Whether the one user who may purge has done so. */
  private static boolean inboxIsTrimmed() throws Exception {
    Connection controller = connect("state-controller", new CopyOnWriteArrayList<>());
    try {
      var inbox = controller.jetStreamManagement().getStreamInfo("DOME_INBOX");
      return inbox.getStreamState().getMsgCount() == 0;
    } finally {
      controller.close();
    }
  }

  @Test
  void nobodyHearsOthersAnswersOrRemovesWhatIsStored() throws Exception {
    List<String> errors = new CopyOnWriteArrayList<>();
    Connection provenance = connect("provenance", errors);
    try {
      provenance.subscribe("_INBOX.ingest.>");
      provenance.subscribe("dome.heartbeats.*");
      provenance.publish("$JS.API.STREAM.DELETE.DOME_JOURNAL", new byte[0]);
      provenance.publish("$JS.API.STREAM.PURGE.DOME_JOURNAL", new byte[0]);
      provenance.publish("dome.journal.0", new byte[0]);
      provenance.publish("dome.inbox.0", new byte[0]);

      await().atMost(PATIENCE).until(() -> errors.size() == 6);
      assertThat(errors).allMatch(error -> error.contains("Permissions Violation"));
    } finally {
      provenance.close();
    }
  }

  private static Connection connect(String user, List<String> errors) throws Exception {
    return Nats.connect(
        new Options.Builder()
            .server(nats.url().replace("nats://", "tls://"))
            .userInfo(user, PASSWORD)
            .inboxPrefix("_INBOX." + user)
            .truststorePath(stackTrust().toString())
            .truststorePassword("of-a-test".toCharArray())
            .errorListener(
                new ErrorListener() {
                  @Override
                  public void errorOccurred(Connection connection, String error) {
                    errors.add(error);
                  }
                })
            .build());
  }

  private static Path stackTrust() {
    return nats.log().getParent().resolveSibling("tls/truststore.p12");
  }

  private static long number(String query) throws SQLException {
    Database admin = postgres.admin();
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
