package dev.dome.retryscheduler.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.retryscheduler.JournalWriter;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimerMessagesTest {
  private static final long DUE = 1_795_000_000_123L;

  private final JournalWriter run =
      new JournalWriter(new NamespaceId("tenant-a"), "run-1", new Lane(3));

  private Timer timer() {
    return TimerChanges.of(run.rows()).set().getLast();
  }

  @Test
  void a_retry_says_which_attempt_is_due_in_the_name_of_the_scheduler() {
    run.retry("build", 2, DUE);

    InboxMessage message = TimerMessages.of(timer(), DUE + 5, null);

    assertThat(message.kind()).isEqualTo(InboxKind.RETRY_DUE);
    assertThat(message.body()).hasToString("{\"task_id\":\"build\",\"attempt\":2}");
    assertThat(message.actor().subject()).isEqualTo("system:retry-scheduler");
    assertThat(message.runId().value()).isEqualTo("run-1");
    assertThat(message.receivedAtMs()).isEqualTo(DUE + 5);
  }

  @Test
  void an_attempts_deadline_names_the_lease_that_it_ends() {
    run.claimed("build", 1, DUE);

    InboxMessage message = TimerMessages.of(timer(), DUE, null);

    assertThat(message.kind()).isEqualTo(InboxKind.TASK_DEADLINE_DUE);
    assertThat(message.attemptId()).isEqualTo(run.attemptId(1));
    assertThat(message.runId()).isNull();
    assertThat(message.body()).hasToString("{\"fence\":1}");
  }

  @Test
  void deadlines_say_why() {
    run.planned(DUE);
    assertThat(TimerMessages.of(timer(), DUE, null).body())
        .hasToString("{\"reason_code\":\"RUN.DEADLINE_EXCEEDED\"}");

    run.needsHuman(DUE);
    InboxMessage approval = TimerMessages.of(timer(), DUE, null);
    assertThat(approval.kind()).isEqualTo(InboxKind.RUN_DEADLINE_DUE);
    assertThat(approval.body()).hasToString("{\"reason_code\":\"APPROVAL.EXPIRED\"}");
  }

  @Test
  void firing_twice_repeats_operation_and_key_and_another_timer_has_others() {
    run.retry("build", 2, DUE);
    InboxMessage first = TimerMessages.of(timer(), DUE, null);
    InboxMessage again = TimerMessages.of(timer(), DUE + 100, "00-x");
    run.retry("build", 3, DUE);
    InboxMessage other = TimerMessages.of(timer(), DUE, null);

    assertThat(again.operationId()).isEqualTo(first.operationId());
    assertThat(again.idempotency()).isEqualTo(first.idempotency());
    assertThat(first.idempotency().key()).isEqualTo(run.runUid() + "-1");
    assertThat(other.operationId()).isNotEqualTo(first.operationId());
  }

  @Test
  void what_was_not_heard_is_said_anew() {
    run.planned(DUE);
    Timer timer = timer();
    Timer unheard =
        new Timer(
            timer.timerId(),
            timer.runUid(),
            timer.runId(),
            timer.namespace(),
            timer.lane(),
            timer.kind(),
            timer.task(),
            timer.leased(),
            timer.dueAtMs(),
            2);

    InboxMessage first = TimerMessages.of(timer, DUE, null);
    InboxMessage second = TimerMessages.of(unheard, DUE, null);

    assertThat(second.operationId()).isNotEqualTo(first.operationId());
    assertThat(second.idempotency().key()).isEqualTo(first.idempotency().key() + "/2");
    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void the_operation_id_is_a_uuid_of_version_7_that_sorts_by_due_time() {
    run.retry("build", 2, DUE);

    UUID id = UUID.fromString(TimerMessages.of(timer(), DUE, null).operationId());

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(DUE);
  }
}
