package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.Json;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.wire.Actor;
import dev.dome.contracts.wire.Claim;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.contracts.wire.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An attempt is its claimer's, whoever else can read its fence and the name of its claim. */
@ParameterizedClass
@EnumSource(StoreUnderTest.Kind.class)
class ClaimerTest extends WriterContract {
  private static final Actor OTHER = new Actor("other-worker", List.of("worker"));

  ClaimerTest(StoreUnderTest.Kind kind) {
    super(kind);
  }

  private Claim.HeartbeatReply heartbeat(Claim.GrantedTask task, Actor actor) {
    waiting(
        new Command.HeartbeatAsked(
            new Claim.Heartbeat(namespace, task.attemptId(), task.fence(), null, actor, null),
            "heartbeat"));
    drive();
    return said.heartbeats.get("heartbeat");
  }

  private Outcome report(Claim.GrantedTask task, Actor actor, Claim.Request next) {
    InboxMessage message =
        Messages.report(operation(), namespace, task, Messages.pass(task.taskId()), next);
    deliver(by(actor, message), task.attemptId().lane());
    drive();
    return said.outcomes.get(message.operationId());
  }

  private static InboxMessage by(Actor actor, InboxMessage message) {
    return new InboxMessage(
        message.operationId(),
        message.kind(),
        message.namespace(),
        message.runId(),
        message.attemptId(),
        actor,
        message.idempotency(),
        message.receivedAtMs(),
        message.traceparent(),
        message.replyTo(),
        message.body());
  }

  private List<Claim.GrantedTask> claim(String claimId, Actor actor) {
    waiting(
        new Command.ClaimAsked(
            Messages.claim(namespace, claimId, 1, now + 600_000).by(actor), actor.subject()));
    drive();
    return said.claims.get(actor.subject());
  }

  @Test
  void nobodyElseRenewsOrReportsAnAttempt() {
    submitAll(1);
    Claim.GrantedTask task = claim("c-" + namespace, Messages.WORKER).getFirst();

    assertThat(heartbeat(task, OTHER))
        .returns(403, Claim.HeartbeatReply::status)
        .returns(Outcomes.ATTEMPT_NOT_CLAIMER, Claim.HeartbeatReply::reasonCode);
    assertThat(report(task, OTHER, null))
        .returns(403, Outcome::status)
        .returns(Outcomes.ATTEMPT_NOT_CLAIMER, Outcome::reasonCode);
    assertThat(heartbeat(task, Messages.WORKER).status()).isEqualTo(200);
    assertThat(report(task, Messages.WORKER, null).status()).isEqualTo(200);
  }

  @Test
  void whoeverElseNamesAClaimIsNotToldItsTasks() {
    submitAll(1);
    List<Claim.GrantedTask> granted = claim("c-" + namespace, Messages.WORKER);

    assertThat(claim("c-" + namespace, OTHER)).isEmpty();
    said.claims.clear();
    assertThat(claim("c-" + namespace, Messages.WORKER)).isEqualTo(granted).hasSize(1);
  }

  @Test
  void whatIsClaimedWithAReportIsItsReportersOwn() {
    submitAll(1);
    Claim.GrantedTask first = claim("c-" + namespace, Messages.WORKER).getFirst();
    submit(new RunId("next"));
    drive();

    JsonNode tasks =
        report(
                first,
                Messages.WORKER,
                Messages.claim(namespace, "n-" + namespace, 1, now + 600_000).by(null))
            .body()
            .path("tasks");
    Claim.GrantedTask next = Json.read(tasks.get(0), Claim.GrantedTask.class);

    assertThat(report(next, OTHER, null).status()).isEqualTo(403);
    assertThat(report(next, Messages.WORKER, null).status()).isEqualTo(200);
  }
}
