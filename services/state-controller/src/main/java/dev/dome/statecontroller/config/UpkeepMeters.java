package dev.dome.statecontroller.config;

import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.Streams;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What housekeeping saw, as meters. Every replica sees the same streams and lanes. */
final class UpkeepMeters {
  private final Map<String, AtomicReference<Double>> used = new LinkedHashMap<>();
  private final AtomicLong unowned = new AtomicLong();
  private final Streams streams;

  UpkeepMeters(Streams streams, MeterRegistry registry) {
    this.streams = streams;
    for (String stream : List.of(Subjects.INBOX_STREAM, Subjects.JOURNAL_STREAM)) {
      AtomicReference<Double> ratio = new AtomicReference<>(0.0);
      used.put(stream, ratio);
      Gauge.builder("dome.stream.used.ratio", ratio, AtomicReference::get)
          .description("How full the stream is, 0 to 1; at 1 nothing is accepted any more")
          .tag("stream", stream)
          .register(registry);
    }
    Gauge.builder("dome.lanes.unowned", unowned, AtomicLong::get)
        .description("Lanes whose lease is over and that nobody has taken, as PostgreSQL sees it")
        .register(registry);
  }

  void streams() {
    used.forEach((stream, ratio) -> ratio.set(streams.usage(stream).ratio()));
  }

  void lanesUnowned(long lanes) {
    unowned.set(lanes);
  }
}
