package dev.dome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dome.cli.bench.DeadlineRuns.Window;
import dev.dome.contracts.Json;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.artifact.EventEnvelope;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.PublishedRow;
import dev.dome.contracts.wire.PublishedRows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimersBenchTest {
  private static final long START_MS = 1_000_000;
  private static final NamespaceId NAMESPACE = new NamespaceId("default");
  private static final RunId RUN = new RunId("run-1");
  private static final RunUid UID = RunUid.derive(NAMESPACE, RUN, "submission");
  private static final String TIMER = UID + "-2";
  private static final TimersPlan PLAN = new TimersPlan(1, 60, false, false);

  @Test
  void submissionsOfManyMinutesFoldOntoTheWindow() {
    Window window = new Window(START_MS, 10);

    for (long beforeMs = 1; beforeMs < 600_000; beforeMs += 777) {
      long nowMs = START_MS - beforeMs;
      window
          .minutesAt(nowMs)
          .ifPresent(minutes ->
              assertThat(nowMs + minutes * 60_000).isBetween(START_MS, window.endMs() - 1));
    }
    assertThat(window.minutesAt(START_MS - 180_000)).hasValue(3);
    assertThat(window.minutesAt(START_MS - 180_000 + 9_999)).hasValue(3);
    assertThat(window.minutesAt(START_MS - 180_000 + 10_000)).isEmpty();
    assertThat(window.minutesAt(START_MS)).hasValue(0);
  }

  @Test
  void aTimerThatFiresLateOnceAndIsAnsweredMeetsTheAim() {
    TimerWatch watch = new TimerWatch(Map.of(TIMER, START_MS));
    assertThat(watch.firedAll()).isFalse();

    watch.inbox(START_MS + 20, fired(TIMER));
    watch.inbox(START_MS + 20, fired("another-timer"));
    watch.journal(START_MS + 90, answered());

    assertThat(watch.firedAll() && watch.appliedAll()).isTrue();
    TimersReport report = watch.report(PLAN, Map.of(), null);
    assertThat(report.fired()).isEqualTo(new TimersReport.Lateness(20, 20, 20));
    assertThat(report.untilApplied().maxMs()).isEqualTo(90);
    assertThat(report.met()).isTrue();
  }

  @Test
  void aTimerThatFiresEarlyOrTwiceOrTooLateDoesNot() {
    for (List<Long> firedMs :
        List.of(List.of(-1L), List.of(5L, 6L), List.of(TimersReport.LATEST_MS + 1))) {
      TimerWatch watch = new TimerWatch(Map.of(TIMER, START_MS));
      firedMs.forEach(late -> watch.inbox(START_MS + late, fired(TIMER)));
      watch.journal(START_MS + 90, answered());

      assertThat(watch.report(PLAN, Map.of(), null).met()).as("fired %s", firedMs).isFalse();
    }
  }

  private static byte[] fired(String timerId) {
    return Json.write(
        new InboxMessage(
            "operation",
            InboxKind.RUN_DEADLINE_DUE,
            NAMESPACE,
            RUN,
            null,
            new Actor("system:retry-scheduler", List.of()),
            new InboxMessage.IdempotencyKey("timers.fire", timerId, "0", "sha256", false),
            0,
            null,
            null,
            JsonNodeFactory.instance.objectNode()));
  }

  private static byte[] answered() {
    EventEnvelope envelope =
        new EventEnvelope(
            EventEnvelope.SCHEMA_VERSION,
            4,
            UID.eventId(4),
            Timestamps.format(START_MS),
            "input.run_deadline_due",
            RUN,
            JsonNodeFactory.instance.objectNode());
    String hash = "0".repeat(64);
    return Json.write(
        new PublishedRows(
            List.of(
                new PublishedRow(
                    UID,
                    NAMESPACE,
                    new Lane(0),
                    4,
                    PublishedRow.Kind.INPUT,
                    envelope,
                    hash,
                    hash))));
  }
}
