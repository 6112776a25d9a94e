package dev.dome.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceSamplingTest {
  private static final Optional<String> COLLECTOR = Optional.of("http://collector:4317");

  private static final List<String> TRACES =
      IntStream.range(0, 1_000)
          .mapToObj(i -> "4bf92f3577b34da6" + "%016x".formatted(i * 0x9E3779B97F4A7C15L))
          .toList();

  @Test
  void nothingIsSampledWithoutAnEndpoint() {
    TraceSampling sampling = new TraceSampling(Optional.empty(), 1.0);

    assertThat(TRACES).noneMatch(sampling::sampled);
    assertThat(sampling.on()).isFalse();
  }

  @Test
  void everyTraceIsSampledAtTheWholeShare() {
    TraceSampling sampling = new TraceSampling(COLLECTOR, 1.0);

    assertThat(TRACES).allMatch(sampling::sampled);
    assertThat(sampling.on()).isTrue();
  }

  @Test
  void aShareIsSampledAndEveryServiceSamplesTheSame() {
    TraceSampling one = new TraceSampling(COLLECTOR, 0.1);
    TraceSampling other = new TraceSampling(COLLECTOR, 0.1);

    List<String> sampled = TRACES.stream().filter(one::sampled).toList();

    assertThat(sampled).hasSizeBetween(60, 140);
    assertThat(sampled).isEqualTo(TRACES.stream().filter(other::sampled).toList());
  }

  @Test
  void whatACallerPutsIntoTracestateGoesNoFurther() {
    SpanContext caller =
        SpanContext.createFromRemoteParent(
            TRACES.getFirst(),
            "00f067aa0ba902b7",
            TraceFlags.getSampled(),
            TraceState.builder().put("vendor", "anything").build());
    SdkTracerProvider tracers =
        SdkTracerProvider.builder().setSampler(new TraceSampling(COLLECTOR, 1.0)).build();

    Span span =
        tracers
            .get("test")
            .spanBuilder("GET")
            .setParent(Context.root().with(Span.wrap(caller)))
            .startSpan();

    assertThat(span.getSpanContext().getTraceId()).isEqualTo(TRACES.getFirst());
    assertThat(span.getSpanContext().getTraceState().isEmpty()).isTrue();
  }

  @Test
  void theShareOfNoneTurnsTracingOff() {
    assertThat(new TraceSampling(COLLECTOR, 0).on()).isFalse();
  }
}
