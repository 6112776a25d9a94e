package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Claim;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker that drains is given nothing more and is told so. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class DrainTest extends WriterContract {
  private static final QueueName QUEUE = new QueueName("default");

  DrainTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  /** By its id, or by its version as claims name it and as the table of workers knows it. */
  private Drains drains(String by) {
    return by.equals("WORKER")
        ? new Drains(Set.of(new Drains.Rule.OfWorker(namespace, "worker-1")), Set.of())
        : new Drains(
            Set.of(new Drains.Rule.OfVersion(namespace, QUEUE, "v1")),
            Set.of(new Drains.Polling(namespace, QUEUE, "worker-1")));
  }

  private void drain(Drains drains) {
    waiting(new Command.DrainsChanged(drains));
    drive();
  }

  private Claim.HeartbeatReply beat(Claim.GrantedTask task) {
    waiting(
        new Command.HeartbeatAsked(
            new Claim.Heartbeat(
                namespace, task.attemptId(), task.fence(), null, Messages.WORKER, null),
            "beat"));
    drive();
    return said.heartbeats.get("beat");
  }

  @ParameterizedTest
  @CsvSource({"WORKER", "VERSION"})
  void whoWaitsIsToldAtOnceAndWhoAsksLaterToo(String by) {
    assertThat(claim("waiting", 1)).isNull();
    drain(drains(by));

    assertThat(said.drained).containsExactly("waiting-" + namespace);
    submitAll(1);
    assertThat(claim("later", 1)).isEmpty();
    assertThat(said.drained).contains("later-" + namespace);

    drain(Drains.NONE);
    assertThat(claim("again", 1)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"WORKER", "VERSION"})
  void itsHeartbeatsSaySoAndKeepTheLease(String by) {
    submitAll(1);
    Claim.GrantedTask task = claim("one", 1).getFirst();
    assertThat(beat(task).directives()).isEmpty();
    assertThat(said.seen).contains("claim worker-1", "alive worker-1 default");
    drain(drains(by));

    assertThat(beat(task).status()).isEqualTo(200);
    assertThat(beat(task).directives()).containsExactly("DRAIN");
  }

  @Test
  void aReportIsTakenButItsClaimGetsNothing() {
    submitAll(2);
    Claim.GrantedTask task = claim("one", 1).getFirst();
    drain(drains("WORKER"));
    String operation = operation();
    Claim.Request next = Messages.claim(namespace, "next-" + namespace, 1, now + 600_000);
    deliver(
        Messages.report(operation, namespace, task, Messages.pass(task.taskId()), next),
        task.attemptId().lane());
    drive();

    assertThat(said.outcomes.get(operation).status()).isEqualTo(200);
    assertThat(said.outcomes.get(operation).body().path("tasks")).isEmpty();
  }

  @Test
  void aClaimGrantedBeforeIsStillAnsweredWithItsLeases() {
    submitAll(1);
    List<Claim.GrantedTask> granted = claim("one", 1);
    drain(drains("WORKER"));

    assertThat(claim("one", 1)).isEqualTo(granted);
    assertThat(said.drained).isEmpty();
  }

  @Test
  void othersAreNotMeant() {
    submitAll(1);
    drain(
        new Drains(
            Set.of(
                new Drains.Rule.OfWorker(namespace, "worker-2"),
                new Drains.Rule.OfWorker(new NamespaceId("other"), "worker-1"),
                new Drains.Rule.OfVersion(namespace, QUEUE, "v2"),
                new Drains.Rule.OfVersion(namespace, new QueueName("other"), "v1")),
            Set.of(new Drains.Polling(namespace, new QueueName("other"), "worker-1"))));
    Claim.GrantedTask task = claim("one", 1).getFirst();

    assertThat(task.runId()).isEqualTo(new RunId("run-0"));
    assertThat(beat(task).directives()).isEmpty();
  }
}
