package dev.dome.web.identity;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that the keys of every trusted issuer were read, and not too long ago. */
@Readiness
@Singleton
final class IssuerReadiness implements HealthCheck {
  private final TrustedIssuers issuers;

  IssuerReadiness(TrustedIssuers issuers) {
    this.issuers = issuers;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("issuer-keys").status(issuers.ready()).build();
  }
}
