package dev.dome.cli.chaos;

import dev.dome.cli.bench.ProcessMemory;
import dev.dome.cli.chaos.SoakReport.Growth;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.ProcessUse;
import dev.dome.devstack.ServiceProcess;
import dev.dome.devstack.StackState;
import dev.dome.devstack.TableRows;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Lets the load go on and looks twice at what the stack holds: once when it has settled, a fifth of
 * the time after the start, and at the end. Heaps are looked at after a full collection.
 */
final class Soak {
  private static final double SETTLED_AFTER = 0.2;
  private static final String RUNS = "state_controller.run";

  /** Open runs, retries and followers differ from one look to the next. */
  private static final double TOLERANCE = 1.25;

  private static final long HEAP_SLACK_KB = 16 << 10;
  private static final long MEMORY_SLACK_MB = 96;
  private static final long FILE_SLACK = 32;
  private static final long STREAM_SLACK_KB = 4 << 10;

  /** Those who follow the journal may be behind at the first look; nothing beside a long run. */
  private static final long ROW_SLACK = 2_000;

  private final Scene scene;
  private final Consumer<String> progress;

  /** One look. */
  private record Look(
      long atNanos,
      Map<String, Long> heapKb,
      Map<String, Long> memoryMb,
      Map<String, Long> files,
      Map<String, Long> streamKb,
      Map<String, Long> rows) {}

  Soak(Scene scene, Consumer<String> progress) {
    this.scene = scene;
    this.progress = progress;
  }

  SoakReport run(Duration time) throws InterruptedException {
    progress.accept("soak: " + time.toSeconds() + " s of steady load");
    scene.load().begin("soak");
    Duration settling = Duration.ofMillis((long) (SETTLED_AFTER * time.toMillis()));
    scene.hold(settling);
    Look first = look();
    scene.hold(time.minus(settling));
    Look last = look();
    long runs = last.rows().get(RUNS) - first.rows().get(RUNS);
    List<Growth> growths = new ArrayList<>();
    growths.addAll(growths("heap of ", "kB", first.heapKb(), last.heapKb(), HEAP_SLACK_KB));
    growths.addAll(growths("memory of ", "MB", first.memoryMb(), last.memoryMb(), MEMORY_SLACK_MB));
    growths.addAll(growths("open files of ", "files", first.files(), last.files(), FILE_SLACK));
    growths.addAll(growths("", "kB", first.streamKb(), last.streamKb(), STREAM_SLACK_KB));
    growths.addAll(tables(first.rows(), last.rows()));
    return new SoakReport((last.atNanos() - first.atNanos()) / 6e10, runs, growths);
  }

  private Look look() {
    StackState state = scene.stack().stack().state();
    Map<String, Long> heapKb = new TreeMap<>();
    for (ServiceProcess service : scene.stack().stack().services()) {
      heapKb.put(service.name(), ProcessUse.heapKb(service.pid()));
    }
    Map<String, Long> files = new TreeMap<>();
    state.members().forEach(member -> files.put(member.name(), ProcessUse.openFiles(member.pid())));
    return new Look(
        System.nanoTime(),
        heapKb,
        ProcessMemory.now(state).mb(),
        files,
        streamKb(),
        TableRows.now(scene.stack().postgres().admin()));
  }

  private Map<String, Long> streamKb() {
    String url = scene.stack().stack().connections().natsUrl();
    Map<String, Long> kb = new TreeMap<>();
    try (NatsLink link = NatsLink.open(LinkOptions.of(url, "dome-chaos"))) {
      for (String stream : List.of(Subjects.INBOX_STREAM, Subjects.JOURNAL_STREAM)) {
        StreamUsage usage = link.streams().usage(stream);
        kb.put(stream, usage.bytes() >> 10);
      }
    }
    return kb;
  }

  private static List<Growth> growths(
      String of, String unit, Map<String, Long> first, Map<String, Long> last, long slack) {
    return first.entrySet().stream()
        .map(entry ->
            new Growth(
                of + entry.getKey(),
                unit,
                entry.getValue(),
                last.getOrDefault(entry.getKey(), 0L),
                (long) (entry.getValue() * TOLERANCE) + slack))
        .toList();
  }

  /** A table may have as many rows a run as it had at first. */
  private static List<Growth> tables(Map<String, Long> first, Map<String, Long> last) {
    double times = (double) last.get(RUNS) / Math.max(1, first.get(RUNS));
    return first.entrySet().stream()
        .map(entry ->
            new Growth(
                entry.getKey(),
                "rows",
                entry.getValue(),
                last.getOrDefault(entry.getKey(), 0L),
                (long) (entry.getValue() * times * TOLERANCE) + ROW_SLACK))
        .toList();
  }
}
