package dev.dome.statecontroller.config;

import jakarta.enterprise.context.ApplicationScoped;
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
    boolean renewing = replica.renewing();
    boolean progressing = replica.connected() && replica.progressing();
    return HealthCheckResponse.named("lanes")
        .status(renewing && progressing)
        .withData("lanes_renewed", renewing)
        .withData("work_progresses", progressing)
        .build();
  }
}
