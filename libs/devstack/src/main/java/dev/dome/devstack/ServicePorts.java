package dev.dome.devstack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which replicas run, on which ports, and how they find each other. */
record ServicePorts(List<Replica> replicas) {

  record Replica(DomeService service, String name, int port) {}

  static ServicePorts of(LocalStack.Options options) {
    var replicas = new ArrayList<Replica>();
    for (var service : options.services()) {
      for (var number = 0; number < count(options, service); number++) {
        replicas.add(
            new Replica(
                service, replicaName(service, number), port(options.apiPort(), service, number)));
      }
    }
    return new ServicePorts(replicas);
  }

  private static int count(LocalStack.Options options, DomeService service) {
    return switch (service) {
      case STATE_CONTROLLER -> options.controllers();
      case INGEST -> options.ingests();
      case RETRY_SCHEDULER, PROVENANCE, AUDIT_EXPORT -> 1;
    };
  }

  /** The first replica has the service's name, the next {@code name-1}. */
  static String replicaName(DomeService service, int number) {
    return number == 0 ? service.serviceName() : service.serviceName() + "-" + number;
  }

  private static int port(int apiPort, DomeService service, int number) {
    if (apiPort == 0) {
      return Ports.free();
    }
    if (service == DomeService.INGEST && number == 0) {
      if (!Ports.isFree(apiPort)) {
        throw new DevstackException(
            "port " + apiPort + " is taken: choose another one with ./dome up --port");
      }
      return apiPort;
    }
    return number == 0 && Ports.isFree(service.localPort()) ? service.localPort() : Ports.free();
  }

  /** The address of each service's first replica, as {@code DOME_<SERVICE>_URL}. */
  Map<String, String> environment() {
    var environment = new TreeMap<String, String>();
    for (var replica : replicas) {
      environment.putIfAbsent(
          "DOME_" + replica.service().name() + "_URL", "http://127.0.0.1:" + replica.port());
    }
    return environment;
  }
}
