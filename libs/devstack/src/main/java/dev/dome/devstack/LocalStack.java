package dev.dome.devstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** dome on one machine: servers, schemas, keys and services, in one directory. */
public final class LocalStack implements AutoCloseable {
  private final Options options;
  private final BuildClasses classes;
  private final ServicePorts ports;
  private final Infrastructure infrastructure;
  private final List<ServiceProcess> services;

  /**
   * How to run it.
   *
   * @param root of the repository whose build output runs
   * @param infrastructure holds the directory of data, keys, logs and state
   * @param apiPort of the one origin; 0 takes free ports for every service
   * @param controllers how many replicas of the state-controller
   * @param ingests how many replicas of ingest, the first of which is the one origin
   * @param services which to start
   * @param environment what services are configured with besides what this stack decides
   * @param environmentOf the same of single replicas, by their names; it outweighs the other
   * @param jvm what the services' JVMs are tuned for
   */
  public record Options(
      Path root,
      Infrastructure.Options infrastructure,
      int apiPort,
      int controllers,
      int ingests,
      List<DomeService> services,
      Map<String, String> environment,
      Map<String, Map<String, String>> environmentOf,
      ServiceJvm jvm) {

    /** Every service once, on free ports, ended with this JVM. */
    public static Options in(Path directory) {
      return new Options(
          RepoRoot.find(),
          Infrastructure.Options.in(directory),
          0,
          1,
          1,
          List.of(DomeService.values()),
          Map.of(),
          Map.of(),
          ServiceJvm.SMALL);
    }

    /** The ports people know, where they are free, and processes that outlive this JVM. */
    public static Options forPeople(Path directory, int apiPort) {
      var infrastructure =
          Infrastructure.Options.in(directory)
              .withPorts(freeOr(4222), freeOr(8222), freeOr(5432))
              .detached();
      return new Options(
          RepoRoot.find(),
          infrastructure,
          apiPort,
          1,
          1,
          List.of(DomeService.values()),
          Map.of(),
          Map.of(),
          ServiceJvm.SMALL);
    }

    public Options withControllers(int replicas) {
      return new Options(
          root,
          infrastructure,
          apiPort,
          replicas,
          ingests,
          services,
          environment,
          environmentOf,
          jvm);
    }

    public Options withIngests(int replicas) {
      return new Options(
          root,
          infrastructure,
          apiPort,
          controllers,
          replicas,
          services,
          environment,
          environmentOf,
          jvm);
    }

    public Options withServices(List<DomeService> chosen) {
      return new Options(
          root,
          infrastructure,
          apiPort,
          controllers,
          ingests,
          chosen,
          environment,
          environmentOf,
          jvm);
    }

    public Options withEnvironment(Map<String, String> settings) {
      return new Options(
          root,
          infrastructure,
          apiPort,
          controllers,
          ingests,
          services,
          settings,
          environmentOf,
          jvm);
    }

    /**
     * Configures single replicas.
     *
     * @param settings by the replica's name: the service's name, then {@code name-1} and so on
     */
    public Options withEnvironmentOf(Map<String, Map<String, String>> settings) {
      return new Options(
          root,
          infrastructure,
          apiPort,
          controllers,
          ingests,
          services,
          environment,
          settings,
          jvm);
    }

    public Options withJvm(ServiceJvm tuned) {
      return new Options(
          root,
          infrastructure,
          apiPort,
          controllers,
          ingests,
          services,
          environment,
          environmentOf,
          tuned);
    }

    /** Listens for clients of the servers where the caller chose; 0 takes a free port. */
    public Options withServerPorts(int natsClients, int natsMonitor, int postgresClients) {
      return on(infrastructure.withPorts(natsClients, natsMonitor, postgresClients));
    }

    public Options using(Infrastructure.External servers) {
      return on(infrastructure.using(servers));
    }

    private Options on(Infrastructure.Options servers) {
      return new Options(
          root, servers, apiPort, controllers, ingests, services, environment, environmentOf, jvm);
    }

    Path directory() {
      return infrastructure.directory();
    }

    private static int freeOr(int preferred) {
      return Ports.isFree(preferred) ? preferred : 0;
    }
  }

  private LocalStack(
      Options options,
      BuildClasses classes,
      ServicePorts ports,
      Infrastructure infrastructure,
      List<ServiceProcess> services) {
    this.options = options;
    this.classes = classes;
    this.ports = ports;
    this.infrastructure = infrastructure;
    this.services = List.copyOf(services);
  }

  /**
   * Starts everything; every service is ready on return.
   *
   * @throws DevstackException when something cannot be had or started; what was started is stopped
   */
  public static LocalStack start(Options options, Progress progress) {
    return StartLock.during(options.directory(), () -> started(options, progress));
  }

  private static LocalStack started(Options options, Progress progress) {
    var ports = ServicePorts.of(options);
    var classes = BuildClasses.of(options.root(), Cache.ofThisMachine());
    if (options.infrastructure().lifetime() == Lifetime.DETACHED) {
      classes.deleteOlder();
    }
    classes.makeArchives(progress);
    var infrastructure = Infrastructure.start(options.infrastructure(), progress);
    var started = new ArrayList<ServiceProcess>();
    try {
      for (var service : ports.replicas()) {
        started.add(
            ServiceProcess.launched(process(options, classes, ports, service, infrastructure)));
      }
      var stack = new LocalStack(options, classes, ports, infrastructure, started);
      // Before the services are ready, so that whoever interrupts the start can still stop them.
      stack.state().write(options.directory());
      awaitAll(started, progress);
      return stack;
    } catch (RuntimeException e) {
      started.reversed().forEach(ServiceProcess::close);
      infrastructure.close();
      StackState.forget(options.directory());
      throw e;
    }
  }

  private static ServiceProcess.Options process(
      Options options,
      BuildClasses classes,
      ServicePorts ports,
      ServicePorts.Replica replica,
      Infrastructure infrastructure) {
    var environment = new TreeMap<>(infrastructure.connections().environmentOf(replica.service()));
    environment.put("DOME_REPLICA_ID", replica.name());
    environment.putAll(ports.environment());
    if (replica.service().consumesJournal()) {
      var token = ServiceToken.issued(infrastructure.connections().keys(), replica.service());
      environment.put("DOME_STATE_CONTROLLER_TOKEN_FILE", token.toString());
    }
    environment.putAll(options.environment());
    environment.putAll(options.environmentOf().getOrDefault(replica.name(), Map.of()));
    return new ServiceProcess.Options(
        replica.name(),
        replica.service(),
        classes.of(replica.service()),
        replica.port(),
        environment,
        options.directory().resolve("services").resolve(replica.name()),
        options.infrastructure().lifetime(),
        options.jvm());
  }

  private static void awaitAll(List<ServiceProcess> services, Progress progress) {
    atOnce(services, service -> progress.step(service.name(), service::awaitReady));
  }

  /** One thread each: on a small machine the common pool has only one. */
  private static <T> void atOnce(List<T> items, Consumer<T> work) {
    var running =
        items.stream()
            .map(item ->
                CompletableFuture.runAsync(
                    () -> work.accept(item), task -> Thread.ofVirtual().start(task)))
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(running).join();
    } catch (CompletionException e) {
      throw new DevstackException(e.getCause().getMessage(), e.getCause());
    }
  }

  /**
   * Returns when every service of a running stack says it is ready; at once, unless it was started
   * a moment ago.
   *
   * @throws DevstackException when one ends or takes too long
   */
  public static void awaitReady(StackState state, Progress progress) {
    atOnce(
        state.members().stream()
            .filter(StackState.Member::isService)
            .filter(member -> !member.health().equals(StackState.READY))
            .toList(),
        member -> progress.step(member.name(), () -> awaitReady(member)));
  }

  private static void awaitReady(StackState.Member member) {
    var deadline = System.nanoTime() + ServiceProcess.START_LIMIT.toNanos();
    while (!member.health().equals(StackState.READY)) {
      if (!member.runs() || System.nanoTime() > deadline) {
        throw new DevstackException(
            member.name() + " runs but does not become ready; see " + member.log());
      }
      Pause.ofMs(50);
    }
  }

  /**
   * Starts the services again as often as it takes to have archives of all their classes, which
   * makes later starts cheaper. Returns when they are ready.
   */
  public void keepClasses() {
    // First the libraries', then on top of it each service's own.
    for (int layer = 0; layer < 2 && !classes.areArchived(); layer++) {
      atOnce(services, ServiceProcess::stop);
      classes.makeArchives(Progress.silent());
      atOnce(services, ServiceProcess::restart);
    }
  }

  /** Stops the processes that the directory remembers, services before their servers. */
  public static void stop(Path directory, StackState state, Progress progress) {
    var byKind =
        state.members().stream().collect(Collectors.partitioningBy(StackState.Member::isService));
    for (var kind : List.of(byKind.get(true), byKind.get(false))) {
      atOnce(kind, member -> member.process().ifPresent(end -> stop(member, end, progress)));
    }
    StackState.forget(directory);
  }

  private static void stop(StackState.Member member, ChildProcess process, Progress progress) {
    var why =
        ServiceClasses.isLeftBy(process.arguments())
            ? ", which leaves its classes for the next"
            : "";
    progress.step(
        "stop " + member.name() + why,
        () -> process.stop(member.stopSignal(), DevServer.STOP_GRACE));
  }

  /** Deletes data, keys and logs of a stopped stack; the cache of fetched programs stays. */
  public static void forget(Path directory) {
    for (var part : List.of("nats", "postgres", "keys", "services", "evidence", "log")) {
      PrivateFiles.deleteTree(directory.resolve(part));
    }
  }

  public StackState state() {
    var members = new ArrayList<StackState.Member>();
    var connections = infrastructure.connections();
    infrastructure
        .nats()
        .ifPresent(server -> members.add(StackState.Member.of(server, server.url())));
    infrastructure
        .postgres()
        .ifPresent(server -> members.add(StackState.Member.of(server, server.url())));
    services.forEach(service -> members.add(StackState.Member.of(service, service.url())));
    return new StackState(
        service(DomeService.INGEST).map(ingest -> apiUrl()).orElse(""),
        connections.natsUrl(),
        connections.natsMonitorUrl(),
        connections.postgresUrl(),
        members);
  }

  public Infrastructure infrastructure() {
    return infrastructure;
  }

  public Connections connections() {
    return infrastructure.connections();
  }

  public TokenIssuer issuer() {
    return new TokenIssuer(connections().keys());
  }

  /** Base address of the one origin. */
  public String apiUrl() {
    return "http://localhost:" + service(DomeService.INGEST).orElseThrow().port();
  }

  /** Every service process, in the order they started. */
  public List<ServiceProcess> services() {
    return services;
  }

  /** The first replica of the service. */
  public Optional<ServiceProcess> service(DomeService service) {
    return replica(service, 0);
  }

  /** A replica by its number, from 0. */
  public Optional<ServiceProcess> replica(DomeService service, int number) {
    var name = ServicePorts.replicaName(service, number);
    return services.stream().filter(process -> process.name().equals(name)).findFirst();
  }

  /**
   * Starts one more replica of a service, on a free port and ready on return. Nothing is sent to it
   * by its address, and it is the caller's to close before the stack.
   */
  public ServiceProcess another(DomeService service) {
    var name = service.serviceName() + "-another";
    var replica = new ServicePorts.Replica(service, name, Ports.free());
    return ServiceProcess.start(process(options, classes, ports, replica, infrastructure));
  }

  @Override
  public void close() {
    services.reversed().forEach(ServiceProcess::close);
    infrastructure.close();
  }
}
