package dev.dome.cli.chaos;

import dev.dome.cli.chaos.Fault.Outcome;
import dev.dome.cli.chaos.Fault.Outcome.Played;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.DevServer;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.ServiceProcess;
import dev.dome.devstack.TcpProxy;
import dev.dome.devstack.TcpProxy.Flow;
import dev.dome.messaging.CoreMessages;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Every fault there is. */
final class Faults {
  /** Beyond the term of a lane, five seconds, with a renewal just before. */
  private static final Duration BEYOND_A_LEASE = Duration.ofSeconds(7);

  /** JetStream's own API, which none of dome's users may call. */
  private static final String DELETE_STREAM = "$JS.API.STREAM.DELETE.";

  private static final Duration DELETE_AT_MOST = Duration.ofSeconds(5);
  private static final byte[] NOTHING = {};

  /** Their mirror images are played; six minutes are not enough for all. */
  private static final Set<String> LONG_ONLY = Set.of("nats-mute", "postgres-deaf");

  private Faults() {}

  /** Those that a short run plays. */
  static List<Fault> brief() {
    return all().stream().filter(fault -> !LONG_ONLY.contains(fault.name())).toList();
  }

  /** In the order in which they are played. */
  static List<Fault> all() {
    return List.of(
        kill("kill-ingest", DomeService.INGEST),
        new Fault(
            "kill-controller",
            "kill -9 of a state-controller, whose lanes go to the other",
            scene -> ownerKilled(scene, ChaosStack.OTHER_CONTROLLER)),
        kill("kill-scheduler", DomeService.RETRY_SCHEDULER),
        kill("kill-provenance", DomeService.PROVENANCE),
        kill("kill-audit", DomeService.AUDIT_EXPORT),
        killServer("kill-nats", "nats-server", ChaosStack::nats),
        killServer("kill-postgres", "PostgreSQL", ChaosStack::postgres),
        new Fault(
            "stop-controller",
            "SIGSTOP of a state-controller beyond its lease, then SIGCONT",
            Faults::ownerStopped),
        natsLink("nats-partition", "both ways", proxy -> proxy.let(Flow.NEITHER_WAY)),
        natsLink("nats-deaf", "answers lost", proxy -> proxy.let(Flow.TO_SERVER_ONLY)),
        natsLink("nats-mute", "requests lost", proxy -> proxy.let(Flow.TO_CLIENT_ONLY)),
        natsLink("nats-half-open", "half-open", TcpProxy::forgetConnections),
        postgresLink("postgres-partition", "both ways", proxy -> proxy.let(Flow.NEITHER_WAY)),
        postgresLink("postgres-deaf", "answers lost", proxy -> proxy.let(Flow.TO_SERVER_ONLY)),
        postgresLink("postgres-mute", "requests lost", proxy -> proxy.let(Flow.TO_CLIENT_ONLY)),
        postgresLink("postgres-half-open", "half-open", TcpProxy::forgetConnections),
        new Fault(
            "slow-postgres",
            "PostgreSQL answers the state-controllers 100 ms late",
            SlowServers::postgresOfControllers),
        new Fault(
            "slow-audit",
            "NATS and PostgreSQL answer audit-export 100 ms late",
            SlowServers::serversOfAudit),
        new Fault("lose-journal", "DOME_JOURNAL is deleted", Faults::journalDeleted),
        new Fault("disk-full", "the disk of nats-server is full", FullDisk::play),
        new Fault("overload", "five times the submissions that are taken", Overload::play));
  }

  private static Fault kill(String name, DomeService service) {
    return new Fault(
        name,
        "kill -9 of " + service.serviceName(),
        scene -> killed(scene, scene.stack().service(service)));
  }

  private static Fault killServer(
      String name, String what, Function<ChaosStack, DevServer> server) {
    return new Fault(
        name, "kill -9 of " + what, scene -> killed(scene, server.apply(scene.stack())));
  }

  private static Outcome killed(Scene scene, DevServer victim) throws Exception {
    long struck = System.nanoTime();
    victim.kill();
    victim.restart();
    return Played.recovered(scene.recovery(struck));
  }

  private static Outcome ownerKilled(Scene scene, String victim) throws Exception {
    ServiceProcess process = scene.stack().service(victim);
    long struck = System.nanoTime();
    process.kill();
    try {
      return Played.tookOver(scene.takeover(victim, struck), scene.service(struck));
    } finally {
      process.restart();
      scene.awaitReady();
    }
  }

  private static Outcome ownerStopped(Scene scene) throws Exception {
    ServiceProcess process = scene.stack().service(ChaosStack.OTHER_CONTROLLER);
    long struck = System.nanoTime();
    process.pause();
    double takeover;
    long resumed;
    try {
      takeover = scene.takeover(ChaosStack.OTHER_CONTROLLER, struck);
      scene.hold(Duration.ofSeconds(2));
    } finally {
      resumed = System.nanoTime();
      process.resume();
    }
    return Played.tookOver(takeover, scene.recovery(resumed));
  }

  private static Fault natsLink(String name, String how, Consumer<TcpProxy> disturb) {
    return new Fault(
        name,
        "a state-controller's link to NATS, " + how,
        scene ->
            linkDisturbed(scene, scene.stack().links(ChaosStack.OTHER_CONTROLLER).nats(), disturb));
  }

  private static Fault postgresLink(String name, String how, Consumer<TcpProxy> disturb) {
    return new Fault(
        name,
        "a state-controller's link to PostgreSQL, " + how,
        scene ->
            linkDisturbed(
                scene, scene.stack().links(ChaosStack.OTHER_CONTROLLER).postgres(), disturb));
  }

  private static Outcome linkDisturbed(Scene scene, TcpProxy link, Consumer<TcpProxy> disturb)
      throws Exception {
    long healed;
    disturb.accept(link);
    try {
      scene.hold(BEYOND_A_LEASE);
    } finally {
      healed = System.nanoTime();
      link.heal();
    }
    return Played.recovered(scene.recovery(healed));
  }

  private static Outcome journalDeleted(Scene scene) throws Exception {
    long struck = System.nanoTime();
    String url = scene.stack().stack().connections().natsUrl();
    try (NatsLink link = NatsLink.open(LinkOptions.of(url, "dome-chaos"))) {
      CoreMessages.Answer answer =
          link.core()
              .request(DELETE_STREAM + Subjects.JOURNAL_STREAM, NOTHING, DELETE_AT_MOST, null)
              .get();
      if (!(answer instanceof CoreMessages.Answer.Replied)) {
        throw new IllegalStateException("the stream was not deleted: " + answer);
      }
    }
    return Played.recovered(scene.recovery(struck));
  }
}
