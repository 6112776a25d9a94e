package dev.dome.retryscheduler.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.artifact.AttemptRecord;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.retryscheduler.JournalWriter;
import org.junit.jupiter.api.Test;

class DeadLetterChangesTest {
  private final JournalWriter run =
      new JournalWriter(new NamespaceId("tenant-a"), "run-1", new Lane(3));

  @Test
  void a_task_given_up_is_a_dead_letter_with_every_attempt_and_its_last_cause() {
    DeadLetter dead =
        DeadLetterChanges.of(run.assigned().deadLettered("build", "gpu").rows()).dead().getFirst();

    assertThat(dead.deadLetterId()).isEqualTo(run.runUid() + "-2");
    assertThat(dead.queue().value()).isEqualTo("gpu");
    assertThat(dead.reasonCode().value()).isEqualTo("RETRY.BUDGET_EXHAUSTED");
    assertThat(dead.cause().value()).isEqualTo("TRANSIENT.NETWORK");
    assertThat(dead.attemptHistory()).extracting(AttemptRecord::attempt).containsExactly(1, 2);
  }

  @Test
  void a_row_without_a_queue_is_of_the_default_one() {
    assertThat(DeadLetterChanges.of(run.deadLettered("build", null).rows()).dead())
        .extracting(dead -> dead.queue().value())
        .containsExactly("default");
  }

  @Test
  void a_redrive_names_the_dead_letter_and_the_new_run() {
    assertThat(DeadLetterChanges.of(run.redriven("build", "other-7").rows()).redrives())
        .singleElement()
        .satisfies(redrive -> {
          assertThat(redrive.deadLetterId()).isEqualTo("other-7");
          assertThat(redrive.runId().value()).isEqualTo("run-1");
          assertThat(redrive.actor()).isEqualTo("olga");
        });
  }
}
