package dev.dome.statecontroller.config;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether PostgreSQL renews the lanes and pending work moves. */
@Readiness
@ApplicationScoped
public class ReplicaReadiness implements HealthCheck {
  private final Replica replica;

  public ReplicaReadiness(Replica replica) {
    this.replica = replica;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<Running> running = replica.running();
    boolean renewing = running.map(Running::renewing).orElse(false);
    boolean writing = running.map(Running::writing).orElse(false);
    boolean progressing = replica.connected() && running.map(Running::progressing).orElse(false);
    return HealthCheckResponse.named("lanes")
        .status(renewing && writing && progressing)
        .withData("lanes_renewed", renewing)
        .withData("writer_turns", writing)
        .withData("work_progresses", progressing)
        .build();
  }
}
