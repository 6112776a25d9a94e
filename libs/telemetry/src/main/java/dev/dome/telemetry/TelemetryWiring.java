package dev.dome.telemetry;

import dev.dome.security.PatternRedactor;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;

/** What the tracer of every service is made with. */
@Singleton
final class TelemetryWiring {

  @Produces
  @Singleton
  @Unremovable
  @Typed({Sampler.class, TraceSampling.class})
  TraceSampling sampling(TelemetryConfig config) {
    return new TraceSampling(config.otlpEndpoint(), config.traceRatio());
  }

  @Produces
  @Singleton
  @Unremovable
  IdGenerator spanIds() {
    return new DerivedSpanIds();
  }

  @Produces
  @Singleton
  @Unremovable
  SpanProcessor redaction() {
    return new RedactedSpans(PatternRedactor.standard());
  }

  @Produces
  @Singleton
  Tracing tracing(Tracer tracer, TraceSampling sampling) {
    return new Tracing(tracer, sampling);
  }
}
