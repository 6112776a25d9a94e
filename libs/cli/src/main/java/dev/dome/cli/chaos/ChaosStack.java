package dev.dome.cli.chaos;

import dev.dome.cli.bench.BenchStack;
import dev.dome.client.AnswerLog;
import dev.dome.client.DomeClient;
import dev.dome.client.RetryPolicy;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LaneTable;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.NatsServer;
import dev.dome.devstack.Ports;
import dev.dome.devstack.PostgresServer;
import dev.dome.devstack.ServiceJvm;
import dev.dome.devstack.ServiceProcess;
import dev.dome.devstack.TcpProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stack to be hurt: two state-controllers, disturbable links between some replicas and their
 * servers, and a file of everything that clients were answered.
 */
final class ChaosStack implements AutoCloseable {
  static final String CONTROLLER = "state-controller";

  /** Reads go to the first controller, so most faults hit the other. */
  static final String OTHER_CONTROLLER = "state-controller-1";

  static final String AUDIT = "audit-export";

  private static final List<String> LINKED = List.of(CONTROLLER, OTHER_CONTROLLER, AUDIT);

  /** Streams that fit on a small disk together. */
  private static final String STREAM_BYTES = Integer.toString(24 << 20);

  private final BenchStack bench;
  private final Map<String, Links> links;
  private final AnswerLog log;

  /** One replica's links. */
  record Links(TcpProxy nats, TcpProxy postgres) {
    private void close() {
      nats.close();
      postgres.close();
    }
  }

  private ChaosStack(BenchStack bench, Map<String, Links> links, AnswerLog log) {
    this.bench = bench;
    this.links = links;
    this.log = log;
  }

  /**
   * Starts it; every service is ready on return.
   *
   * @param settings what services are configured with besides
   */
  static ChaosStack start(Map<String, String> settings, PrintWriter progress) throws IOException {
    int natsPort = Ports.free();
    int postgresPort = Ports.free();
    Map<String, Links> links = new LinkedHashMap<>();
    LINKED.forEach(
        replica -> links.put(replica, new Links(TcpProxy.to(natsPort), TcpProxy.to(postgresPort))));
    Map<String, String> environment = new LinkedHashMap<>();
    for (String stream : List.of("INBOX", "JOURNAL", "ACCESS")) {
      environment.put("DOME_" + stream + "_MAX_BYTES", STREAM_BYTES);
    }
    environment.putAll(settings);
    try {
      BenchStack bench =
          BenchStack.start(
              options ->
                  options
                      .withJvm(ServiceJvm.SMALL)
                      .withControllers(2)
                      .withServerPorts(natsPort, 0, postgresPort)
                      .withEnvironment(environment)
                      .withEnvironmentOf(environmentOf(links)),
              progress);
      return new ChaosStack(bench, links, AnswerLog.to(bench.directory().resolve("answers.jsonl")));
    } catch (IOException | RuntimeException e) {
      links.values().forEach(Links::close);
      throw e;
    }
  }

  private static Map<String, Map<String, String>> environmentOf(Map<String, Links> links) {
    Map<String, Map<String, String>> environment = new LinkedHashMap<>();
    links.forEach((replica, both) ->
        environment.put(
            replica,
            Map.of(
                "DOME_NATS_URL",
                "nats://127.0.0.1:" + both.nats().port(),
                "DOME_PG_URL",
                "postgresql://127.0.0.1:"
                    + both.postgres().port()
                    + "/"
                    + PostgresServer.DATABASE)));
    return environment;
  }

  /** A client whose every answer is written down; the caller closes it. */
  DomeClient client(RetryPolicy tries, String... roles) {
    return bench.client(BenchStack.NAMESPACE, tries, roles).recording(log, BenchStack.PRINCIPAL);
  }

  BenchStack bench() {
    return bench;
  }

  LocalStack stack() {
    return bench.stack();
  }

  Links links(String replica) {
    return links.get(replica);
  }

  ServiceProcess service(String replica) {
    return stack().services().stream()
        .filter(process -> process.name().equals(replica))
        .findFirst()
        .orElseThrow();
  }

  ServiceProcess service(DomeService service) {
    return stack().service(service).orElseThrow();
  }

  NatsServer nats() {
    return stack().infrastructure().nats().orElseThrow();
  }

  PostgresServer postgres() {
    return stack().infrastructure().postgres().orElseThrow();
  }

  LaneTable lanes() {
    return new LaneTable(postgres().admin());
  }

  Path answers() {
    return bench.directory().resolve("answers.jsonl");
  }

  /** Where the services' logs are. */
  Path logs() {
    return bench.directory().resolve("services");
  }

  @Override
  public void close() {
    bench.close();
    links.values().forEach(Links::close);
    try {
      log.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
