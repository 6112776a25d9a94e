package dev.dome.devstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One of dome's services, run from its build output as a JVM of its own. */
public final class ServiceProcess extends DevServer {
  static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final Options options;

  /**
   * How to run it.
   *
   * @param name of the process; its log is {@code <name>.log}
   * @param classes of the service
   * @param port of HTTP
   * @param environment what the service is configured with
   * @param directory of the log
   */
  public record Options(
      String name,
      DomeService service,
      ServiceClasses classes,
      int port,
      Map<String, String> environment,
      Path directory,
      Lifetime lifetime,
      ServiceJvm jvm) {
    boolean isFirstReplica() {
      return name.equals(ServicePorts.replicaName(service, 0));
    }
  }

  private ServiceProcess(Options options) {
    super(options.name(), options.directory().resolve(options.name() + ".log"), options.lifetime());
    this.options = options;
  }

  /** Starts it and returns when it says it is ready. */
  public static ServiceProcess start(Options options) {
    var service = launched(options);
    service.awaitReady();
    return service;
  }

  /** Starts it and returns at once; {@link #awaitReady()} waits. */
  public static ServiceProcess launched(Options options) {
    PrivateFiles.directory(options.directory());
    var service = new ServiceProcess(options);
    service.launch();
    return service;
  }

  /**
   * Returns when the service says it is ready.
   *
   * @throws DevstackException with its last log lines when it ends or takes too long
   */
  public void awaitReady() {
    awaitServing();
  }

  public String url() {
    return "http://127.0.0.1:" + options.port();
  }

  public int port() {
    return options.port();
  }

  @Override
  List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JvmFlags.of(options));
    command.addAll(options.classes().program());
    return command;
  }

  @Override
  Map<String, String> environment() {
    var environment = new TreeMap<>(options.environment());
    environment.put("DOME_HTTP_PORT", Integer.toString(options.port()));
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(options.port()));
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    return environment;
  }

  @Override
  boolean isServing() {
    return ServiceHealth.ready(url(), pid());
  }

  @Override
  Duration startLimit() {
    return START_LIMIT;
  }

  @Override
  String stopSignal() {
    return "TERM";
  }
}
