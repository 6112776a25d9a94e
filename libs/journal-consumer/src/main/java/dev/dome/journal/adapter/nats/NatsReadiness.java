package dev.dome.journal.adapter.nats;

import dev.dome.messaging.NatsLink;
import dev.dome.messaging.ServerGuard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready only while connected to a server that fsyncs before it acknowledges. */
@Readiness
@ApplicationScoped
public class NatsReadiness implements HealthCheck {
  private final NatsLink link;
  private final ServerGuard guard;

  @Inject
  NatsReadiness(NatsLink link, ServerGuard guard) {
    this.link = link;
    this.guard = guard;
  }

  @Override
  public HealthCheckResponse call() {
    ServerGuard.Verdict verdict = guard.check();
    return HealthCheckResponse.named("nats")
        .status(link.connected() && verdict.safe())
        .withData("connected", link.connected())
        .withData("durability", verdict.inWords())
        .build();
  }
}
