package dev.dome.statecontroller.config;

import dev.dome.messaging.ServerGuard.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether NATS is there and fsyncs before it acknowledges, as the last housekeeping found. */
@Readiness
@ApplicationScoped
public class NatsReadiness implements HealthCheck {
  private final Replica replica;

  public NatsReadiness(Replica replica) {
    this.replica = replica;
  }

  @Override
  public HealthCheckResponse call() {
    boolean connected = replica.connected();
    Verdict verdict =
        replica
            .running()
            .filter(running -> connected)
            .map(running -> running.housekeeping().verdict())
            .orElseGet(() -> new Verdict.Unreachable("not asked without a link"));
    return HealthCheckResponse.named("nats")
        .status(connected && verdict.safe())
        .withData("connected", connected)
        .withData("durability", verdict.inWords())
        .build();
  }
}
