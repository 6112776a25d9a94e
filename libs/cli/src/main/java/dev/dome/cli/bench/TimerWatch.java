package dev.dome.cli.bench;

import dev.dome.cli.bench.TimersReport.Lateness;
import dev.dome.contracts.Json;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.PublishedRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;

/** Notes when each timer's message and each run's answer was stored. */
final class TimerWatch {
  private static final String ANSWER = "input.run_deadline_due";

  private final Map<String, Long> dueMs;
  private final Map<String, Long> dueMsOfRun = new HashMap<>();
  private final Map<String, Long> firedMs = new HashMap<>();
  private final Map<String, Long> appliedMs = new HashMap<>();
  private int repeated;

  /**
   * Watches these timers.
   *
   * @param dueMs by timer id, which begins with the run's uid and a dash
   */
  TimerWatch(Map<String, Long> dueMs) {
    this.dueMs = Map.copyOf(dueMs);
    dueMs.forEach((timerId, due) -> dueMsOfRun.put(runUid(timerId), due));
  }

  private static String runUid(String timerId) {
    return timerId.substring(0, timerId.lastIndexOf('-'));
  }

  /** A message of DOME_INBOX. */
  synchronized void inbox(long storedAtMs, byte[] body) {
    InboxMessage message = Json.read(body, InboxMessage.class);
    if (message.kind() == InboxKind.RUN_DEADLINE_DUE
        && dueMs.containsKey(message.idempotency().key())
        && firedMs.putIfAbsent(message.idempotency().key(), storedAtMs) != null) {
      repeated++;
    }
  }

  /** A message of DOME_JOURNAL. */
  synchronized void journal(long storedAtMs, byte[] body) {
    for (PublishedRow row : Json.read(body, PublishedRows.class).rows()) {
      if (row.envelope().topic().equals(ANSWER)
          && dueMsOfRun.containsKey(row.runUid().value())
          && appliedMs.putIfAbsent(row.runUid().value(), storedAtMs) != null) {
        throw new IllegalStateException("a run answered its deadline twice");
      }
    }
  }

  synchronized boolean firedAll() {
    return firedMs.size() == dueMs.size();
  }

  synchronized boolean appliedAll() {
    return appliedMs.size() == dueMs.size();
  }

  synchronized TimersReport report(TimersPlan plan, Map<String, Long> cpuMs, TimerBounds bounds) {
    long[] late = late(firedMs, dueMs);
    return new TimersReport(
        plan,
        dueMs.size(),
        busiestSecond(),
        (int) Arrays.stream(late).filter(ms -> ms < 0).count(),
        repeated,
        appliedMs.size(),
        Lateness.of(late),
        Lateness.of(late(appliedMs, dueMsOfRun)),
        firedPerSecond(),
        cpuMs,
        bounds);
  }

  private static long[] late(Map<String, Long> happenedMs, Map<String, Long> dueMs) {
    return happenedMs.entrySet().stream()
        .mapToLong(each -> each.getValue() - dueMs.get(each.getKey()))
        .toArray();
  }

  private double firedPerSecond() {
    LongSummaryStatistics at =
        firedMs.values().stream().mapToLong(atMs -> atMs).summaryStatistics();
    return at.getCount() * 1e3 / Math.max(1, at.getMax() - at.getMin());
  }

  private int busiestSecond() {
    Map<Long, Integer> perSecond = new HashMap<>();
    dueMs.values().forEach(due -> perSecond.merge(due / 1_000, 1, Integer::sum));
    return perSecond.values().stream().mapToInt(count -> count).max().orElse(0);
  }
}
