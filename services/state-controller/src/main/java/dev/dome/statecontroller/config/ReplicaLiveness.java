package dev.dome.statecontroller.config;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive means: the lane writer makes turns, whatever they come to. What is away outside is no
 * matter of this; a thread that has ended, or stands still, only a new process mends.
 */
@Liveness
@ApplicationScoped
public class ReplicaLiveness implements HealthCheck {
  private final Replica replica;

  public ReplicaLiveness(Replica replica) {
    this.replica = replica;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("lane-writer")
        .status(replica.running().map(Running::writing).orElse(true))
        .build();
  }
}
