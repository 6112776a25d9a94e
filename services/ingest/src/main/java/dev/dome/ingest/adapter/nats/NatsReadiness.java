package dev.dome.ingest.adapter.nats;

import dev.dome.messaging.ServerGuard;
import dev.dome.messaging.ServerGuard.Verdict;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means that a write can be accepted and that accepted means fsynced: the link is up and the
 * server syncs before it acknowledges.
 */
@Readiness
@Singleton
final class NatsReadiness implements HealthCheck {
  private final NatsGateway gateway;
  private final ServerGuard guard;

  NatsReadiness(NatsGateway gateway, ServerGuard guard) {
    this.gateway = gateway;
    this.guard = guard;
  }

  @Override
  public HealthCheckResponse call() {
    boolean connected = gateway.connected();
    Verdict verdict =
        connected ? guard.check() : new Verdict.Unreachable("not asked without a link");
    return HealthCheckResponse.named("nats")
        .withData("connected", connected)
        .withData("durability", verdict.inWords())
        .status(connected && verdict.safe())
        .build();
  }
}
