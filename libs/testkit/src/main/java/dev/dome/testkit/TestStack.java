package dev.dome.testkit;

import dev.dome.contracts.Json;
import dev.dome.devstack.Connections;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.Infrastructure;
import dev.dome.devstack.NatsServer;
import dev.dome.devstack.PostgresServer;
import dev.dome.devstack.Progress;
import dev.dome.devstack.TokenIssuer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The servers of this test JVM, started at first use and ended with it. Tests share them, so each
 * works in a namespace of its own.
 */
public final class TestStack {
  private static final String REGISTERED = "dome.testkit.infrastructure";
  private static TestStack shared;

  private final Infrastructure infrastructure;

  private TestStack(Infrastructure infrastructure) {
    this.infrastructure = infrastructure;
  }

  /**
   * The one stack of this JVM; its data and logs are below the module's {@code target/devstack}.
   */
  public static synchronized TestStack shared() {
    if (shared == null) {
      shared = new TestStack(adopted().orElseGet(TestStack::started));
    }
    return shared;
  }

  /** Quarkus gives every test profile class loaders of its own; only the JVM is the same. */
  private static Optional<Infrastructure> adopted() {
    return Optional.ofNullable(System.getProperty(REGISTERED))
        .map(json -> json.getBytes(StandardCharsets.UTF_8))
        .map(json -> Json.read(json, Infrastructure.Running.class))
        .flatMap(Infrastructure::adopt);
  }

  private static Infrastructure started() {
    var directory = Path.of("target", "devstack", Long.toString(ProcessHandle.current().pid()));
    var infrastructure =
        Infrastructure.start(Infrastructure.Options.in(directory), Progress.silent());
    System.setProperty(
        REGISTERED, new String(Json.write(infrastructure.running()), StandardCharsets.UTF_8));
    return infrastructure;
  }

  public NatsServer nats() {
    return infrastructure.nats().orElseThrow();
  }

  public PostgresServer postgres() {
    return infrastructure.postgres().orElseThrow();
  }

  public Connections connections() {
    return infrastructure.connections();
  }

  public TokenIssuer issuer() {
    return new TokenIssuer(connections().keys());
  }

  /** The service's configuration, by the names of its environment variables. */
  public Map<String, String> configurationOf(DomeService service) {
    var configuration = new TreeMap<>(connections().environmentOf(service));
    configuration.put("DOME_REPLICA_ID", service.serviceName() + "-" + UUID.randomUUID());
    configuration.put("quarkus.http.test-port", "0");
    return configuration;
  }
}
