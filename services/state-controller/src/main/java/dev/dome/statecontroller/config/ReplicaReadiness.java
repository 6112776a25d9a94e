package dev.dome.statecontroller.config;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
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
    Optional<Running> running = replica.running();
    boolean syncs = connected && running.map(r -> r.housekeeping().verdict().safe()).orElse(false);
    boolean renewing = running.map(Running::renewing).orElse(false);
    boolean writing = running.map(Running::writing).orElse(false);
    boolean progressing = connected && running.map(Running::progressing).orElse(false);
    return HealthCheckResponse.named("lanes")
        .status(connected && syncs && renewing && writing && progressing)
        .withData("nats_connected", connected)
        .withData("nats_syncs_always", syncs)
        .withData("lanes_renewed", renewing)
        .withData("writer_turns", writing)
        .withData("work_progresses", progressing)
        .build();
  }
}
