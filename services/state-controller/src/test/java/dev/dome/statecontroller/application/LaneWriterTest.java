package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import dev.dome.kernel.JournalRow;
import dev.dome.kernel.RunStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the lane writer writes, and under which epoch. */
class LaneWriterTest extends DrivenWriter {
  @Test
  void aRunOfThreeTasksIsPromotedAndItsJournalIsGaplessAndChained() {
    RunId runId = new RunId("run-1");
    assertThat(submit(runId, 3).status()).isEqualTo(201);
    Claim.GrantedTask task = claim("c-0", 1).getFirst();
    for (int i = 1; i <= 2; i++) {
      Outcome outcome = pass(task, Messages.claim(namespace, "c-" + i, 1, now));
      assertThat(outcome.status()).isEqualTo(200);
      task = Json.read(outcome.body().get("tasks").get(0), Claim.GrantedTask.class);
    }
    Outcome last = pass(task, null);

    assertThat(last.body().get("run_status").asText()).isEqualTo(RunStatus.PROMOTED.name());
    String runUid =
        PgFixture.query("SELECT run_uid FROM run WHERE namespace = $1", namespace.value())
            .getFirst()
            .getString(0);
    assertThat(
            PgFixture.query(
                "SELECT sequence FROM journal WHERE run_uid = $1 ORDER BY sequence", runUid))
        .extracting(row -> row.getLong(0))
        .containsExactlyElementsOf(sequencesTo(last.position().sequence()));
    String previous = JournalRow.GENESIS;
    for (JournalRow row : said.published.get(Lane.of(namespace, runId, 16))) {
      if (row.namespace().equals(namespace)) {
        assertThat(row.prevHash()).isEqualTo(previous);
        assertThat(row.hashHolds()).isTrue();
        previous = row.hash();
      }
    }
    assertThat(PgFixture.count("SELECT count(*) FROM run WHERE head_hash = $1", previous)).isOne();
  }

  private static List<Long> sequencesTo(long last) {
    return java.util.stream.LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void aWriterWhoseEpochIsOverWritesNothing() {
    Map<Lane, Long> taken = leases.take(replica, 16, true, 60_000);
    assertThat(taken).hasSize(16);

    RunId runId = new RunId("run-10");
    deliver(Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1)));
    drive();
    lanes = taken;

    assertThat(PgFixture.count("SELECT count(*) FROM run WHERE namespace = $1", namespace.value()))
        .isZero();
    assertThat(said.reading).isEmpty();
    assertThat(writer.lanesOwned()).isZero();
  }

  @Test
  void aNewWriterContinuesWhereTheOldOneStopped() {
    submit(new RunId("run-11"), 2);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    lanes = leases.take(replica, 16, true, 60_000);
    said = new Recorder();
    writer = writer(mailbox, said);
    lanes.forEach((lane, epoch) -> mailbox.offer(new Command.LaneGained(lane, epoch)));
    drive();
    InboxMessage report =
        Messages.report(operation(), namespace, task, Messages.pass(task.taskId()), null);
    deliver(report);
    drive();

    assertThat(said.outcomes.get(report.operationId()).status()).isEqualTo(200);
    assertThat(said.reading).hasSize(16);
    assertThat(said.hints).anyMatch(hint -> hint.namespace().equals(namespace));
  }
}
