package dev.dome.ingest.api;

import dev.dome.ingest.application.EvidenceStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what was taken into the evidence store. */
@Singleton
final class EvidenceMeter {
  private final Counter stored;
  private final Counter repeated;
  private final Counter bytes;

  EvidenceMeter(MeterRegistry registry) {
    stored = uploads(registry, "stored");
    repeated = uploads(registry, "repeated");
    bytes =
        Counter.builder("dome.ingest.evidence.stored")
            .description("Size of what was stored")
            .baseUnit("bytes")
            .register(registry);
  }

  void stored(EvidenceStore.Kept kept) {
    if (kept.isNew()) {
      stored.increment();
      bytes.increment((double) kept.evidence().bytes());
    } else {
      repeated.increment();
    }
  }

  private static Counter uploads(MeterRegistry registry, String result) {
    return Counter.builder("dome.ingest.evidence.uploads")
        .description("Uploads whose content is in the store now")
        .tag("result", result)
        .register(registry);
  }
}
