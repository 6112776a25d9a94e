package dev.dome.cli.chaos;

import dev.dome.cli.chaos.ChaosStack.Links;
import dev.dome.cli.chaos.Fault.Outcome;
import dev.dome.contracts.wire.Subjects;
import dev.dome.devstack.ProcessUse;
import dev.dome.devstack.ServiceProcess;
import dev.dome.devstack.TcpProxy;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Answers of servers come late for a while, and nobody may keep more than it can hold: heaps stay
 * well below their limit, streams below their bound, and no process ends.
 */
final class SlowServers {
  /** Of a piece of an answer; a commit takes several. */
  private static final Duration DELAY = Duration.ofMillis(100);

  private static final Duration SLOW_FOR = Duration.ofSeconds(10);

  /** Of the 256 MB that each JVM of a local stack may have. */
  private static final long MOST_HEAP_KB = 192 << 10;

  private SlowServers() {}

  static Outcome postgresOfControllers(Scene scene) throws Exception {
    return slow(
        scene,
        Stream.of(ChaosStack.CONTROLLER, ChaosStack.OTHER_CONTROLLER)
            .map(replica -> scene.stack().links(replica).postgres())
            .toList());
  }

  static Outcome serversOfAudit(Scene scene) throws Exception {
    Links links = scene.stack().links(ChaosStack.AUDIT);
    return slow(scene, List.of(links.nats(), links.postgres()));
  }

  private static Outcome slow(Scene scene, List<TcpProxy> links) throws Exception {
    Map<String, Long> before = pids(scene);
    long healed;
    List<String> violations = new ArrayList<>();
    long heapKb;
    links.forEach(link -> link.delay(DELAY));
    try {
      scene.hold(SLOW_FOR);
      violations.addAll(overflows(scene));
      heapKb = largestHeapKb(scene);
    } finally {
      healed = System.nanoTime();
      links.forEach(TcpProxy::heal);
    }
    double seconds = scene.recovery(healed);
    if (heapKb > MOST_HEAP_KB) {
      violations.add("a heap holds " + heapKb + " kB, expected at most " + MOST_HEAP_KB);
    }
    if (!pids(scene).equals(before)) {
      violations.add("a service ended");
    }
    String note = String.format(Locale.ROOT, "largest heap %d MB", heapKb >> 10);
    return new Outcome.Played(null, seconds, note, violations);
  }

  private static Map<String, Long> pids(Scene scene) {
    Map<String, Long> pids = new HashMap<>();
    scene.stack().stack().services().stream()
        .filter(ServiceProcess::isAlive)
        .forEach(service -> pids.put(service.name(), service.pid()));
    return pids;
  }

  private static long largestHeapKb(Scene scene) {
    return scene.stack().stack().services().stream()
        .mapToLong(service -> ProcessUse.heapKb(service.pid()))
        .max()
        .orElseThrow();
  }

  private static List<String> overflows(Scene scene) {
    List<String> found = new ArrayList<>();
    String url = scene.stack().stack().connections().natsUrl();
    try (NatsLink link = NatsLink.open(LinkOptions.of(url, "dome-chaos"))) {
      for (String stream : List.of(Subjects.INBOX_STREAM, Subjects.JOURNAL_STREAM)) {
        StreamUsage usage = link.streams().usage(stream);
        if (usage.bytes() > usage.maxBytes()) {
          found.add(stream + " holds " + usage.bytes() + " bytes of " + usage.maxBytes());
        }
      }
    }
    return found;
  }
}
