package dev.dome.web;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Says which process answers, so that whoever started one can tell its answer from that of another
 * process which holds the port. Always up.
 */
@Readiness
@Singleton
final class ProcessIdentity implements HealthCheck {

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("process")
        .withData("pid", ProcessHandle.current().pid())
        .up()
        .build();
  }
}
