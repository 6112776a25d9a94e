package dev.dome.ingest.api;

import dev.dome.contracts.id.ReasonCode;
import dev.dome.web.edge.RefusedAtEdge;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Counts refused requests by the area of their reason code, a set that clients cannot grow. */
@Singleton
final class RejectionMeter {
  private final MeterRegistry registry;

  RejectionMeter(MeterRegistry registry) {
    this.registry = registry;
  }

  void refusedAtEdge(@Observes RefusedAtEdge refused) {
    rejected(refused.code());
  }

  void rejected(ReasonCode code) {
    String area = code.value().substring(0, code.value().indexOf('.'));
    Counter.builder("dome.ingest.rejected")
        .description("Refused requests, by the area of their reason code")
        .tag("class", area)
        .register(registry)
        .increment();
  }
}
