package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.kernel.PolicySet;
import dev.dome.statecontroller.adapter.db.PgStore;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a turn of the lane writer throws, its lanes go on. */
class WriterBreaksTest extends DrivenWriter {
  private boolean clockBroken;
  private boolean policiesBroken;

  @Override
  LaneWriter writer(Mailbox box, Recorder recorder) {
    return new LaneWriter(
        replica,
        new LaneWriter.Ports(
            recorder, new PgStore(PgFixture.pool()), recorder, recorder, recorder, this::clock),
        box,
        this::policies,
        recorder,
        LaneWriter.Pace.DEFAULT);
  }

  private long clock() {
    if (clockBroken) {
      throw new IllegalStateException("the clock broke");
    }
    return now;
  }

  private PolicySet policies() {
    if (policiesBroken) {
      throw new StackOverflowError();
    }
    return TestPolicies.standard();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hand over", "outcome", "hint"})
  void aFailureBehindACommitHasEveryLaneReadAgainFromWhereTheStoreIs(String call) {
    Map<Lane, Long> before = Map.copyOf(said.readers);
    RunId runId = new RunId("run-1");
    InboxMessage message = Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1));
    said.breaksAt = call;
    outcome(message);
    drive();

    assertThat(said.broken).singleElement().isInstanceOf(NoClassDefFoundError.class);
    assertThat(said.reading).hasSize(16);
    assertThat(said.readers)
        .allSatisfy((lane, reader) -> assertThat(reader).isGreaterThan(before.get(lane)));
    assertThat(said.reading.get(lane(message)).sequence()).isEqualTo(sequence);
    assertThat(submit(new RunId("run-2"), 1).status()).isEqualTo(201);
    assertThat(claim("both", 9)).hasSize(2);
  }

  @Test
  void aClaimWhoseAnswerFailedIsAnsweredWithTheLeasesItGot() {
    submit(new RunId("run-1"), 1);
    said.breaksAt = "claim";

    assertThat(claim("c", 1)).hasSize(1);
    assertThat(said.broken).hasSize(1);
    Claim.GrantedTask task = said.claims.get("c").getFirst();
    assertThat(pass(task, null).status()).isEqualTo(200);
  }

  @Test
  void whatAReaderBroughtBeforeTheFailureIsNotListenedTo() {
    RunId runId = new RunId("run-1");
    InboxMessage message = Messages.submit(operation(), namespace, runId, Messages.chain(runId, 1));
    Long before = said.readers.get(lane(message));
    said.breaksAt = "outcome";
    submit(new RunId("run-2"), 1);
    drive();

    said.readers.put(lane(message), before);
    assertThat(outcome(message)).isNull();
  }

  @Test
  void anErrorInADecisionIsBlamedOnItsInputAlone() {
    submit(new RunId("run-1"), 1);
    policiesBroken = true;
    RunId bad = new RunId("run-2");
    InboxMessage message = Messages.submit(operation(), namespace, bad, Messages.chain(bad, 1));
    deliver(message);
    Claim.GrantedTask task = claim("c", 1).getFirst();
    policiesBroken = false;

    assertThat(said.outcomes.get(message.operationId()).reasonCode()).isEqualTo(Outcomes.POISON);
    assertThat(said.broken).isEmpty();
    assertThat(pass(task, null).status()).isEqualTo(200);
  }

  @Test
  void aWriterWhoseTurnsAllFailShowsThatItMakesNone() {
    clockBroken = true;
    assertThat(writer.turn()).isEqualTo(LaneWriter.Turn.FAILED);
    await()
        .until(() -> {
          writer.turn();
          return writer.sinceTurnMs() > 50;
        });
    long since = writer.sinceTurnMs();

    clockBroken = false;
    drive();
    assertThat(writer.sinceTurnMs()).isLessThan(since);
    assertThat(said.reading).hasSize(16);
    assertThat(submit(new RunId("run-1"), 1).status()).isEqualTo(201);
  }

  @Test
  void itsThreadGoesOn() throws InterruptedException {
    said.breaksAt = "outcome";
    Thread thread = Thread.ofPlatform().start(writer);
    RunId first = new RunId("run-1");
    InboxMessage lost = Messages.submit(operation(), namespace, first, Messages.chain(first, 1));
    deliver(lost);
    await().until(() -> said.broken.size() == 1 && said.reading.size() == 16);
    RunId second = new RunId("run-2");
    InboxMessage next = Messages.submit(operation(), namespace, second, Messages.chain(second, 1));
    deliver(next);

    await().until(() -> said.outcomes.containsKey(next.operationId()));
    writer.stop();
    thread.join();
  }
}
