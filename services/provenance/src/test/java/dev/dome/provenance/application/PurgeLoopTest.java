package dev.dome.provenance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An audit that grows, is put back and goes away, beside somebody who takes its tombstones over.
 */
class PurgeLoopTest {
  private static final int PAGE = 3;
  private static final String FORGED = "forged";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<String> audit = new CopyOnWriteArrayList<>();
  private final MemoryStore store = new MemoryStore();
  private final Heard heard = new Heard();
  private volatile boolean away;
  private final PurgeLoop loop = new PurgeLoop(this::from, store, Clock.systemUTC(), heard, 5);

  @AfterEach
  void stop() {
    loop.close();
  }

  private List<PurgedRecords.Told> from(long from) {
    if (away) {
      throw new IllegalStateException("away");
    }
    return IntStream.range((int) from, Math.min(audit.size(), (int) from + PAGE))
        .mapToObj(i -> told(i, audit.get(i)))
        .toList();
  }

  private static PurgedRecords.Told told(int index, String name) {
    ObjectNode document = Json.mapper().createObjectNode().put("namespace", "default");
    document.put("name", name);
    String digest = name.equals(FORGED) ? "f".repeat(64) : CanonicalJson.sha256(document);
    return new PurgedRecords.Told(index, digest, document);
  }

  private static final class Heard implements PurgeObserver {
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();

    @Override
    public void unheard() {
      failures.incrementAndGet();
    }

    @Override
    public void refused() {
      refusals.incrementAndGet();
    }
  }

  private static final class MemoryStore implements PurgeStore {
    private final Map<String, String> known = new LinkedHashMap<>();
    private Place last = Place.BEGINNING;

    @Override
    public synchronized Place last() {
      return last;
    }

    @Override
    public synchronized void store(List<PurgedRecords> purged, Place lastTold, long nowMs) {
      purged.forEach(one -> known.putIfAbsent(one.digest(), one.document()));
      last = lastTold;
    }

    private synchronized List<String> names() {
      return known.values().stream()
          .map(text -> text.replaceAll(".*name\":\"([^\"]+).*", "$1"))
          .toList();
    }
  }

  private void awaitKnown(String... names) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(store.names()).containsExactly(names));
  }

  @Test
  void allOfThemAreTakenOverPageByPageAndLaterOnesToo() {
    audit.addAll(List.of("a", "b", "c", "d"));
    loop.start();
    awaitKnown("a", "b", "c", "d");

    audit.add("e");

    awaitKnown("a", "b", "c", "d", "e");
  }

  @Test
  void anAuditThatWasPutBackAndPurgedAgainIsReadFromItsBeginning() {
    audit.addAll(List.of("a", "b"));
    loop.start();
    awaitKnown("a", "b");

    audit.set(1, "b-again");

    awaitKnown("a", "b", "b-again");
    audit.add("c");
    awaitKnown("a", "b", "b-again", "c");
  }

  @Test
  void anAuditThatWasMadeAnewIsReadFromItsBeginning() {
    audit.addAll(List.of("a", "b"));
    loop.start();
    awaitKnown("a", "b");

    audit.clear();
    await().atMost(PATIENCE).until(() -> store.last().equals(PurgeStore.Place.BEGINNING));
    audit.add("c");

    awaitKnown("a", "b", "c");
  }

  @Test
  void anAuditThatIsAwayIsAskedAgain() {
    audit.add("a");
    away = true;
    loop.start();
    await().atMost(PATIENCE).until(() -> heard.failures.get() > 1);

    away = false;

    awaitKnown("a");
  }

  @Test
  void whatDoesNotHoldToItselfIsLeftOutAndHoldsNothingUp() {
    audit.addAll(List.of("a", FORGED, "b", "c"));
    loop.start();

    awaitKnown("a", "b", "c");
    assertThat(heard.refusals).hasValue(1);
    assertThat(heard.failures).hasValue(0);
  }
}
