package dev.dome.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TracingTest {
  private static final String SAMPLED = "4bf92f3577b34da60000000000000001";
  private static final String SAMPLED_TOO = "4bf92f3577b34da60000000000000002";
  private static final String NOT_SAMPLED = "4bf92f3577b34da67fffffffffffffff";

  private final TraceSampling sampling = new TraceSampling(Optional.of("http://collector"), 0.001);
  private final Tracing tracing =
      new Tracing(
          SdkTracerProvider.builder()
              .setSampler(sampling)
              .setIdGenerator(new DerivedSpanIds())
              .build()
              .get("test"),
          sampling);

  @Test
  void workOfSeveralTracesIsInTheFirstSampledOneAndLinkedToTheOthers() {
    Stream<SpanContext> causes = Stream.of(at(NOT_SAMPLED), at(SAMPLED), at(SAMPLED_TOO));

    SpanData joint =
        data(tracing.joint(causes, "batch", SpanKind.CONSUMER).orElseThrow().startSpan());

    assertThat(joint.getTraceId()).isEqualTo(SAMPLED);
    assertThat(joint.getParentSpanId()).isEqualTo(at(SAMPLED).getSpanId());
    assertThat(joint.getLinks())
        .extracting(LinkData::getSpanContext)
        .containsExactly(at(SAMPLED_TOO));
  }

  @Test
  void workOfTracesThatAreNotSampledHasNoSpan() {
    assertThat(tracing.joint(Stream.of(at(NOT_SAMPLED)), "batch", SpanKind.CONSUMER)).isEmpty();
    assertThat(tracing.below(at(NOT_SAMPLED), "row", SpanKind.INTERNAL)).isEmpty();
  }

  @Test
  void aBatchOfManyTracesHasABoundedNumberOfLinks() {
    Stream<SpanContext> causes =
        IntStream.rangeClosed(1, 500).mapToObj(i -> at("4bf92f3577b34da6" + "%016x".formatted(i)));

    SpanData joint =
        data(tracing.joint(causes, "batch", SpanKind.CONSUMER).orElseThrow().startSpan());

    assertThat(joint.getLinks()).hasSizeBetween(1, 32);
  }

  @Test
  void aSpanCanBeStartedUnderAnIdThatIsDerivedAndTheNextOneIsRandomAgain() {
    String derived = "b7ad6b7169203331";

    Span named =
        tracing.start(tracing.below(at(SAMPLED), "row", SpanKind.INTERNAL).orElseThrow(), derived);
    Span next = tracing.below(at(SAMPLED), "row", SpanKind.INTERNAL).orElseThrow().startSpan();

    assertThat(named.getSpanContext().getSpanId()).isEqualTo(derived);
    assertThat(named.getSpanContext().getTraceId()).isEqualTo(SAMPLED);
    assertThat(next.getSpanContext().getSpanId()).isNotEqualTo(derived);
  }

  private static SpanContext at(String traceIdHex) {
    return JournalSpans.at(traceIdHex, "00f067aa0ba902b7");
  }

  private static SpanData data(Span span) {
    return ((ReadableSpan) span).toSpanData();
  }
}
