package dev.dome.devstack;

import dev.dome.migrations.ServiceSchema;
import java.nio.file.Path;
import java.util.Optional;

/** The services of this version, in the order people read about them. */
public enum DomeService {
  INGEST("ingest", 8080, null),
  STATE_CONTROLLER("state-controller", 8081, ServiceSchema.STATE_CONTROLLER),
  RETRY_SCHEDULER("retry-scheduler", 8082, ServiceSchema.RETRY_SCHEDULER),
  PROVENANCE("provenance", 8083, ServiceSchema.PROVENANCE),
  AUDIT_EXPORT("audit-export", 8084, ServiceSchema.AUDIT_EXPORT);

  private final String serviceName;
  private final int port;
  private final ServiceSchema schema;

  DomeService(String serviceName, int port, ServiceSchema schema) {
    this.serviceName = serviceName;
    this.port = port;
    this.schema = schema;
  }

  public String serviceName() {
    return serviceName;
  }

  /** The port that {@code ./dome up} gives its first replica. */
  public int localPort() {
    return port;
  }

  /** Whether it asks the state-controller for journal rows that it missed. */
  boolean consumesJournal() {
    return this != INGEST && this != STATE_CONTROLLER;
  }

  /** Where it keeps its rows, if it keeps any. */
  public Optional<ServiceSchema> schema() {
    return Optional.ofNullable(schema);
  }

  /** The build output in the repository. */
  public Path jar(Path root) {
    return root.resolve("services")
        .resolve(serviceName)
        .resolve("target/quarkus-app/quarkus-run.jar");
  }
}
