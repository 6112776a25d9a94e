package dev.dome.statecontroller.config;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Fit means: NATS is there and fsyncs, PostgreSQL renews the lanes, and pending work moves. */
@Readiness
@ApplicationScoped
public class ReplicaReadiness implements HealthCheck {
  private final Replica replica;

  public ReplicaReadiness(Replica replica) {
    this.replica = replica;
  }

  @Override
  public HealthCheckResponse call() {
    boolean connected = replica.connected();
    boolean syncs = connected && replica.housekeeping().verdict().safe();
    boolean renewing = replica.renewing();
    boolean progressing = connected && replica.progressing();
    return HealthCheckResponse.named("lanes")
        .status(connected && syncs && renewing && progressing)
        .withData("nats_connected", connected)
        .withData("nats_syncs_always", syncs)
        .withData("lanes_renewed", renewing)
        .withData("work_progresses", progressing)
        .build();
  }
}
