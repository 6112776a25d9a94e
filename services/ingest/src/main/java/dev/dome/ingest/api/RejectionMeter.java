package dev.dome.ingest.api;

import dev.dome.contracts.id.ReasonCode;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts refused requests by the area of their reason code, a set that clients cannot grow. */
@Singleton
final class RejectionMeter {
  private final MeterRegistry registry;

  RejectionMeter(MeterRegistry registry) {
    this.registry = registry;
  }

  void rejected(ReasonCode code) {
    String area = code.value().substring(0, code.value().indexOf('.'));
    registry.counter("dome.ingest.rejected", "class", area).increment();
  }
}
